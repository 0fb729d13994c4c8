"""A clear sentence for what the bot cannot use: unknown commands and buttons, empty queries, false dates."""

from __future__ import annotations

from collections.abc import Sequence

from bot.fair_use import SILENCE
from bot.views.base import View, Voice
from bot.views.html import Markup, code, join
from bot.views.text import fold, shorten
from store import QueryError


def unknown_command(command: str, nearest: Sequence[str], voice: Voice) -> View:
    """There is no ``command``; ``nearest`` are those it may have meant, all without the slash."""
    said = voice.say("problem.unknown_command", command=f"/{shorten(fold(command).lstrip('/'), 64)}")
    if not nearest:
        return View(join([said, voice.say("problem.see_help")], "\n"))
    commands = voice.plain("list.separator").join(f"/{name}" for name in nearest)
    return View(join([said, voice.say("problem.nearest_commands", commands=commands)], "\n"))


def only_punctuation(voice: Voice) -> View:
    """The text holds no letter and no digit."""
    return View(voice.say("problem.only_punctuation"))


def too_much(voice: Voice) -> View:
    """The chat sends more than can be answered, and is left unanswered for a while."""
    return View(voice.say("problem.too_much", seconds=round(SILENCE)))


def too_much_note(voice: Voice) -> str:
    """The same, for a tap."""
    return voice.plain("problem.too_much", seconds=round(SILENCE))


def no_such_date(text: str, voice: Voice) -> View:
    """What stands for a date is none, such as 2025-02-30."""
    return View(voice.say("problem.no_such_date", text=shorten(fold(text), 100)))


def query_error(error: QueryError, voice: Voice) -> View:
    """A query of the search language cannot be understood: why, and what would be."""
    value = code(shorten(fold(error.value), 100))
    return View(join([_query_fault(error, value, voice), voice.say("query.see_help")], "\n"))


def _query_fault(error: QueryError, value: Markup, voice: Voice) -> Markup:
    match error.kind:
        case "empty":
            return voice.say("query.empty", value=value)
        case "date":
            return voice.say("query.date", value=value)
        case "range":
            return voice.say("query.range", value=value)
        case "topic" if error.near:
            near = join(map(code, error.near), voice.plain("list.separator"))
            return voice.say("query.topic_near", value=value, near=near)
        case "topic":
            return voice.say("query.topic", value=value)
        case "has":
            return voice.say("query.has", value=value)
        case "id":
            return voice.say("query.id", value=value)
        case "nothing":
            return voice.say("query.nothing", value=value)


def text_only(voice: Voice) -> View:
    """A picture, a voice message or the like came instead of text."""
    return View(voice.say("problem.text_only"))


def unknown_button(voice: Voice) -> str:
    """The note (plain text of at most 200 characters) for a button this bot never made."""
    return voice.plain("problem.unknown_button")


def outdated_button(voice: Voice) -> str:
    """The note for a button that leads to what is no longer there."""
    return voice.plain("problem.outdated_button")
