"""The search language: how a query is read and why it may not be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.query import Filter, Query, QueryError, parse_query


@pytest.mark.parametrize(
    "text", ["GRPO", "Qwen2.5-7B pass@1", "R1: a study of sheep", "note-taking", '"unclosed phrase', "数羊 - 综述", ""]
)
def test_words_are_taken_as_they_are(text: str) -> None:
    assert parse_query(text) == Query(text)


def test_phrases_exclusions_and_filters_are_told_from_words() -> None:
    assert parse_query('sheep "exact phrase" wool -goat -"two goats" topic:agents author:Kong') == Query(
        "sheep wool",
        phrases=("exact phrase",),
        without=("goat", "two goats"),
        filters=(Filter("topic", "agents"), Filter("author", "Kong")),
    )


def test_chinese_words_and_full_width_signs_say_the_same() -> None:
    assert parse_query("数羊 “夜里 数羊” －山羊 主题：智能体 从:2025年5月 到：2025 作者：“Ada Wong” 有:代码") == Query(
        "数羊",
        phrases=("夜里 数羊",),
        without=("山羊",),
        filters=(
            Filter("topic", "agents"),
            Filter("from", "2025-05"),
            Filter("to", "2025"),
            Filter("author", "Ada Wong"),
            Filter("has", "代码"),
        ),
    )


def test_a_filter_can_say_what_is_not_wanted() -> None:
    assert parse_query("sheep -topic:survey -source:weekly").filters == (
        Filter("topic", "survey", wanted=False),
        Filter("source", "weekly", wanted=False),
    )


def test_a_topic_may_be_named_in_either_language() -> None:
    assert {parse_query(f"topic:{name}").filters for name in ("agents", "Agents", "智能体")} == {
        (Filter("topic", "agents"),)
    }


@pytest.mark.parametrize(
    ("text", "date"),
    [("2025", "2025"), ("2025-5", "2025-05"), ("2025/05", "2025-05"), ("2025-05-09", "2025-05-09"), ("2025年", "2025")],
)
def test_a_date_is_a_year_a_month_or_a_day(text: str, date: str) -> None:
    assert parse_query(f"from:{text}").filters == (Filter("from", date),)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("sheep topic:", "empty", "topic"),
        ("主题: ", "empty", "主题"),
        ("from:yesterday", "date", "yesterday"),
        ("from:2025-13", "date", "2025-13"),
        ("from:2025-06 to:2025-05", "range", "2025-06"),
        ("from:2025-06-02 to:2025", None, ""),
        ("topic:sheep", "topic", "sheep"),
        ("has:wool", "has", "wool"),
        ("id:sheep", "id", "sheep"),
        ("-sheep", "nothing", "-sheep"),
    ],
)
def test_a_query_that_cannot_be_understood_says_why(text: str, kind: str | None, value: str) -> None:
    if kind is None:
        assert parse_query(text).filters
        return
    with pytest.raises(QueryError) as raised:
        parse_query(text)
    assert (raised.value.kind, raised.value.value) == (kind, value)


def test_an_unknown_topic_comes_with_those_like_it() -> None:
    with pytest.raises(QueryError) as raised:
        parse_query("topic:agent5")
    assert "agents" in raised.value.near


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from('ab "“”:-：topic主题from20 25-羊'), max_size=30))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError as error:
        assert error.kind in ("empty", "date", "range", "topic", "has", "id", "nothing")
    else:
        assert query.is_plain or query.phrases or query.without or query.filters
