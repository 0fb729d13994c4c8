"""Writing Telegram's HTML: escaping, sound addresses, highlighting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.views.html import (
    bold,
    code,
    entities,
    escape,
    highlight,
    italic,
    join,
    length,
    link,
    plain_text,
    pre,
    quote,
    safe_url,
)
from bot.views.text import fold, units
from tests.telegram.links import checked_link
from tests.telegram.markup import parse_html


def test_plain_text_is_escaped_and_markup_is_not() -> None:
    assert escape("a < b & c") == "a &lt; b &amp; c"
    assert escape(escape("a < b")) == "a &lt; b"
    assert bold(join(["x<", italic("y")])) == "<b>x&lt;<i>y</i></b>"


def test_characters_that_hide_or_reorder_text_are_not_shown() -> None:
    assert escape("a\x00b\u202ec\u2066d\ufeffe\ud800f") == "abcdef"


def test_an_entity_without_text_is_left_out() -> None:
    assert bold("") == ""
    assert code(" ") == ""
    assert quote("\n") == ""
    assert link("", "https://example.org/") == ""


def test_join_leaves_out_what_is_empty() -> None:
    assert join(["a", "", bold(""), bold("b")], " · ") == "a · <b>b</b>"


def test_a_quote_can_be_expandable() -> None:
    assert quote("long") == "<blockquote>long</blockquote>"
    assert quote("long", expandable=True) == "<blockquote expandable>long</blockquote>"


def test_a_block_of_code_names_its_language() -> None:
    assert pre("a < b", "bibtex") == '<pre><code class="language-bibtex">a &lt; b</code></pre>'
    assert pre("a < b") == "<pre>a &lt; b</pre>"


def test_a_link_escapes_its_address_and_its_text() -> None:
    assert link("R&D", "https://example.org/?a=1&b=2") == ('<a href="https://example.org/?a=1&amp;b=2">R&amp;D</a>')


def test_a_link_without_a_sound_address_is_its_text() -> None:
    assert link("R&D", "javascript:alert(1)") == "R&amp;D"
    assert link("R&D", None) == "R&amp;D"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://arxiv.org/abs/2504.13837", "https://arxiv.org/abs/2504.13837"),
        ("http://sub.example.org:8080/a?b=c#d", "http://sub.example.org:8080/a?b=c#d"),
        ("https://example.org/数羊", "https://example.org/%E6%95%B0%E7%BE%8A"),
        ("https://example.org/%20", "https://example.org/%20"),
        ("https://example.org/it's", "https://example.org/it%27s"),
    ],
)
def test_a_sound_address_is_kept(url: str, address: str) -> None:
    assert safe_url(url) == address


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "example.org",
        "ftp://example.org/",
        "javascript:alert(1)",
        "tg://user?id=1",
        "https://",
        "https://localhost/",
        "https://example/",
        "https://exa mple.org/",
        "https://example.org/\n",
        'https://example.org/"onclick',
        "https://example.org/atom}{https://example.org/atom}.",
        "https://arxiv.org@evil.example/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "http://[::1/",
        "https://example.org/\ud800",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_an_unsound_address_is_refused(url: str | None) -> None:
    assert safe_url(url) is None


@given(st.text() | st.text(alphabet="https:/.@[]aé中#?%& ", max_size=40).map("https://".__add__))
def test_no_address_that_telegram_refuses_passes(url: str) -> None:
    address = safe_url(url)
    assert address is None or checked_link(address, "link") == checked_link(address, "link")


def test_length_counts_utf_16_units_of_the_text_after_entities() -> None:
    markup = join([bold("a&b"), "𝛼", link("x", "https://example.org/")])
    assert plain_text(markup) == "a&b𝛼x"
    assert length(markup) == 6
    assert entities(markup) == 2


def test_highlighting_makes_the_spans_bold() -> None:
    assert highlight("GRPO beats PPO", [(0, 4), (11, 14)], 100) == "<b>GRPO</b> beats <b>PPO</b>"


def test_spans_may_overlap_be_out_of_order_or_reach_beyond_the_text() -> None:
    assert highlight("abcdef", [(4, 99), (1, 3), (2, 4), (5, 5), (-3, -1)], 100) == "a<b>bcdef</b>"


def test_highlighting_survives_white_space_being_folded() -> None:
    assert highlight("  we \n count  sheep ", [(7, 12)], 100) == "we <b>count</b> sheep"


def test_bold_does_not_begin_or_end_with_a_space() -> None:
    assert highlight("we count sheep", [(2, 9)], 100) == "we <b>count</b> sheep"


def test_at_most_so_many_spans_become_bold() -> None:
    assert highlight("a b c", [(0, 1), (2, 3), (4, 5)], 100, most=2) == "<b>a</b> <b>b</b> c"


def test_of_a_long_text_the_passage_around_the_first_match_is_shown() -> None:
    text = "word " * 40 + "needle " + "word " * 40
    shown = highlight(text, [(200, 206)], 60)
    assert shown == "…word word word word <b>needle</b> word word word word word word…"


def test_a_long_text_whose_match_comes_early_is_shown_from_its_beginning() -> None:
    assert highlight("needle " + "word " * 40, [(0, 6)], 30) == "<b>needle</b> word word word word…"


texts = st.text(max_size=300) | st.text(alphabet="中文，。 ab\u0301😀\u202e<&", max_size=300)


@given(texts, st.lists(st.tuples(st.integers(-5, 310), st.integers(-5, 310)), max_size=20), st.integers(20, 400))
def test_a_highlighted_text_is_sound_and_within_its_limit(text: str, spans: list[tuple[int, int]], limit: int) -> None:
    shown = highlight(text, spans, limit)
    read, found = parse_html(shown)
    assert units(read) <= limit
    assert len(found) <= 10
    assert fold(read.strip("…")) in fold(text) or not fold(text)


@given(texts)
def test_a_text_highlighted_in_full_is_the_folded_text(text: str) -> None:
    assert fold(plain_text(highlight(text, [(1, 4)], 5000))) == fold(text)
