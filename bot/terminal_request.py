"""The Bot API as the terminal sees it: python-telegram-bot's requests end here and are drawn on a screen."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.terminal_entities import command_entities, parse_html
from bot.terminal_screen import Screen

# Telegram gives neither number to anyone.
TERMINAL_USER_ID: Final = 1
TERMINAL_BOT_ID: Final = 2
# Never sent anywhere; python-telegram-bot wants one.
TERMINAL_TOKEN: Final = f"{TERMINAL_BOT_ID}:terminal"
BOT_USERNAME: Final = "digestbot"

JSON = dict[str, Any]
Files = Mapping[str, tuple[str, bytes]]

_BOT: Final[JSON] = {
    "id": TERMINAL_BOT_ID,
    "is_bot": True,
    "first_name": "digestbot",
    "username": BOT_USERNAME,
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}
_CHAT: Final[JSON] = {"id": TERMINAL_USER_ID, "type": "private", "first_name": "Terminal"}

# What a client shows outside the conversation, or not at all.
_INVISIBLE = frozenset(
    {
        "deleteMyCommands",
        "deleteWebhook",
        "sendChatAction",
        "setChatMenuButton",
        "setMessageReaction",
        "setMyCommands",
        "setMyDescription",
        "setMyName",
        "setMyShortDescription",
    }
)
_MAX_MESSAGES = 200  # remembered for later edits and presses
_MAX_SHOWN_FILE = 16_384  # bytes of a text file drawn in full
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


class _Refused(Exception):
    """What Telegram would answer with status 400; the text is its description."""


class TerminalRequest(BaseRequest):
    """Answers the bot's requests as Telegram would and draws what a client would show.

    It holds the terminal's one chat: who writes is `TERMINAL_USER_ID`, the chat has the same number. Only
    the methods this bot has a use for are known; any other is answered with an error.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._messages: dict[int, JSON] = {}
        self._last_id = 0
        self._open_queries: set[str] = set()
        self._methods: dict[str, Callable[[JSON, Files], Any]] = {
            "getMe": lambda parameters, files: _BOT,
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_buttons,
            "deleteMessage": self._delete_message,
            "answerCallbackQuery": self._answer_query,
            **dict.fromkeys(_INVISIBLE, lambda parameters, files: True),
        }

    @property
    def screen(self) -> Screen:
        return self._screen

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        """Answer the Bot API method that `url` ends with, as (HTTP status, JSON)."""
        name = url.rsplit("/", 1)[-1]
        parameters: JSON = dict(request_data.parameters) if request_data else {}
        files = _files(request_data) if request_data else {}
        try:
            if name not in self._methods:
                raise _Refused(f"the terminal cannot do {name}")
            result = self._methods[name](parameters, files)
        except _Refused as refusal:
            status, answer = 400, {"ok": False, "error_code": 400, "description": f"Bad Request: {refusal}"}
        else:
            status, answer = 200, {"ok": True, "result": result}
        return status, json.dumps(answer).encode()

    def typed(self, text: str, language_code: str) -> JSON:
        """The update Telegram would send for a message of `text`, a non-empty string."""
        message: JSON = {
            **self._new_message(),
            "from": _person(language_code),
            "text": text,
        }
        if entities := command_entities(text):
            message["entities"] = [entity.to_dict() for entity in entities]
        return {"update_id": message["message_id"], "message": message}

    def pressed(self, button: InlineKeyboardButton, language_code: str) -> JSON:
        """The update Telegram would send for a press on `button`, one of `buttons()` with callback data."""
        message = self._message_with_buttons()
        # Queries and messages share one counter; what matters is that no number comes twice.
        number = self._next_id()
        self._open_queries.add(str(number))
        query = {
            "id": str(number),
            "from": _person(language_code),
            "chat_instance": str(TERMINAL_USER_ID),
            "message": message,
            "data": button.callback_data,
        }
        return {"update_id": number, "callback_query": query}

    def buttons(self) -> tuple[InlineKeyboardButton, ...]:
        """The buttons of the latest message that has any, in the order of their numbers."""
        keyboard = _keyboard(self._message_with_buttons() or {})
        return tuple(button for row in keyboard.inline_keyboard for button in row) if keyboard else ()

    def _message_with_buttons(self) -> JSON | None:
        # A message edited in place was drawn anew, and so comes last here.
        return next((each for each in reversed(self._messages.values()) if "reply_markup" in each), None)

    def _send_message(self, parameters: JSON, files: Files) -> JSON:
        _only_here(parameters)
        message = {**self._new_message(), "from": _BOT, **_text(parameters, "text"), **_markup(parameters)}
        if not message["text"]:
            raise _Refused("message text is empty")
        self._draw(message)
        return message

    def _send_document(self, parameters: JSON, files: Files) -> JSON:
        _only_here(parameters)
        if not files:
            raise _Refused("the terminal can only show files that are uploaded")
        name, content = next(iter(files.values()))
        message = {
            **self._new_message(),
            "from": _BOT,
            "document": {
                "file_id": name,
                "file_unique_id": name,
                "file_name": name,
                "file_size": len(content),
            },
            **_text(parameters, "caption"),
            **_markup(parameters),
        }
        self._remember(message)
        self._screen.show_file(
            name,
            len(content),
            _shown(content),
            message["caption"],
            _entities(message, "caption_entities"),
            _keyboard(message),
        )
        return message

    def _edit_text(self, parameters: JSON, files: Files) -> JSON:
        old = self._to_edit(parameters)
        new = {key: value for key, value in old.items() if key not in {"entities", "reply_markup"}}
        new |= {**_text(parameters, "text"), **_markup(parameters)}
        if not new["text"]:
            raise _Refused("message text is empty")
        return self._edited(old, new)

    def _edit_buttons(self, parameters: JSON, files: Files) -> JSON:
        old = self._to_edit(parameters)
        new = {key: value for key, value in old.items() if key != "reply_markup"} | _markup(parameters)
        return self._edited(old, new)

    def _to_edit(self, parameters: JSON) -> JSON:
        _only_here(parameters)
        message = self._messages.get(int(parameters.get("message_id", 0)))
        if message is None:
            raise _Refused("message to edit not found")
        return message

    def _edited(self, old: JSON, new: JSON) -> JSON:
        if new == old:
            raise _Refused(_NOT_MODIFIED)
        new["edit_date"] = int(time.time())
        self._draw(new)
        return new

    def _delete_message(self, parameters: JSON, files: Files) -> bool:
        _only_here(parameters)
        self._messages.pop(int(parameters.get("message_id", 0)), None)
        return True

    def _answer_query(self, parameters: JSON, files: Files) -> bool:
        query = str(parameters.get("callback_query_id"))
        if query not in self._open_queries:
            raise _Refused("query is too old and response timeout expired or query ID is invalid")
        self._open_queries.remove(query)
        if text := parameters.get("text"):
            self._screen.show_note(str(text))
        return True

    def _draw(self, message: JSON) -> None:
        self._remember(message)
        self._screen.show_message(message.get("text", ""), _entities(message, "entities"), _keyboard(message))

    def _remember(self, message: JSON) -> None:
        self._messages.pop(message["message_id"], None)
        self._messages[message["message_id"]] = message
        if len(self._messages) > _MAX_MESSAGES:
            del self._messages[next(iter(self._messages))]

    def _new_message(self) -> JSON:
        return {"message_id": self._next_id(), "date": int(time.time()), "chat": _CHAT}

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id


def _person(language_code: str) -> JSON:
    return {
        "id": TERMINAL_USER_ID,
        "is_bot": False,
        "first_name": _CHAT["first_name"],
        "language_code": language_code,
    }


def _only_here(parameters: JSON) -> None:
    """Raise NetworkError unless the request is for the terminal's chat.

    Not one of Telegram's refusals: the bot would take those as proof that the person has gone, and forget
    what it keeps for them.
    """
    if str(parameters.get("chat_id")) != str(TERMINAL_USER_ID):
        raise NetworkError("From the terminal, only the person in front of it can be written to")


def _text(parameters: JSON, field: str) -> JSON:
    """`field` (text or caption) and its entities as they stand in a message."""
    written, entities_field = str(parameters.get(field, "")), _entities_field(field)
    if parameters.get("parse_mode") != "HTML":
        return {field: written.strip(), entities_field: parameters.get(entities_field, [])}
    text, entities = parse_html(written)
    return {field: text, entities_field: [entity.to_dict() for entity in entities]}


def _entities_field(field: str) -> str:
    return "entities" if field == "text" else f"{field}_entities"


def _markup(parameters: JSON) -> JSON:
    # Only buttons under a message are drawn; other keyboards are the client's own matter.
    markup = parameters.get("reply_markup")
    return {"reply_markup": markup} if isinstance(markup, dict) and markup.get("inline_keyboard") else {}


def _entities(message: JSON, field: str) -> Sequence[MessageEntity]:
    return MessageEntity.de_list(message.get(field, []))


def _keyboard(message: JSON) -> InlineKeyboardMarkup | None:
    markup = message.get("reply_markup")
    return InlineKeyboardMarkup.de_json(markup) if markup else None


def _files(request_data: RequestData) -> Files:
    files = {}
    for field, (name, content, _) in request_data.multipart_data.items():
        files[field] = (name, content if isinstance(content, bytes) else content.read())
    return files


def _shown(content: bytes) -> str | None:
    """The text of a small text file, else None."""
    if len(content) > _MAX_SHOWN_FILE or b"\0" in content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
