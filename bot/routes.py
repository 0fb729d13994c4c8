"""The one table of commands: handlers, the command menu and /help are made from it.

To add a command, write its handler, add a row here, and add ``commands.NAME.arguments`` and
``commands.NAME.description`` to both phrase files.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.calls import Call
from bot.handlers import (
    admin,
    digests,
    files,
    help,
    language,
    papers,
    privacy,
    questions,
    saved,
    status,
    subscribing,
    topics,
    watches,
)
from bot.views.base import View
from bot.views.help import HelpRow, help_row

# A handler gives the view to answer with, or None where it has answered itself.
CommandHandler = Callable[[Call], Awaitable[View | None]]


@dataclass(frozen=True)
class Route:
    """A command, what answers it, and who may call it. Its texts are phrases (see :func:`help_row`).

    ``admins`` are the bot's, in their private chats; ``chat admins`` administer the group or channel, and in private
    are whoever speaks.
    """

    command: str
    handler: CommandHandler
    access: Literal["everyone", "admins", "chat admins"] = "everyone"

    def open_to(self, call: Call) -> bool:
        """Whether the command is shown to who speaks; who administers a group, only Telegram knows."""
        return self.access != "admins" or (call.is_admin and call.is_private)

    @property
    def help(self) -> HelpRow:
        return help_row(self.command)


async def _show_help(call: Call) -> View:
    return await help.show_help(call, ROUTES)


ROUTES = (
    Route("start", help.welcome),
    Route("help", _show_help),
    Route("ask", questions.ask),
    Route("search", papers.search),
    Route("topic", topics.topic),
    Route("paper", papers.paper),
    Route("digest", digests.digest),
    Route("subscribe", subscribing.subscribe, access="chat admins"),
    Route("unsubscribe", subscribing.unsubscribe, access="chat admins"),
    Route("settings", subscribing.settings, access="chat admins"),
    Route("watch", watches.watch, access="chat admins"),
    Route("watches", watches.watches, access="chat admins"),
    Route("saved", saved.saved),
    Route("language", language.language, access="chat admins"),
    Route("privacy", privacy.privacy),
    Route("forget", privacy.forget, access="chat admins"),
    Route("status", status.status, access="admins"),
    Route("files", files.files, access="admins"),
    Route("remove", files.remove, access="admins"),
    Route("reload", admin.reload, access="admins"),
)


def route_of(command: str) -> Route | None:
    """The route of a command, given without its slash."""
    return next((route for route in ROUTES if route.command == command.casefold()), None)
