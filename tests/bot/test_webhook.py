"""The webhook: Telegram's calls arrive, nobody else's do, and what becomes of it at Telegram is looked after."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Update
from telegram.error import InvalidToken
from telegram.ext import ExtBot

from bot.contact import Contact
from bot.exits import NoAddress
from bot.polling import ALLOWED_UPDATES
from bot.settings import Listen
from bot.web.server import address, bound
from bot.web.webhook import MAX_BODY, SECRET_HEADER, Webhook
from tests.conftest import Clock
from tests.telegram import Fault, StandIn

URL = "https://bot.example.org/telegram/hook"
PATH = "/telegram/hook"
SETTING = "DIGESTBOT_WEBHOOK_LISTEN"


@dataclass
class Waits:
    """Time between two looks, which passes where a test says so."""

    slept: list[float] = field(default_factory=list)
    _asleep: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._asleep.set()
        await self._over.wait()
        self._over.clear()

    async def pass_by(self) -> None:
        """The webhook wakes, looks, and goes to sleep again."""
        await self._asleep.wait()
        self._asleep.clear()
        self._over.set()
        await self._asleep.wait()


@dataclass
class Hook:
    """A webhook that listens on the loopback address, and whoever calls it."""

    webhook: Webhook
    stand_in: StandIn
    arrived: asyncio.Queue[object]
    listen: Listen
    clock: Clock
    waits: Waits
    seconds: list[float]
    running: asyncio.Task[None]
    client: httpx.AsyncClient

    @property
    def secret(self) -> str:
        return self.stand_in.api.webhook.secret

    async def call(self, content: bytes | dict[str, Any], path: str = PATH, method: str = "POST", **how: Any) -> int:
        """A call as Telegram makes it, but for what is said otherwise; the status it is answered with."""
        body = json.dumps(content) if isinstance(content, dict) else content
        headers = {"Content-Type": "application/json", SECRET_HEADER: self.secret, **how.pop("headers", {})}
        answer = await self.client.request(method, path, content=body, headers=headers, **how)
        assert answer.content == b""
        assert "Server" not in answer.headers
        return answer.status_code

    async def write(self, request: str) -> bytes:
        """Sends a request as it stands; everything that comes back."""
        reader, writer = await asyncio.open_connection(self.listen.host, self.listen.port)
        writer.write(request.replace("\n", "\r\n").encode())
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer


@pytest.fixture
async def bot(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ExtBot[None]]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    bot: ExtBot[None] = ExtBot(stand_in.token, request=stand_in.request(), get_updates_request=stand_in.request())
    yield bot
    await bot.shutdown()


@pytest.fixture
async def hook(stand_in: StandIn, bot: ExtBot[None]) -> AsyncIterator[Hook]:
    clock, waits, arrived = Clock(), Waits(), asyncio.Queue[object]()
    seconds = [0.0]
    with bound(Listen("127.0.0.1", 0), SETTING) as listening:
        webhook = Webhook(bot, URL, listening, Contact(lambda: seconds[0]), now=clock, sleep=waits)
        await webhook.connect()
        running = asyncio.create_task(webhook.fetch(arrived))
        listen = address(listening)
        async with httpx.AsyncClient(base_url=f"http://{listen}", trust_env=False) as client:
            yield Hook(webhook, stand_in, arrived, listen, clock, waits, seconds, running, client)
        running.cancel()
        await asyncio.wait({running})


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


async def test_more_connections_than_it_serves_are_closed_and_calls_arrive_again_afterwards(
    hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.server.MAX_CONNECTIONS", 3)
    opened = [await asyncio.open_connection(hook.listen.host, hook.listen.port) for _ in range(5)]
    async with asyncio.timeout(5):
        closed = [await reader.read() for reader, _ in opened[3:]]
        assert closed == [b"", b""]
        with pytest.raises(httpx.TransportError):
            await hook.call({"update_id": 1})
        for _, writer in opened[:3]:
            writer.write(b"no HTTP\r\n\r\n")
        for reader, writer in opened:
            await reader.read()
            writer.close()
        assert await hook.call({"update_id": 1}) == 200
    assert hook.arrived.qsize() == 1


async def test_it_registers_with_a_secret_of_its_own_and_the_updates_it_wants(
    hook: Hook, stand_in: StandIn, bot: ExtBot[None]
) -> None:
    [call] = stand_in.api.calls_of("setWebhook")
    assert call.parameters == {
        "url": URL,
        "allowed_updates": [str(kind) for kind in ALLOWED_UPDATES],
        "secret_token": hook.secret,
        "max_connections": 20,
    }
    assert len(hook.secret) == 43
    with bound(Listen("127.0.0.1", 0), SETTING) as listening:
        await Webhook(bot, URL, listening, Contact()).connect()
    first, second = (call.parameters["secret_token"] for call in stand_in.api.calls_of("setWebhook"))
    assert first != second


async def test_telegrams_call_arrives(hook: Hook) -> None:
    update = hook.stand_in.updates.message(hook.stand_in.person(), "What is new?")
    assert await hook.call(update) == 200
    arrived = hook.arrived.get_nowait()
    assert isinstance(arrived, Update)
    assert arrived.message is not None
    assert arrived.message.text == "What is new?"
    assert arrived.get_bot().token == hook.stand_in.token


async def test_an_update_that_telegram_brings_again_is_not_answered_again(hook: Hook) -> None:
    update = hook.stand_in.updates.message(hook.stand_in.person(), "What is new?")
    assert [await hook.call(update), await hook.call(update)] == [200, 200]
    assert hook.arrived.qsize() == 1


async def test_an_update_sent_in_parts_arrives(hook: Hook) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b'{"update_id": '
        yield b"5}"

    answer = await hook.client.post(PATH, content=parts(), headers={SECRET_HEADER: hook.secret})
    assert answer.status_code == 200
    assert hook.arrived.get_nowait().update_id == 5  # type: ignore[attr-defined]


@pytest.mark.parametrize("given", ["", "wrong", "SECRET and more", "secret", "密"])
async def test_without_the_secret_nothing_arrives(hook: Hook, given: str, caplog: pytest.LogCaptureFixture) -> None:
    wrong = given.replace("SECRET", hook.secret).encode()
    update = hook.stand_in.updates.message(hook.stand_in.person(), "forged, and rather private")
    assert await hook.call(update, headers={SECRET_HEADER: wrong}) == 403
    answer = await hook.client.post(PATH, json=update)
    assert (answer.status_code, answer.content) == (403, b"")
    assert hook.arrived.empty()
    assert warnings(caplog) == ["A call of the webhook that is not Telegram's was refused (403)"] * 2


@pytest.mark.parametrize(
    "path",
    ["/", "/telegram", "/telegram/hook/", "/telegram/hook?a=b", "/telegram/%68ook", "//telegram/hook", "/healthz"],
)
async def test_any_other_path_is_not_there(hook: Hook, path: str, caplog: pytest.LogCaptureFixture) -> None:
    assert await hook.call({"update_id": 5}, path) == 404
    assert hook.arrived.empty()
    assert "hook" not in "".join(caplog.messages).replace("webhook", "")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
async def test_any_other_method_is_refused(hook: Hook, method: str) -> None:
    assert await hook.call({"update_id": 5}, method=method) == 405
    assert hook.arrived.empty()


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"[{}]", b'"text"', b"{", b"{}", b'{"update_id": "5"}', b"\xff\xfe", b"[" * 200_000],
    ids=lambda content: content[:12],
)
async def test_what_is_no_update_is_refused(hook: Hook, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert await hook.call(content) == 400
    assert hook.arrived.empty()
    assert warnings(caplog) == ["A call of the webhook that is not Telegram's was refused (400)"]


async def test_an_update_that_cannot_be_read_is_passed_over(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    ada = hook.stand_in.person()
    for date in ("yesterday", 10**20):
        broken = hook.stand_in.updates.message(ada, "my secret")
        broken["message"]["date"] = date
        # Refused, it would be sent again and again.
        assert await hook.call(broken) == 200
        assert hook.arrived.get_nowait() == Update(broken["update_id"])
        line = caplog.messages[-1]
        assert line.startswith(f"Update {broken['update_id']} cannot be read and is passed over:\n")
    assert "my secret" not in caplog.text


async def test_the_largest_body_is_taken_and_a_larger_one_is_not(hook: Hook) -> None:
    largest = json.dumps({"update_id": 5, "padding": ""}).encode()
    largest = largest.replace(b'""', b'"%b"' % (b" " * (MAX_BODY - len(largest))))
    assert len(largest) == MAX_BODY
    assert await hook.call(largest) == 200
    head = f"POST {PATH} HTTP/1.1\nHost: bot.example.org\n{SECRET_HEADER}: {hook.secret}\n"
    assert (await hook.write(f"{head}Content-Length: {MAX_BODY + 1}\n\n")).startswith(b"HTTP/1.1 413 ")
    # One that does not say before how long it is is cut off where it becomes too long.
    parts = f"{MAX_BODY:x}\n{' ' * MAX_BODY}\n1\n \n0\n\n"
    assert (await hook.write(f"{head}Transfer-Encoding: chunked\n\n{parts}")).startswith(b"HTTP/1.1 413 ")
    assert hook.arrived.qsize() == 1


async def test_a_length_that_is_none_is_refused(hook: Hook) -> None:
    head = f"POST {PATH} HTTP/1.1\nHost: bot.example.org\n{SECRET_HEADER}: {hook.secret}\n"
    for length in ("many", "1" * 5000):
        assert (await hook.write(f"{head}Content-Length: {length}\n\n")).startswith(b"HTTP/1.1 400 ")
    assert hook.arrived.empty()


async def test_at_the_end_nothing_is_taken_any_more_and_the_webhook_stays(hook: Hook) -> None:
    assert await hook.call({"update_id": 5}) == 200
    hook.running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hook.running
    with pytest.raises(httpx.TransportError):
        await hook.call({"update_id": 6})
    assert hook.arrived.qsize() == 1
    assert hook.stand_in.api.webhook_url == URL


async def test_telegram_is_waited_for_at_start(
    stand_in: StandIn, bot: ExtBot[None], caplog: pytest.LogCaptureFixture
) -> None:
    stand_in.api.fail_next("getMe", Fault.unreachable())
    refusal = "Bad Request: bad webhook: failed to resolve host: Name or service not known"
    stand_in.api.fail_next("setWebhook", Fault.refused(400, refusal))
    stand_in.api.fail_next("getWebhookInfo", Fault.bad_gateway())
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    with bound(Listen("127.0.0.1", 0), SETTING) as listening:
        webhook = Webhook(bot, URL, listening, Contact(), sleep=sleep)
        assert webhook.fault() == "Telegram was not reached yet"
        await webhook.connect()
    assert slept == [1.0, 1.5, 2.25]
    assert webhook.fault() is None
    assert warnings(caplog)[1] == (
        "Telegram refuses this (DIGESTBOT_WEBHOOK_URL cannot be used: Bad webhook: failed to resolve host: name or "
        "service not known); trying again in 2 s"
    )


async def test_a_webhook_that_was_taken_away_is_set_again(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    await hook.waits.pass_by()
    assert len(hook.stand_in.api.calls_of("setWebhook")) == 1
    for url in ("", "https://elsewhere.example.org/hook"):
        caplog.clear()
        hook.stand_in.api.webhook_url = url
        await hook.waits.pass_by()
        assert hook.stand_in.api.webhook_url == URL
        [line] = warnings(caplog)
        assert line.startswith("Another process has taken Telegram's webhook away, which is set again.")
    assert set(hook.waits.slept) == {60.0}
    assert await hook.call({"update_id": 5}) == 200


async def test_deliveries_that_fail_are_a_fault_until_one_works(hook: Hook) -> None:
    api, clock = hook.stand_in.api, hook.clock
    update = hook.stand_in.updates.message(hook.stand_in.person(), "hello")
    api.queue(update)
    api.webhook.error = (int((clock.time - timedelta(hours=1)).timestamp()), "Connection refused")
    await hook.waits.pass_by()
    assert hook.webhook.fault() is None  # that was before we listened
    assert hook.webhook.pending == 1
    clock.time += timedelta(minutes=5)
    api.webhook.error = (int(clock.time.timestamp()), "Wrong response from the webhook:\n502 Bad Gateway")
    await hook.waits.pass_by()
    assert hook.webhook.fault() == (
        "Telegram cannot deliver what it has (waiting: 1): Wrong response from the webhook: 502 Bad Gateway"
    )
    clock.time += timedelta(minutes=5)
    await hook.call(update)
    assert hook.webhook.fault() is None


async def test_telegram_out_of_reach_is_told_and_looked_for_again(hook: Hook, caplog: pytest.LogCaptureFixture) -> None:
    hook.seconds[0] = 30.0
    hook.stand_in.api.fail_next("getWebhookInfo", Fault.unreachable())
    await hook.waits.pass_by()
    [line] = warnings(caplog)
    assert line == (
        "Telegram cannot be reached (httpx.ConnectError: All connection attempts failed); trying again in 60 s"
    )
    assert hook.webhook.contact.seconds == 30.0
    await hook.waits.pass_by()
    assert hook.webhook.contact.seconds == 0.0
    hook.seconds[0] = 40.0
    await hook.call({"update_id": 5})
    assert hook.webhook.contact.seconds == 0.0  # who calls is in contact, too


async def test_how_the_webhook_fares_counts_for_three_minutes(hook: Hook) -> None:
    hook.seconds[0] = 180.0
    assert hook.webhook.fault() is None
    hook.seconds[0] = 181.0
    assert hook.webhook.fault() == "Telegram has not told for 181 s how the webhook fares"
    await hook.call({"update_id": 5})  # one update that came through says nothing of those that do not
    assert hook.webhook.fault() is not None
    await hook.waits.pass_by()
    assert hook.webhook.fault() is None


async def test_a_token_withdrawn_while_running_ends_the_bot(hook: Hook) -> None:
    hook.stand_in.api.token = "1:another"
    passing = asyncio.create_task(hook.waits.pass_by())
    with pytest.raises(InvalidToken):
        await hook.running
    passing.cancel()


def test_an_address_that_cannot_be_had_is_named_with_its_setting() -> None:
    with bound(Listen("127.0.0.1", 0), SETTING) as listening:
        taken = address(listening)
        with pytest.raises(NoAddress) as error, bound(taken, SETTING):
            pass
    assert error.value.message == (
        f"The address {taken} of DIGESTBOT_WEBHOOK_LISTEN cannot be listened at (Address already in use): stop "
        "whatever has it, or set DIGESTBOT_WEBHOOK_LISTEN to another one."
    )
    assert error.value.exit_code == 6
    with (
        pytest.raises(NoAddress, match=r"192\.0\.2\.1:80 of DIGESTBOT_MONITOR"),
        bound(Listen("192.0.2.1", 80), "DIGESTBOT_MONITOR"),
    ):
        pass
