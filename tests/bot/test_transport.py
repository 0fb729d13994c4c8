"""Which failures prove that a message was not sent."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest

from bot.transport import NotSent, Transport
from tests.telegram import Fault, StandIn


@pytest.fixture(autouse=True)
def timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of the older type."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@asynccontextmanager
async def bot_over(stand_in: StandIn, inner: BaseRequest, url: str = "https://api.telegram.org") -> AsyncIterator[Bot]:
    bot = Bot(stand_in.token, base_url=f"{url}/bot", request=Transport(inner), get_updates_request=Transport(inner))
    async with bot:
        yield bot


async def failure(stand_in: StandIn, fault: Fault) -> TelegramError:
    """What a message raises that meets the fault."""
    stand_in.person(id=7)
    async with bot_over(stand_in, stand_in.request()) as bot:
        stand_in.api.fail_next("sendMessage", fault)
        with pytest.raises(TelegramError) as raised:
            await bot.send_message(7, "Good morning")
        return raised.value


@pytest.mark.parametrize(
    "fault",
    [
        Fault.unreachable(),
        Fault.refused(500, "Internal Server Error"),
        Fault.refused(502, "Bad Gateway"),
        Fault.refused(429, "Too Many Requests"),
        Fault(status=429),
    ],
)
async def test_what_telegram_did_not_get_or_could_not_do_was_not_sent(stand_in: StandIn, fault: Fault) -> None:
    assert type(await failure(stand_in, fault)) is NotSent


@pytest.mark.parametrize(
    "fault",
    [
        Fault.lost_reply(),
        Fault.bad_gateway(),
        Fault.bad_gateway(accepted=True),
        Fault(status=503, body=b"Service Unavailable", content_type="text/plain"),
        Fault(status=403, body=b"<html>Forbidden by the firewall</html>"),
        Fault(status=200, body=b"<html>Please log in</html>"),
        Fault(status=500, body=b'{"error": "of some proxy"}'),
        Fault(status=500, body=b'["ok"]'),
    ],
)
async def test_what_telegram_may_have_done_is_unknown(stand_in: StandIn, fault: Fault) -> None:
    assert type(await failure(stand_in, fault)) is NetworkError


async def test_no_reply_in_time_is_unknown(stand_in: StandIn) -> None:
    assert type(await failure(stand_in, Fault.silence())) is TimedOut


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        (Fault.flood(5), RetryAfter),
        (Fault.refused(403, "Forbidden: bot was blocked by the user"), Forbidden),
        (Fault.refused(400, "Bad Request: chat not found"), BadRequest),
    ],
)
async def test_refusals_stay_the_librarys(stand_in: StandIn, fault: Fault, raised: type[TelegramError]) -> None:
    assert type(await failure(stand_in, fault)) is raised


async def test_a_foreign_page_is_not_repeated_in_the_error(stand_in: StandIn) -> None:
    page = f"<html>/bot{stand_in.token}/sendMessage was not found</html>".encode()
    assert stand_in.token not in str(await failure(stand_in, Fault(status=404, body=page)))


async def test_a_port_where_nobody_listens_is_proof(stand_in: StandIn) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    async with Transport(HTTPXRequest()) as request:
        with pytest.raises(NotSent):
            await request.post(f"http://127.0.0.1:{port}/bot{stand_in.token}/sendMessage")


async def test_a_server_that_hangs_up_is_no_proof(stand_in: StandIn) -> None:
    with stand_in.serve() as server:
        stand_in.person(id=7)
        async with bot_over(stand_in, HTTPXRequest(), server.url) as bot:
            stand_in.api.fail_next("sendMessage", Fault.lost_reply())
            with pytest.raises(NetworkError) as raised:
                await bot.send_message(7, "Good morning")
    assert not isinstance(raised.value, NotSent)
    assert len(stand_in.api.calls_of("sendMessage")) == 1


@pytest.mark.parametrize(
    ("cause", "proof"),
    [
        (httpx.ConnectError("Name or service not known"), True),
        (httpx.ConnectTimeout("no route"), True),
        (httpx.PoolTimeout("all connections in use"), True),
        (httpx.ProxyError("the proxy refused"), True),
        (httpx.ReadTimeout("no reply"), False),
        (httpx.WriteError("broken pipe"), False),
        (httpx.RemoteProtocolError("disconnected"), False),
    ],
)
async def test_only_failures_before_the_first_byte_are_proof(cause: Exception, proof: bool) -> None:
    class Failing(HTTPXRequest):
        async def do_request(self, *arguments: object, **options: object) -> tuple[int, bytes]:
            raise NetworkError(str(cause)) from cause

    with pytest.raises(NetworkError) as raised:
        await Transport(Failing()).post("https://api.telegram.org/bot1:x/getMe")
    assert isinstance(raised.value, NotSent) is proof


async def test_a_file_is_handed_on_as_it_is(stand_in: StandIn) -> None:
    person = stand_in.person(id=7)
    stand_in.updates.document(person, "notes.txt", b"no JSON at all")
    async with bot_over(stand_in, stand_in.request()) as bot:
        file = await bot.get_file("document-1")
        assert bytes(await file.download_as_bytearray()) == b"no JSON at all"
