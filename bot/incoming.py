"""Updates as they come over the wire: one that cannot be read does not hold back those behind it."""

from __future__ import annotations

import json
import logging
from typing import Any

from telegram import Bot, Update
from telegram.request import RequestData

from bot.tracebacks import describe
from bot.transport import Transport

log = logging.getLogger(__name__)

# What python-telegram-bot raises of JSON that is no update.
UNREADABLE = (TypeError, ValueError, KeyError, AttributeError, ArithmeticError, RecursionError)


class UpdatesTransport(Transport):
    """Requests for updates. An update that cannot be read comes as one of which only the number is known.

    python-telegram-bot reads either all updates of an answer or none, and Telegram sends again what was not confirmed:
    one it cannot read would otherwise be the last that the bot ever hears of.
    """

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        """As the other request's, which python-telegram-bot calls."""
        status, payload = await super().do_request(url, method, request_data, *timeouts, **more)
        return status, _readable(payload)


def _readable(payload: bytes) -> bytes:
    """The Bot API's answer with every update such that it can be read."""
    answer: dict[str, Any] = json.loads(payload)
    updates = answer.get("result")
    if not isinstance(updates, list):
        return payload
    readable = [readable_update(each) if _has_number(each) else each for each in updates]
    if readable == updates:
        return payload
    answer["result"] = readable
    return json.dumps(answer).encode()


def read_update(payload: bytes, bot: Bot) -> Update:
    """The one update that a webhook is called with; one that cannot be read is passed over in the same way.

    Raises:
        ValueError: this is no update at all.
    """
    try:
        update = json.loads(payload)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    if not _has_number(update):
        raise ValueError("an update has a number")
    return Update.de_json(readable_update(update), bot)


def readable_update(update: dict[str, Any]) -> dict[str, Any]:
    """The update, or its number alone where python-telegram-bot cannot read it."""
    try:
        Update.de_json(update, None)
    except (*UNREADABLE, OSError) as error:  # the last where a date is beyond what the system knows
        # The error's text may hold what people wrote.
        log.error("Update %d cannot be read and is passed over:\n%s", update["update_id"], describe(error, texts=False))
        return {"update_id": update["update_id"]}
    return update


def _has_number(update: Any) -> bool:
    # One without a number to go on with is left to python-telegram-bot, which says that the answer makes no sense.
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)
