"""Updates as they come over the wire: one that cannot be read does not hold back those behind it."""

from __future__ import annotations

import json
import logging
from typing import Any

from telegram import Update
from telegram.request import RequestData

from bot.tracebacks import describe
from bot.transport import Transport

log = logging.getLogger(__name__)


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
    readable = [each if _can_be_read(each) else {"update_id": each["update_id"]} for each in updates]
    if readable == updates:
        return payload
    answer["result"] = readable
    return json.dumps(answer).encode()


def _can_be_read(update: Any) -> bool:
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return True  # it has no number to go on with: python-telegram-bot says that the answer makes no sense
    try:
        Update.de_json(update, None)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        # The error's text may hold what people wrote.
        log.error("Update %d cannot be read and is passed over:\n%s", update["update_id"], describe(error, texts=False))
        return False
    return True
