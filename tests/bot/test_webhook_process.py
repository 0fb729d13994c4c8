"""`digestbot run --webhook` as a real process: Telegram calls it, monitoring asks it, its log is JSON throughout."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from bot.cli import main
from tests import flock
from tests.conftest import write_digests
from tests.telegram import LiveBot, Server, StandIn

URL = "https://bot.example.org/telegram/hook"


@pytest.fixture
def server(stand_in: StandIn) -> Iterator[Server]:
    with stand_in.serve() as server:
        yield server


def told(bot: LiveBot, pattern: str) -> str:
    """What the newest line of the log with this in it says in the group."""
    return re.findall(pattern, bot.output)[-1]


def test_a_life_behind_a_webhook(stand_in: StandIn, server: Server, tmp_path: Path) -> None:
    write_digests(tmp_path / "seeds", flock.files())
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    settings = {"DIGESTBOT_SEEDS": str(tmp_path / "seeds"), "DIGESTBOT_LOG_FORMAT": "json"}
    web = {
        "DIGESTBOT_WEBHOOK_URL": URL,
        "DIGESTBOT_WEBHOOK_LISTEN": "127.0.0.1:0",
        "DIGESTBOT_MONITOR": "127.0.0.1:0",
    }
    with stand_in.live_bot(server, tmp_path, environment={**settings, **web}, arguments=["--webhook"]) as bot:
        bot.wait_for(lambda: stand_in.api.calls_of("setMyCommands"))
        listening = "http://" + told(bot, r"listening for them at ([\d.:]+)")
        stand_in.api.route_webhook(listening)
        [reply] = bot.say(bob, "/search sheep")
        assert reply.text.startswith("Search sheep: 8 papers · page 1/2")
        [second] = bot.press(bob, "Next ›", reply)
        assert second.message_id == reply.message_id

        with httpx.Client(trust_env=False) as stranger:
            forged = stand_in.updates.message(bob, "rather private")
            assert stranger.post(f"{listening}/telegram/hook", json=forged).status_code == 403
            monitor = told(bot, r"Health and metrics are at (http://[\d.:]+)")
            health = stranger.get(f"{monitor}/healthz")
            assert (health.status_code, health.json()["status"]) == (200, "ok")
            metrics = stranger.get(f"{monitor}/metrics").text
            assert 'digestbot_updates_total{kind="tap"} 1.0' in metrics

        assert bot.stop() == 0
        assert stand_in.api.webhook_url == URL
        # What is said meanwhile, Telegram keeps; the next start finds it, here without the webhook.
        since = bot.tell(bob, "/language zh")
    with stand_in.live_bot(server, tmp_path, environment=settings) as bot:
        assert [reply.text.splitlines()[0] for reply in bot.wait_for_replies(1, since=since)] == ["好的，以后用中文。"]
        assert stand_in.api.webhook_url == ""
        assert bot.stop() == 0

        lines = [json.loads(line) for line in bot.output.splitlines()]
        assert {"time", "level", "logger", "message"} == set().union(*lines)
        assert "rather private" not in bot.output
        assert "telegram/hook" not in bot.output


def ended(*arguments: str) -> tuple[int, str]:
    """How a run that is not expected to last ends."""
    result = CliRunner().invoke(main, arguments)
    return result.exit_code, result.stderr


@pytest.mark.usefixtures("logging_as_it_was")
def test_a_webhook_needs_its_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert ended("run", "--webhook") == (
        2,
        "Error: A webhook is Telegram's: `run --webhook` needs TELEGRAM_BOT_TOKEN.\n",
    )
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", StandIn().token)
    assert ended("run", "--webhook") == (
        2,
        "Error: `run --webhook` needs DIGESTBOT_WEBHOOK_URL: the https address at which Telegram reaches the bot, such "
        "as https://bot.example.org/telegram.\n",
    )
    assert list(tmp_path.iterdir()) == []
