"""Help: the list of commands, the search language, and how to use a command called without what it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot import phrases
from bot.views.base import View, Voice
from bot.views.html import join
from store import Language

# The commands that mean nothing, or something else, without what follows them.
NeedsText = Literal["search", "ask", "paper", "digest", "watch", "language"]


@dataclass(frozen=True)
class HelpRow:
    """A command as help and the command menu tell it; ``arguments`` is a hint such as ``WORDS``, or empty."""

    command: str
    arguments: Mapping[Language, str]
    description: Mapping[Language, str]


def help_row(command: str) -> HelpRow:
    """The row of ``command`` from the phrases ``commands.<command>.*``; KeyError where there are none."""
    languages: tuple[Language, ...] = ("zh", "en")
    return HelpRow(
        command,
        {language: phrases.get(language).plain(f"commands.{command}.arguments") for language in languages},
        {language: phrases.get(language).plain(f"commands.{command}.description") for language in languages},
    )


def help_page(rows: Sequence[HelpRow], voice: Voice) -> View:
    """All commands the reader may call, and that any other text is a question."""
    lines = [
        voice.say(
            "help.command",
            usage=f"/{row.command} {row.arguments[voice.ui]}".strip(),
            description=row.description[voice.ui],
        )
        for row in rows
    ]
    return View(join([voice.say("help.head"), join(lines, "\n"), voice.say("help.foot")], "\n\n"))


def help_search(voice: Voice) -> View:
    """How to search."""
    return View(voice.say("help.search"))


def usage(command: NeedsText, voice: Voice) -> View:
    """How to call ``command``, with an example."""
    match command:
        case "search":
            return View(voice.say("usage.search"))
        case "ask":
            return View(voice.say("usage.ask"))
        case "paper":
            return View(voice.say("usage.paper"))
        case "digest":
            return View(voice.say("usage.digest"))
        case "watch":
            return View(voice.say("usage.watch"))
        case "language":
            return View(voice.say("usage.language"))
