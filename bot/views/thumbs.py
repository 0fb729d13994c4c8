"""The buttons by which readers mark an answer."""

from __future__ import annotations

from bot.callbacks import MarkAnswer
from bot.views.base import Voice
from bot.views.keyboard import Row, button

GOOD, BAD = "👍", "👎"


def thumbs() -> Row:
    """The last row under an answer."""
    return [button(GOOD, MarkAnswer(1)), button(BAD, MarkAnswer(0))]


def marked(good: bool, voice: Voice) -> str:
    """The note (plain text) for a tap that marks an answer."""
    return voice.plain("thumbs.noted", mark=GOOD if good else BAD)
