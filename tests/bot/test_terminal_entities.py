"""Telegram HTML and typed text as plain text and entities."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.terminal_entities import command_entities, parse_html, spans
from bot.views.html import Markup, bold, code, escape, join, link, plain_text, pre, quote


def parsed(html: str) -> tuple[str, list[dict[str, object]]]:
    """The text and the entities as JSON, which unlike their comparison holds addresses and languages."""
    text, entities = parse_html(html)
    return text, [dict(each.to_dict()) for each in entities]


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("s", "strikethrough"),
        ("tg-spoiler", "spoiler"),
        ("code", "code"),
        ("pre", "pre"),
        ("blockquote", "blockquote"),
    ],
)
def test_a_tag_becomes_an_entity(tag: str, kind: str) -> None:
    assert parsed(f"a <{tag}>bc</{tag}>") == ("a bc", [entity(kind, 2, 2)])


def test_character_references_are_one_character_each() -> None:
    assert parsed("<b>1 &lt; 2 &amp;&amp; 3</b> x") == ("1 < 2 && 3 x", [entity("bold", 0, 10)])


def test_offsets_count_utf_16_units() -> None:
    assert parsed("😀 <b>数羊😀</b>") == ("😀 数羊😀", [entity("bold", 3, 4)])


def test_space_around_a_message_is_trimmed_and_entities_move_along() -> None:
    assert parsed("\n <b> ab</b>\n") == ("ab", [entity("bold", 0, 2)])


def test_nested_entities_come_outermost_first() -> None:
    assert parsed("<b><i>a</i>b</b>") == ("ab", [entity("bold", 0, 2), entity("italic", 0, 1)])


def test_a_link_keeps_its_address() -> None:
    html = '<a href="https://example.org/?q=羊&amp;p=1">x</a>'
    url = "https://example.org/?q=%E7%BE%8A&p=1"
    assert parsed(html) == ("x", [entity("text_link", 0, 1, url=url)])


def test_code_in_a_block_is_the_blocks_language() -> None:
    html = '<pre><code class="language-bibtex">@misc</code></pre>'
    assert parsed(html) == ("@misc", [entity("pre", 0, 5, language="bibtex")])


def test_an_expandable_quote_is_told_from_a_plain_one() -> None:
    html = "<blockquote expandable>a</blockquote>"
    assert parsed(html) == ("a", [entity("expandable_blockquote", 0, 1)])


def test_an_empty_tag_leaves_nothing() -> None:
    assert parsed("a<b></b>") == ("a", [])


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("/search sheep", ["/search"]),
        ("/paper@digestbot 2504.13837", ["/paper@digestbot"]),
        ("😀 /help", ["/help"]),
        ("/search /topic", ["/search", "/topic"]),
        ("https://arxiv.org/abs/2504.13837", []),
        ("a/b //c </b>", []),
        ("/搜索", []),
        ("/search羊", []),
    ],
)
def test_commands_are_found_where_telegram_finds_them(text: str, commands: list[str]) -> None:
    found = [text[start:end] for start, end, _ in spans(text, command_entities(text))]
    assert found == commands


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
MARKUP = st.recursive(
    PLAIN.map(escape),
    lambda inner: (
        st.lists(inner, max_size=3).map(join)
        | inner.map(bold)
        | inner.map(quote)
        | PLAIN.map(code)
        | PLAIN.map(pre)
        | inner.map(lambda each: link(each, "https://example.org/"))
    ),
    max_leaves=8,
)


@given(MARKUP)
@settings(max_examples=100)
def test_the_text_is_what_the_views_count_and_every_entity_lies_within_it(markup: Markup) -> None:
    text, entities = parse_html(markup)
    assert text == plain_text(markup).strip()
    for start, end, _ in spans(text, entities):
        assert 0 <= start < end <= len(text)
