"""A delivery of the ledger as the message its chat gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chats import Chats, Delivery, Subscription
from bot.views import daily
from bot.views.base import View, Voice

if TYPE_CHECKING:
    from bot.services import Services


async def render(delivery: Delivery, services: Services, bot_name: str) -> View:
    """The message; ``bot_name`` is the bot's, without @."""
    subscription = await services.chats(Chats.subscription, delivery.chat_id)
    voice = voice_of(subscription)
    papers = await services.telling.of(services, delivery.items)
    channel_of = bot_name if subscription and subscription.kind == "channel" else None
    if delivery.kind == "find":
        return daily.found(papers, voice, channel_of=channel_of)
    return daily.digest(delivery.local_date, papers, voice, channel_of=channel_of)


def voice_of(subscription: Subscription | None) -> Voice:
    """How to speak to a chat that did not just speak itself."""
    if subscription is None:
        return Voice(ui="zh", cards="both")
    chosen = subscription.language
    return Voice(ui=chosen if chosen in ("zh", "en") else subscription.ui, cards=chosen or "both")
