"""Numbers are compared by their value and kind, however they are written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.figures import Figure, Unit, find_figures, without_figures


def figure(value: str, unit: Unit = "") -> Figure:
    return Figure(Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90.5%", figure("90.5", "percent")),
        ("90.5 percent", figure("90.5", "percent")),
        ("3.5 percentage points", figure("3.5", "percent")),
        ("3.5个百分点", figure("3.5", "percent")),
        ("百分之九十", figure("90", "percent")),
        ("1,319 items", figure("1319")),
        ("20.7 FPS", figure("20.7")),
        ("80GB", figure("80")),
        ("1.3B", figure("1300000000")),
        ("1.3 billion", figure("1300000000")),
        ("13 亿", figure("1300000000")),
        ("80k", figure("80000")),
        ("8 万", figure("80000")),
        ("2.5x", figure("2.5", "times")),
        ("2.5倍", figure("2.5", "times")),
        ("2-fold", figure("2", "times")),
        ("three times as many", figure("3", "times")),
        ("Twice", figure("2", "times")),
        ("三倍", figure("3", "times")),
        ("three sheep", figure("3")),
        ("三种羊", figure("3")),
        ("三百二十种羊", figure("320")),
        ("twelve", figure("12")),
        ("一半", figure("0.5")),
        ("a two-stage method", figure("2")),
        ("the 7B of Llama-7B", figure("7000000000")),
    ],
)
def test_a_number_is_read_by_its_value(text: str, expected: Figure) -> None:
    assert set(find_figures(text)) == {expected}


@pytest.mark.parametrize("text", ["one sheep", "一种羊", "第二阶段", "MATH-500", "Qwen2.5", "v2.5.1", "进一步", "十分"])
def test_what_is_no_number_of_its_own(text: str) -> None:
    assert find_figures(text) == []


def test_both_ends_of_a_range_count() -> None:
    assert find_figures("from 60.1%-65.2%") == [figure("60.1", "percent"), figure("65.2", "percent")]
    assert find_figures("3-5 sheep") == [figure("3"), figure("5")]


def test_the_rest_keeps_names_and_words() -> None:
    assert (
        without_figures("Qwen2.5-7B eats 80GB in 3.5 hours, 90.5% of it") == "Qwen2.5-7B eats  GB in   hours,   of it"
    )


@settings(max_examples=50, deadline=None)
@given(st.decimals(0, 10**9, places=2, allow_nan=False), st.sampled_from(["{}%", "达到{}%。", "up to {} percent."]))
def test_a_percentage_is_the_same_in_any_sentence(value: Decimal, sentence: str) -> None:
    assert find_figures(sentence.format(value)) == [Figure(value, "percent")]


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="0123456789.,-%kB万亿倍两十百 a×", max_size=40) | st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    find_figures(text)
    without_figures(text)
