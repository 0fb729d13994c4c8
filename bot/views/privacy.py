"""What the bot keeps and for how long, line by line with the tables of chats.db; and forgetting all of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.callbacks import ForgetChat
from bot.chats import KeptOfChat
from bot.views.base import View, Voice
from bot.views.html import Markup, code, join
from bot.views.keyboard import button, keyboard
from bot.views.text import fold, shorten


class _Line(NamedTuple):
    """A line of /privacy, and what of chats.db it tells of: tables, and columns of ``chats``."""

    tells_of: tuple[str, ...]
    text: Callable[[Voice], Markup]


_UNTIL_FORGOTTEN = (
    _Line(("chats.language", "subscriptions"), lambda voice: voice.say("privacy.settings")),
    _Line(("chats.last_seen",), lambda voice: voice.say("privacy.last_seen")),
    _Line(("watches", "finds"), lambda voice: voice.say("privacy.watches")),
    _Line(("saved",), lambda voice: voice.say("privacy.saved")),
    _Line(("seen",), lambda voice: voice.say("privacy.seen")),
)
_FOR_A_TIME = (
    _Line(("deliveries",), lambda voice: voice.say("privacy.deliveries")),
    _Line(("marks",), lambda voice: voice.say("privacy.marks")),
    _Line(("spoken_of",), lambda voice: voice.say("privacy.spoken_of")),
)
_OF_NOBODY = (
    _Line(("errors", "notices"), lambda voice: voice.say("privacy.errors")),
    _Line(("first_seen",), lambda voice: voice.say("privacy.first_seen")),
)
_UNANSWERED = _Line(("unanswered",), lambda voice: voice.say("privacy.unanswered"))
_NOT_UNANSWERED = _Line(("unanswered",), lambda voice: voice.say("privacy.not_unanswered"))
_UPLOADS = _Line(("uploads",), lambda voice: voice.say("privacy.uploads"))

TOLD = frozenset(
    name for line in (*_UNTIL_FORGOTTEN, *_FOR_A_TIME, *_OF_NOBODY, _UNANSWERED, _UPLOADS) for name in line.tells_of
)


def privacy(voice: Voice, *, keeps_unanswered: bool, model: str | None) -> View:
    """All that is kept; ``model`` is the language model that gets questions, None where there is none."""
    parts = [
        join([voice.say("privacy.head"), voice.say("privacy.id")], "\n"),
        _listed(voice.say("privacy.until_forgotten"), _UNTIL_FORGOTTEN, voice),
        _listed(voice.say("privacy.for_a_time"), _FOR_A_TIME, voice),
        _listed(
            voice.say("privacy.of_nobody"), (_UNANSWERED if keeps_unanswered else _NOT_UNANSWERED, *_OF_NOBODY), voice
        ),
        _UPLOADS.text(voice),
        voice.say("privacy.log"),
        "" if model is None else voice.say("privacy.model", model=code(shorten(fold(model), 80))),
        voice.say("privacy.telegram"),
        voice.say("privacy.forget"),
    ]
    return View(join(parts, "\n\n"))


def asked_to_forget(kept: KeptOfChat, voice: Voice) -> View:
    """What would be deleted, in numbers, and whether to."""
    lines = [
        voice.say("forget.saved", count=kept.saved) if kept.saved else "",
        voice.say("forget.watches", count=kept.watches) if kept.watches else "",
        voice.say("forget.subscription") if kept.subscribed else "",
        voice.say("forget.settings") if kept.settings else "",
        voice.say("forget.had", count=kept.had) if kept.had else "",
        voice.say("forget.deliveries", count=kept.deliveries) if kept.deliveries else "",
        voice.say("forget.marks", count=kept.marks) if kept.marks else "",
        voice.say("forget.spoken_of") if kept.spoken_of else "",
        voice.say("forget.uploads") if kept.uploads else "",
        voice.say("forget.last_seen"),
    ]
    buttons = [
        button(voice.plain("forget.delete_button"), ForgetChat(1)),
        button(voice.plain("forget.keep_button"), ForgetChat(0)),
    ]
    parts = [voice.say("forget.head"), join(lines, "\n"), voice.say("forget.warning")]
    return View(join(parts, "\n\n"), keyboard(buttons))


def forgotten(voice: Voice) -> View:
    """All of it is deleted."""
    return View(voice.say("forget.done"))


def all_stays(voice: Voice) -> View:
    """It was not to be deleted after all."""
    return View(voice.say("forget.kept"))


def nothing_kept(voice: Voice) -> View:
    """There is nothing to delete."""
    return View(voice.say("forget.nothing"))


def nothing_kept_note(voice: Voice) -> str:
    """The same as a note (plain text)."""
    return voice.plain("forget.nothing")


def _listed(head: Markup, lines: Sequence[_Line], voice: Voice) -> Markup:
    return join([head, *(line.text(voice) for line in lines)], "\n")
