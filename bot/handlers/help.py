"""First words and help: /start, /help, and what is said to an unknown command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from bot.calls import Call
from bot.handlers import papers
from bot.views import help, problems, start
from bot.views.base import View
from store import Archive

if TYPE_CHECKING:
    from bot.routes import Route

# rapidfuzz's ratio (0 to 100) from which a command counts as near to what was typed.
_NEAR = 60.0


async def welcome(call: Call) -> View:
    """``/start``, or ``/start KEY`` from a deep link to a paper."""
    if call.text:
        opened = await papers.open_paper(call, call.text)
        return opened or await papers.paper(call)
    return start.welcome(await call.services.archive(Archive.count), call.voice)


async def show_help(call: Call, routes: Sequence[Route]) -> View:
    """``/help``, or ``/help search`` for how to search."""
    if call.text.strip().casefold() in ("search", "搜索"):
        return help.help_search(call.voice)
    return help.help_page([route.help for route in routes if route.open_to(call)], call.voice)


def unknown_command(call: Call, command: str, routes: Sequence[Route]) -> View:
    """What is said to a command that is none; the nearest that the reader may call are offered."""
    names = [route.command for route in routes if route.open_to(call)]
    nearest = process.extract(command.casefold(), names, scorer=fuzz.ratio, limit=2, score_cutoff=_NEAR)
    return problems.unknown_command(command, [name for name, _, _ in nearest], call.voice)
