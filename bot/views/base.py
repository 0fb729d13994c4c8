"""What every view takes and gives: the reader's voice, and a message with its buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from telegram import InlineKeyboardMarkup

from bot import phrases
from bot.views.html import Markup
from store import Language

CardLanguage = Literal["zh", "en", "both"]


@dataclass(frozen=True)
class Voice:
    """How to speak to this reader: ``ui`` is the interface's language, ``cards`` that of papers' texts."""

    ui: Language
    cards: CardLanguage

    @property
    def first(self) -> Language:
        """The language that comes first where both are shown."""
        return self.ui if self.cards == "both" else self.cards

    def say(self, name: str, /, **values: object) -> Markup:
        """A phrase as HTML (see `Phrases.say`)."""
        return phrases.get(self.ui).say(name, **values)

    def plain(self, name: str, /, **values: object) -> str:
        """A phrase as plain text (see `Phrases.plain`)."""
        return phrases.get(self.ui).plain(name, **values)


@dataclass(frozen=True)
class View:
    """A message: Telegram HTML within Telegram's limits, and its buttons."""

    html: str
    keyboard: InlineKeyboardMarkup | None = None
