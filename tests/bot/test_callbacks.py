"""Callback data: packed short, parsed strictly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import (
    Bibtex,
    Callback,
    DigestPage,
    OpenPaper,
    RelatedPage,
    SearchPage,
    SetLanguage,
    TopicList,
    TopicPage,
    parse,
)

keys = st.from_regex(r"[A-Za-z0-9_-]{1,24}", fullmatch=True)
slugs = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
pages = st.integers(0, 9999)
months = st.dates().map(lambda day: f"{day:%Y-%m}".zfill(7))
days = st.dates().map(lambda day: day.isoformat())

callbacks = st.one_of(
    st.builds(OpenPaper, keys),
    st.builds(RelatedPage, keys, pages),
    st.builds(Bibtex, keys),
    st.builds(SearchPage, pages),
    st.builds(TopicPage, slugs, pages),
    st.just(TopicList()),
    st.builds(DigestPage, st.just("latest") | months | days, pages),
    st.builds(SetLanguage, st.sampled_from(["zh", "en", "both"])),
)


@given(callbacks)
def test_what_was_packed_is_parsed_to_the_same_within_64_bytes(callback: Callback) -> None:
    data = callback.pack()
    assert parse(data) == callback
    assert len(data.encode()) <= 64


@given(st.text() | st.from_regex(r"\A[prbstTdl](:[A-Za-z0-9_-]{0,40}){0,3}\Z"))
def test_whatever_is_parsed_packs_into_exactly_the_same_text(data: str) -> None:
    callback = parse(data)
    assert callback is None or callback.pack() == data


@pytest.mark.parametrize(
    ("callback", "data"),
    [
        (OpenPaper("2504-13837"), "p:2504-13837"),
        (RelatedPage("t0123456789ab", 3), "r:t0123456789ab:3"),
        (Bibtex("cs-0112017"), "b:cs-0112017"),
        (SearchPage(0), "s:0"),
        (TopicPage("rl-reasoning", 12), "t:rl-reasoning:12"),
        (TopicList(), "T"),
        (DigestPage("latest", 0), "d:latest:0"),
        (DigestPage("2025-05-30", 1), "d:2025-05-30:1"),
        (DigestPage("2025-05", 9999), "d:2025-05:9999"),
        (SetLanguage("both"), "l:both"),
    ],
)
def test_each_callback_has_one_spelling(callback: Callback, data: str) -> None:
    assert callback.pack() == data
    assert parse(data) == callback


@pytest.mark.parametrize(
    "data",
    [
        "",
        "p",
        "p:",
        "p:../../etc/passwd",
        "p:" + "a" * 25,
        "p:abc\n",
        "p:abc:0",
        "P:abc",
        " p:abc",
        "r:abc",
        "r:abc:",
        "r:abc:-1",
        "r:abc:01",
        "r:abc:10000",
        "r:abc:1.0",
        "r:abc:١",
        "s:+1",
        "s: 1",
        "t:Agents:0",
        "t:agents_:0",
        "T:",
        "T:0",
        "d:today:0",
        "d:2025:0",
        "d:2025-13:0",
        "d:2025-00-01:0",
        "d:2025-05-32:0",
        "d:２０２５-05:0",
        "l:fr",
        "l:",
        "x:1",
        "p:论文",
        "p:a:b:c:d",
    ],
)
def test_anything_else_is_no_callback(data: str) -> None:
    assert parse(data) is None


@pytest.mark.parametrize("data", [None, 7, b"p:abc", object()])
def test_what_is_no_text_is_no_callback(data: object) -> None:
    assert parse(data) is None


def test_a_callback_that_could_not_be_parsed_again_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="key cannot be 'a b'"):
        OpenPaper("a b")
    with pytest.raises(ValueError, match="page cannot be '10000'"):
        SearchPage(10_000)
