"""The stand-in reads HTML as Telegram does, and refuses what Telegram would refuse or lose."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.telegram.entities import automatic, cleaned, entities_json, utf16_length, utf16_slice
from tests.telegram.errors import Refused
from tests.telegram.links import checked_link
from tests.telegram.markup import parse_html


def shown(source: str) -> tuple[str, list[tuple[str, str]]]:
    """The text, and the parts of it that are marked."""
    text, spans = cleaned(*parse_html(source))
    found = entities_json(text, spans)
    return text, [(entity["type"], utf16_slice(text, entity["offset"], entity["length"])) for entity in found]


def refusal(source: str) -> str:
    with pytest.raises(Refused) as caught:
        parse_html(source)
    assert caught.value.status == 400
    assert caught.value.malformed
    return caught.value.description.removeprefix("Bad Request: can't parse entities: ")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<strong>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"),
        ("<del>x</del>", "strikethrough"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<tg-emoji emoji-id="5368324170671202286">x</tg-emoji>', "custom_emoji"),
        ('<a href="https://arxiv.org/abs/1">x</a>', "text_link"),
        ("<a href='tg://user?id=7'>x</a>", "text_mention"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<B>x</B>", "bold"),
    ],
)
def test_every_documented_tag_is_known(source: str, kind: str) -> None:
    assert shown(source) == ("x", [(kind, "x")])


def test_offsets_count_utf16_code_units() -> None:
    text, spans = parse_html("😀<b>图😀</b>")
    assert entities_json(text, spans) == [{"type": "bold", "offset": 2, "length": 3}]


def test_the_language_of_a_block_comes_from_the_code_inside_it() -> None:
    text, spans = parse_html('<pre><code class="language-python">x = 1</code></pre>')
    assert entities_json(text, spans) == [{"type": "pre", "offset": 0, "length": 5, "language": "python"}]


def test_named_and_numeric_references_are_read() -> None:
    assert shown("&lt;a&gt; &amp; &quot;b&quot; &#8482; &#x4E2D;")[0] == '<a> & "b" ™ 中'


def test_entities_may_be_nested() -> None:
    assert shown('<blockquote><b>a <i>b</i></b> <a href="https://x.org/y">c</a> <code>d</code></blockquote>') == (
        "a b c d",
        [
            ("blockquote", "a b c d"),
            ("bold", "a b"),
            ("italic", "b"),
            ("text_link", "c"),
            ("code", "d"),
        ],
    )


def test_space_around_the_text_is_trimmed_and_entities_move_along() -> None:
    assert shown(" \n<b> a</b> \n") == ("a", [("bold", "a")])


def test_an_entity_of_mere_space_is_gone() -> None:
    assert shown("a<b> </b>b<i></i>") == ("a b", [])


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("中<br>", 'Unsupported start tag "br" at byte offset 3'),
        ("1 < 2 > 1", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b ", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b><i>test</b></i>", 'Unmatched end tag at byte offset 10, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">x</tg-emoji>', "Invalid custom emoji identifier specified"),
        (
            "<a href>x</a>",
            'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0',
        ),
    ],
)
def test_broken_markup_is_refused_in_telegrams_words(source: str, reason: str) -> None:
    assert refusal(source) == reason


@pytest.mark.parametrize(
    ("source", "inner", "outer"),
    [
        ("<blockquote><blockquote>x</blockquote></blockquote>", "blockquote", "blockquote"),
        ("<blockquote><b><blockquote>x</blockquote></b></blockquote>", "blockquote", "blockquote"),
        ('<code><a href="https://x.org">x</a></code>', "a", "code"),
        ("<pre><b>x</b></pre>", "b", "pre"),
        ("<code><i>x</i></code>", "i", "code"),
        ("<b><code>x</code></b>", "code", "b"),
        ('<a href="https://x.org"><code>x</code></a>', "code", "a"),
        ('<a href="https://x.org"><a href="https://y.org">x</a></a>', "a", "a"),
        ('<a href="https://x.org"><blockquote>x</blockquote></a>', "blockquote", "a"),
        ("<pre>x<code>y</code></pre>", "code", "pre"),
    ],
)
def test_nesting_that_telegram_undoes_is_refused(source: str, inner: str, outer: str) -> None:
    assert refusal(source).startswith(f'Tag "{inner}" can\'t be inside tag "{outer}" at byte offset ')


@pytest.mark.parametrize("source", ["a & b", "AT&T", "&nbsp;", "&amp", "&#0;", "&#xD800;", "&apos;"])
def test_a_bare_ampersand_is_refused(source: str) -> None:
    assert refusal(source).startswith("Unescaped character '&' at byte offset ")


@pytest.mark.parametrize(
    "source",
    [
        "<b class='x'>x</b>",
        "<a href='https://x.org' title='y'>x</a>",
        "<code class='language-python'>x</code>",
        "<pre><code class='python'>x</code></pre>",
        "<blockquote expanded>x</blockquote>",
    ],
)
def test_an_attribute_that_would_be_lost_is_refused(source: str) -> None:
    assert refusal(source).endswith("(dropped by Telegram)")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://arxiv.org/abs/2504.13837", "https://arxiv.org/abs/2504.13837"),
        ("https://ArXiv.org", "https://arxiv.org/"),
        ("arxiv.org/abs/1", "http://arxiv.org/abs/1"),
        ("tg://resolve?domain=x", "tg://resolve?domain=x"),
    ],
)
def test_an_address_is_kept_as_telegram_keeps_it(url: str, kept: str) -> None:
    assert checked_link(url, "entity URL") == kept


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "URL host is empty"),
        ("not-a-url", "Wrong HTTP URL"),
        ("http://localhost/x", "Wrong HTTP URL"),
        ("https://x.org/a b", "Wrong HTTP URL"),
        ("ftp://example.com", "Unsupported URL protocol"),
        ("javascript:alert(1)", "Unsupported URL protocol"),
    ],
)
def test_an_address_nobody_can_open_is_refused(url: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        checked_link(url, "entity URL")
    assert caught.value.description == f"Bad Request: entity URL '{url}' is invalid: {reason}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/search GRPO", [("bot_command", "/search")]),
        ("/paper@digest_bot 2504.13837", [("bot_command", "/paper@digest_bot")]),
        ("看 @digest_bot 吗", [("mention", "@digest_bot")]),
        ("http://arxiv.org/abs/1.", [("url", "http://arxiv.org/abs/1")]),
        ("见https://arxiv.org/abs/1。", [("url", "https://arxiv.org/abs/1")]),
        ("arxiv.org/abs/2504.13837v2", [("url", "arxiv.org/abs/2504.13837v2")]),
        ("someone@example.org", [("email", "someone@example.org")]),
        ("#论文 and/or 1/2", [("hashtag", "#论文")]),
        ("2504.13837 e.g. this", []),
    ],
)
def test_commands_mentions_and_addresses_are_marked_without_being_asked(
    text: str, found: list[tuple[str, str]]
) -> None:
    marked = entities_json(text, automatic(text))
    assert [(e["type"], utf16_slice(text, e["offset"], e["length"])) for e in marked] == found


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_escaped_text_comes_out_as_it_went_in(text: str) -> None:
    read, spans = parse_html(html.escape(text).replace("&#x27;", "'"))
    assert (read, spans) == (text, [])


@settings(max_examples=100)
@given(st.text(alphabet="<>/ba&;=\"' é😀\n", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read, spans = cleaned(*parse_html(text))
    except Refused:
        return
    for entity in entities_json(read, spans):
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(read)
