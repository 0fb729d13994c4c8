"""What tests of several parts share: archives, the stand-in, and a bot that runs in process."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from bot.app import build_application
from bot.chats import Chats
from bot.pace import AtOnce
from bot.services import Services
from bot.settings import Settings
from store import Archive, load
from tests import flock
from tests.telegram import Conversation, Driver, StandIn

# How long an example takes says more of the machine than of the code.
settings.register_profile("digestbot", deadline=None)
settings.load_profile("digestbot")

ROOT = Path(__file__).parents[1]
ADMIN = 99


@pytest.fixture(autouse=True)
def no_foreign_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on what the developer's own shell holds."""
    for name in os.environ:
        if name.startswith(("TELEGRAM_", "DIGESTBOT_")):
            monkeypatch.delenv(name)


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """Logging and the exception hooks belong to the whole process: give them back after the test."""
    root = logging.getLogger()
    handlers, hook, thread_hook = root.handlers[:], sys.excepthook, threading.excepthook
    telegram = ("telegram", "telegram.request.BaseRequest", "telegram.ext.ExtBot")
    others = ("httpx", "httpcore", "apscheduler", "apscheduler.executors.default", "tornado", "tornado.access")
    libraries = ("", *others, *telegram)
    levels = {name: logging.getLogger(name).level for name in libraries}
    # basicConfig(force=True) closes the handlers it removes, and pytest's own must live on.
    root.handlers.clear()
    yield
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    sys.excepthook, threading.excepthook = hook, thread_hook
    logging.captureWarnings(False)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the archive of the digests that ship. It is shared: read only."""
    data = tmp_path_factory.mktemp("shipped")
    load(ROOT / "seeds", data)
    return data


@pytest.fixture(scope="session")
def sheep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the archive of `tests.flock`. It is shared: read only."""
    folder = tmp_path_factory.mktemp("sheep")
    write_digests(folder / "seeds", flock.files())
    load(folder / "seeds", folder / "data")
    return folder / "data"


def write_digests(seeds: Path, files: dict[str, str]) -> None:
    """Make the seeds folder hold these files (name to text) and no others."""
    seeds.mkdir(exist_ok=True)
    for path in seeds.iterdir():
        path.unlink()
    for name, text in files.items():
        (seeds / name).write_text(text, encoding="utf-8")


@pytest.fixture
def stand_in() -> StandIn:
    return StandIn()


@dataclass
class Clock:
    """The bot's time, which passes only where a test says so."""

    time: datetime = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@dataclass
class RunningBot:
    """The bot in process, and people who talk to it: Ada reads Chinese, Bob English, and `admin` may /reload.

    seeds: the folder of digests that /reload loads.
    """

    driver: Driver
    services: Services
    clock: Clock
    ada: Conversation
    bob: Conversation
    admin: Conversation

    @property
    def stand_in(self) -> StandIn:
        return self.driver.stand_in

    @property
    def seeds(self) -> Path:
        return self.services.settings.seeds

    async def reload(self, files: dict[str, str]) -> None:
        """An admin puts these digest files, and no others, into the seeds folder and reloads."""
        write_digests(self.seeds, files)
        await self.admin.say("/reload")


async def run_bot(stand_in: StandIn, data: Path, folder: Path) -> AsyncIterator[RunningBot]:
    """The bot over the archive in `data`, with chats.db and seeds in `folder`."""
    settings = Settings(_env_file=None).model_copy(
        update={"admins": frozenset({ADMIN}), "data": data, "seeds": folder / "seeds"}
    )
    clock, chats = Clock(), Chats.open(folder)
    with Archive.open(data) as archive:
        application = build_application(
            settings,
            archive,
            chats,
            token=stand_in.token,
            request=stand_in.request(),
            get_updates_request=stand_in.request(),
            now=clock,
            pace=AtOnce(),
            delivers=False,
        )
        ada = stand_in.person(id=7, first_name="Ada", language_code="zh-hans")
        bob = stand_in.person(id=8, first_name="Bob", language_code="en")
        admin = stand_in.person(id=ADMIN, first_name="Root", language_code="en")
        async with stand_in.running(application) as driver:
            people = map(driver.conversation, (ada, bob, admin))
            yield RunningBot(driver, application.bot_data.services, clock, *people)
    chats.close()


@pytest.fixture
async def shipped_bot(stand_in: StandIn, shipped: Path, tmp_path: Path) -> AsyncIterator[RunningBot]:
    """The bot over the digests that ship."""
    async for bot in run_bot(stand_in, shipped, tmp_path):
        yield bot


@pytest.fixture
async def sheep_bot(stand_in: StandIn, sheep: Path, tmp_path: Path) -> AsyncIterator[RunningBot]:
    """The bot over the archive of `tests.flock`."""
    async for bot in run_bot(stand_in, sheep, tmp_path):
        yield bot


@pytest.fixture
async def own_bot(stand_in: StandIn, tmp_path: Path) -> AsyncIterator[RunningBot]:
    """The bot over an archive of its own, of `tests.flock` at first, that a test may load anew."""
    write_digests(tmp_path / "seeds", flock.files())
    load(tmp_path / "seeds", tmp_path / "data")
    async for bot in run_bot(stand_in, tmp_path / "data", tmp_path):
        yield bot


@pytest.fixture
def ada(sheep_bot: RunningBot) -> Conversation:
    """A reader of Chinese, in private, over the archive of `tests.flock`."""
    return sheep_bot.ada


@pytest.fixture
def bob(sheep_bot: RunningBot) -> Conversation:
    """A reader of English, in private, over the archive of `tests.flock`."""
    return sheep_bot.bob


@pytest.fixture
def admin(own_bot: RunningBot) -> Conversation:
    """An admin who reads English, over an archive that may be loaded anew."""
    return own_bot.admin
