"""A chat's digest settings: what holds at first, and when the next digest is due after a change."""

from __future__ import annotations

import logging
from collections.abc import Container
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chats import MAX_STRIKES, ChatKind, Chats, Subscription
from bot.schedule import Due, next_due
from bot.settings import Settings
from bot.zones import zone_of
from store import Language

log = logging.getLogger(__name__)

PAUSE = timedelta(days=7)
# A chat out of reach is tried again after one day, then two, and so on.
_OUT_OF_REACH = timedelta(days=1)


def default_subscription(chat_id: int, kind: ChatKind, ui: Language, settings: Settings, now: datetime) -> Subscription:
    """The settings of a chat that chose none yet; it is not subscribed."""
    return Subscription(
        chat_id=chat_id,
        kind=kind,
        ui=ui,
        time=settings.digest_time,
        zone=settings.timezone.key,
        new_since=now,
    )


def zone_for(subscription: Subscription, settings: Settings) -> ZoneInfo:
    """The reader's time zone; the bot's own where the system has forgotten it."""
    zone = zone_of(subscription.zone)
    if zone is None:
        log.warning(
            "There is no time zone %s any more; chat %d gets the bot's own", subscription.zone, subscription.chat_id
        )
    return zone or settings.timezone


def due_after(moment: datetime, subscription: Subscription, settings: Settings, taken: Container[date] = ()) -> Due:
    """The reader's first digest later than ``moment``; the dates ``taken`` had theirs."""
    return next_due(
        moment,
        subscription.time,
        zone_for(subscription, settings),
        weekdays_only=subscription.weekdays_only,
        not_before=subscription.paused_until,
        taken=taken,
    )


def keep(
    subscription: Subscription, chats: Chats, settings: Settings, now: datetime, *, subscribed: bool
) -> Subscription:
    """Write a chat's settings with the next due time that follows from them; gives them as written.

    A chat that somebody just spoke from is within reach, and one that subscribes anew has not been told of anything.
    """
    begins = subscribed and not subscription.subscribed
    changed = replace(
        subscription,
        strikes=0,
        quiet=subscription.quiet and not begins,
        new_since=now if begins else subscription.new_since,
    )
    if changed.paused_until and changed.paused_until <= now:
        changed = replace(changed, paused_until=None)
    taken = chats.dates_taken(subscription.chat_id)
    due = due_after(now, changed, settings, taken) if subscribed else None
    changed = replace(changed, next_due_at=due.at if due else None)
    chats.keep_subscription(changed)
    return changed


def strike(chat_id: int, chats: Chats, settings: Settings, now: datetime) -> int:
    """A chat cannot be written to: it is paused, longer each time, and in the end unsubscribed. Gives its strikes."""
    subscription = chats.subscription(chat_id)
    if subscription is None:
        return 0
    pause = now + (subscription.strikes + 1) * _OUT_OF_REACH
    due = due_after(now, replace(subscription, paused_until=pause), settings)
    strikes = chats.strike(chat_id, pause, due.at)
    if strikes >= MAX_STRIKES:
        log.info("Chat %d was out of reach %d times in a row and is unsubscribed", chat_id, strikes)
    return strikes
