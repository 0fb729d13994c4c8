"""Today's digest as it was delivered, or as it would be, and more of it."""

from __future__ import annotations

import asyncio

from bot.calls import Call
from bot.chats import Chats
from bot.handlers import subscribing
from bot.plans import chosen_for
from bot.readers import zone_for
from bot.schedule import local_date
from bot.views import daily, moments
from bot.views.base import View

_DELIVERED = ("planned", "sending", "sent", "unknown")


async def today(call: Call) -> View:
    """What was delivered today, or else a preview of the next digest, which is written nowhere."""
    services = call.services
    subscription = await subscribing.subscription_of(call)
    zone = zone_for(subscription, services.settings)
    day = local_date(services.now(), zone)
    delivery = await services.chats(Chats.digest_of, call.chat.id, day)
    if delivery and delivery.state in _DELIVERED:
        papers = await services.telling.of(services, delivery.items)
        return daily.digest(day, papers, call.voice)
    catalog = await services.news.catalog(services)
    items = await asyncio.to_thread(chosen_for, subscription, catalog, services.chats_)
    papers = await services.telling.of(services, items)
    due = subscription.next_due_at
    moment = moments.moment(due, zone, call.voice) if due else None
    return daily.preview(papers, call.voice, moment=moment, day=day)


async def more(call: Call) -> str | None:
    """Send further papers, which count as had; a note instead where there are none."""
    services = call.services
    subscription = await subscribing.subscription_of(call)
    catalog = await services.news.catalog(services)
    items = await asyncio.to_thread(chosen_for, subscription, catalog, services.chats_)
    if not items:
        return daily.nothing_more(call.voice)
    papers = await services.telling.of(services, items)
    await call.send(daily.more(papers, call.voice))
    await services.chats(Chats.mark_seen, call.chat.id, [item.key for item in items])
    return None
