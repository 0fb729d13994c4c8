"""The webhook behind the nginx site that ships: over TLS, what Telegram brings reaches the bot, and nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import flock
from tests.conftest import write_digests
from tests.deploy.proxy import HOST, SITE, Certificate, Recorder, nginx, running_nginx, substituted
from tests.telegram import Server, StandIn

pytestmark = [
    pytest.mark.skipif(nginx() is None, reason="nginx is not installed"),
    pytest.mark.skipif(
        shutil.which("openssl") is None, reason="openssl, which makes the certificate, is not installed"
    ),
]

SECRET = "dkv4-N_secret-of-this-test"
HEADERS = {"Host": HOST, "X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate.make(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def telegram(certificate: Certificate) -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, verify=certificate.trusted(), headers=HEADERS) as client:
        yield client


def call(telegram: httpx.Client, method: str, url: str, **options: object) -> int:
    """The status of a request to the host's name."""
    return telegram.request(method, url, extensions={"sni_hostname": HOST}, **options).status_code


def test_only_telegrams_calls_pass(tmp_path: Path, certificate: Certificate, telegram: httpx.Client) -> None:
    recorder = Recorder()
    with recorder.serving() as upstream, running_nginx(tmp_path / "nginx", certificate, upstream) as url:
        assert call(telegram, "POST", f"{url}/telegram", content=b"{}") == 200
        assert recorder.requests == [("POST", "/telegram", SECRET, 2)]
        recorder.requests.clear()

        for path in ("/", "/telegram/", "/telegram/x", "/Telegram", "/other", "/healthz", "/metrics", "/telegram%2fx"):
            assert call(telegram, "POST", url + path, content=b"{}") == 404, path
        for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"):
            assert call(telegram, method, f"{url}/telegram") == 403, method
        assert call(telegram, "POST", f"{url}/telegram", content=b"x" * 1_100_000) == 413
        assert recorder.requests == []

        assert call(telegram, "POST", f"{url}/telegram", content=b"x" * 1_000_000) == 200
        assert recorder.requests == [("POST", "/telegram", SECRET, 1_000_000)]
    logs = "".join(path.read_text() for path in (tmp_path / "nginx").glob("*.log"))
    assert SECRET not in logs
    assert "buffered to a temporary file" not in logs
    assert (tmp_path / "nginx" / "access.log").read_text() == ""


def test_without_the_bot_telegram_is_told_to_come_again(
    tmp_path: Path, certificate: Certificate, telegram: httpx.Client
) -> None:
    with Recorder().serving() as upstream:
        pass  # nobody listens there any more
    with running_nginx(tmp_path / "nginx", certificate, upstream) as url:
        assert call(telegram, "POST", f"{url}/telegram", content=b"{}") == 502
    assert SECRET not in (tmp_path / "nginx" / "error.log").read_text()


@pytest.mark.parametrize(("network", "status"), [("149.154.160.0/20", 403), ("127.0.0.0/8", 200)])
def test_other_networks_can_be_shut_out(
    tmp_path: Path, certificate: Certificate, telegram: httpx.Client, network: str, status: int
) -> None:
    site = substituted(SITE, ("# allow", "allow"), ("# deny", "deny"), ("149.154.160.0/20", network))
    assert "allow 91.108.4.0/22;" in site
    recorder = Recorder()
    with recorder.serving() as upstream, running_nginx(tmp_path / "nginx", certificate, upstream, site) as url:
        assert call(telegram, "POST", f"{url}/telegram", content=b"{}") == status
    assert len(recorder.requests) == (status == 200)


@pytest.fixture
def server(stand_in: StandIn) -> Iterator[Server]:
    with stand_in.serve() as server:
        yield server


def test_the_bot_behind_it(
    stand_in: StandIn, server: Server, tmp_path: Path, certificate: Certificate, telegram: httpx.Client
) -> None:
    write_digests(tmp_path / "seeds", flock.files())
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    environment = {
        "DIGESTBOT_SEEDS": str(tmp_path / "seeds"),
        "DIGESTBOT_WEBHOOK_URL": f"https://{HOST}/telegram",
        "DIGESTBOT_WEBHOOK_LISTEN": "127.0.0.1:0",
    }
    with stand_in.live_bot(server, tmp_path, environment=environment, arguments=["--webhook"]) as bot:
        # By then it has said where it listens.
        bot.wait_for(lambda: stand_in.api.calls_of("setMyCommands"))
        [upstream] = re.findall(r"listening for them at ([\d.:]+)", bot.output)
        with running_nginx(tmp_path / "nginx", certificate, upstream) as url:
            forged = stand_in.updates.message(bob, "/search sheep")
            for secret in (SECRET, ""):
                headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
                assert call(telegram, "POST", f"{url}/telegram", json=forged, headers=headers) == 403
            assert stand_in.api.calls_of("sendMessage") == []

            stand_in.api.route_webhook(url, tls=certificate.trusted())
            [reply] = bot.say(bob, "/search sheep")
            assert reply.text.startswith("Search sheep: 8 papers")
            assert bot.press(bob, "Next ›", reply)
            assert bot.stop() == 0
        assert stand_in.api.webhook.secret not in bot.output
        assert stand_in.api.webhook.secret not in (tmp_path / "nginx" / "error.log").read_text()
