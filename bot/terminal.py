"""The bot in the terminal: the same application as on Telegram, its messages typed and drawn here.

What is typed becomes the updates Telegram would send, one at a time and in order; what the bot answers is
drawn by `TerminalRequest`. `#3` presses the third button of the latest message that has buttons.
"""

from __future__ import annotations

import asyncio
import codecs
import os
import re
import sys
import threading
import unicodedata
from collections.abc import AsyncIterator, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, WordCompleter
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout
from telegram import Update

from bot import phrases
from bot.lifecycle import AnyApplication, started
from bot.phrases import Phrases
from bot.terminal_request import (
    BOT_USERNAME,
    JSON,
    TERMINAL_BOT_ID,
    TERMINAL_TOKEN,
    TERMINAL_USER_ID,
    TerminalRequest,
)
from bot.terminal_screen import Screen
from bot.views.text import clean
from store import Language

__all__ = [
    "BOT_USERNAME",
    "TERMINAL_BOT_ID",
    "TERMINAL_TOKEN",
    "TERMINAL_USER_ID",
    "Screen",
    "TerminalRequest",
    "chat",
    "command_completer",
    "locale_language",
    "prompt_lines",
    "read_lines",
    "run",
]

INTERRUPTED: Final = 130  # the exit status shells give a process ended by Ctrl-C
_LEAVING = frozenset({"/quit", "/exit", "quit", "exit"})
_PRESS = re.compile(r"#\s*([0-9]+)")
_CHUNK = 65_536


def run(
    application: AnyApplication,
    request: TerminalRequest,
    *,
    language: Language,
    history: Path,
    commands: Mapping[str, str],
) -> int:
    """Hold the conversation of this process's standard input and output to its end; gives the exit status.

    At a terminal there is a prompt with line history (kept in the file `history`) and completion of
    `commands`, names such as `search` with what they do. Otherwise every line of standard input is a message.
    `application` must have been built over `request` and without an updater.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        # In a narrower encoding than UTF-8, a question mark is better than the end of the conversation.
        sys.stdout.reconfigure(errors="replace")
    interactive = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    say = phrases.get(language)

    async def greeted() -> AsyncIterator[str]:
        request.screen.show_note(say.plain("terminal.hint"))
        async for line in prompt_lines(history, commands):
            yield line

    status = 0
    try:
        lines = greeted() if interactive else read_lines(0)
        asyncio.run(chat(application, request, lines, language=language))
    except KeyboardInterrupt:
        # At a prompt, Ctrl-C is one of the ways to leave; a script has been broken off.
        status = 0 if interactive else INTERRUPTED
    if interactive:
        request.screen.show_note(say.plain("terminal.goodbye"))
    return status


async def chat(
    application: AnyApplication, request: TerminalRequest, lines: AsyncIterator[str], *, language: Language
) -> None:
    """Start the application, answer each of `lines` in full before the next is taken, stop the application.

    Ends with the lines, at `/quit` or `exit`, or when nobody reads the output any more. Blank lines are
    passed over, as a Telegram client sends none. `language` is what the client calls the person's language.
    Handlers that do not block are waited for only at the end.
    """
    say = phrases.get(language)
    async with started(application):
        async for line in lines:
            text = clean(line).strip()
            if text.casefold() in _LEAVING:
                break
            if text and (update := _update(text, request, say)):
                await application.process_update(Update.de_json(update, application.bot))
            if request.screen.closed:
                break


async def prompt_lines(history: Path, commands: Mapping[str, str]) -> AsyncIterator[str]:
    """Lines typed at a prompt, until Ctrl-D or Ctrl-C."""
    history.parent.mkdir(parents=True, exist_ok=True)
    history.touch(mode=0o600)  # what people ask is for nobody else to read
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        completer=command_completer(commands),
        reserve_space_for_menu=4,
    )
    while True:
        try:
            # What a job draws or logs meanwhile appears above the line being typed, not across it.
            with patch_stdout(raw=True):
                line = await session.prompt_async("> ")
        except (EOFError, KeyboardInterrupt):
            return
        yield line


def command_completer(commands: Mapping[str, str]) -> Completer:
    """Completes a command at the beginning of a line and says what it does."""
    described = {f"/{name}": text for name, text in commands.items()}
    return WordCompleter(list(described), meta_dict=described, sentence=True)


async def read_lines(descriptor: int) -> AsyncIterator[str]:
    """The lines of an open file, pipe or terminal, read only as far as they are asked for."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    rest = ""
    while chunk := await _read(descriptor):
        *whole, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in whole:
            yield line
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def locale_language(environment: Mapping[str, str]) -> Language:
    """The bot's language nearest to the locale that `environment` states."""
    names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, names), "")
    return "zh" if locale.casefold().startswith("zh") else "en"


def _update(text: str, request: TerminalRequest, say: Phrases) -> JSON | None:
    """The update for what was typed; None, and a note on the screen, where it is a press on nothing."""
    press = _PRESS.fullmatch(unicodedata.normalize("NFKC", text))
    if not press:
        return request.typed(text, say.language)
    buttons = request.buttons()
    digits = press[1].lstrip("0")
    # A number of any length may be typed, and Python refuses to read very long ones.
    number = int(digits) if 0 < len(digits) < 5 else 0
    if not buttons:
        note = say.plain("terminal.no_buttons")
    elif not 1 <= number <= len(buttons):
        present = "#1" if len(buttons) == 1 else f"#1–#{len(buttons)}"
        note = say.plain("terminal.no_such_button", number=press[1][:20], present=present)
    elif isinstance(buttons[number - 1].callback_data, str):
        return request.pressed(buttons[number - 1], say.language)
    elif url := buttons[number - 1].url:
        note = say.plain("terminal.link", number=number, url=url)
    else:
        note = say.plain("terminal.only_on_telegram", number=number)
    request.screen.show_note(note)
    return None


async def _read(descriptor: int) -> bytes:
    """What can be read next; nothing at the end.

    On a thread of its own, since standard input may be a file, which no event loop can wait for. A daemon
    thread below Python's buffers, since neither a pool's thread nor one holding a buffer's lock would let
    the process end while nothing is typed.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[bytes] = loop.create_future()

    def deliver(chunk: bytes) -> None:
        if not arrived.done():
            arrived.set_result(chunk)

    def read() -> None:
        try:
            chunk = os.read(descriptor, _CHUNK)
        except OSError:  # closed, or a terminal that has gone
            chunk = b""
        try:
            loop.call_soon_threadsafe(deliver, chunk)
        except RuntimeError:  # the conversation ended while nothing was typed, and its loop with it
            return

    threading.Thread(target=read, name="standard-input", daemon=True).start()
    return await arrived
