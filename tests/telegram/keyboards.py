"""Buttons under a message, read strictly."""

from __future__ import annotations

from typing import Any

from tests.telegram.entities import utf16_length
from tests.telegram.errors import malformed
from tests.telegram.links import checked_link

MAX_BUTTONS = 100
MAX_ROW = 8
MAX_CALLBACK_BYTES = 64
MAX_COPY = 256
ACTIONS = (
    "url",
    "callback_data",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "web_app",
)
LOOKS = ("style", "icon_custom_emoji_id")


def checked_markup(markup: object, *, private: bool) -> dict[str, Any]:
    """A `reply_markup` parameter as Telegram keeps it."""
    if not isinstance(markup, dict):
        raise malformed("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup, private)
    if "keyboard" in markup:
        for button in (button for row in _rows(markup, "keyboard") for button in row):
            _reply_button(button, private)
        return markup
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return markup
    raise malformed("object expected as reply markup")


def _rows(markup: dict[str, Any], field: str) -> list[list[Any]]:
    rows = markup[field]
    if not isinstance(rows, list):
        raise malformed(f'field "{field}" must be of type Array')
    for row in rows:
        if not isinstance(row, list):
            raise malformed(f'field "{field}" must be an Array of Arrays')
        if len(row) > MAX_ROW:
            raise malformed(f"reply markup is too long: {len(row)} buttons in one row")
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise malformed("reply markup is too long")
    return rows


def _inline(markup: dict[str, Any], private: bool) -> dict[str, Any]:
    if set(markup) != {"inline_keyboard"}:
        raise malformed(f"unknown fields of the inline keyboard: {sorted(set(markup) - {'inline_keyboard'})}")
    rows = [[_inline_button(button, private) for button in row] for row in _rows(markup, "inline_keyboard") if row]
    return {"inline_keyboard": rows}


def _text(button: object, what: str) -> str:
    if not isinstance(button, dict):
        raise malformed(f"can't parse {what}: Object expected")
    if "text" not in button:
        raise malformed(f"can't parse {what}: Can't find field \"text\"")
    if not isinstance(button["text"], str):
        raise malformed(f'can\'t parse {what}: Field "text" must be of type String')
    if not button["text"].strip():
        raise malformed(f"can't parse {what}: Text of a button must be non-empty")
    return button["text"]


def _inline_button(button: Any, private: bool) -> dict[str, Any]:
    what = "inline keyboard button"
    text = _text(button, what)
    unknown = set(button) - {"text", *ACTIONS, *LOOKS}
    if unknown:
        raise malformed(f"can't parse {what}: unknown fields {sorted(unknown)}")
    actions = [action for action in ACTIONS if action in button]
    if not actions or (actions == ["callback_data"] and not button["callback_data"]):
        raise malformed(f"can't parse {what}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise malformed(f"can't parse {what}: exactly one action must be used, not {actions}")
    [action] = actions
    value = button[action]
    if action == "url":
        value = checked_link(value, "inline keyboard button URL")
    elif action == "callback_data" and len(value.encode()) > MAX_CALLBACK_BYTES:
        raise malformed("BUTTON_DATA_INVALID")
    elif action == "copy_text" and not 0 < utf16_length(value["text"]) <= MAX_COPY:
        raise malformed("BUTTON_COPY_TEXT_INVALID")
    elif action == "web_app" and not private:
        raise malformed("BUTTON_TYPE_INVALID")
    return {"text": text, action: value, **{look: button[look] for look in LOOKS if look in button}}


def _reply_button(button: Any, private: bool) -> None:
    if isinstance(button, str):
        button = {"text": button}
    _text(button, "keyboard button")
    wanted = [key for key in button if key.startswith("request_")]
    if wanted and not private:
        raise malformed(f"{wanted[0].removeprefix('request_')} can be requested in private chats only")
