"""Which parameters each method takes, and how their values travel: as text, nested ones as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram.errors import malformed


@dataclass(frozen=True)
class Upload:
    """A file sent along with a request."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True)
class Parameters:
    """The parameters of one request: values by name, and uploaded files by the name of their part."""

    values: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def __contains__(self, name: str) -> bool:
        return name in self.values


def text(value: str) -> str:
    return value


def integer(value: str) -> int:
    return int(value)


def number(value: str) -> float:
    return float(value)


def boolean(value: str) -> bool:
    return {"true": True, "false": False, "True": True, "False": False, "1": True, "0": False}[value]


def chat(value: str) -> int | str:
    return value if value.startswith("@") else int(value)


def structure(value: str) -> Any:
    return json.loads(value)


Reader = Callable[[str], Any]
SENDING: dict[str, Reader] = {
    "chat_id": chat,
    "message_thread_id": integer,
    "disable_notification": boolean,
    "protect_content": boolean,
    "reply_parameters": structure,
    "reply_markup": structure,
}
EDITING: dict[str, Reader] = {
    "chat_id": chat,
    "message_id": integer,
    "reply_markup": structure,
}
WORDING: dict[str, Reader] = {
    "text": text,
    "parse_mode": text,
    "entities": structure,
    "link_preview_options": structure,
}
MENU: dict[str, Reader] = {"scope": structure, "language_code": text}

METHODS: dict[str, dict[str, Reader]] = {
    "getMe": {},
    "logOut": {},
    "close": {},
    "getUpdates": {
        "offset": integer,
        "limit": integer,
        "timeout": integer,
        "allowed_updates": structure,
    },
    "setWebhook": {
        "url": text,
        "ip_address": text,
        "max_connections": integer,
        "allowed_updates": structure,
        "drop_pending_updates": boolean,
        "secret_token": text,
    },
    "deleteWebhook": {"drop_pending_updates": boolean},
    "getWebhookInfo": {},
    "setMyCommands": {"commands": structure, **MENU},
    "getMyCommands": MENU,
    "deleteMyCommands": MENU,
    "setMyDescription": {"description": text, "language_code": text},
    "getMyDescription": {"language_code": text},
    "setMyShortDescription": {"short_description": text, "language_code": text},
    "getMyShortDescription": {"language_code": text},
    "setMyName": {"name": text, "language_code": text},
    "getMyName": {"language_code": text},
    "sendMessage": {**SENDING, **WORDING},
    "sendDocument": {
        **SENDING,
        "document": text,
        "caption": text,
        "parse_mode": text,
        "caption_entities": structure,
        "disable_content_type_detection": boolean,
    },
    "editMessageText": {**EDITING, **WORDING},
    "editMessageReplyMarkup": EDITING,
    "deleteMessage": {"chat_id": chat, "message_id": integer},
    "answerCallbackQuery": {
        "callback_query_id": text,
        "text": text,
        "show_alert": boolean,
        "url": text,
        "cache_time": integer,
    },
    "sendChatAction": {"chat_id": chat, "action": text, "message_thread_id": integer},
    "getChat": {"chat_id": chat},
    "getChatMember": {"chat_id": chat, "user_id": integer},
    "getChatMemberCount": {"chat_id": chat},
    "getChatAdministrators": {"chat_id": chat},
    "leaveChat": {"chat_id": chat},
    "getFile": {"file_id": text},
}


def read_parameters(method: str, raw: dict[str, str], files: dict[str, Upload]) -> Parameters:
    """Values of their types. Telegram passes over a parameter it does not know; here it is refused,
    because what it was meant to do would not happen."""
    readers = METHODS[method]
    values = {}
    for name, value in raw.items():
        if name not in readers:
            raise malformed(f"unknown parameter {name!r} of {method} (the stand-in is strict)")
        try:
            values[name] = readers[name](value)
        except (ValueError, KeyError) as error:
            raise malformed(f"can't parse parameter {name!r} of {method}") from error
    # A file is a parameter itself, or a parameter says "attach://" and the name of its part.
    stray = [part for part in files if part not in readers and f"attach://{part}" not in raw.values()]
    if stray:
        raise malformed(f"files {stray} of {method} belong to no parameter (the stand-in is strict)")
    return Parameters(values, files)
