"""Digests, settings, watches and saved papers as messages: ten papers fit, whatever they are called."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chats import MAX_COUNT, Item, Subscription, Watch
from bot.views import daily, moments, saved, watches
from bot.views import settings as settings_views
from bot.views.base import Voice
from bot.views.daily import Told
from bot.zones import common_places
from store import Highlight, Hit, Topic
from tests.bot.delivered import deliver
from tests.bot.test_views_properties import (
    arxiv_ids,
    hits,
    keys,
    optional_texts,
    spans,
    texts,
    voices,
)

pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")

ENGLISH, CHINESE, BOTH = Voice("en", "en"), Voice("zh", "zh"), Voice("zh", "both")
TUESDAY = date(2025, 6, 3)
NAMES = ("Counting Sheep with Language Models", "用语言模型数羊")


def make_told(**overrides: Any) -> Told:
    item = {"key": "2505-00001", "arxiv_id": "2505.00001", "title": NAMES[0], "why": "new"}
    values: dict[str, Any] = {
        "title_en": NAMES[0],
        "title_zh": NAMES[1],
        "result_en": Highlight("The model counts 90.5% of them.", ((17, 22),)),
        "result_zh": Highlight("模型数对了90.5%。", ((5, 10),)),
        **{name: value for name, value in overrides.items() if name not in item},
    }
    chosen = {**item, **{name: value for name, value in overrides.items() if name in (*item, "watch")}}
    values.pop("watch", None)
    return Told(Item(**chosen), **values)


def test_a_paper_has_titles_results_and_link_in_the_readers_languages() -> None:
    shown = deliver(daily.digest(TUESDAY, [make_told()], BOTH))
    assert shown.text == (
        "2025-06-03（星期二）的论文\n\n新收录\n1. 用语言模型数羊\nCounting Sheep with Language Models\n"
        "模型数对了90.5%。\nThe model counts 90.5% of them.\narXiv 2505.00001"
    )
    assert shown.marked("bold") == ["2025-06-03（星期二）的论文", "新收录", "用语言模型数羊", "90.5%", "90.5%"]
    assert shown.links() == {"arXiv 2505.00001": "https://arxiv.org/abs/2505.00001"}
    assert shown.buttons == [
        [("1", "p:2505-00001")],
        [("☆ 1", "v:2505-00001")],
        [("今天再来几篇", "m"), ("设置", "g:main")],
    ]


def test_who_reads_one_language_gets_its_line_alone() -> None:
    english = deliver(daily.digest(TUESDAY, [make_told()], ENGLISH)).text
    assert "The model counts" in english
    assert "模型数对了" not in english


def test_a_missing_language_is_said_and_the_other_one_shown() -> None:
    shown = deliver(daily.digest(TUESDAY, [make_told(result_en=None)], ENGLISH))
    assert "No English summary in the digests.\n模型数对了90.5%。" in shown.text


def test_papers_stand_under_what_brought_them() -> None:
    papers = [
        make_told(key="a", why="watch", watch="grpo"),
        make_told(key="b", why="watch", watch="grpo"),
        make_told(key="c", why="new"),
        make_told(key="d", why="archive"),
    ]
    shown = deliver(daily.digest(TUESDAY, papers, ENGLISH))
    headings = [text for text in shown.marked("bold") if text not in (*NAMES, "90.5%")]
    assert headings == [
        "Papers for Tuesday, 2025-06-03",
        "Found by your watch",
        "New in the archive",
        "From the archive",
    ]


def test_ten_papers_of_ordinary_length_are_shown_whole() -> None:
    told = make_told(
        title_en="A Paper Title of About the Length that Paper Titles Have Nowadays, with a Colon",
        title_zh="一个长度与如今论文标题差不多的中文标题，带有逗号",
        result_en=Highlight(
            "On three benchmarks it exceeds the strongest baseline by 12.5% at half the cost of training."
        ),
        result_zh=Highlight("在三个基准上比最强基线高12.5%，训练成本只有一半。"),
    )
    shown = deliver(daily.digest(TUESDAY, [told] * MAX_COUNT, BOTH))
    assert "…" not in shown.text
    assert shown.text.count("arXiv 2505.00001") == MAX_COUNT


def test_a_long_result_is_cut_around_its_figure() -> None:
    text = "In experiments with many kinds of sheep on many kinds of meadows in many countries over several years "
    told = make_told(
        result_en=Highlight(f"{text * 4}it counts 90.5% of them.", ((len(text) * 4 + 10, len(text) * 4 + 15),))
    )
    shown = deliver(daily.digest(TUESDAY, [told] * MAX_COUNT, ENGLISH))
    assert shown.text.count("90.5%") == MAX_COUNT


def test_a_moment_is_told_in_the_readers_zone() -> None:
    at = datetime(2025, 6, 3, 0, 30, tzinfo=UTC)
    assert moments.moment(at, ZoneInfo("Asia/Shanghai"), CHINESE) == "2025-06-03（星期二）08:30（北京时间）"
    assert moments.moment(at, ZoneInfo("America/New_York"), ENGLISH) == "Monday, 2025-06-02, 20:30 (New York time)"
    assert moments.moment(at, ZoneInfo("Etc/GMT-8"), ENGLISH) == "Tuesday, 2025-06-03, 08:30 (UTC+8)"


told = st.builds(
    Told,
    st.builds(
        Item,
        key=keys,
        arxiv_id=arxiv_ids,
        title=texts,
        why=st.sampled_from(["watch", "new", "archive"]),
        watch=optional_texts,
    ),
    optional_texts,
    optional_texts,
    st.none() | st.builds(Highlight, texts, spans),
    st.none() | st.builds(Highlight, texts, spans),
    st.booleans(),
)
deliveries = st.lists(told, max_size=MAX_COUNT) | told.map(lambda each: [each] * MAX_COUNT)
slow = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@slow
@given(deliveries, voices, st.sampled_from([None, "digest_test_bot"]))
def test_every_digest_can_be_sent(papers: list[Told], voice: Voice, channel_of: str | None) -> None:
    shown = deliver(daily.digest(TUESDAY, papers, voice, channel_of=channel_of))
    assert len(shown.buttons) >= bool(papers)
    deliver(daily.preview(papers, voice, moment=None, day=TUESDAY))
    if papers:
        deliver(daily.found(papers, voice, channel_of=channel_of))
        deliver(daily.more(papers, voice))


topics = st.lists(
    st.builds(Topic, slug=st.from_regex(r"[a-z0-9-]{1,24}", fullmatch=True), name_en=texts, name_zh=texts), max_size=30
)
subscriptions = st.builds(
    Subscription,
    chat_id=st.just(7),
    kind=st.just("private"),
    ui=st.sampled_from(["zh", "en"]),
    time=st.times(),
    zone=st.sampled_from([place.zone for place in common_places()]),
    new_since=st.just(datetime(2025, 6, 3, tzinfo=UTC)),
    topics=st.lists(st.from_regex(r"[a-z0-9-]{1,24}", fullmatch=True), max_size=30).map(tuple),
    count=st.integers(1, 10),
    weekdays_only=st.booleans(),
    paused_until=st.none() | st.just(datetime(2025, 6, 9, tzinfo=UTC)),
    next_due_at=st.none() | st.just(datetime(2025, 6, 10, tzinfo=UTC)),
)


@slow
@given(subscriptions, topics, voices, texts)
def test_every_settings_page_can_be_sent(
    subscription: Subscription, offered: list[Topic], voice: Voice, text: str
) -> None:
    zone = ZoneInfo(subscription.zone)
    deliver(settings_views.settings(subscription, zone, offered, voice, terminal=True))
    deliver(settings_views.subscribed(subscription, zone, offered, voice, terminal=True))
    for page in (settings_views.choose_time, settings_views.choose_zone, settings_views.choose_count):
        deliver(page(subscription, voice))
    deliver(settings_views.choose_topics(subscription, zone, offered, voice))
    deliver(settings_views.no_such_time(text, voice))
    deliver(settings_views.not_subscribable(text, ["agents"], voice))
    deliver(settings_views.not_settable(text, ["Europe/Berlin"], ["agents"], voice))


def test_any_time_of_day_may_stand_in_the_settings() -> None:
    subscription = Subscription(7, "private", "en", time(23, 59), "Asia/Shanghai", datetime(2025, 6, 3, tzinfo=UTC))
    shown = deliver(settings_views.settings(subscription, ZoneInfo("Asia/Shanghai"), [], ENGLISH, terminal=False))
    assert ("Time: 23:59", "g:time") in shown.buttons[0]


@slow
@given(st.lists(st.builds(Watch, st.integers(1, 2**40), st.just(7), texts, st.booleans()), max_size=20), voices)
def test_every_list_of_watches_can_be_sent(listed: list[Watch], voice: Voice) -> None:
    deliver(watches.watch_list(listed, voice))
    for watch in listed[:1]:
        deliver(watches.added(watch, voice, subscribed=False, terminal=True))


@slow
@given(st.lists(hits, min_size=1, max_size=5), st.integers(5, 500), st.integers(0, 3), voices)
def test_every_page_of_saved_papers_can_be_sent(kept: list[Hit], total: int, page: int, voice: Voice) -> None:
    deliver(saved.saved_page(kept, total, page, voice))
    deliver(saved.saved_page([], 0, 0, voice))
