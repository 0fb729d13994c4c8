"""What is new in the archive: what it never held before, under whatever key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chats import Chats
from bot.news import take_stock
from bot.planning import Catalog
from store import Archive, load
from tests.conftest import write_digests
from tests.digests import daily_digest, daily_entry, weekly_digest, weekly_entry

START = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
LATER = START + timedelta(days=1)

TakeStock = Callable[[dict[str, str], datetime], Catalog]


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    chats = Chats.open(tmp_path / "chats")
    yield chats
    chats.close()


@pytest.fixture
def take(chats: Chats, tmp_path: Path) -> TakeStock:
    """Loads the given digest files, and no others, and takes stock; into a new archive where ``folder`` is new."""

    def take(files: dict[str, str], now: datetime, folder: str = "data") -> Catalog:
        write_digests(tmp_path / "seeds", files)
        load(tmp_path / "seeds", tmp_path / folder)
        with Archive.open(tmp_path / folder) as archive:
            return take_stock(archive, chats, archive.generation, now)

    return take


def weekly(*numbers: int) -> str:
    return weekly_digest(*(weekly_entry(f"Sheep {number}", f"羊{number}", f"2505.0000{number}") for number in numbers))


def news(catalog: Catalog, since: datetime) -> set[str]:
    return {brief.key for brief in catalog.arrivals if brief.seen_at > since}


def test_what_is_there_at_the_first_start_is_no_news(take: TakeStock) -> None:
    assert news(take({"a.md": weekly(1, 2)}, START), START - timedelta(days=400)) == set()


def test_what_a_load_adds_is_new_from_then_on(take: TakeStock) -> None:
    take({"a.md": weekly(1)}, START)
    catalog = take({"a.md": weekly(1), "b.md": weekly(2)}, LATER)
    assert news(catalog, START) == {"2505-00002"}
    assert news(catalog, LATER) == set()
    # Taking stock again changes nothing.
    assert take({"a.md": weekly(1), "b.md": weekly(2)}, LATER + timedelta(days=1)).papers == catalog.papers


def test_an_archive_made_anew_brings_nothing_new(take: TakeStock) -> None:
    take({"a.md": weekly(1)}, START)
    before = take({"a.md": weekly(1), "b.md": weekly(2)}, LATER)
    anew = take({"a.md": weekly(1), "b.md": weekly(2)}, LATER + timedelta(days=1), folder="anew")  # type: ignore[call-arg]
    assert anew.papers == before.papers


def test_a_paper_that_gets_its_arxiv_id_is_the_one_it_was(take: TakeStock, chats: Chats) -> None:
    without = {"a.txt": daily_digest(daily_entry("Sheep 1"), date="2025-05-30")}
    [old] = take(without, START).papers
    catalog = take({**without, "b.md": weekly(1)}, LATER)
    assert list(catalog.papers) == ["2505-00001"]
    assert news(catalog, START) == set()
    assert catalog.current([old]) == {"2505-00001"}


def test_so_it_is_in_an_archive_that_knows_nothing_of_its_old_key(take: TakeStock) -> None:
    [old] = take({"a.txt": daily_digest(daily_entry("Sheep 1"), date="2025-05-30")}, START).papers
    catalog = take({"b.md": weekly(1)}, LATER, folder="anew")  # type: ignore[call-arg]
    assert news(catalog, START) == set()
    assert catalog.current([old]) == {"2505-00001"}


def test_watches_are_shown_what_is_new_once(take: TakeStock, chats: Chats) -> None:
    chats.add_watch(7, "sheep", at_once=False, now=START)
    chats.add_watch(7, "goats", at_once=False, now=START)
    take({"a.md": weekly(1)}, START)
    assert chats.finds(7) == []
    take({"a.md": weekly(1), "b.md": weekly(2)}, LATER)
    assert [(find.watch.words, find.key, find.title) for find in chats.finds(7)] == [("sheep", "2505-00002", "Sheep 2")]
    take({"a.md": weekly(1)}, LATER)
    take({"a.md": weekly(1), "b.md": weekly(2)}, LATER)
    assert len(chats.finds(7)) == 1
