"""The parts of README.md that the program itself writes: the conversation and the table of settings.

``python -m tests.readme`` brings README.md up to date; ``tests/test_readme.py`` fails where it is not.
"""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from datetime import time
from pathlib import Path

from bot.app import build_application
from bot.chats import Chats
from bot.pace import AtOnce
from bot.settings import Settings
from bot.terminal import TERMINAL_TOKEN, Screen, TerminalRequest, chat
from store import Archive, load

README = Path(__file__).parent.parent / "README.md"


def between(text: str, name: str) -> str:
    """What stands between ``<!-- name -->`` and ``<!-- /name -->``."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    if found is None:
        raise ValueError(f"README.md has no part {name}")
    return found[1]


def replace(text: str, name: str, part: str) -> str:
    return text.replace(f"<!-- {name} -->\n{between(text, name)}", f"<!-- {name} -->\n{part}")


def settings_table() -> str:
    """A row for each setting, in the order of the model."""
    rows = []
    for field in Settings.model_fields.values():
        default = field.default
        if isinstance(default, time):
            shown = f"`{default:%H:%M}`"
        elif isinstance(default, bool):
            shown = "`yes`" if default else "`no`"
        else:
            shown = f"`{default}`" if default else "none"
        rows.append(f"| `{field.validation_alias}` | {shown} | {field.description} |\n")
    return "".join(rows)


def typed_lines(conversation: str) -> list[str]:
    return re.findall(r"^> (.+)$", conversation, re.MULTILINE)


def hold_conversation(lines: Sequence[str], data: Path) -> str:
    """The conversation as the terminal shows it to an English reader, over the archive in ``data``."""
    shown = io.StringIO()
    request = TerminalRequest(Screen(shown))
    archive, chats = Archive.open(data), Chats.open(data)
    application = build_application(
        Settings(_env_file=None),
        archive,
        chats,
        token=TERMINAL_TOKEN,
        request=request,
        get_updates_request=TerminalRequest(Screen(io.StringIO())),
        pace=AtOnce(),
        delivers=False,
    )

    async def spoken() -> AsyncIterator[str]:
        for line in lines:
            shown.write(f"> {line}\n")
            yield line

    try:
        asyncio.run(chat(application, request, spoken(), language="en"))
    finally:
        chats.close()
        archive.close()
    return f"```text\n{shown.getvalue().strip()}\n```\n"


def main() -> None:
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        load(README.parent / "seeds", Path(folder))
        conversation = hold_conversation(typed_lines(between(text, "conversation")), Path(folder))
    text = replace(replace(text, "conversation", conversation), "settings", settings_table())
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
