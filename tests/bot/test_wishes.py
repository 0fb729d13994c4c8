"""What readers type after /subscribe and /settings."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.times import NoSuchTime
from bot.wishes import Wishes, read_wishes


@pytest.mark.parametrize(
    ("typed", "wishes"),
    [
        ("", Wishes()),
        ("8:30", Wishes(time(8, 30))),
        ("8:30 agents, retrieval", Wishes(time(8, 30), None, ("agents", "retrieval"))),
        ("agents retrieval 7pm", Wishes(time(19), None, ("agents", "retrieval"))),
        ("RL for reasoning 8:30", Wishes(time(8, 30), None, ("rl-reasoning",))),
        ("8点半，智能体、综述", Wishes(time(8, 30), None, ("agents", "survey"))),
        ("8:30 New York agents", Wishes(time(8, 30), "America/New_York", ("agents",))),
        ("every day at 8:30 in Berlin", Wishes(time(8, 30), "Europe/Berlin")),
        ("UTC+8", Wishes(None, "Etc/GMT-8")),
        ("agents agents", Wishes(None, None, ("agents",))),
        ("8:30 all", Wishes(time(8, 30), None, ())),
        ("全部", Wishes(None, None, ())),
    ],
)
def test_times_zones_and_topics_are_understood_in_any_order(typed: str, wishes: Wishes) -> None:
    assert read_wishes(typed) == wishes


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [("tomorrow", "tomorrow"), ("8:30 agnets", "agnets"), ("agents, <b>", "<b>"), ("明天", "明天")],
)
def test_the_part_that_is_not_understood_is_named(typed: str, unknown: str) -> None:
    assert read_wishes(typed).unknown == unknown


@given(st.text(max_size=300))
def test_no_text_crashes_it(typed: str) -> None:
    try:
        read_wishes(typed)
    except NoSuchTime as error:
        assert error.args[0]
