"""Which papers a digest holds: found by watches, new, or from the archive; never one twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.chats import Find, Watch
from bot.planning import Brief, Catalog, choose

START = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
LATER = START + timedelta(days=1)


def make_brief(key: str, **overrides: Any) -> Brief:
    values: dict[str, Any] = {
        "key": key,
        "arxiv_id": None,
        "title": f"Paper {key}",
        "topics": ("agents",),
        "published": "2025-05",
        "seen_at": START,
    }
    return Brief(**{**values, **overrides})


def make_find(key: str, words: str = "sheep", watch_id: int = 1) -> Find:
    return Find(Watch(watch_id, 7, words, at_once=False), key, None, f"Paper {key}")


def chosen(catalog: Catalog, count: int = 3, **options: Any) -> list[str]:
    return [item.key for item in choose(catalog, count, **{"new_since": START, **options})]


def test_what_is_new_comes_first_and_newest_first() -> None:
    catalog = Catalog.of(
        1,
        [
            make_brief("old", published="2025-06"),
            make_brief("new-a", published="2025-04", seen_at=LATER),
            make_brief("new-b", published="2025-05", seen_at=LATER),
        ],
    )
    items = choose(catalog, 3, new_since=START)
    assert [(item.key, item.why) for item in items] == [("new-b", "new"), ("new-a", "new"), ("old", "archive")]


def test_topics_hold_for_what_is_new_and_for_the_archive() -> None:
    catalog = Catalog.of(
        1,
        [
            make_brief("video", topics=("video",), seen_at=LATER),
            make_brief("agents", seen_at=LATER),
            make_brief("both", topics=("video", "agents")),
            make_brief("none", topics=()),
        ],
    )
    assert chosen(catalog, topics=("agents",)) == ["agents", "both"]
    assert chosen(catalog, 10) == ["video", "agents", "none", "both"]


def test_what_a_watch_found_leads_under_its_watch_whatever_its_topic() -> None:
    catalog = Catalog.of(
        1, [make_brief(key, topics=("video",), seen_at=LATER) for key in "abcd"] + [make_brief("new", seen_at=LATER)]
    )
    finds = [make_find("a"), make_find("b", "dogs", 2), make_find("c"), make_find("a", "dogs", 2)]
    items = choose(catalog, 5, topics=("agents",), new_since=START, finds=finds)
    assert [(item.key, item.why, item.watch) for item in items] == [
        ("a", "watch", "sheep"),
        ("c", "watch", "sheep"),
        ("b", "watch", "dogs"),
        ("new", "new", None),
    ]


def test_more_finds_than_a_digest_holds_wait_for_the_next() -> None:
    catalog = Catalog.of(1, [make_brief(key, seen_at=LATER) for key in "abc"])
    finds = [make_find("a"), make_find("b"), make_find("c")]
    assert chosen(catalog, 2, finds=finds) == ["a", "b"]
    assert chosen(catalog, 2, finds=finds[2:], had={"a", "b"}) == ["c"]


def test_the_archive_is_gone_through_topic_by_topic_and_in_each_newest_first() -> None:
    catalog = Catalog.of(
        1,
        [
            make_brief("a1", published="2025-05"),
            make_brief("a2", published="2025-04"),
            make_brief("a3", published="2025-03"),
            make_brief("v1", topics=("video",), published="2025-02"),
            make_brief("v2", topics=("video",), published="2025-01"),
            make_brief("s1", topics=("speech",), published="2024-12"),
        ],
    )
    assert chosen(catalog, 6) == ["a1", "v1", "s1", "a2", "v2", "a3"]


def test_no_paper_comes_twice_until_none_is_left() -> None:
    catalog = Catalog.of(1, [make_brief(f"{number}") for number in range(7)])
    had: set[str] = set()
    digests = []
    while digest := chosen(catalog, 3, had=had):
        digests.append(digest)
        had.update(digest)
    assert [len(digest) for digest in digests] == [3, 3, 1]
    assert len(had) == 7


def test_a_paper_had_under_an_earlier_key_is_not_sent_again() -> None:
    catalog = Catalog.of(1, [make_brief("2505-00001", seen_at=LATER)], {"t0123456789ab": "2505-00001"})
    assert chosen(catalog, had={"t0123456789ab"}, finds=[make_find("t0123456789ab")]) == []
    assert chosen(catalog, finds=[make_find("t0123456789ab")]) == ["2505-00001"]


def test_a_find_that_has_gone_from_the_archive_is_passed_over() -> None:
    assert chosen(Catalog.of(1, [make_brief("a")]), finds=[make_find("gone")]) == ["a"]


briefs = st.lists(
    st.builds(
        make_brief,
        st.text("abcdef", min_size=1, max_size=3),
        topics=st.lists(st.sampled_from(["agents", "video", "speech"]), unique=True, max_size=2).map(tuple),
        published=st.sampled_from(["2025-04", "2025-05", "2025-06-02"]),
        seen_at=st.sampled_from([START, LATER]),
    ),
    max_size=12,
    unique_by=lambda brief: brief.key,
)


@given(briefs, st.integers(1, 10), st.sets(st.sampled_from(["agents", "video"])), st.randoms())
def test_the_choice_depends_on_nothing_but_the_papers(
    papers: list[Brief], count: int, topics: set[str], random: Any
) -> None:
    first = choose(Catalog.of(1, papers), count, topics=topics, new_since=START)
    random.shuffle(papers)
    assert choose(Catalog.of(2, papers), count, topics=topics, new_since=START) == first
    fitting = [paper for paper in papers if not topics or topics & set(paper.topics)]
    assert len(first) == len({item.key for item in first}) == min(count, len(fitting))
