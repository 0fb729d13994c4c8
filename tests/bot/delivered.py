"""A view as Telegram would show it, or the refusal it would meet: what tests of views look at."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Chat, Message
from telegram import User as TelegramUser

from bot.views.base import View
from tests.telegram.entities import (
    MAX_ENTITIES,
    MAX_REQUEST_BYTES,
    Span,
    cleaned,
    entities_json,
    utf16_length,
)
from tests.telegram.keyboards import checked_markup
from tests.telegram.markup import parse_html

MAX_TEXT = 4096
MAX_LABEL = 64


@dataclass(frozen=True)
class Delivered:
    """What a reader sees: text, entities, and rows of buttons as (label, callback data or URL)."""

    text: str
    spans: list[Span]
    buttons: list[list[tuple[str, str]]]

    def marked(self, kind: str) -> list[str]:
        """The texts of all entities of this kind, such as ``bold``."""
        return [self.text[span.start : span.end] for span in self.spans if span.type == kind]

    def links(self) -> dict[str, str | None]:
        """The linked texts with their addresses."""
        return {self.text[span.start : span.end]: span.url for span in self.spans if span.type == "text_link"}

    def message(self) -> Message:
        """The message a button under it would come back with."""
        return Message.de_json(
            {
                "message_id": 1,
                "date": 1_748_563_200,
                "chat": Chat(1, Chat.PRIVATE).to_dict(),
                "from": TelegramUser(2, "digestbot", is_bot=True).to_dict(),
                "text": self.text,
                "entities": entities_json(self.text, self.spans),
            },
            None,
        )


def deliver(view: View) -> Delivered:
    """Show ``view``; what Telegram or a phone would not show well is an AssertionError or `Refused`."""
    assert len(view.html.encode()) <= MAX_REQUEST_BYTES
    text, spans = cleaned(*parse_html(view.html))
    assert text
    assert utf16_length(text) <= MAX_TEXT
    assert len(spans) <= MAX_ENTITIES
    return Delivered(text, spans, _buttons(view))


def _buttons(view: View) -> list[list[tuple[str, str]]]:
    if view.keyboard is None:
        return []
    kept = checked_markup(view.keyboard.to_dict(), private=True)["inline_keyboard"]
    rows = [[(each["text"], each.get("callback_data") or each["url"]) for each in row] for row in kept]
    for label, _ in (button for row in rows for button in row):
        assert label == label.strip()
        assert 0 < utf16_length(label) <= MAX_LABEL
    return rows
