"""What is kept of a chat, and deleting it: /privacy, /forget and its buttons."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.calls import Call
from bot.chats import Chats
from bot.views import privacy as views
from bot.views.base import View

# A button that deletes everything is good for so long; then what it deletes is shown again first.
_GOOD_FOR = timedelta(hours=1)


async def privacy(call: Call) -> View:
    """``/privacy``"""
    settings = call.services.settings
    model = (settings.llm_model or "") if call.services.writer else None
    return views.privacy(call.voice, keeps_unanswered=settings.keep_unanswered, model=model)


async def forget(call: Call) -> View:
    """``/forget``: what would be deleted, with a button for it."""
    kept = await call.services.chats(Chats.kept_of, call.chat.id)
    if not kept:
        # The day of this very message is no reason to ask.
        await call.services.chats(Chats.forget, call.chat.id)
        return views.nothing_kept(call.voice)
    return views.asked_to_forget(kept, call.voice)


async def is_anything_kept(call: Call) -> bool:
    return bool(await call.services.chats(Chats.kept_of, call.chat.id))


def is_old(call: Call) -> bool:
    """Whether the numbers above the tapped button may no longer hold."""
    if call.message is None:
        return True
    return call.services.now() - call.message.date > _GOOD_FOR


async def delete(call: Call) -> View:
    """Delete all that is kept of the chat; the reply itself leaves nothing."""
    services = call.services
    waiting = await services.chats(Chats.uploads, call.chat.id)
    await services.chats(Chats.forget, call.chat.id)
    for upload in waiting:
        await asyncio.to_thread(services.uploads.drop, upload.id)
    return views.forgotten(call.voice)


def keep(call: Call) -> View:
    return views.all_stays(call.voice)


def nothing_kept_note(call: Call) -> str:
    return views.nothing_kept_note(call.voice)
