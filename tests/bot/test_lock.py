"""Two bots never work on one data folder; whatever else works beside a running bot goes on working."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.exits import Exit, Locked, NoChats
from bot.lock import LOCK_FILE, holder, lock
from tests import flock
from tests.conftest import ROOT, write_digests
from tests.telegram import LiveBot, Server, StandIn


@pytest.fixture
def server(stand_in: StandIn) -> Iterator[Server]:
    with stand_in.serve() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_digests(tmp_path / "seeds", flock.files())
    return tmp_path


def digestbot(bot: LiveBot, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Another process with the settings of a running bot."""
    environment = {**bot._environment, "DIGESTBOT_SEEDS": str(bot.folder / "seeds")}
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(
        command, cwd=bot.folder, env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def live_bot(stand_in: StandIn, server: Server, folder: Path) -> LiveBot:
    return stand_in.live_bot(server, folder, environment={"DIGESTBOT_SEEDS": str(folder / "seeds")})


def test_one_process_at_a_time(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with lock(tmp_path):
        assert holder(tmp_path) == f"process {os.getpid()}"
        with pytest.raises(Locked) as refused, lock(tmp_path):
            pytest.fail("it was locked twice")
        assert refused.value.exit_code == Exit.LOCKED
        assert refused.value.message == (
            f"A digestbot is at work on {tmp_path} already (process {os.getpid()}): stop that one first."
        )
    assert holder(tmp_path) is None
    with lock(tmp_path):
        pass


def test_two_folders_are_two_locks(tmp_path: Path) -> None:
    with lock(tmp_path / "one"), lock(tmp_path / "two"):
        assert holder(tmp_path / "one") == holder(tmp_path / "two")


@pytest.mark.parametrize("left", ["4711 elsewhere\n", "", "\0\0nonsense", "9" * 500])
def test_what_a_killed_process_left_locks_nothing(tmp_path: Path, left: str) -> None:
    (tmp_path / LOCK_FILE).write_text(left)
    assert holder(tmp_path) is None
    with lock(tmp_path):
        assert (tmp_path / LOCK_FILE).read_text() == f"{os.getpid()} {socket.gethostname()}\n"


@pytest.mark.parametrize(
    ("written", "named"),
    [("17 3f2a\n", "process 17 on 3f2a"), ("", "another process"), ("nonsense", "another process")],
)
def test_the_holder_is_named_as_far_as_it_is_known(tmp_path: Path, written: str, named: str) -> None:
    with lock(tmp_path):
        (tmp_path / LOCK_FILE).write_text(written)
        assert holder(tmp_path) == named


def test_looking_for_the_holder_changes_nothing(tmp_path: Path) -> None:
    holder(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may lock another's folder")
def test_what_root_leaves_keeps_nobody_out(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12346)
    with lock(tmp_path):
        left = (tmp_path / LOCK_FILE).stat()
    assert (left.st_uid, left.st_gid) == (12345, 12346)


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NoChats, match="cannot be used"), lock(tmp_path / "file" / "data"):
        pytest.fail("it was locked")


def test_a_second_bot_ends_with_one_sentence(stand_in: StandIn, server: Server, folder: Path) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    with live_bot(stand_in, server, folder) as bot:
        assert bot._process is not None
        second = digestbot(bot, "run")
        assert (second.returncode, second.stdout) == (5, "")
        assert second.stderr == (
            f"Error: A digestbot is at work on {folder / 'data'} already (process {bot._process.pid}): "
            "stop that one first.\n"
        )
        # Loading, talking and asking from the command line beside it are what the databases are made for.
        assert digestbot(bot, "load").returncode == 0
        assert "Search sheep" in digestbot(bot, "chat", stdin="/search sheep\n").stdout
        [reply] = bot.say(bob, "/search sheep")
        assert reply.text.startswith("Search sheep")


def test_a_killed_bot_can_be_started_again(stand_in: StandIn, server: Server, folder: Path) -> None:
    bob = stand_in.person(id=8, first_name="Bob", language_code="en")
    with live_bot(stand_in, server, folder) as bot:
        bot.kill()
        assert (folder / "data" / LOCK_FILE).exists()
        bot.start()
        assert bot.say(bob, "/help")


def test_a_process_started_by_the_bot_does_not_hold_its_lock(tmp_path: Path) -> None:
    waiting = [sys.executable, "-c", "import sys; print('ready', flush=True); sys.stdin.read()"]
    with lock(tmp_path):
        child = subprocess.Popen(waiting, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
    assert holder(tmp_path) is None
    child.communicate()


def test_a_folder_that_it_makes_is_its_owners_alone(tmp_path: Path) -> None:
    with lock(tmp_path / "bot" / "data"):
        assert (tmp_path / "bot" / "data").stat().st_mode & 0o777 == 0o700
