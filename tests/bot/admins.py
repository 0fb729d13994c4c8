"""What tests of the admins' side share: digests to send, and the files that are there."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import RunningBot
from tests.digests import weekly_digest, weekly_entry
from tests.telegram import Conversation, Reply

CLOVER = weekly_digest(weekly_entry("Clover", "三叶草", "2506.00001", "绵羊爱吃三叶草。"))
CLOVER_AND_THISTLE = CLOVER + weekly_entry("Thistle", "蓟", "2506.00002", "绵羊不吃蓟。")
UNTITLED = CLOVER + "\n##\n\n无题。\n"


async def send(who: Conversation, name: str, text: str | bytes, **fields: object) -> list[Reply]:
    """Somebody sends the bot a file; the replies to it."""
    data = text.encode() if isinstance(text, str) else text
    updates = who.driver.stand_in.updates
    return await who.process(updates.document(who.person, name, data, chat=who.chat, **fields))


async def upload(bot: RunningBot, name: str, text: str | bytes) -> Reply:
    """The admin sends a file and keeps it; gives the report."""
    await send(bot.admin, name, text)
    return (await bot.admin.press("Keep"))[-1]


def zipped(files: Mapping[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in files.items():
            file.writestr(name, text)
    return content.getvalue()


def kept(bot: RunningBot) -> dict[str, str]:
    """The uploaded digests, by name."""
    folder = bot.services.settings.data / "digests"
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} if folder.is_dir() else {}


def waiting(bot: RunningBot) -> list[Path]:
    """The files that wait to be kept or discarded."""
    folder = bot.services.settings.data / "uploads"
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def another_writer(bot: RunningBot) -> Iterator[None]:
    """Another process writes to the archive: a load waits for it; readers do not."""
    connection = sqlite3.connect(bot.services.settings.data / "archive.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)
