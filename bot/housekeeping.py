"""What must not be kept for longer is deleted: a minute after start, and then every hour."""

from __future__ import annotations

import logging

from bot.chats import Chats
from bot.services import Services
from bot.uploads import expire

log = logging.getLogger(__name__)

FIRST, INTERVAL = 60.0, 3600.0  # seconds


async def keep_house(services: Services) -> None:
    """Delete what is older than /privacy says. Only one process may do it to a chats.db: the one that delivers."""
    now = services.now().astimezone(services.settings.timezone)
    deleted = await services.chats(Chats.prune, now, keep_unanswered=services.settings.keep_unanswered)
    if deleted:
        log.info("%d rows were kept for long enough and are deleted", deleted)
    await expire(services)
