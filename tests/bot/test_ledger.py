"""chats.db as the deliveries see it: the ledger's states."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.chats import CHATS_FILE, Chats, Find, Item, KnownPaper, Plan, SavedPaper, Subscription

DUE = datetime(2025, 6, 3, 0, 30, tzinfo=UTC)
TOMORROW = DUE + timedelta(days=1)
TUESDAY = date(2025, 6, 3)
SUBSCRIPTION = Subscription(
    chat_id=7,
    kind="private",
    ui="zh",
    time=time(8, 30),
    zone="Asia/Shanghai",
    new_since=DUE - timedelta(days=1),
    next_due_at=DUE,
)
ITEM = Item(key="2505-00001", arxiv_id="2505.00001", title="Counting Sheep", why="new")


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    chats = Chats.open(tmp_path)
    chats.keep_subscription(SUBSCRIPTION)
    yield chats
    chats.close()


def planned(chats: Chats, *items: Item) -> int:
    """Plans Tuesday's digest; gives its number."""
    chats.plan([Plan(7, TOMORROW, TUESDAY, DUE, items)], DUE)
    delivery = chats.digest_of(7, TUESDAY)
    assert delivery is not None
    return delivery.id


def test_settings_come_back_as_they_were_kept(chats: Chats) -> None:
    changed = replace(
        SUBSCRIPTION,
        topics=("agents", "survey"),
        count=10,
        weekdays_only=True,
        paused_until=TOMORROW,
        quiet=True,
        strikes=2,
    )
    chats.keep_subscription(changed)
    assert chats.subscription(7) == changed
    chats.choose_language(7, "en")
    assert chats.subscription(7) == replace(changed, language="en")
    assert chats.subscription(8) is None


def test_due_are_those_whose_time_has_come_the_longest_waiting_first(chats: Chats) -> None:
    chats.keep_subscription(replace(SUBSCRIPTION, chat_id=8, next_due_at=DUE - timedelta(hours=1)))
    chats.keep_subscription(replace(SUBSCRIPTION, chat_id=9, next_due_at=None))
    chats.keep_subscription(replace(SUBSCRIPTION, chat_id=10, next_due_at=TOMORROW))
    assert [each.chat_id for each in chats.due(DUE, 10)] == [8, 7]
    assert [each.chat_id for each in chats.due(DUE, 10, without=8)] == [7]
    assert [each.chat_id for each in chats.due(DUE, 1)] == [8]


def test_a_plan_is_made_once_a_date(chats: Chats) -> None:
    first = planned(chats, ITEM)
    assert planned(chats) == first
    [delivery] = chats.deliveries(7)
    assert (delivery.state, delivery.items) == ("planned", (ITEM,))


def test_a_plan_moves_the_next_due_time_and_what_counts_as_new(chats: Chats) -> None:
    planned(chats, ITEM)
    kept = chats.subscription(7)
    assert kept is not None
    assert (kept.next_due_at, kept.new_since, kept.quiet) == (TOMORROW, DUE, False)


def test_what_was_sent_has_a_number_and_its_papers_are_had(chats: Chats) -> None:
    number = planned(chats, ITEM)
    assert chats.seen(7) == {ITEM.key}  # on its way
    assert chats.begin(number, DUE)
    chats.was_sent(number, 42, DUE)
    [delivery] = chats.deliveries(7)
    assert (delivery.state, delivery.message_id, delivery.tries) == ("sent", 42, 1)
    assert chats.seen(7) == {ITEM.key}


def test_it_begins_once_and_not_before_its_time(chats: Chats) -> None:
    number = planned(chats, ITEM)
    assert not chats.begin(number, DUE - timedelta(seconds=1))
    assert chats.begin(number, DUE)
    assert not chats.begin(number, DUE)


def test_what_failed_was_not_had_and_its_date_may_be_planned_again(chats: Chats) -> None:
    number = planned(chats, ITEM)
    chats.begin(number, DUE)
    chats.will_not_go(number, "failed", "blocked", DUE)
    assert chats.seen(7) == set()
    assert chats.dates_taken(7) == set()
    assert planned(chats, ITEM) == number
    assert chats.dates_taken(7) == {TUESDAY}


def test_after_a_crash_what_was_being_sent_is_unknown_and_had(chats: Chats) -> None:
    number = planned(chats, ITEM)
    chats.begin(number, DUE)
    assert chats.recover(TOMORROW) == 1
    assert chats.recover(TOMORROW) == 0
    [delivery] = chats.deliveries(7)
    assert (delivery.state, delivery.reason) == ("unknown", "the bot ended while it was being sent")
    assert chats.seen(7) == {ITEM.key}
    assert planned(chats, ITEM) == number
    assert chats.deliveries(7)[0].state == "unknown"


def test_states_are_counted(chats: Chats) -> None:
    number = planned(chats, ITEM)
    assert chats.count_deliveries(DUE) == {"planned": 1}
    chats.begin(number, TOMORROW)
    chats.is_unknown(number, "timed out", TOMORROW)
    assert chats.count_deliveries(DUE) == {"unknown": 1}
    assert chats.count_deliveries(TOMORROW + timedelta(seconds=1)) == {}
    assert chats.count_subscribed() == 1


def test_all_that_is_kept_of_a_group_goes_with_it_to_its_new_id(chats: Chats) -> None:
    planned(chats, ITEM)
    watch = chats.add_watch(7, "sheep", at_once=True, now=DUE)
    chats.record_news([KnownPaper("a", None, "A", DUE)], [Find(watch, "a", None, "A")], DUE)
    chats.save(7, SavedPaper("b", None, "B"), DUE)
    chats.mark_seen(7, ["c"])
    # By the time Telegram tells, the new group may have something of its own.
    chats.keep_subscription(replace(SUBSCRIPTION, chat_id=-100))
    chats.move(7, -100)
    chats.move(7, -100)  # Telegram says it more than once
    assert chats.subscription(7) is None
    assert [each.local_date for each in chats.deliveries(-100)] == [TUESDAY]
    assert [each.words for each in chats.watches(-100)] == ["sheep"]
    assert [each.key for each in chats.finds(-100)] == ["a"]
    assert [each.key for each in chats.saved(-100)] == ["b"]
    assert chats.seen(-100) == {"c", ITEM.key}
    moved = chats.subscription(-100)
    assert moved is not None
    assert moved.kind == "supergroup"


def test_what_stands_in_the_ledger_names_its_papers_for_itself(chats: Chats, tmp_path: Path) -> None:
    planned(chats, ITEM)
    connection = sqlite3.connect(tmp_path / CHATS_FILE)
    [(papers,)] = connection.execute("SELECT papers FROM deliveries")
    connection.close()
    assert papers == (
        '[{"key": "2505-00001", "arxiv_id": "2505.00001", "title": "Counting Sheep", "why": "new", "watch": null}]'
    )


def test_a_transaction_that_breaks_leaves_nothing(chats: Chats) -> None:
    never = Plan(7, None, TUESDAY + timedelta(days=1), DUE, (ITEM,))  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        chats.plan([Plan(7, TOMORROW, TUESDAY, DUE, (ITEM,)), never], DUE)
    assert chats.deliveries(7) == []
    assert chats.subscription(7) == SUBSCRIPTION


def test_a_chat_forgotten_before_its_turn_is_passed_over(chats: Chats) -> None:
    chats.keep_subscription(replace(SUBSCRIPTION, chat_id=8))
    chats.forget(7)
    chats.choose_language(7, "en")  # it speaks to the bot again
    chats.plan([Plan(7, TOMORROW, TUESDAY, DUE, (ITEM,)), Plan(8, TOMORROW, TUESDAY, DUE, (ITEM,))], DUE)
    chats.plan_find(7, TUESDAY, (ITEM,), DUE)
    assert chats.deliveries(7) == chats.deliveries(7, "find") == []
    assert [each.state for each in chats.deliveries(8)] == ["planned"]


def test_the_words_of_a_dropped_watch_leave_the_ledger_too(chats: Chats) -> None:
    words = "sheep \"in 'clover'\" -wolf"
    dropped, kept = (chats.add_watch(7, each, at_once=False, now=DUE) for each in (words, "goats"))
    other = Item(key="2505-00002", why="watch", watch="goats")
    planned(chats, ITEM.model_copy(update={"why": "watch", "watch": words}), other, ITEM)
    chats.keep_subscription(replace(SUBSCRIPTION, chat_id=8))
    chats.plan([Plan(8, TOMORROW, TUESDAY, DUE, (other.model_copy(update={"watch": words}),))], DUE)
    assert not chats.drop_watch(8, dropped.id)
    assert chats.drop_watch(7, dropped.id)
    assert not chats.drop_watch(7, dropped.id)
    [delivery] = chats.deliveries(7)
    assert delivery.items == (ITEM, other, ITEM)
    [others] = chats.deliveries(8)
    assert others.items[0].watch == words  # what another chat wrote is its own
    assert [watch.id for watch in chats.watches(7)] == [kept.id]
