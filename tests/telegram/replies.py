"""What the bot said, in the terms a test asks about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

from tests.telegram.api import Call
from tests.telegram.entities import utf16_slice

SHOWN = {
    "sendMessage",
    "sendDocument",
    "editMessageText",
    "editMessageReplyMarkup",
    "answerCallbackQuery",
}


class Link(NamedTuple):
    """A link in a text: what is shown, and where it leads."""

    text: str
    url: str


@dataclass(frozen=True)
class Button:
    """A button under a message; `data` or `url`, never both."""

    text: str
    data: str | None = None
    url: str | None = None
    message: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class Reply:
    """One thing the bot did that a person can see.

    method: `sendMessage`, `sendDocument`, `editMessageText`, `editMessageReplyMarkup`, or
    `answerCallbackQuery` where it came with a text (`alert`: as a window, not in passing).
    text: as shown, without markup. html: as the bot wrote it. message: the whole Message object as it was
    after this. document: the content of a file that was sent.
    """

    method: str
    chat_id: int
    message_id: int
    text: str
    html: str
    entities: list[dict[str, Any]]
    buttons: list[list[Button]]
    message: dict[str, Any] = field(repr=False)
    alert: bool = False
    document: bytes | None = field(default=None, repr=False)
    file_name: str | None = None

    def marked(self, *kinds: str) -> list[str]:
        """The parts of the text under entities of these kinds, in order."""
        return [
            utf16_slice(self.text, entity["offset"], entity["length"])
            for entity in self.entities
            if entity["type"] in kinds
        ]

    @property
    def bold(self) -> list[str]:
        return self.marked("bold")

    @property
    def italic(self) -> list[str]:
        return self.marked("italic")

    @property
    def code(self) -> list[str]:
        return self.marked("code")

    @property
    def pre(self) -> list[str]:
        return self.marked("pre")

    @property
    def quotes(self) -> list[str]:
        return self.marked("blockquote", "expandable_blockquote")

    @property
    def links(self) -> list[Link]:
        """Links the bot made; addresses that stand in the text itself are not among them."""
        return [
            Link(utf16_slice(self.text, entity["offset"], entity["length"]), entity["url"])
            for entity in self.entities
            if entity["type"] == "text_link"
        ]

    @property
    def all_buttons(self) -> list[Button]:
        return [button for row in self.buttons for button in row]

    @property
    def button_texts(self) -> list[list[str]]:
        return [[button.text for button in row] for row in self.buttons]

    def button(self, text: str) -> Button:
        """The button with this text, else the only one whose text has this in it."""
        return find_button(self.all_buttons, text)


def find_button(buttons: Iterable[Button], text: str) -> Button:
    """As `Reply.button`; raises LookupError naming what there is."""
    buttons = list(buttons)
    exact = [button for button in buttons if button.text == text]
    found = exact or [button for button in buttons if text in button.text]
    if len(found) != 1:
        raise LookupError(f"{len(found)} buttons with {text!r} among {[button.text for button in buttons]}")
    return found[0]


def buttons_of(message: dict[str, Any]) -> list[list[Button]]:
    """The inline keyboard of a Message object."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [
        [Button(button["text"], button.get("callback_data"), button.get("url"), message) for button in row]
        for row in rows
    ]


def replies_from(calls: Iterable[Call], chat_of_callback: dict[str, int]) -> list[Reply]:
    """The replies among requests that were carried out."""
    return [
        _reply(call, chat_of_callback)
        for call in calls
        if call.refused is None
        and call.method in SHOWN
        and (call.method != "answerCallbackQuery" or call.parameters.get("text"))
    ]


def _reply(call: Call, chat_of_callback: dict[str, int]) -> Reply:
    if call.method == "answerCallbackQuery":
        text = call.parameters["text"]
        chat_id = chat_of_callback[call.parameters["callback_query_id"]]
        alert = call.parameters.get("show_alert", False)
        return Reply(call.method, chat_id, 0, text, escape(text), [], [], {}, alert)
    message = call.message or {}
    upload = next(iter(call.files.values()), None)
    said = call.parameters.get("text", call.parameters.get("caption", ""))
    return Reply(
        method=call.method,
        chat_id=message["chat"]["id"],
        message_id=message["message_id"],
        text=message.get("text", message.get("caption", "")),
        html=said if call.parameters.get("parse_mode", "").lower() == "html" else escape(said, quote=False),
        entities=message.get("entities", message.get("caption_entities", [])),
        buttons=buttons_of(message),
        message=message,
        document=upload.data if upload else None,
        file_name=upload.name if upload else None,
    )
