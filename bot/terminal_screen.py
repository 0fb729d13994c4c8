"""Draws messages in the terminal as a Telegram client would: styles, links, quotes and numbered buttons."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from bot.terminal_entities import spans
from bot.views.text import clean, may_break

Span = tuple[int, int, MessageEntity]

_STYLES = {
    MessageEntity.BOLD: Style(bold=True),
    MessageEntity.ITALIC: Style(italic=True),
    MessageEntity.UNDERLINE: Style(underline=True),
    MessageEntity.STRIKETHROUGH: Style(strike=True),
    MessageEntity.CODE: Style(color="cyan"),
    MessageEntity.PRE: Style(color="cyan"),
}
_LINK = Style(color="blue", underline=True)
_ADDRESS = Style(dim=True)
_BUTTON = Style(color="green")
_NUMBER = Style(color="green", bold=True)
_NOTE = Style(italic=True, color="yellow")
_BAR = ("│ ", Style(dim=True))

_QUOTES = (MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE)
_BLOCKS = (*_QUOTES, MessageEntity.PRE)

# Line breaks other than "\n" would let a message jump about the screen.
_ONE_LINE = str.maketrans(dict.fromkeys("\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029", " ") | {"\t": "    "})

# Terminals that draw hyperlinks say who they are in one of these; any other might just hide the address.
_HYPERLINK_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "zed"})
_HYPERLINK_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
_HYPERLINK_VARIABLES = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM")
_VTE_WITH_HYPERLINKS = 5000


class Screen:
    """Where the terminal bot draws. Everything drawn is followed by an empty line.

    What is not a terminal gets plain text: no escape sequences, no wrapping, every address written out.
    """

    def __init__(self, file: TextIO | None = None) -> None:
        """Draw on `file`; None is whatever `sys.stdout` is at the moment of drawing."""
        self._wraps = (sys.stdout if file is None else file).isatty()
        # rich would take FORCE_COLOR for a terminal, and a script's output must stay plain.
        self._console = _Console(file=file, force_terminal=self._wraps, highlight=False)
        has_styles = self._console.color_system is not None
        self._hyperlinks = has_styles and _knows_hyperlinks(os.environ)

    @property
    def closed(self) -> bool:
        """Whether nobody reads any more (the pipe's other end is gone); drawing then does nothing."""
        return self._console.quiet

    def show_message(self, text: str, entities: Sequence[MessageEntity], keyboard: InlineKeyboardMarkup | None) -> None:
        """Draw a message and its buttons, numbered from 1 in reading order."""
        self._show([*self._message_lines(text, entities), *self._button_lines(keyboard)])

    def show_file(
        self,
        name: str,
        size: int,
        content: str | None,
        caption: str,
        entities: Sequence[MessageEntity],
        keyboard: InlineKeyboardMarkup | None,
    ) -> None:
        """Draw a file: its name, `size` in bytes, text (None where it has none to show) and caption."""
        lines = [Text(f"📎 {_safe(name)} ({size} B)", _STYLES[MessageEntity.BOLD])]
        if content is not None:
            lines += _lines(Text(_safe(content.strip("\n")), _STYLES[MessageEntity.PRE]))
        if caption:
            lines += self._message_lines(caption, entities)
        self._show([*lines, *self._button_lines(keyboard)])

    def show_note(self, text: str) -> None:
        """Draw what a client shows for a moment above the chat, or what the terminal itself has to say."""
        self._show(self._wrapped(Text(_safe(text), _NOTE)))

    def _show(self, lines: Sequence[Text]) -> None:
        # One write a message, so that the prompt is redrawn once. Lines are wrapped here, not by rich.
        self._console.print(Text("\n").join(lines), end="\n\n", soft_wrap=True)

    def _message_lines(self, text: str, entities: Sequence[MessageEntity]) -> Iterator[Text]:
        inside = spans(text, entities)
        for start, end, kind in _blocks(text, inside):
            block = self._styled(text, start, end, inside)
            if kind in _QUOTES:
                yield from (Text.assemble(_BAR, line) for line in self._wrapped(block, cell_len(_BAR[0])))
            elif kind == MessageEntity.PRE:
                # Code is for copying: lines of ours within it would be copied too.
                yield from _lines(block)
            else:
                yield from self._wrapped(block)

    def _styled(self, text: str, start: int, end: int, inside: Sequence[Span]) -> Text:
        """`text[start:end]` in the styles of the spans that cover it, addresses written out where needed."""
        edges = {start, end}
        for first, last, _ in inside:
            edges.update(edge for edge in (first, last) if start < edge < end)
        styled = Text()
        for first, last in pairwise(sorted(edges)):
            style = Style.null()
            for span_start, span_end, entity in inside:
                if span_start <= first and last <= span_end:
                    style += self._style(entity)
            styled.append(_safe(text[first:last]), style)
            for span_start, span_end, entity in inside:
                if span_end == last and self._hides_address(text[span_start:span_end], entity.url):
                    styled.append(f" ({_safe(entity.url or '')})", _ADDRESS)
        return styled

    def _hides_address(self, label: str, url: str | None) -> bool:
        return url is not None and not self._hyperlinks and _bare(label.strip()) != _bare(url)

    def _style(self, entity: MessageEntity) -> Style:
        if not entity.url:
            return _STYLES.get(entity.type, Style.null())
        return _LINK + Style(link=_safe(entity.url)) if self._hyperlinks else _LINK

    def _button_lines(self, keyboard: InlineKeyboardMarkup | None) -> Iterator[Text]:
        number = 0
        for row in keyboard.inline_keyboard if keyboard else ():
            drawn = []
            for button in row:
                number += 1
                drawn.append(self._button(number, button))
            line = Text("  ").join(drawn)
            yield from [line] if not self._wraps or line.cell_len <= self._console.width else drawn

    def _button(self, number: int, button: InlineKeyboardButton) -> Text:
        drawn = Text.assemble((f"#{number}", _NUMBER), " ", (f"[{_safe(button.text)}]", _BUTTON))
        if button.url:
            link = Style(link=_safe(button.url)) if self._hyperlinks else Style.null()
            drawn.append(" ").append(_safe(button.url), _ADDRESS + link)
        return drawn

    def _wrapped(self, text: Text, indent: int = 0) -> list[Text]:
        lines = _lines(text)
        if not self._wraps:
            return lines
        return [part for line in lines for part in wrap(line, max(self._console.width - indent, 1))]


def wrap(line: Text, width: int) -> list[Text]:
    """`line` broken into lines of at most `width` columns, between words or Chinese characters.

    A longer word, usually an address, stays whole for the terminal to break: so it can be clicked and copied.
    """
    plain = line.plain
    breaks: list[int] = []
    start = last = 0
    for at in range(1, len(plain) + 1):
        if at < len(plain) and (plain[at].isspace() or not may_break(plain, at)):
            continue
        if last > start and cell_len(plain[start:at].rstrip()) > width:
            breaks.append(last)
            start = last
        last = at
    parts = line.divide(breaks)
    for part in parts:
        part.rstrip()
    return list(parts)


def _blocks(text: str, inside: Sequence[Span]) -> Iterator[tuple[int, int, str]]:
    """`text` cut into (start, end, kind of block or "") where quotes and code blocks begin and end.

    The line break next to a block is the block's own edge, not an empty line.
    """
    at = 0
    for start, end, entity in sorted(inside, key=lambda span: (span[0], -span[1])):
        if entity.type not in _BLOCKS or start < at:
            continue
        if at < start:
            yield at, start - 1 if text[start - 1] == "\n" else start, ""
        yield start, end, entity.type
        at = end + 1 if text[end : end + 1] == "\n" else end
    if at < len(text):
        yield at, len(text), ""


def _lines(text: Text) -> list[Text]:
    return list(text.split("\n", allow_blank=True))


def _safe(text: str) -> str:
    """`text` without what a terminal would obey instead of show."""
    return clean(text).translate(_ONE_LINE)


def _bare(address: str) -> str:
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")


def _knows_hyperlinks(environment: Mapping[str, str]) -> bool:
    # Multiplexers inherit the variables of the terminal around them but pass hyperlinks on only lately.
    if "TMUX" in environment or environment.get("TERM", "").startswith("screen"):
        return False
    vte = environment.get("VTE_VERSION", "")
    return (
        environment.get("TERM_PROGRAM") in _HYPERLINK_PROGRAMS
        or environment.get("TERM", "").startswith(_HYPERLINK_TERMS)
        or any(name in environment for name in _HYPERLINK_VARIABLES)
        or (vte.isdecimal() and int(vte) >= _VTE_WITH_HYPERLINKS)
    )


class _Console(Console):
    """A console that falls silent when its reader has gone, where rich would end the process."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        # Python flushes standard output once more at exit and would complain then.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)
