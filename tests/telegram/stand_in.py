"""The test's own end of the stand-in: people, chats, updates, and a bot to talk to."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from telegram.ext import Application

from tests.telegram import conversation
from tests.telegram.api import BotApi
from tests.telegram.live import LiveBot
from tests.telegram.people import Group, Person
from tests.telegram.request import StandInRequest
from tests.telegram.server import Server
from tests.telegram.updates import Updates


class StandIn:
    """Telegram, as far as one bot can tell. `api` is the Bot API itself."""

    def __init__(self, *, clock: Callable[[], float] = time.time, username: str = "digest_test_bot") -> None:
        self.api = BotApi(clock=clock, username=username)
        self.updates = Updates(self.api)

    @property
    def token(self) -> str:
        return self.api.token

    def request(self) -> StandInRequest:
        """A new transport for python-telegram-bot (it wants two, one of them for getUpdates)."""
        return StandInRequest(self.api)

    def person(self, id: int = 7, first_name: str = "Ada", **fields: Any) -> Person:
        """Somebody with a private chat; fields as of `Person`."""
        person = Person(id, first_name, **fields)
        self.api.add_chat(person)
        return person

    def group(
        self,
        id: int = -1001234567890,
        title: str = "Reading group",
        members: Sequence[Person] = (),
        **fields: Any,
    ) -> Group:
        """A supergroup (`type="group"` for a small one); fields as of `Group`."""
        group = Group(id, title, members=list(members), **fields)
        self.api.add_chat(group)
        return group

    def channel(self, id: int = -1009876543210, title: str = "Papers", **fields: Any) -> Group:
        """A channel the bot administers."""
        channel = Group(id, title, "channel", **{"bot_status": "administrator", **fields})
        self.api.add_chat(channel)
        return channel

    def running(
        self, app: Application[Any, Any, Any, Any, Any, Any]
    ) -> AbstractAsyncContextManager[conversation.Driver]:
        """Starts an application built with `request()` and drives it in process."""
        return conversation.running(app, self)

    def serve(self) -> Server:
        """The same over HTTP; a context manager."""
        return Server(self.api)

    def live_bot(self, server: Server, folder: Path, **options: Any) -> LiveBot:
        """`digestbot run` as a process that talks to `server`; a context manager, options as of `LiveBot`."""
        return LiveBot(self, server, folder, **options)
