"""Methods that send, change and answer messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.telegram.entities import (
    MAX_ENTITIES,
    MAX_REQUEST_BYTES,
    Span,
    automatic,
    cleaned,
    entities_json,
    spans_of,
    utf16_length,
)
from tests.telegram.errors import Refused, forbidden, impossible, malformed
from tests.telegram.keyboards import checked_markup
from tests.telegram.links import checked_link
from tests.telegram.markup import parse_html
from tests.telegram.parameters import Parameters
from tests.telegram.people import Chat, Group, Person

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_TOAST = 200
MAX_DOCUMENT = 50_000_000
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
PREVIEW_FIELDS = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}


def send_message(api: BotApi, given: Parameters) -> dict[str, Any]:
    if not given.get("text"):
        raise malformed("message text is empty")
    chat = writable(api, given)
    text, spans = _formatted(given, "text", "entities")
    if utf16_length(text) > MAX_TEXT:
        raise malformed("message is too long")
    _check_preview(given)
    return _send(api, chat, given, {"text": text, **_marked("entities", text, spans)})


def send_document(api: BotApi, given: Parameters) -> dict[str, Any]:
    chat = writable(api, given)
    document = _document(api, given)
    content: dict[str, Any] = {"document": document}
    if given.get("caption"):
        text, spans = _formatted(given, "caption", "caption_entities")
        if utf16_length(text) > MAX_CAPTION:
            raise malformed("message caption is too long")
        content |= {"caption": text, **_marked("caption_entities", text, spans)}
    return _send(api, chat, given, content)


def edit_message_text(api: BotApi, given: Parameters) -> dict[str, Any]:
    if not given.get("text"):
        raise malformed("message text is empty")
    chat, message = _editable(api, given)
    if "text" not in message:
        raise impossible("there is no text in the message to edit")
    text, spans = _formatted(given, "text", "entities")
    if utf16_length(text) > MAX_TEXT:
        raise malformed("MESSAGE_TOO_LONG")
    _check_preview(given)
    content = {"text": text, **_marked("entities", text, spans), **_markup(given, chat, editing=True)}
    return _edit(api, message, content, ("text", "entities", "reply_markup"))


def edit_message_reply_markup(api: BotApi, given: Parameters) -> dict[str, Any]:
    chat, message = _editable(api, given)
    return _edit(api, message, _markup(given, chat, editing=True), ("reply_markup",))


def delete_message(api: BotApi, given: Parameters) -> bool:
    chat = writable(api, given)
    message = api.messages.get((chat.id, given.get("message_id")))
    if message is None:
        raise impossible("message to delete not found")
    own = message.get("from", {}).get("id") == api.user["id"]
    if not own and isinstance(chat, Group) and chat.bot_status != "administrator":
        raise impossible("message can't be deleted")
    del api.messages[chat.id, message["message_id"]]
    return True


def answer_callback_query(api: BotApi, given: Parameters) -> bool:
    callback = api.callbacks.get(given.get("callback_query_id", ""))
    if callback is None or callback.answered or callback.expired:
        # An expired one has had its answer as far as the bot can help it.
        if callback is not None:
            callback.answered = True
        raise impossible("query is too old and response timeout expired or query ID is invalid")
    if utf16_length(given.get("text", "")) > MAX_TOAST:
        raise malformed("MESSAGE_TOO_LONG")
    if given.get("url") and not given.get("url").startswith((f"https://t.me/{api.user['username']}", "tg://")):
        raise malformed("URL_INVALID")
    callback.answered = True
    return True


def send_chat_action(api: BotApi, given: Parameters) -> bool:
    writable(api, given)
    if given.get("action") not in ACTIONS:
        raise malformed("wrong parameter action in request")
    return True


def writable(api: BotApi, given: Parameters) -> Chat:
    """The chat of a request, refused where the bot may not write."""
    chat = api.chat(given)
    if isinstance(chat, Person):
        if chat.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    if chat.migrated_to is not None:
        raise Refused(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            parameters={"migrate_to_chat_id": chat.migrated_to},
        )
    if chat.bot_status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.type} chat")
    if chat.bot_status == "left":
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    if chat.bot_status == "restricted":
        raise impossible("not enough rights to send text messages to the chat")
    if chat.type == "channel" and chat.bot_status != "administrator":
        raise forbidden("bot is not a member of the channel chat")
    return chat


def _formatted(given: Parameters, name: str, entities_name: str) -> tuple[str, list[Span]]:
    source = given.get(name)
    if len(source.encode("utf-8", "surrogatepass")) > MAX_REQUEST_BYTES:
        raise malformed("text is too long")
    mode = given.get("parse_mode", "").lower()
    if mode == "html":
        text, spans = parse_html(source)
    elif mode:
        raise malformed(f"unsupported parse_mode {mode!r} (the stand-in reads HTML only)")
    else:
        text, spans = source, spans_of(source, given.get(entities_name, []))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise malformed("strings must be encoded in UTF-8") from error
    text, spans = cleaned(text, spans)
    if not text:
        raise malformed("text must be non-empty")
    if len(spans) > MAX_ENTITIES:
        raise malformed(f"{len(spans)} entities (Telegram shows the first {MAX_ENTITIES} only)")
    return text, spans


def _marked(field: str, text: str, spans: list[Span]) -> dict[str, Any]:
    found = entities_json(text, [*spans, *automatic(text, spans)])
    return {field: found} if found else {}


def _markup(given: Parameters, chat: Chat, *, editing: bool = False) -> dict[str, Any]:
    if "reply_markup" not in given:
        return {}
    markup = checked_markup(given.get("reply_markup"), private=chat.type == "private")
    if "inline_keyboard" not in markup:
        if editing:
            raise malformed("inline keyboard expected")
        return {}
    return {"reply_markup": markup} if markup["inline_keyboard"] else {}


def _check_preview(given: Parameters) -> None:
    options = given.get("link_preview_options", {})
    unknown = set(options) - PREVIEW_FIELDS
    if unknown:
        raise malformed(f"unknown fields of link_preview_options: {sorted(unknown)}")
    if options.get("url"):
        checked_link(options["url"], "link preview URL")


def _send(api: BotApi, chat: Chat, given: Parameters, content: dict[str, Any]) -> dict[str, Any]:
    markup = _markup(given, chat)
    reply = _replied(api, chat, given)
    sender = {"sender_chat": chat.chat_json()} if chat.type == "channel" else {"from": dict(api.user)}
    return api.add_message({**sender, "chat": chat.chat_json(), **reply, **content, **markup})


def _replied(api: BotApi, chat: Chat, given: Parameters) -> dict[str, Any]:
    if "reply_parameters" not in given:
        return {}
    wanted = given.get("reply_parameters")
    if "message_id" not in wanted:
        raise malformed('can\'t find field "message_id"')
    message = api.messages.get((wanted.get("chat_id", chat.id), wanted["message_id"]))
    if message is None:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise impossible("message to be replied not found")
    return {"reply_to_message": {key: value for key, value in message.items() if key != "reply_to_message"}}


def _editable(api: BotApi, given: Parameters) -> tuple[Chat, dict[str, Any]]:
    chat = writable(api, given)
    message = api.messages.get((chat.id, given.get("message_id")))
    if message is None:
        raise impossible("message to edit not found")
    if chat.type != "channel" and message.get("from", {}).get("id") != api.user["id"]:
        raise impossible("message can't be edited")
    return chat, message


def _edit(api: BotApi, message: dict[str, Any], content: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    if all(message.get(field) == content.get(field) for field in fields):
        raise impossible(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    edited = {key: value for key, value in message.items() if key not in fields}
    edited |= content | {"edit_date": int(api.clock())}
    api.messages[message["chat"]["id"], message["message_id"]] = edited
    return edited


def _document(api: BotApi, given: Parameters) -> dict[str, Any]:
    name = given.get("document", "attach://document")
    upload = given.files.get(name.removeprefix("attach://"))
    if upload is None:
        if name in api.documents:
            return document_json(api, name)
        if "document" in given:
            raise malformed("wrong file identifier/HTTP URL specified")
        raise malformed("there is no document in the request")
    if not upload.data:
        raise malformed("file must be non-empty")
    if len(upload.data) > MAX_DOCUMENT:
        raise Refused(413, "Request Entity Too Large", malformed=True)
    file_id = f"document-{len(api.documents) + 1}"
    api.documents[file_id] = upload
    return document_json(api, file_id)


def document_json(api: BotApi, file_id: str) -> dict[str, Any]:
    """The Document object of a file the stand-in keeps."""
    upload = api.documents[file_id]
    return {
        "file_id": file_id,
        "file_unique_id": f"unique-{file_id}",
        "file_name": upload.name,
        "mime_type": upload.media_type,
        "file_size": len(upload.data),
    }


HANDLERS = {
    "sendMessage": send_message,
    "sendDocument": send_document,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
}
