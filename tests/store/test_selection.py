"""Which papers a query of the search language lists."""

from __future__ import annotations

import pytest

from store import Archive, QueryError
from tests.digests import daily_digest, daily_entry, weekly_digest, weekly_entry
from tests.store.conftest import MakeArchive

FILES = {
    "2025-06-weekly.md": weekly_digest(
        weekly_entry(
            "Counting Sheep at Night",
            "夜间数羊",
            "2505.00001",
            "夜里数羊，准确率很高。\n\n代码：https://github.com/x/sheep",
        ),
        weekly_entry("Counting Goats", "数山羊", "2504.00002", "白天数山羊，不数绵羊。"),
        weekly_entry("Night Shearing: A Survey", "夜间剪毛综述", "2506.00003", "综述夜间剪毛。"),
    ),
    "2025-07-01-daily.txt": daily_digest(
        daily_entry("Milking Cows", "Ada Wong, Bo Kong", "We milk cows at night.", "我们夜里挤奶。", ()),
        date="2025-07-01",
    ),
}


@pytest.fixture
def archive(make_archive: MakeArchive) -> Archive:
    return make_archive(FILES)


def listed(archive: Archive, query: str) -> set[str]:
    return {hit.title_en or "" for hit in archive.search(query).hits}


SHEEP, GOATS, SURVEY, COWS = (
    "Counting Sheep at Night", "Counting Goats", "Night Shearing: A Survey", "Milking Cows",
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("counting", {SHEEP, GOATS}),
        ("counting -goats", {SHEEP}),
        ("counting -山羊", {SHEEP}),
        ('"sheep at night"', {SHEEP}),
        ('"at sheep night"', set()),
        ('"sheep at-night"', {SHEEP}),
        ("“夜里数羊”", {SHEEP}),
        ('night -"counting sheep"', {SURVEY, COWS}),
        ("has:code", {SHEEP}),
        ("night has:code", {SHEEP}),
        ("night -has:code", {SURVEY, COWS}),
        ("author:kong", {COWS}),
        ("author:wo%g", set()),
        ("id:2504", {GOATS}),
        ("source:daily", {COWS}),
        ("source:2025-06", {SHEEP, GOATS, SURVEY}),
        ("from:2025-06", {SURVEY, COWS}),
        ("to:2025-05", {SHEEP, GOATS}),
        ("from:2025-05 to:2025-05", {SHEEP}),
        ("from:2025-07-02", set()),
        ("from:2025", {SHEEP, GOATS, SURVEY, COWS}),
    ],
)
def test_a_query_lists_the_papers_that_fit_all_of_it(archive: Archive, query: str, titles: set[str]) -> None:
    assert listed(archive, query) == titles


@pytest.mark.parametrize("phrase", ['"self-play"', '"self play"', '"Self-play of goats"', '"self play of"'])
def test_a_hyphen_in_a_phrase_is_a_blank(make_archive: MakeArchive, phrase: str) -> None:
    entries = (
        weekly_entry("Self-Play of Goats", "山羊自我对弈", "2505.00011", "山羊学下棋。"),
        weekly_entry("Self Play of Sheep", "绵羊自我对弈", "2505.00012", "绵羊学下棋。"),
        weekly_entry("Play by Oneself", "独自玩耍", "2505.00013", "牛自己玩。"),
    )
    archive = make_archive({"2025-05-weekly.md": weekly_digest(*entries)})
    both = {"Self-Play of Goats", "Self Play of Sheep"}
    assert listed(archive, phrase) == ({"Self-Play of Goats"} if "goats" in phrase else both)


def test_a_topic_is_a_filter(archive: Archive) -> None:
    surveys = {topic.slug: topic.papers for topic in archive.topics()}["survey"]
    assert [hit.key for hit in archive.search("topic:综述").hits] == list(surveys) == ["2506-00003"]


def test_filters_alone_list_the_newest_first_with_how_they_begin(archive: Archive) -> None:
    hits = archive.search("to:2025-06").hits
    assert [hit.key for hit in hits] == ["2506-00003", "2505-00001", "2504-00002"]
    assert hits[2].snippet == "白天数山羊，不数绵羊。"


def test_pages_of_a_filtered_list_follow_one_another(archive: Archive) -> None:
    whole = archive.search("from:2025")
    pages = [archive.search("from:2025", limit=3, offset=offset).hits for offset in (0, 3)]
    assert (whole.total, pages[0] + pages[1]) == (4, whole.hits)


def test_a_query_that_cannot_be_understood_is_refused(archive: Archive) -> None:
    with pytest.raises(QueryError):
        archive.search("from:soon")


def test_nothing_asked_for_is_nothing_found(archive: Archive) -> None:
    assert (archive.search("").total, archive.search("？！").total) == (0, 0)
