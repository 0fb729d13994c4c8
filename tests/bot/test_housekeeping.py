"""What is kept for a time goes when that is over, a little at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import build_application
from bot.chats import CHATS_FILE, Chats, Item, Plan
from bot.chats.forgetting import BATCH
from bot.housekeeping import FIRST, INTERVAL, keep_house
from bot.pace import AtOnce
from bot.readers import default_subscription
from bot.settings import Settings
from store import Archive
from tests.conftest import RunningBot
from tests.telegram import StandIn

NOW = datetime(2025, 6, 2, 12, 0, tzinfo=UTC)
TODAY = date(2025, 6, 2)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    chats = Chats.open(tmp_path)
    for chat_id in (7, 8):
        chats.keep_subscription(default_subscription(chat_id, "private", "en", Settings(_env_file=None), NOW))
    yield chats
    chats.close()


def deliver(chats: Chats, day: date, at: datetime, state: str = "sent") -> None:
    """A digest of that day, in that state since then."""
    chats.plan([Plan(7, at, day, at, (Item(key="a", why="new"),))], at)
    delivery = chats.digest_of(7, day)
    assert delivery is not None
    if state != "planned":
        chats.begin(delivery.id, at)
    if state == "sent":
        chats.was_sent(delivery.id, 1, at)
    elif state == "unknown":
        chats.is_unknown(delivery.id, "timed out", at)


def test_deliveries_go_after_a_year_unless_they_are_still_to_be_sent(chats: Chats) -> None:
    year = timedelta(days=365)
    deliver(chats, TODAY - DAY, NOW - year + SECOND)
    deliver(chats, TODAY - 2 * DAY, NOW - year)
    deliver(chats, TODAY - 3 * DAY, NOW - 2 * year, "unknown")
    deliver(chats, TODAY - 4 * DAY, NOW - 2 * year, "planned")
    deliver(chats, TODAY - 5 * DAY, NOW - 2 * year, "sending")
    assert chats.prune(NOW) == 2
    assert [each.local_date for each in chats.deliveries(7)] == [TODAY - days * DAY for days in (1, 4, 5)]
    assert chats.seen(7) == {"a"}  # what a chat has had is not forgotten with it


def test_marks_go_after_a_year(chats: Chats) -> None:
    for message_id, days in enumerate((0, 364, 365, 400)):
        chats.mark(7, message_id, good=True, today=TODAY - days * DAY)
    assert chats.prune(NOW) == 2
    assert chats.marks_after(date.min).good == 2


def test_questions_and_errors_go_after_30_days(chats: Chats) -> None:
    for days in (0, 29, 30, 100):
        chats.note_unanswered(f"Why {days}?", TODAY - days * DAY)
        chats.note_failure("ValueError in search", "0badcafe", TODAY - days * DAY)
        chats.may_notify(f"kind {days}", NOW - days * DAY, SECOND)
    assert chats.prune(NOW) == 6
    assert [each.question for each in chats.unanswered_after(date.min)] == ["Why 0?", "Why 29?"]
    assert [bool(chats.failures(TODAY - days * DAY)) for days in (0, 29, 30, 100)] == [True, True, False, False]
    assert [chats.may_notify(f"kind {days}", NOW, 50 * DAY) for days in (0, 29, 30, 100)] == [False, False, True, True]


def test_where_questions_are_not_to_be_kept_all_go(chats: Chats) -> None:
    chats.note_unanswered("Why?", TODAY)
    assert chats.prune(NOW, keep_unanswered=False) == 1
    assert chats.unanswered_after(date.min) == []


def test_the_paper_spoken_of_goes_after_half_an_hour(chats: Chats) -> None:
    chats.remember_paper(7, "a", NOW - timedelta(minutes=30))
    chats.remember_paper(8, "a", NOW - timedelta(minutes=30) - SECOND)
    assert chats.prune(NOW) == 1
    assert [chats.kept_of(chat_id).spoken_of for chat_id in (7, 8)] == [1, 0]


def test_what_has_no_end_stays(chats: Chats) -> None:
    chats.came(7, TODAY - 1000 * DAY)
    chats.add_watch(7, "sheep", at_once=False, now=NOW - 1000 * DAY)
    assert chats.prune(NOW) == 0
    assert (len(chats.watches(7)), chats.readers(TODAY).people) == (1, 2)


def test_days_are_those_of_the_bots_time_zone(chats: Chats) -> None:
    shanghai = Settings(_env_file=None).timezone
    chats.note_unanswered("Why?", date(2025, 5, 4))
    before_midnight = datetime(2025, 6, 2, 15, 59, tzinfo=UTC).astimezone(shanghai)
    assert chats.prune(before_midnight) == 0
    assert chats.prune(before_midnight + timedelta(minutes=1)) == 1


def test_others_may_write_between_two_batches(chats: Chats, tmp_path: Path) -> None:
    for message_id in range(3 * BATCH):
        chats.mark(7, message_id, good=True, today=TODAY - 400 * DAY)
    left = []
    with closing(sqlite3.connect(tmp_path / CHATS_FILE)) as other:
        # Whenever a batch is committed, whoever else looks sees it, and the file is free.
        chats._database.conn.set_trace_callback(
            lambda statement: (
                left.append(other.execute("SELECT count(*) FROM marks").fetchone()[0])
                if statement == "BEGIN IMMEDIATE"
                else None
            )
        )
        assert chats.prune(NOW) == 3 * BATCH
        chats._database.conn.set_trace_callback(None)
    assert {3 * BATCH, 2 * BATCH, BATCH, 0} == set(left)


async def test_uploads_that_nobody_kept_go_with_the_rest(own_bot: RunningBot) -> None:
    services = own_bot.services
    services.chats_.begin_upload(99, None, own_bot.clock.time)
    services.chats_.note_unanswered("Why?", TODAY)
    own_bot.clock.time += timedelta(hours=23)
    await keep_house(services)
    assert len(services.chats_.uploads()) == 1
    own_bot.clock.time += timedelta(days=30)
    await keep_house(services)
    assert services.chats_.uploads() == []
    assert services.chats_.unanswered_after(date.min) == []


async def test_switching_questions_off_deletes_them(own_bot: RunningBot) -> None:
    services = own_bot.services
    services.chats_.note_unanswered("Why?", TODAY)
    services.settings = services.settings.model_copy(update={"keep_unanswered": False})
    await keep_house(services)
    assert services.chats_.unanswered_after(date.min) == []


@pytest.mark.parametrize("delivers", [True, False])
async def test_only_the_process_that_delivers_keeps_house(
    stand_in: StandIn, sheep: Path, tmp_path: Path, delivers: bool
) -> None:
    with closing(Chats.open(tmp_path)) as chats, Archive.open(sheep) as archive:
        application = build_application(
            Settings(_env_file=None),
            archive,
            chats,
            token=stand_in.token,
            request=stand_in.request(),
            get_updates_request=stand_in.request(),
            pace=AtOnce(),
            delivers=delivers,
            now=lambda: NOW,
        )
        assert application.job_queue is not None
        jobs = application.job_queue.get_jobs_by_name("housekeeping")
        assert len(jobs) == int(delivers)
        for job in jobs:
            assert job.job.trigger.interval.total_seconds() == INTERVAL == 3600
            first = job.job.trigger.start_date - datetime.now(UTC)
            assert FIRST - 10 < first.total_seconds() <= FIRST == 60
            chats.mark(7, 1, good=True, today=TODAY - 400 * DAY)
            await job.run(application)
            assert chats.marks_after(date.min) == (0, 0)
