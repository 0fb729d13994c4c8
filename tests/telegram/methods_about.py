"""Methods about the bot itself and about chats."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from tests.telegram.errors import forbidden, impossible, malformed
from tests.telegram.links import checked_link
from tests.telegram.parameters import Parameters
from tests.telegram.people import Group, Person

if TYPE_CHECKING:
    from tests.telegram.api import BotApi

MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
SCOPES: dict[str, set[str]] = {
    "default": set(),
    "all_private_chats": set(),
    "all_group_chats": set(),
    "all_chat_administrators": set(),
    "chat": {"chat_id"},
    "chat_administrators": {"chat_id"},
    "chat_member": {"chat_id", "user_id"},
}
ADMIN_RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def get_me(api: BotApi, given: Parameters) -> dict[str, Any]:
    return {**api.user, **api.abilities}


def done(api: BotApi, given: Parameters) -> bool:
    return True


def set_webhook(api: BotApi, given: Parameters) -> bool:
    url = given.get("url", "")
    if url and not url.startswith("https://"):
        raise malformed("bad webhook: An HTTPS URL must be provided for webhook")
    secret = given.get("secret_token", "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise malformed("secret token contains unallowed characters")
    if not 1 <= given.get("max_connections", 40) <= 100:
        raise malformed("max_connections is out of range")
    api.webhook_url = checked_link(url, "bad webhook: URL") if url else ""
    api.webhook.secret = secret
    api.webhook.allowed_updates = given.get("allowed_updates") or None
    api.webhook.max_connections = given.get("max_connections", 40)
    api.webhook.error = None
    api.webhook.registrations += 1
    _drop_pending(api, given)
    return True


def delete_webhook(api: BotApi, given: Parameters) -> bool:
    api.webhook_url = ""
    _drop_pending(api, given)
    return True


def _drop_pending(api: BotApi, given: Parameters) -> None:
    if given.get("drop_pending_updates"):
        api.updates.clear()


def get_webhook_info(api: BotApi, given: Parameters) -> dict[str, Any]:
    info = {
        "url": api.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(api.updates),
    }
    if not api.webhook_url:
        return info
    info["max_connections"] = api.webhook.max_connections
    if api.webhook.allowed_updates:
        info["allowed_updates"] = api.webhook.allowed_updates
    if api.webhook.error:
        info["last_error_date"], info["last_error_message"] = api.webhook.error
    return info


def set_my_commands(api: BotApi, given: Parameters) -> bool:
    key = _scope(api, given)
    commands = given.get("commands")
    if not isinstance(commands, list):
        raise malformed('field "commands" must be of type Array')
    if len(commands) > MAX_COMMANDS:
        raise malformed("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise malformed("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "").strip()) <= MAX_COMMAND_DESCRIPTION:
            raise malformed("BOT_COMMAND_DESCRIPTION_INVALID")
        unknown = set(command) - {"command", "description"}
        if unknown:
            raise malformed(f"unknown fields of a command: {sorted(unknown)}")
    names = [command["command"] for command in commands]
    if len(set(names)) < len(names):
        raise malformed("BOT_COMMAND_INVALID: a command is listed twice")
    api.menus.commands[key] = commands
    return True


def get_my_commands(api: BotApi, given: Parameters) -> list[dict[str, str]]:
    return api.menus.commands.get(_scope(api, given), [])


def delete_my_commands(api: BotApi, given: Parameters) -> bool:
    api.menus.commands.pop(_scope(api, given), None)
    return True


def _scope(api: BotApi, given: Parameters) -> tuple[str, str]:
    scope = given.get("scope") or {"type": "default"}
    kind = scope.get("type")
    if kind not in SCOPES:
        raise malformed("unsupported BotCommandScope type")
    if set(scope) != {"type", *SCOPES[kind]}:
        raise malformed(f"a BotCommandScope of type {kind} has exactly {sorted(SCOPES[kind])}")
    if "chat_id" in scope:
        api.chat(Parameters({"chat_id": scope["chat_id"]}))
    named = kind if kind in ("default",) or not SCOPES[kind] else json.dumps(scope, sort_keys=True)
    return named, _language(given)


def _language(given: Parameters) -> str:
    language: str = given.get("language_code", "")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise malformed("LANG_CODE_INVALID: a two-letter ISO 639-1 code is expected")
    return language


def _text_setter(field: str, limit: int) -> Callable[[BotApi, Parameters], bool]:
    def set_text(api: BotApi, given: Parameters) -> bool:
        value = given.get(field, "")
        if len(value) > limit:
            raise malformed(f"{field.upper()}_TOO_LONG: at most {limit} characters")
        api.menus.texts[field, _language(given)] = value
        return True

    return set_text


def _text_getter(field: str) -> Callable[[BotApi, Parameters], dict[str, str]]:
    def get_text(api: BotApi, given: Parameters) -> dict[str, str]:
        return {field: api.menus.texts.get((field, _language(given)), "")}

    return get_text


def get_chat(api: BotApi, given: Parameters) -> dict[str, Any]:
    return {
        **api.chat(given).chat_json(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def _group(api: BotApi, given: Parameters) -> Group:
    chat = api.chat(given)
    if isinstance(chat, Person):
        raise impossible("there are no administrators in the private chat")
    if chat.bot_status in ("kicked", "left"):
        raise forbidden(f"bot is not a member of the {chat.type} chat")
    return chat


def get_chat_administrators(api: BotApi, given: Parameters) -> list[dict[str, Any]]:
    group = _group(api, given)
    people = [person for person in (group.creator, *group.admins) if person is not None]
    found = [member_json(person.user_json(), group.status_of(person.id) or "left") for person in people]
    if group.bot_status == "administrator":
        found.append(member_json(api.user, "administrator"))
    return found


def get_chat_member(api: BotApi, given: Parameters) -> dict[str, Any]:
    chat = api.chat(given)
    user_id = given.get("user_id")
    if isinstance(chat, Person):
        if user_id not in (chat.id, api.user["id"]):
            raise impossible("user not found")
        return member_json(chat.user_json() if user_id == chat.id else api.user, "member")
    group = _group(api, given)
    if user_id == api.user["id"]:
        return member_json(api.user, group.bot_status)
    person = api.user_of(user_id)
    if person is None:
        raise impossible("user not found")
    return member_json(person.user_json(), group.status_of(user_id) or "left")


def get_chat_member_count(api: BotApi, given: Parameters) -> int:
    group = _group(api, given)
    return 1 + len({person.id for person in (*group.members, *group.admins)})


def member_json(user: dict[str, Any], status: str) -> dict[str, Any]:
    """A ChatMember object."""
    member: dict[str, Any] = {"user": dict(user), "status": status}
    if status == "creator":
        member["is_anonymous"] = False
    elif status == "administrator":
        member |= dict.fromkeys(ADMIN_RIGHTS, False) | {"can_manage_chat": True}
    elif status == "kicked":
        member["until_date"] = 0
    return member


def leave_chat(api: BotApi, given: Parameters) -> bool:
    _group(api, given).bot_status = "left"
    return True


def get_file(api: BotApi, given: Parameters) -> dict[str, Any]:
    file_id = given.get("file_id", "")
    if file_id not in api.documents:
        raise impossible("invalid file_id")
    size = len(api.documents[file_id].data)
    if size > 20_000_000:
        raise impossible("file is too big")
    # The address tells nothing of the id, and is only good once it was asked for.
    suffix = PurePosixPath(api.documents[file_id].name).suffix
    path = f"documents/file_{list(api.documents).index(file_id)}{suffix}"
    api.file_paths[path] = file_id
    return {
        "file_id": file_id,
        "file_unique_id": f"unique-{file_id}",
        "file_size": size,
        "file_path": path,
    }


HANDLERS: dict[str, Callable[[Any, Parameters], Any]] = {
    "getMe": get_me,
    "logOut": done,
    "close": done,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyDescription": _text_setter("description", 512),
    "getMyDescription": _text_getter("description"),
    "setMyShortDescription": _text_setter("short_description", 120),
    "getMyShortDescription": _text_getter("short_description"),
    "setMyName": _text_setter("name", 64),
    "getMyName": _text_getter("name"),
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "getChatAdministrators": get_chat_administrators,
    "leaveChat": leave_chat,
    "getFile": get_file,
}
