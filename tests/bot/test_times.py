"""Times of day as readers type them."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.times import NoSuchTime, split_time


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8:30", "08:30"),
        ("08：30", "08:30"),
        ("０８：３０", "08:30"),
        ("0830", "08:30"),
        ("20.30", "20:30"),
        ("8h30", "08:30"),
        ("8", "08:00"),
        ("8:30pm", "20:30"),
        ("8:30 P.M.", "20:30"),
        ("8 am", "08:00"),
        ("12am", "00:00"),
        ("12pm", "12:00"),
        ("24:00", "00:00"),
        ("8点半", "08:30"),
        ("８點半", "08:30"),
        ("八点一刻", "08:15"),
        ("8点30分", "08:30"),
        ("每天早上8点", "08:00"),
        ("下午三点", "15:00"),
        ("晚上十点零五", "22:05"),
        ("晚上12点", "00:00"),
        ("中午12点半", "12:30"),
        ("中午1点", "13:00"),
        ("凌晨12点", "00:00"),
        ("二十三点五十九分", "23:59"),
        ("noon", "12:00"),
        ("午夜", "00:00"),
    ],
)
def test_many_ways_to_write_a_time_are_understood(typed: str, meant: str) -> None:
    assert split_time(typed) == (time.fromisoformat(meant), "")


@pytest.mark.parametrize("typed", ["25:99", "8:60", "８：６０", "13am", "0:30am", "8:3", "99点", "8点七十"])
def test_a_time_that_no_clock_shows_is_called_that(typed: str) -> None:
    with pytest.raises(NoSuchTime):
        split_time(typed)


@pytest.mark.parametrize("typed", ["", "tomorrow", "明天", "gpt-4", "2504.13837", "2025-05-30", "12:30:45", "1.5B"])
def test_what_is_no_time_is_left_alone(typed: str) -> None:
    assert split_time(typed) == (None, typed.casefold())


@pytest.mark.parametrize(
    ("typed", "clock", "rest"),
    [
        ("8:30 agents, video", "08:30", "agents, video"),
        ("agents 7pm video", "19:00", "agents video"),
        ("智能体，8点半", "08:30", "智能体"),
        ("8:30智能体", "08:30", "智能体"),
    ],
)
def test_what_stands_beside_the_time_is_kept(typed: str, clock: str, rest: str) -> None:
    assert split_time(typed) == (time.fromisoformat(clock), rest)


@given(st.times())
def test_every_time_written_in_full_is_read(clock: time) -> None:
    assert split_time(f"{clock:%H:%M}") == (clock.replace(second=0, microsecond=0), "")


@given(st.text(alphabet="0123456789:点半零十二三早晚am p.,h上午 agents", max_size=24) | st.text(max_size=40))
def test_no_text_crashes_it(typed: str) -> None:
    try:
        split_time(typed)
    except NoSuchTime as error:
        assert error.args[0]
