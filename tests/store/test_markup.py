"""Markdown and HTML taken off."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.layouts.markup import (
    MarkdownLink,
    headline,
    markdown_links,
    plain,
    plain_title,
    titles_by_language,
    without_pictures,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**bold** and `code`", "bold and code"),
        ("2**3 stays", "2**3 stays"),
        ("**a** 2**3", "a 2**3"),
        ("[words](https://sheep.org/a_(b))", "words"),
        ("F1 [Sheep](81.5%)", "F1 [Sheep](81.5%)"),
        ("f[x](y)", "f[x](y)"),
        ("![picture](https://sheep.org/a.png) text", "text"),
        ("<p>One</p><br/>two <img src='a'>", "One two"),
        ("use <think> and </answer>, a < b > c", "use <think> and </answer>, a < b > c"),
        ("x<sup>2</sup> y<sub>1</sub>", "x² y₁"),
        ("A &amp; B &lt;think&gt; &#39;c&#39; R&D; AT&T", "A & B <think> 'c' R&D; AT&T"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("a \u3000 b\t\tc\xa0d", "a b c d"),
        (r"snake\_case \* \# 5\%", "snake_case * # 5%"),
        ("53. 6%", "53.6%"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_markup_goes_and_text_stays(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_links_are_found_with_their_place() -> None:
    line = "[a [b] c](https://sheep.org) ![p](x.png) [d]() [e](<https://sheep.org/x y>)"
    assert markdown_links(line) == [
        MarkdownLink("a [b] c", "https://sheep.org", 0, 28),
        MarkdownLink("d", "", 41, 46),
        MarkdownLink("e", "https://sheep.org/x y", 47, 75),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Counting   Sheep ##", "Counting Sheep"),
        ("**Sheep**", "Sheep"),
        ("R$^2$Sheep: {GRPO} for {Multi-Agent} Sheep", "R²Sheep: GRPO for Multi-Agent Sheep"),
        ("V*: Guided Search", "V*: Guided Search"),
        ("C# and Sheep", "C# and Sheep"),
        ("---", None),
        ("", None),
    ],
)
def test_titles_are_plain(text: str, expected: str | None) -> None:
    assert plain_title(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“数羊”", "数羊"),
        ("《“数羊”》", "数羊"),
        ('"数羊"', "数羊"),
        ("“数羊”的方法", "“数羊”的方法"),
        ("“数羊”和“睡觉”", "“数羊”和“睡觉”"),
        ("“”", None),
        ("数羊", "数羊"),
    ],
)
def test_a_headline_loses_the_marks_around_the_whole_of_it(text: str, expected: str | None) -> None:
    assert headline(text) == expected


def test_titles_are_told_apart_by_language() -> None:
    assert titles_by_language("Sheep", "数羊") == ("Sheep", "数羊")
    assert titles_by_language("数羊", None, "Sheep", "Goats") == ("Sheep", "数羊")
    assert titles_by_language(None) == (None, None)


def test_pictures_go() -> None:
    assert without_pictures('a ![p](https://a.org/b.png) <IMG src="https://a.org/c.png"> b') == "a   b"


@pytest.mark.parametrize(
    "unit", ["[", "[a](", "[a[b]", "<", "</", "<a ", "&", "&a", "`", "`a", "![", "**", "](", "<sup>"]
)
def test_a_hostile_text_is_read_in_proportion_to_its_length(unit: str) -> None:
    text = unit * (500_000 // len(unit))
    started = time.process_time()
    plain(text)
    markdown_links(text)
    assert time.process_time() - started < 3


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_text_is_read_as_one_line(text: str) -> None:
    shown = plain(text)
    assert shown == shown.strip()
    assert "\n" not in shown
