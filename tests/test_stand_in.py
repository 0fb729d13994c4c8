"""The stand-in refuses what Telegram refuses, in its words, and keeps what Telegram keeps."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram import Update

from tests.telegram import Fault, Pace, StandIn
from tests.telegram.api import Response


class Client:
    """Calls methods as a bot's library does: every value as text, nested ones as JSON."""

    def __init__(self, stand_in: StandIn) -> None:
        self.api = stand_in.api

    def send(self, method: str, *, token: str | None = None, **parameters: Any) -> Response:
        raw = {name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()}
        return self.api.answer(token or self.api.token, method, raw)

    def call(self, method: str, **parameters: Any) -> Any:
        response = self.send(method, **parameters)
        body = json.loads(response.body)
        assert response.status == 200, body
        return body["result"]

    def refusal(self, method: str, **parameters: Any) -> tuple[int, str]:
        response = self.send(method, **parameters)
        body = json.loads(response.body)
        assert body["ok"] is False
        assert body["error_code"] == response.status
        return response.status, body["description"]


@pytest.fixture
def stand_in() -> StandIn:
    stand_in = StandIn(clock=lambda: 1_750_000_000.0)
    stand_in.person(id=7, first_name="Ada", language_code="zh")
    return stand_in


@pytest.fixture
def client(stand_in: StandIn) -> Client:
    return Client(stand_in)


def keyboard(*texts: str, **action: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": text, **(action or {"callback_data": text})} for text in texts]]}


def test_a_message_is_kept_and_returned_whole(stand_in: StandIn, client: Client) -> None:
    message = client.call(
        "sendMessage",
        chat_id=7,
        text="<b>论文</b> 😀 <i>x</i>",
        parse_mode="HTML",
        reply_markup=keyboard("1", callback_data="p:2504-13837"),
    )
    assert message == {
        "message_id": 1,
        "date": 1_750_000_000,
        "from": {"id": 1234567890, "is_bot": True, "first_name": "Digest", "username": "digest_test_bot"},
        "chat": {"id": 7, "type": "private", "first_name": "Ada"},
        "text": "论文 😀 x",
        "entities": [
            {"type": "bold", "offset": 0, "length": 2},
            {"type": "italic", "offset": 6, "length": 1},
        ],
        "reply_markup": {"inline_keyboard": [[{"text": "1", "callback_data": "p:2504-13837"}]]},
    }
    assert stand_in.api.messages[7, 1] == message


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"chat_id": 7}, "message text is empty"),
        ({"chat_id": 7, "text": ""}, "message text is empty"),
        ({"chat_id": 7, "text": " \n "}, "text must be non-empty"),
        ({"chat_id": 7, "text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "x"}, "chat_id is empty"),
        ({"chat_id": 8, "text": "x"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ({"chat_id": 7, "text": "x" * 4097}, "message is too long"),
        ({"chat_id": 7, "text": "😀" * 2049}, "message is too long"),
        ({"chat_id": 7, "text": "<a href='" + "x" * 33_000 + "'>x</a>"}, "text is too long"),
        ({"chat_id": 7, "text": "x", "reply_parameters": {"message_id": 99}},
         "message to be replied not found"),
        ({"chat_id": 7, "text": "x", "reply_parameters": {"quote": "x"}}, 'can\'t find field "message_id"'),
        ({"chat_id": 7, "text": "x", "silent": "true"},
         "unknown parameter 'silent' of sendMessage (the stand-in is strict)"),
        ({"chat_id": "seven", "text": "x"}, "can't parse parameter 'chat_id' of sendMessage"),
        ({"chat_id": 7, "text": "x", "entities": [{"type": "bold", "offset": 9, "length": 1}]},
         "entity begins after the end of the text at UTF-16 offset 9"),
        ({"chat_id": 7, "text": "x", "parse_mode": "Markdown"},
         "unsupported parse_mode 'markdown' (the stand-in reads HTML only)"),
    ],
)  # fmt: skip
def test_a_message_telegram_refuses(client: Client, parameters: dict[str, Any], reason: str) -> None:
    assert client.refusal("sendMessage", **parameters) == (400, f"Bad Request: {reason}")


def test_the_limit_counts_the_text_without_its_markup(client: Client) -> None:
    assert client.call("sendMessage", chat_id=7, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")


def test_more_entities_than_telegram_shows_are_refused(client: Client) -> None:
    assert client.call("sendMessage", chat_id=7, text="<b>x</b> " * 100, parse_mode="HTML")
    status, reason = client.refusal("sendMessage", chat_id=7, text="<b>x</b> " * 101, parse_mode="HTML")
    assert (status, reason) == (400, "Bad Request: 101 entities (Telegram shows the first 100 only)")


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (keyboard("x", callback_data="y" * 65), "BUTTON_DATA_INVALID"),
        (keyboard("x", callback_data="图" * 22), "BUTTON_DATA_INVALID"),
        (
            keyboard("x", callback_data=""),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"inline_keyboard": [[{"text": "x"}]]},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (keyboard(""), "can't parse inline keyboard button: Text of a button must be non-empty"),
        (
            {"inline_keyboard": [[{"callback_data": "x"}]]},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            keyboard("x", callback_data="x", url="https://x.org"),
            "can't parse inline keyboard button: exactly one action must be used, not ['url', 'callback_data']",
        ),
        (keyboard("x", url="nowhere"), "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
        (keyboard(*"123456789"), "reply markup is too long: 9 buttons in one row"),
        ({"inline_keyboard": [keyboard("x")["inline_keyboard"][0]] * 101}, "reply markup is too long"),
        ({"inline_keyboard": "x"}, 'field "inline_keyboard" must be of type Array'),
        ("x", "can't parse parameter 'reply_markup' of sendMessage"),
    ],
)
def test_buttons_telegram_refuses(client: Client, markup: Any, reason: str) -> None:
    answer = client.refusal("sendMessage", chat_id=7, text="x", reply_markup=markup)
    assert answer == (400, f"Bad Request: {reason}")


def test_callback_data_may_take_64_bytes(client: Client) -> None:
    assert client.call("sendMessage", chat_id=7, text="x", reply_markup=keyboard("y" * 64))


def test_an_edit_takes_the_buttons_away_where_it_names_none(stand_in: StandIn, client: Client) -> None:
    client.call("sendMessage", chat_id=7, text="a", reply_markup=keyboard("x"))
    client.call("editMessageText", chat_id=7, message_id=1, text="b")
    assert "reply_markup" not in stand_in.api.messages[7, 1]


def test_an_edit_that_changes_nothing_is_refused(client: Client) -> None:
    same = {"text": "<b>a</b>", "parse_mode": "HTML", "reply_markup": keyboard("x")}
    client.call("sendMessage", chat_id=7, **same)
    unmodified = (
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message",
    )
    assert client.refusal("editMessageText", chat_id=7, message_id=1, **same) == unmodified
    again = {**same, "text": " <strong>a</strong> "}
    assert client.refusal("editMessageText", chat_id=7, message_id=1, **again) == unmodified
    assert client.call("editMessageText", chat_id=7, message_id=1, **{**same, "text": "a"})
    assert client.call("editMessageReplyMarkup", chat_id=7, message_id=1)
    assert client.refusal("editMessageReplyMarkup", chat_id=7, message_id=1) == unmodified


def test_only_messages_of_the_bot_that_are_there_can_be_edited(stand_in: StandIn, client: Client) -> None:
    asked = stand_in.updates.message(stand_in.person(id=7), "hello")["message"]["message_id"]
    assert client.refusal("editMessageText", chat_id=7, message_id=99, text="x") == (
        400,
        "Bad Request: message to edit not found",
    )
    assert client.refusal("editMessageText", chat_id=7, message_id=asked, text="x") == (
        400,
        "Bad Request: message can't be edited",
    )


def test_a_deleted_message_is_gone(client: Client) -> None:
    client.call("sendMessage", chat_id=7, text="a")
    assert client.call("deleteMessage", chat_id=7, message_id=1) is True
    assert client.refusal("deleteMessage", chat_id=7, message_id=1) == (
        400,
        "Bad Request: message to delete not found",
    )


def test_a_reply_to_a_missing_message_may_be_sent_without_it(client: Client) -> None:
    missing = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in client.call("sendMessage", chat_id=7, text="x", reply_parameters=missing)


def test_a_callback_query_is_answered_once(stand_in: StandIn, client: Client) -> None:
    message = client.call("sendMessage", chat_id=7, text="a", reply_markup=keyboard("x"))
    update = stand_in.updates.press(stand_in.person(id=7), message, "x")
    query = update["callback_query"]
    assert query["message"] == message
    too_long = client.refusal("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201)
    assert too_long == (400, "Bad Request: MESSAGE_TOO_LONG")
    assert client.call("answerCallbackQuery", callback_query_id=query["id"], text="x" * 200) is True
    old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert client.refusal("answerCallbackQuery", callback_query_id=query["id"]) == old
    assert client.refusal("answerCallbackQuery", callback_query_id="4") == old


def test_a_stranger_token_or_method_is_refused(client: Client) -> None:
    assert client.refusal("getMe", token="1:x") == (401, "Unauthorized")
    assert client.refusal("sendTelepathy") == (404, "Not Found")


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"blocked": True}, (403, "Forbidden: bot was blocked by the user")),
        ({"deactivated": True}, (403, "Forbidden: user is deactivated")),
        ({"started": False}, (403, "Forbidden: bot can't initiate conversation with a user")),
    ],
)
def test_a_person_may_want_nothing_of_the_bot(
    stand_in: StandIn, client: Client, fields: dict[str, Any], answer: tuple[int, str]
) -> None:
    stand_in.person(id=8, **fields)
    assert client.refusal("sendMessage", chat_id=8, text="x") == answer
    assert client.refusal("sendChatAction", chat_id=8, action="typing") == answer


def test_a_group_that_became_a_supergroup_names_it(stand_in: StandIn, client: Client) -> None:
    ada = stand_in.person(id=7)
    group = stand_in.group(id=-5, type="group", members=[ada])
    _, updates = stand_in.updates.migration(ada, group, -1001)
    assert updates[0]["message"]["migrate_to_chat_id"] == -1001
    body = json.loads(client.send("sendMessage", chat_id=-5, text="x").body)
    assert body["parameters"] == {"migrate_to_chat_id": -1001}
    assert client.call("sendMessage", chat_id=-1001, text="x")


def test_the_admins_of_a_group_are_known(stand_in: StandIn, client: Client) -> None:
    ada, bob = stand_in.person(id=7), stand_in.person(id=8, first_name="Bob")
    group = stand_in.group(members=[ada, bob], admins=[ada])
    [admin] = client.call("getChatAdministrators", chat_id=group.id)
    assert (admin["user"]["id"], admin["status"]) == (7, "administrator")
    assert client.call("getChatMember", chat_id=group.id, user_id=8)["status"] == "member"
    assert client.refusal("getChatAdministrators", chat_id=7)[0] == 400


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"commands": [{"command": "Search", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "x", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": f"x{n}", "description": "x"} for n in range(101)]},
         "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "zh-hans"},
         "LANG_CODE_INVALID: a two-letter ISO 639-1 code is expected"),
        ({"commands": [], "scope": {"type": "everyone"}}, "unsupported BotCommandScope type"),
    ],
)  # fmt: skip
def test_a_menu_telegram_refuses(client: Client, parameters: dict[str, Any], reason: str) -> None:
    assert client.refusal("setMyCommands", **parameters) == (400, f"Bad Request: {reason}")


def test_menus_are_kept_by_scope_and_language(client: Client) -> None:
    commands = [{"command": "search", "description": "搜索"}]
    client.call("setMyCommands", commands=commands, language_code="zh")
    assert client.call("getMyCommands", language_code="zh") == commands
    assert client.call("getMyCommands") == []
    client.call("setMyShortDescription", short_description="x", language_code="en")
    assert client.call("getMyShortDescription", language_code="en") == {"short_description": "x"}


def test_updates_are_confirmed_by_the_next_offset(stand_in: StandIn, client: Client) -> None:
    ada = stand_in.person(id=7)
    first, second = stand_in.updates.message(ada, "a"), stand_in.updates.message(ada, "b")
    stand_in.api.queue(first)
    stand_in.api.queue(second)
    assert client.call("getUpdates") == [first, second]
    assert client.call("getUpdates", offset=second["update_id"]) == [second]
    assert client.call("getUpdates", offset=second["update_id"] + 1) == []


def test_updates_and_a_webhook_exclude_each_other(stand_in: StandIn, client: Client) -> None:
    stand_in.api.queue(stand_in.updates.message(stand_in.person(id=7), "a"))
    client.call("setWebhook", url="https://example.org/hook")
    assert client.refusal("getUpdates")[0] == 409
    client.call("deleteWebhook", drop_pending_updates=True)
    assert client.call("getUpdates") == []


def test_messages_come_at_telegrams_pace() -> None:
    now = 0.0
    stand_in = StandIn(clock=lambda: now)
    stand_in.api.pace = Pace()
    client = Client(stand_in)
    for number in range(1, 32):
        stand_in.person(id=number)
    for number in range(1, 31):
        assert client.send("sendMessage", chat_id=number, text="x").status == 200
    refused = client.send("sendMessage", chat_id=31, text="x")
    assert (refused.status, json.loads(refused.body)["parameters"]) == (429, {"retry_after": 1})
    now = 1.0
    assert client.send("sendMessage", chat_id=31, text="x").status == 200
    assert client.send("sendMessage", chat_id=31, text="x").status == 429
    stand_in.group(id=-100)
    for number in range(21):
        now = 10.0 + 2 * number
        answer = client.send("sendMessage", chat_id=-100, text="x")
        assert answer.status == (200 if number < 20 else 429)
    assert json.loads(answer.body)["description"] == "Too Many Requests: retry after 20"


def test_a_fault_meets_the_next_request_of_its_method_and_chat(client: Client) -> None:
    client.api.fail_next("sendMessage", Fault.flood(3), chat_id=9)
    client.api.fail_next("sendMessage", Fault.bad_gateway())
    page = client.send("sendMessage", chat_id=7, text="x")
    assert (page.status, page.content_type) == (502, "text/html")
    assert client.api.calls_of("sendMessage") == []
    assert client.refusal("sendMessage", chat_id=9, text="x") == (429, "Too Many Requests: retry after 3")
    client.api.fail_next("sendMessage", Fault.lost_reply())
    assert client.send("sendMessage", chat_id=7, text="x").delivery == "lost"
    assert len(client.api.calls_of("sendMessage")) == 1


def test_updates_are_what_python_telegram_bot_reads(stand_in: StandIn) -> None:
    ada = stand_in.person(id=7, first_name="Ada", language_code="zh")
    group = stand_in.group(members=[ada])
    from_bot = {"chat": group.chat_json(), "from": stand_in.api.user, "text": "x"}
    bot_message = stand_in.api.add_message(from_bot)
    update = Update.de_json(
        stand_in.updates.message(ada, "/paper@digest_test_bot 😀", chat=group, reply_to=bot_message)
    )
    assert update.message is not None and update.message.reply_to_message is not None
    assert update.message.parse_entities() == {update.message.entities[0]: "/paper@digest_test_bot"}
    assert update.message.reply_to_message.from_user is not None
    assert update.message.reply_to_message.from_user.is_bot
    assert update.effective_chat is not None and update.effective_chat.type == "supergroup"
    assert update.effective_user is not None and update.effective_user.language_code == "zh"
    post = Update.de_json(stand_in.updates.channel_post(stand_in.channel(), "news"))
    assert post.channel_post is not None and post.channel_post.text == "news"
    original = stand_in.updates.message(ada, "a")["message"]
    edited = Update.de_json(stand_in.updates.edited_message(original, "b"))
    assert edited.edited_message is not None and edited.edited_message.edit_date is not None
    added = Update.de_json(stand_in.updates.bot_status(ada, group, "left", "member"))
    assert added.my_chat_member is not None and added.my_chat_member.new_chat_member.status == "member"
    old = Update.de_json(stand_in.updates.press(ada, bot_message, "x", inaccessible=True))
    assert old.callback_query is not None and old.callback_query.message is not None
    assert not old.callback_query.message.is_accessible
