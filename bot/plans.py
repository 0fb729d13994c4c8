"""What due chats are to get: from the ledger, the catalog and the clock to rows of the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chats import MAX_COUNT, Chats, Items, Plan, Subscription
from bot.planning import Catalog, choose, found
from bot.readers import due_after, zone_for
from bot.schedule import latest_due, local_date
from bot.settings import Settings

# A bot that was away sends what was due so long ago at most.
TOO_LATE = timedelta(hours=6)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=20), timedelta(minutes=15)


def next_attempt(tries: int) -> timedelta:
    """How long to wait after so many tries (the first is 0) that were proven not to be sent."""
    waits: int = 2 ** min(tries, 10)
    return min(_FIRST_WAIT * waits, _LONGEST_WAIT)


def plan_for(subscription: Subscription, catalog: Catalog, chats: Chats, settings: Settings, now: datetime) -> Plan:
    """What a chat whose digest is due is to get, and when it is due again.

    Of the days that went by unserved only the last is made up for, if it is not too late; the others are missed.
    """
    zone = zone_for(subscription, settings)
    first = latest_due(
        subscription.next_due_at or now, subscription.time, zone, weekdays_only=subscription.weekdays_only
    )
    last = latest_due(now, subscription.time, zone, weekdays_only=subscription.weekdays_only)
    too_late = now - last.at > TOO_LATE
    missed = {due.date: due.at for due in (first, last) if due.date != last.date or too_late}
    following = due_after(now, subscription, settings, chats.dates_taken(subscription.chat_id) | {last.date})
    items = None if too_late else chosen_for(subscription, catalog, chats)
    if items == () and subscription.quiet:
        items = None  # it was said once that nothing is left
    return Plan(subscription.chat_id, following.at, last.date, last.at, items, tuple(missed.items()))


def chosen_for(subscription: Subscription, catalog: Catalog, chats: Chats) -> Items:
    """The papers of a reader's next digest; the same each time until archive, settings or papers had change."""
    return choose(
        catalog,
        subscription.count,
        topics=subscription.topics,
        new_since=subscription.new_since,
        had=chats.seen(subscription.chat_id),
        finds=chats.finds(subscription.chat_id),
    )


def plan_find(chat_id: int, catalog: Catalog, chats: Chats, settings: Settings, now: datetime) -> bool:
    """Write what is to be told at once of what a chat's watches found; whether there is anything."""
    subscription = chats.subscription(chat_id)
    if subscription is None:
        return False
    finds = [find for find in chats.finds(chat_id) if find.watch.at_once]
    items = found(catalog, MAX_COUNT, had=chats.seen(chat_id), finds=finds)
    if not items:
        # All of it was had meanwhile, or has gone from the archive.
        chats.mark_told(finds)
        return False
    chats.plan_find(chat_id, local_date(now, zone_for(subscription, settings)), items, now)
    return True
