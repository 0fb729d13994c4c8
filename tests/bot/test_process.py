"""`digestbot run` as a real process, over HTTP: it answers, ends when told to, and shows its token nowhere."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import flock
from tests.conftest import ADMIN, write_digests
from tests.telegram import Fault, LiveBot, Server, StandIn

# At this level every library tells all it does.
DEBUG = (sys.executable, "-m", "bot.cli", "--log-level", "debug", "run")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_digests(tmp_path / "seeds", flock.files())
    return tmp_path


@pytest.fixture
def server(stand_in: StandIn) -> Iterator[Server]:
    with stand_in.serve() as server:
        yield server


def live_bot(stand_in: StandIn, server: Server, folder: Path, **options: object) -> LiveBot:
    environment = {"DIGESTBOT_SEEDS": str(folder / "seeds"), "DIGESTBOT_ADMINS": str(ADMIN)}
    return stand_in.live_bot(server, folder, environment=environment, **options)


def test_a_life(stand_in: StandIn, server: Server, folder: Path) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    admin = stand_in.person(id=ADMIN, first_name="Root", language_code="en")
    with live_bot(stand_in, server, folder, command=DEBUG) as bot:
        assert "8 papers in the archive: 8 added" in bot.output
        [reply] = bot.say(bob, "/search sheep")
        assert reply.text.startswith("Search sheep: 8 papers · page 1/2")
        [second] = bot.press(bob, "Next ›", reply)
        assert second.message_id == reply.message_id
        [answer] = bot.say(bob, "What shearing rate does Woolly reach?")
        assert "90.5%" in answer.quotes[0]
        assert bot.say(admin, "/reload", count=3)[-1].text.startswith("Loaded in ")
        assert bot.stop() == 0
        # What was said meanwhile is answered after the next start, in its order; what was answered is not again.
        for text in ("/language zh", "/help"):
            bot.tell(bob, text)
        since = len(stand_in.api.calls)
        bot.start()
        replies = bot.wait_for_replies(2, since=since)
        assert [reply.text.splitlines()[0] for reply in replies] == ["好的，以后用中文。", "我会这些"]
        assert bot.stop() == 0
        # Loaded once: the digests were the same at the second start.
        assert bot.output.count("8 papers in the archive: 8 added") == 1
        assert "shearing rate" not in bot.output
        assert "Traceback" not in bot.output


def test_a_second_signal_ends_it_at_once(stand_in: StandIn, server: Server, folder: Path) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    with live_bot(stand_in, server, folder) as bot:
        process = bot._process
        assert process is not None
        # An answer that Telegram never takes holds up whoever asks politely.
        stand_in.api.fail_next("sendMessage", Fault.silence())
        bot.tell(bob, "/help")
        bot.wait_for(lambda: stand_in.api.calls_of("sendMessage"))
        polls = stand_in.api.polls
        process.send_signal(signal.SIGINT)
        bot.wait_for(lambda: stand_in.api.polls > polls)  # it says goodbye to Telegram, and waits for the answer
        assert bot.stop() == 128 + signal.SIGTERM
        assert "leaving at once" in bot.output


def run_to_its_end(folder: Path, server: Server, **environment: str) -> subprocess.CompletedProcess[str]:
    """`digestbot run` where it is not expected to last."""
    given = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "DIGESTBOT_API_URL": server.url,
        "DIGESTBOT_DATA": str(folder / "data"),
        "DIGESTBOT_MONITOR": "off",
        **environment,
    }
    command = [sys.executable, "-m", "bot.cli", "run"]
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=60, check=False)


def test_a_token_telegram_does_not_know(server: Server, folder: Path) -> None:
    token = "123456:AAfalseTokenFalseTokenFalseTokenFal"
    ended = run_to_its_end(folder, server, TELEGRAM_BOT_TOKEN=token)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.splitlines()[-1] == (
        f"Error: The Bot API server at {server.url} does not know this TELEGRAM_BOT_TOKEN: copy it again from "
        "@BotFather, and check DIGESTBOT_API_URL."
    )
    assert token.partition(":")[2] not in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("name", "value"), [("ALL_PROXY", "pigeon://post"), ("SSL_CERT_FILE", "/nowhere")])
def test_a_proxy_or_certificates_that_cannot_be_used(server: Server, folder: Path, name: str, value: str) -> None:
    ended = run_to_its_end(
        folder, server, **{"TELEGRAM_BOT_TOKEN": "123456:AAfalseTokenFalseTokenFalseTokenFal", name: value}
    )
    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == (
        "Error: Telegram cannot be asked: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, SSL_CERT_FILE or SSL_CERT_DIR is wrong."
    )
    assert "Traceback" not in ended.stderr


def test_a_killed_process_leaves_both_databases_whole(stand_in: StandIn, server: Server, folder: Path) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    with live_bot(stand_in, server, folder) as bot:
        bot.say(bob, "/language zh")
        bot.kill()
    for name in ("archive.db", "chats.db"):
        connection = sqlite3.connect(folder / "data" / name)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
