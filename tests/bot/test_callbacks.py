"""Callback data: packed short, parsed strictly."""

from __future__ import annotations

from typing import get_args
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.callbacks import (
    AskRemove,
    Bibtex,
    Callback,
    ChangeSetting,
    DigestPage,
    DiscardUpload,
    DropSaved,
    DropWatch,
    FilesPage,
    ForgetChat,
    KeepUpload,
    MarkAnswer,
    MoreToday,
    OpenPaper,
    RelatedPage,
    RemoveFile,
    SavedPage,
    SavePaper,
    SearchPage,
    SetLanguage,
    ShowSettings,
    TellAtOnce,
    TopicList,
    TopicPage,
    WatchList,
    parse,
)

keys = st.from_regex(r"[A-Za-z0-9_-]{1,24}", fullmatch=True)
slugs = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
pages = st.integers(0, 9999)
file_tags = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
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
    st.just(MoreToday()),
    st.builds(SavePaper, keys),
    st.builds(DropSaved, keys, pages),
    st.builds(SavedPage, pages),
    st.builds(ShowSettings, st.sampled_from(["main", "time", "zone", "count", "topics", "language"])),
    st.builds(ChangeSetting, st.just("time"), st.times().map(lambda clock: f"{clock:%H%M}")),
    st.builds(ChangeSetting, st.just("zone"), st.sampled_from(sorted(available_timezones()))),
    st.builds(ChangeSetting, st.just("count"), st.integers(1, 10).map(str)),
    st.builds(ChangeSetting, st.just("topic"), st.tuples(st.sampled_from("+-"), slugs).map("".join)),
    st.builds(ChangeSetting, st.sampled_from(["weekdays", "pause", "daily"]), st.sampled_from("01")),
    st.just(WatchList()),
    st.builds(DropWatch, st.integers(1, 2**53)),
    st.builds(TellAtOnce, st.integers(1, 2**53), st.integers(0, 1)),
    st.builds(KeepUpload, st.integers(1, 2**53), st.sampled_from(["new", "replace", "both"])),
    st.builds(DiscardUpload, st.integers(1, 2**53)),
    st.builds(FilesPage, pages),
    st.builds(AskRemove, file_tags),
    st.builds(RemoveFile, file_tags, st.from_regex(r"[0-9a-f]{8}", fullmatch=True), st.integers(0, 1)),
    st.builds(MarkAnswer, st.integers(0, 1)),
    st.builds(ForgetChat, st.integers(0, 1)),
)


@given(callbacks)
def test_what_was_packed_is_parsed_to_the_same_within_64_bytes(callback: Callback) -> None:
    data = callback.pack()
    assert parse(data) == callback
    assert len(data.encode()) <= 64


@given(st.text() | st.from_regex(r"\A[prbstTdlmvuagcwxikqfRyhz](:[A-Za-z0-9_+/-]{0,40}){0,3}\Z"))
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
        (MoreToday(), "m"),
        (SavePaper("2504-13837"), "v:2504-13837"),
        (DropSaved("2504-13837", 1), "u:2504-13837:1"),
        (SavedPage(2), "a:2"),
        (ShowSettings("zone"), "g:zone"),
        (ChangeSetting("time", "0830"), "c:time:0830"),
        (ChangeSetting("zone", "America/Argentina/Buenos_Aires"), "c:zone:America/Argentina/Buenos_Aires"),
        (ChangeSetting("topic", "+rl-reasoning"), "c:topic:+rl-reasoning"),
        (WatchList(), "w"),
        (DropWatch(12), "x:12"),
        (TellAtOnce(12, 1), "i:12:1"),
        (KeepUpload(12, "both"), "k:12:both"),
        (DiscardUpload(12), "q:12"),
        (FilesPage(2), "f:2"),
        (AskRemove("0123456789abcdef"), "R:0123456789abcdef"),
        (RemoveFile("0123456789abcdef", "89abcdef", 1), "y:0123456789abcdef:89abcdef:1"),
        (MarkAnswer(0), "h:0"),
        (ForgetChat(1), "z:1"),
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
        "y:1",
        "x:0",
        "x:01",
        "i:1:2",
        "k:0:new",
        "k:1:all",
        "k:1",
        "q:-1",
        "f:01",
        "R:june.md",
        "R:0123456789ABCDEF",
        "y:0123456789abcdef:1",
        "y:0123456789abcdef:89abcdef:2",
        "v:",
        "g:all",
        "c:time:2400",
        "c:time:8:30",
        "c:count:0",
        "c:count:11",
        "c:topic:agents",
        "c:zone:Europe Berlin",
        "c:weekdays:2",
        "c:nonsense:1",
        "m:1",
        "h:2",
        "z:01",
        "p:论文",
        "p:a:b:c:d",
    ],
)
def test_anything_else_is_no_callback(data: str) -> None:
    assert parse(data) is None


def test_no_two_kinds_share_a_prefix() -> None:
    assert len({kind.prefix for kind in get_args(Callback)}) == len(get_args(Callback))


@pytest.mark.parametrize("data", [None, 7, b"p:abc", object()])
def test_what_is_no_text_is_no_callback(data: object) -> None:
    assert parse(data) is None


def test_a_callback_that_could_not_be_parsed_again_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="key cannot be 'a b'"):
        OpenPaper("a b")
    with pytest.raises(ValueError, match="page cannot be '10000'"):
        SearchPage(10_000)
