"""The stand-in brings updates to a webhook as Telegram does: in order, with the secret, again where it failed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from tests.telegram import Server, StandIn

URL = "https://bot.example.org/hook"


@dataclass
class Receiver:
    """Whoever listens behind the address: answers with the statuses in turn, 200 when there are none left."""

    route: str
    statuses: list[int] = field(default_factory=list)
    calls: list[tuple[str, str | None, str | None, dict[str, Any]]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            update = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            secret = self.headers.get("X-Telegram-Bot-Api-Secret-Token")
            receiver.calls.append((self.path, self.headers.get("Host"), secret, update))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.end_headers()

        def log_message(self, format: str, *values: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        receiver = Receiver(f"http://127.0.0.1:{http.server_port}")
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@pytest.fixture
def client(stand_in: StandIn) -> Iterator[httpx.Client]:
    with stand_in.serve() as server, _client(stand_in, server) as client:
        yield client


def _client(stand_in: StandIn, server: Server) -> httpx.Client:
    return httpx.Client(base_url=f"{server.url}/bot{stand_in.token}/", trust_env=False, timeout=10)


def test_updates_are_brought_with_the_secret_and_again_where_that_failed(
    stand_in: StandIn, client: httpx.Client
) -> None:
    ada = stand_in.person(id=7)
    first, second = (stand_in.updates.message(ada, text) for text in ("one", "two"))
    with receiving() as receiver:
        receiver.statuses = [403]
        stand_in.api.route_webhook(receiver.route)
        registration = {"url": URL, "secret_token": "s-1", "max_connections": "5", "allowed_updates": '["message"]'}
        assert client.post("setWebhook", data=registration).json()["result"] is True
        stand_in.api.queue(first)
        stand_in.api.wait_for(lambda: stand_in.api.webhook.error, 10)
        info = client.post("getWebhookInfo").json()["result"]
        assert info.pop("last_error_date") > 0
        assert info == {
            "url": URL,
            "has_custom_certificate": False,
            "pending_update_count": 1,
            "max_connections": 5,
            "allowed_updates": ["message"],
            "last_error_message": "Wrong response from the webhook: 403",
        }
        stand_in.api.queue(stand_in.updates.channel_post(stand_in.channel(), "nobody asked for this"))
        stand_in.api.queue(second)
        stand_in.api.wait_for(lambda: not stand_in.api.updates, 10)
    call = ("/hook", "bot.example.org", "s-1")
    assert receiver.calls == [(*call, first), (*call, first), (*call, second)]


def test_another_registration_is_a_reason_to_try_again(stand_in: StandIn, client: httpx.Client) -> None:
    with receiving() as receiver:
        receiver.statuses = [500]
        stand_in.api.route_webhook(receiver.route)
        client.post("setWebhook", data={"url": URL})
        stand_in.api.queue(stand_in.updates.message(stand_in.person(id=7), "one"))
        stand_in.api.wait_for(lambda: stand_in.api.webhook.error, 10)
        client.post("setWebhook", data={"url": URL, "secret_token": "another"})
        stand_in.api.wait_for(lambda: not stand_in.api.updates, 10)
    assert [secret for _, _, secret, _ in receiver.calls] == [None, "another"]
    assert "last_error_message" not in client.post("getWebhookInfo").json()["result"]


@pytest.mark.parametrize(
    "wrong", [{"url": "http://bot.example.org"}, {"secret_token": "a b"}, {"max_connections": "101"}]
)
def test_a_registration_telegram_refuses(client: httpx.Client, wrong: dict[str, str]) -> None:
    assert client.post("setWebhook", data={"url": URL, **wrong}).status_code == 400
    assert client.post("getWebhookInfo").json()["result"]["url"] == ""
