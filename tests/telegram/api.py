"""The Bot API as a state machine: a method and its parameters in, JSON or a refusal out.

Nothing here knows of HTTP or of python-telegram-bot; `request.py` and `server.py` put it behind them.
All of it may be used from several threads.
"""

from __future__ import annotations

import itertools
import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.telegram import methods_about, methods_messages
from tests.telegram.errors import Refused, conflict, flooded, impossible
from tests.telegram.faults import Delivery, Fault
from tests.telegram.limits import Pace
from tests.telegram.parameters import METHODS, Parameters, Upload, read_parameters
from tests.telegram.people import Chat, Group, Person

TOKEN = "1234567890:AAStandInTokenStandInTokenStandInTok"
HANDLERS = {**methods_about.HANDLERS, **methods_messages.HANDLERS}
PACED = {"sendMessage", "sendDocument"}
# Telegram sends these only to bots that ask for them by name.
OPT_IN_UPDATES = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True)
class Call:
    """One request the bot made, and what became of it (`result` is None where it was refused)."""

    number: int
    at: float
    method: str
    parameters: dict[str, Any]
    files: dict[str, Upload]
    result: Any = None
    refused: Refused | None = None
    # The message as it was when this call had changed it.
    message: dict[str, Any] | None = None

    @property
    def chat_id(self) -> int | str | None:
        return self.parameters.get("chat_id")


@dataclass(frozen=True)
class Response:
    """What goes back over the wire."""

    status: int
    body: bytes
    content_type: str = "application/json"
    delivery: Delivery = "answered"


@dataclass
class Callback:
    """A pressed button that waits for its answer."""

    id: str
    chat_id: int
    data: str
    answered: bool = False
    expired: bool = False


@dataclass
class Menus:
    """What a bot tells about itself, by (scope, language) or by language."""

    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass
class Webhook:
    """How updates are brought to the bot, beside the address.

    route: where that address leads in a test, as a name and a reverse proxy do in life (`http://127.0.0.1:8080`);
    without one nothing is brought. tls: for a route with https. error: the last one, and when (Unix time).
    """

    secret: str = ""
    allowed_updates: list[str] | None = None
    max_connections: int = 40
    error: tuple[int, str] | None = None
    registrations: int = 0
    route: str | None = None
    tls: ssl.SSLContext | None = None


class BotApi:
    """One bot's view of Telegram."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "digest_test_bot",
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.clock = clock
        self.user = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Digest",
            "username": username,
        }
        self.abilities = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.changed = threading.Condition(threading.RLock())
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.callbacks: dict[str, Callback] = {}
        self.documents: dict[str, Upload] = {}
        self.file_paths: dict[str, str] = {}
        self.menus = Menus()
        self.webhook_url = ""
        self.webhook = Webhook()
        self.calls: list[Call] = []
        self.refusals: list[Refused] = []
        self.pace: Pace | None = None
        self.polls = 0
        self.updates: deque[dict[str, Any]] = deque()
        self._faults: list[tuple[str, int | None, Fault]] = []
        self._message_ids = itertools.count(1)
        self._update_ids = itertools.count(700_000_001)
        self._callback_ids = itertools.count(4_000_000_000_000_001)
        self._pollers = itertools.count(1)
        self._poller = 0
        self._closed = False

    # The bot's side

    def answer(self, token: str, method: str, raw: dict[str, str], files: dict[str, Upload] | None = None) -> Response:
        """Carries out one request (all values as text, as they travel) and says what to send back."""
        with self.changed:
            fault = self._fault(method, raw.get("chat_id"))
            if fault and not fault.accepted:
                if fault.refusal:
                    self._record(method, raw, files, refused=fault.refusal)
                    return _response(fault.refusal.status, fault.refusal.payload())
                return Response(fault.status, fault.body, fault.content_type, fault.delivery)
            try:
                result = self._call(token, method, raw, files or {})
            except Refused as refused:
                self.refusals.append(refused)
                self._record(method, raw, files, refused=refused)
                response = _response(refused.status, refused.payload())
            else:
                response = _response(200, {"ok": True, "result": result})
            finally:
                self.changed.notify_all()
            if fault and fault.delivery == "answered":
                return Response(fault.status, fault.body, fault.content_type)
            if fault:
                return Response(response.status, response.body, delivery=fault.delivery)
            return response

    def _call(self, token: str, method: str, raw: dict[str, str], files: dict[str, Upload]) -> Any:
        if token != self.token:
            raise Refused(401, "Unauthorized")
        name = next((known for known in METHODS if known.lower() == method.lower()), None)
        if name is None:
            raise Refused(404, "Not Found", malformed=True)
        parameters = read_parameters(name, raw, files)
        if name == "getUpdates":
            return self._get_updates(parameters)
        if name in PACED:
            self._keep_pace(parameters)
        result = HANDLERS[name](self, parameters)
        message = result if isinstance(result, dict) and "message_id" in result else None
        # The result is frozen here, as it is on the wire: a later edit must not change an earlier call.
        self._record(name, parameters.values, files, result=_frozen(result), message=_frozen(message))
        return result

    def _record(self, method: str, parameters: Any, files: Any, **outcome: Any) -> None:
        if method != "getUpdates":
            self.calls.append(Call(len(self.calls), self.clock(), method, dict(parameters), files or {}, **outcome))

    def _fault(self, method: str, chat_id: str | None) -> Fault | None:
        for planned in self._faults:
            wanted, place, fault = planned
            if wanted not in (method, "*") or (wanted == "*" and method == "getUpdates"):
                continue
            if place is None or str(place) == chat_id:
                self._faults.remove(planned)
                return fault
        return None

    def _keep_pace(self, parameters: Parameters) -> None:
        chat = self.chat(parameters)
        if self.pace is None:
            return
        wait = self.pace.wait(chat.id, group=isinstance(chat, Group), now=self.clock())
        if wait:
            raise flooded(wait)

    def _get_updates(self, parameters: Parameters) -> list[dict[str, Any]]:
        if self.webhook_url:
            raise conflict("can't use getUpdates method while webhook is active; use deleteWebhook first")
        self._poller = poller = next(self._pollers)
        self.polls += 1
        self.changed.notify_all()
        offset = parameters.get("offset", 0)
        if offset > 0:
            while self.updates and self.updates[0]["update_id"] < offset:
                self.updates.popleft()
        while offset < 0 and len(self.updates) > -offset:
            self.updates.popleft()
        wanted = parameters.get("allowed_updates") or None
        deadline = time.monotonic() + parameters.get("timeout", 0)
        while True:
            self.drop_unwanted(wanted)
            left = deadline - time.monotonic()
            if self.updates or left <= 0 or self._closed:
                return list(self.updates)[: parameters.get("limit", 100)]
            self.changed.wait(left)
            if self._poller != poller:
                raise conflict(
                    "terminated by other getUpdates request; make sure that only one bot instance is running"
                )

    def drop_unwanted(self, wanted: list[str] | None) -> None:
        """Forget updates of a kind that the bot does not ask for."""
        for update in list(self.updates):
            [kind] = set(update) - {"update_id"}
            if kind not in wanted if wanted else kind in OPT_IN_UPDATES:
                self.updates.remove(update)

    # The world's side

    def queue(self, update: dict[str, Any]) -> None:
        """Puts an update where getUpdates, or who brings them to a webhook, finds it."""
        with self.changed:
            self.updates.append(update)
            self.changed.notify_all()

    def route_webhook(self, route: str, tls: ssl.SSLContext | None = None) -> None:
        """Says where the webhook's address leads; see `Webhook`."""
        with self.changed:
            self.webhook.route, self.webhook.tls = route, tls
            self.changed.notify_all()

    def close(self) -> None:
        """Ends waiting getUpdates requests at once."""
        with self.changed:
            self._closed = True
            self.changed.notify_all()

    def reopen(self) -> None:
        """Lets getUpdates wait again after `close`."""
        with self.changed:
            self._closed = False

    def fail_next(self, method: str, fault: Fault, *, times: int = 1, chat_id: int | None = None) -> None:
        """The next requests of this method (`*`: any but getUpdates), or those of them to one chat, meet the
        fault."""
        with self.changed:
            self._faults += [(method, chat_id, fault)] * times

    def wait_for(self, condition: Callable[[], Any], timeout: float) -> Any:
        """Waits until the condition, looked at after every change, holds; its value, or TimeoutError."""
        with self.changed:
            value = self.changed.wait_for(condition, timeout)
        if not value:
            raise TimeoutError(f"waited {timeout} s in vain")
        return value

    def add_chat(self, chat: Chat) -> None:
        with self.changed:
            self.chats[chat.id] = chat

    def add_callback(self, chat_id: int, data: str) -> Callback:
        with self.changed:
            callback = Callback(str(next(self._callback_ids)), chat_id, data)
            self.callbacks[callback.id] = callback
            return callback

    def add_message(self, message: dict[str, Any]) -> dict[str, Any]:
        """Keeps a message in its chat, under the number it is given here."""
        with self.changed:
            message = {"message_id": next(self._message_ids), "date": int(self.clock()), **message}
            self.messages[message["chat"]["id"], message["message_id"]] = message
            return message

    def update(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """The JSON of a new update."""
        with self.changed:
            return {"update_id": next(self._update_ids), kind: _frozen(content)}

    # What both sides look up

    def chat(self, parameters: Parameters) -> Chat:
        """The chat a request names; refused where the bot may not write there."""
        if "chat_id" not in parameters:
            raise Refused(400, "Bad Request: chat_id is empty", malformed=True)
        name = parameters.get("chat_id")
        if isinstance(name, str):
            found = [chat for chat in self.chats.values() if f"@{chat.username}".lower() == name.lower()]
        else:
            found = [self.chats[name]] if name in self.chats else []
        if not found:
            raise impossible("chat not found")
        return found[0]

    def user_of(self, user_id: int) -> Person | None:
        people = [chat for chat in self.chats.values() if isinstance(chat, Person)]
        for group in self.chats.values():
            if isinstance(group, Group):
                people += [*group.members, *group.admins]
        return next((person for person in people if person.id == user_id), None)

    @property
    def open_callbacks(self) -> list[Callback]:
        """Pressed buttons nobody answered yet."""
        return [callback for callback in self.callbacks.values() if not callback.answered]

    def calls_of(self, *methods: str) -> list[Call]:
        """The requests of these methods that were carried out, in order."""
        return [call for call in self.calls if call.method in methods and call.refused is None]


def _response(status: int, payload: dict[str, Any]) -> Response:
    return Response(status, json.dumps(payload).encode())


def _frozen(value: Any) -> Any:
    return json.loads(json.dumps(value))
