"""The digest's settings: /subscribe, /unsubscribe, /settings, their buttons, a shared location."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from telegram import Location

from bot.calls import Call
from bot.chats import ChatKind, Chats, Subscription
from bot.handlers import language
from bot.readers import PAUSE, default_subscription, keep, zone_for
from bot.times import NoSuchTime
from bot.views import settings as views
from bot.views.base import View
from bot.wishes import Wishes, read_wishes
from bot.zones import nearest_zones, zone_at, zone_of
from store import Archive, Topic, find_topics

Change = Callable[[Subscription], Subscription]


async def subscribe(call: Call) -> View:
    """``/subscribe [HH:MM] [topics…]``"""
    try:
        wishes = await asyncio.to_thread(read_wishes, call.text)
    except NoSuchTime as error:
        return views.no_such_time(error.args[0], call.voice)
    if wishes.unknown:
        return views.not_subscribable(wishes.unknown, await _nearest_topics(wishes.unknown), call.voice)
    kept = await _change(call, lambda subscription: _granted(subscription, wishes), subscribed=True)
    return views.subscribed(
        kept, _zone(call, kept), await _topics(call), call.voice, terminal=not call.services.delivers
    )


async def unsubscribe(call: Call) -> View:
    """``/unsubscribe``: the settings are kept."""
    before = await subscription_of(call)
    watches = await call.services.chats(Chats.watches, call.chat.id)
    if before.subscribed:
        await _change(call, lambda subscription: subscription, subscribed=False)
    return views.unsubscribed(before.subscribed, call.voice, tells_at_once=any(watch.at_once for watch in watches))


async def settings(call: Call) -> View:
    """``/settings`` shows them; ``/settings 8:30``, ``/settings Berlin``, ``/settings agents`` change them."""
    if not call.text:
        return await show(call, "main")
    try:
        wishes = await asyncio.to_thread(read_wishes, call.text)
    except NoSuchTime as error:
        return views.no_such_time(error.args[0], call.voice)
    if unknown := wishes.unknown:
        zones = await asyncio.to_thread(nearest_zones, unknown)
        return views.not_settable(unknown, zones, await _nearest_topics(unknown), call.voice)
    return await _changed(call, lambda subscription: _granted(subscription, wishes))


async def locate(call: Call, location: Location) -> View:
    """A shared location sets the time zone; nothing of the place itself is kept."""
    zone = await asyncio.to_thread(zone_at, location.latitude, location.longitude)
    if zone is None:
        return views.no_zone_there(call.voice)
    return await _changed(call, lambda subscription: replace(subscription, zone=zone))


async def show(call: Call, which: str) -> View:
    """The settings, or the choices for one of them."""
    subscription = await subscription_of(call)
    match which:
        case "time":
            return views.choose_time(subscription, call.voice)
        case "zone":
            return views.choose_zone(subscription, call.voice)
        case "count":
            return views.choose_count(subscription, call.voice)
        case "topics":
            return views.choose_topics(subscription, _zone(call, subscription), await _topics(call), call.voice)
        case "language":
            return await language.language(replace(call, text=""))
        case _:
            return await _main(call, subscription)


async def change(call: Call, setting: str, value: str) -> View | None:
    """Set one setting from a button; None for a value that does not exist any more."""
    now = call.services.now()
    match setting:
        case "time":
            clock = time(int(value[:2]), int(value[2:]))
            return await _changed(call, lambda subscription: replace(subscription, time=clock))
        case "zone":
            if zone_of(value) is None:
                return None
            return await _changed(call, lambda subscription: replace(subscription, zone=value))
        case "count":
            return await _changed(call, lambda subscription: replace(subscription, count=int(value)))
        case "topic":
            if value[1:] not in {topic.slug for topic in await _topics(call)}:
                return None
            kept = await _change(call, lambda subscription: _with_topic(subscription, value))
            return views.choose_topics(kept, _zone(call, kept), await _topics(call), call.voice)
        case "topics":
            kept = await _change(call, lambda subscription: replace(subscription, topics=()))
            return views.choose_topics(kept, _zone(call, kept), await _topics(call), call.voice)
        case "weekdays":
            return await _changed(call, lambda subscription: replace(subscription, weekdays_only=value == "1"))
        case "pause":
            until = now + PAUSE if value == "1" else None
            return await _changed(call, lambda subscription: replace(subscription, paused_until=until))
        case "daily":
            kept = await _change(call, lambda subscription: subscription, subscribed=value == "1")
            return await _main(call, kept)
    return None


async def subscription_of(call: Call) -> Subscription:
    """The chat's settings, or those it would have if it subscribed now."""
    return await asyncio.to_thread(_read, call, call.services.now())


def _read(call: Call, now: datetime) -> Subscription:
    known = call.services.chats_.subscription(call.chat.id)
    return known or default_subscription(call.chat.id, _kind(call), call.voice.ui, call.services.settings, now)


async def ensure_settings(call: Call) -> Subscription:
    """The chat's settings, written where there were none: what is sent by itself needs them."""
    return await _change(call, lambda subscription: subscription)


async def _changed(call: Call, change: Change) -> View:
    return await _main(call, await _change(call, change))


async def _change(call: Call, change: Change, *, subscribed: bool | None = None) -> Subscription:
    """Change the chat's settings, and whether it is subscribed; gives them as kept, with the next due time."""
    services, now = call.services, call.services.now()

    def write() -> Subscription:
        before = _read(call, now)
        wanted = before.subscribed if subscribed is None else subscribed
        changed = replace(change(before), kind=_kind(call), ui=call.voice.ui)
        return keep(changed, services.chats_, services.settings, now, subscribed=wanted)

    return await asyncio.to_thread(write)


async def _main(call: Call, subscription: Subscription) -> View:
    zone = _zone(call, subscription)
    return views.settings(subscription, zone, await _topics(call), call.voice, terminal=not call.services.delivers)


def _zone(call: Call, subscription: Subscription) -> ZoneInfo:
    return zone_for(subscription, call.services.settings)


def _granted(subscription: Subscription, wishes: Wishes) -> Subscription:
    return replace(
        subscription,
        time=subscription.time if wishes.time is None else wishes.time,
        zone=wishes.zone or subscription.zone,
        topics=subscription.topics if wishes.topics is None else wishes.topics,
    )


def _with_topic(subscription: Subscription, value: str) -> Subscription:
    """``+agents`` adds a topic, ``-agents`` removes one."""
    sign, slug = value[0], value[1:]
    others = tuple(topic for topic in subscription.topics if topic != slug)
    return replace(subscription, topics=(*others, slug) if sign == "+" else others)


async def _topics(call: Call) -> tuple[Topic, ...]:
    return await call.services.archive(Archive.topics)


async def _nearest_topics(text: str) -> list[str]:
    match = await asyncio.to_thread(find_topics, text)
    return [topic.slug for topic in match.nearest]


def _kind(call: Call) -> ChatKind:
    match call.chat.type:
        case "group" | "supergroup" | "channel" as kind:
            return kind
        case _:
            return "private"
