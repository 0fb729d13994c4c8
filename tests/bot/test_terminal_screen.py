"""What a message looks like on the screen, at a terminal and in a script."""

from __future__ import annotations

import io
import os
import re

import pytest
from rich.text import Text
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.terminal_entities import parse_html
from bot.terminal_screen import Screen, wrap

URL = "https://arxiv.org/abs/2504.13837"
TERMINAL_VARIABLES = ("TERM_PROGRAM", "KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM")


class Terminal(io.StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal of 20 columns that has styles but no hyperlinks."""
    for name in (*TERMINAL_VARIABLES, "VTE_VERSION", "TMUX", "NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "20")
    return Terminal()


def draw(html: str, keyboard: InlineKeyboardMarkup | None = None, file: io.StringIO | None = None) -> str:
    """The message drawn on `file`, by default one that is no terminal, without the empty line at its end."""
    file = file or io.StringIO()
    Screen(file).show_message(*parse_html(html), keyboard)
    drawn = file.getvalue()
    assert drawn.endswith("\n\n")
    return drawn[:-2]


def without_styles(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def test_styles_are_left_out_of_plain_output() -> None:
    assert draw("<b>Bold</b>, <i>italic</i>, <code>code</code>") == "Bold, italic, code"


def test_plain_output_holds_no_escapes_even_if_colour_is_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert draw(f'<b>Bold</b> <a href="{URL}">link</a>') == f"Bold link ({URL})"


def test_plain_output_is_not_wrapped() -> None:
    assert draw("sheep " * 500 + "end") == "sheep " * 500 + "end"


def test_a_link_shows_its_address_in_parentheses() -> None:
    assert draw(f'See <a href="{URL}"><b>the</b> paper</a>.') == f"See the paper ({URL})."


@pytest.mark.parametrize("label", [URL, "arxiv.org/abs/2504.13837", f"{URL}/"])
def test_a_link_whose_text_is_the_address_shows_it_once(label: str) -> None:
    assert draw(f'<a href="{URL}">{label}</a>') == label


def test_every_line_of_a_quote_has_a_bar() -> None:
    html = "Before\n<blockquote>one\n\n<b>two</b></blockquote>\nafter"
    assert draw(html) == "Before\n│ one\n│ \n│ two\nafter"


def test_an_expandable_quote_is_shown_whole() -> None:
    assert draw("<blockquote expandable>1\n2\n3\n4\n5</blockquote>") == "│ 1\n│ 2\n│ 3\n│ 4\n│ 5"


def test_a_quote_takes_lines_of_its_own() -> None:
    assert draw("a<blockquote>b</blockquote>c") == "a\n│ b\nc"


def test_an_empty_line_between_quotes_stays() -> None:
    assert draw("<blockquote>a</blockquote>\n\n<blockquote>b</blockquote>") == "│ a\n\n│ b"


def test_a_link_in_a_quote_shows_its_address_there() -> None:
    assert draw(f'<blockquote>a <a href="{URL}">b</a></blockquote>\nc') == f"│ a b ({URL})\nc"


def test_code_blocks_stand_as_they_are() -> None:
    html = 'BibTeX:\n<pre><code class="language-bibtex">@misc{a,\n  title = {B}\n}</code></pre>'
    assert draw(html) == "BibTeX:\n@misc{a,\n  title = {B}\n}"


def test_buttons_are_numbered_in_reading_order() -> None:
    rows = keyboard(
        [InlineKeyboardButton("1", callback_data="a"), InlineKeyboardButton("2", callback_data="b")],
        [InlineKeyboardButton("arXiv", url=URL)],
    )
    assert draw("Papers", rows) == f"Papers\n#1 [1]  #2 [2]\n#3 [arXiv] {URL}"


def test_a_text_cannot_steer_the_terminal() -> None:
    rows = keyboard([InlineKeyboardButton("b\x1b[2J", callback_data="a")])
    assert draw("a\x1b]0;title\x07b\r\x9b31mc\u202ed", rows) == "a]0;titleb 31mcd\n#1 [b[2J]"


def test_a_file_shows_its_name_its_text_and_its_caption() -> None:
    file = io.StringIO()
    Screen(file).show_file("saved.bib", 8, "@misc{a}\n", *parse_html("<b>Two</b> papers"), None)
    assert file.getvalue() == "📎 saved.bib (8 B)\n@misc{a}\nTwo papers\n\n"


def test_a_file_without_text_shows_its_name() -> None:
    file = io.StringIO()
    Screen(file).show_file("figure.png", 70_000, None, "", (), None)
    assert file.getvalue() == "📎 figure.png (70000 B)\n\n"


def test_a_terminal_gets_styles(terminal: Terminal) -> None:
    assert draw("<b>Bold</b> <i>it</i>", file=terminal) == "\x1b[1mBold\x1b[0m \x1b[3mit\x1b[0m"


def test_only_the_bar_of_a_quote_is_dim(terminal: Terminal) -> None:
    drawn = draw("<blockquote>a <b>b</b></blockquote>", file=terminal)
    assert drawn == "\x1b[2m│ \x1b[0ma \x1b[1mb\x1b[0m"


def test_a_terminal_gets_lines_that_fit(terminal: Terminal) -> None:
    drawn = without_styles(
        draw("We count all the sheep.\n<blockquote>我们让语言模型数羊，数完就睡。</blockquote>", file=terminal)
    )
    assert drawn == "We count all the\nsheep.\n│ 我们让语言模型数\n│ 羊，数完就睡。"


def test_buttons_too_wide_for_one_line_take_one_each(terminal: Terminal) -> None:
    row = [InlineKeyboardButton(f"Paper number {n}", callback_data=str(n)) for n in (1, 2)]
    drawn = without_styles(draw("Papers", keyboard(row), terminal))
    assert drawn == "Papers\n#1 [Paper number 1]\n#2 [Paper number 2]"


def test_a_terminal_that_draws_hyperlinks_is_given_them(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTE_VERSION", "7600")
    drawn = draw(f'<a href="{URL}">paper</a>', file=terminal)
    assert re.sub(r"id=\d+", "id=1", drawn) == f"\x1b]8;id=1;{URL}\x1b\\\x1b[4;34mpaper\x1b[0m\x1b]8;;\x1b\\"


@pytest.mark.parametrize(
    ("name", "value"), [("TERM_PROGRAM", "Apple_Terminal"), ("VTE_VERSION", "4205"), ("TERM", "screen")]
)
def test_other_terminals_show_the_address(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert without_styles(draw('<a href="http://a.org">a</a>', file=terminal)) == "a (http://a.org)"


def test_a_terminal_without_styles_gets_plain_text(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("WT_SESSION", "1")
    assert draw('<b>a</b> <a href="http://a.org">b</a>', file=terminal) == "a b (http://a.org)"


@pytest.mark.parametrize(
    ("line", "width", "expected"),
    [
        ("", 10, [""]),
        ("counting sheep", 14, ["counting sheep"]),
        ("counting sheep", 13, ["counting", "sheep"]),
        ("counting   sheep", 9, ["counting", "sheep"]),
        ("用模型数羊", 4, ["用模", "型数", "羊"]),
        ("用模型，数羊", 6, ["用模", "型，数", "羊"]),
        ("用GRPO训练", 6, ["用GRPO", "训练"]),
        (f"see {URL} there", 10, ["see", URL, "there"]),
    ],
)
def test_lines_break_between_words_and_chinese_characters(line: str, width: int, expected: list[str]) -> None:
    assert [part.plain for part in wrap(Text(line), width)] == expected


def test_when_nobody_reads_any_more_the_screen_closes_quietly() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        screen = Screen(pipe)
        screen.show_note("read")
        assert os.read(reading, 100) == b"read\n\n"
        os.close(reading)
        assert not screen.closed
        screen.show_note("lost")
        assert screen.closed
        screen.show_note("not even tried")
