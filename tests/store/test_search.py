"""Ranking: how a query is read into weighted terms, and what comes first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import Archive
from store.search import MAX_QUERY, Searcher, has_words
from tests.digests import weekly_digest, weekly_entry
from tests.store.conftest import MakeArchive

FILES = {
    "a.md": weekly_digest(
        weekly_entry("SheepNet: Counting Sheep", "绵羊网：数羊", "2505.00001", "我们用强化学习数羊，准确率90.5%。"),
        weekly_entry("Herding", "放牧", "2505.00002", "放牧时会遇到绵羊网、山羊和奶牛，羊毛很多。"),
        weekly_entry("Milk", "牛奶", "2505.00003", "挤奶机器人每天挤奶，模型有13亿参数。"),
        weekly_entry("Overthinking Cows", "想太多的奶牛", "2505.00004", "奶牛过度思考，于是不产奶。"),
    )
}


@contextmanager
def searching(archive: Archive) -> Iterator[Searcher]:
    with archive.library() as library:
        yield library.searcher


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("sheepnet", "2505-00001"),
        ("绵羊网", "2505-00001"),
        ("羊毛", "2505-00002"),
        ("RL for counting", "2505-00001"),
        ("1.3B parameters", "2505-00003"),
        ("think too much", "2505-00004"),
        ("強化學習", "2505-00001"),
        ("milking robots", "2505-00003"),
    ],
)
def test_the_paper_that_is_meant_comes_first(make_archive: MakeArchive, query: str, key: str) -> None:
    assert make_archive(FILES).search(query).hits[0].key == key


def test_a_word_in_a_title_counts_more_than_one_in_the_text(make_archive: MakeArchive) -> None:
    files = {
        "a.md": weekly_digest(
            weekly_entry("Wool", "羊毛", "2505.00001", "这里说的是别的东西，和它无关，说得也不多。"),
            weekly_entry("Other", "其他", "2505.00002", "这里说的是羊毛，和它有关，说得也不多呀。"),
            *(weekly_entry(f"Cow {n}", f"奶牛{n}", f"2505.0001{n}", "这里什么也没有说。") for n in range(5)),
        )
    }
    assert [hit.key for hit in make_archive(files).search("羊毛").hits] == ["2505-00001", "2505-00002"]


def test_the_querys_own_words_are_told_from_what_stands_for_them(make_archive: MakeArchive) -> None:
    with searching(make_archive(FILES)) as searcher:
        query = searcher.read("overthinking zebras")
    assert set(query.own) == {"overthink", "zebra"}
    assert query.own["overthink"] > 0 == query.own["zebra"]
    assert query.widened["§overthinking"] > 0
    assert "zebra" not in query.weights


def test_a_query_that_shares_nothing_finds_nothing(make_archive: MakeArchive) -> None:
    with searching(make_archive(FILES)) as searcher:
        assert searcher.rank("zebras quagga", 10).papers == []


def test_papers_outside_the_mask_are_left_out(make_archive: MakeArchive) -> None:
    with make_archive(FILES).library() as library:
        every = library.searcher.rank("奶牛", 10).papers
        mask = library.index.mask(library.index.ids.tolist()[:2])
        some = library.searcher.rank("奶牛", 10, mask).papers
    assert sorted(each.key for each in every) == ["2505-00002", "2505-00004"]
    assert [each.key for each in some] == ["2505-00002"]


def test_a_word_that_half_of_a_small_archive_has_is_known_all_the_same(make_archive: MakeArchive) -> None:
    with searching(make_archive(FILES)) as searcher:
        assert searcher.read("奶牛").own["奶牛"] > 0


def test_only_the_beginning_of_a_long_text_is_read(make_archive: MakeArchive) -> None:
    with searching(make_archive(FILES)) as searcher:
        assert searcher.read("羊毛" + " " * MAX_QUERY + "牛奶").own.keys() == {"羊毛"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.sampled_from("绵羊网牛奶sheepN 13亿-B.?§R1"), max_size=30))
def test_any_query_ranks_each_paper_once_best_first(make_archive: MakeArchive, query: str) -> None:
    with searching(make_archive(FILES)) as searcher:
        ranked = searcher.rank(query, 3).papers
    assert len({each.key for each in ranked}) == len(ranked) <= 3
    assert ranked == sorted(ranked, key=lambda each: (-each.score, each.key))


@pytest.mark.parametrize(("text", "has"), [("羊", True), ("7", True), ("?!", False), ("", False), ("🐑", False)])
def test_a_text_with_a_letter_or_a_digit_has_words(text: str, has: bool) -> None:
    assert has_words(text) is has
