"""Plain text made fit to be shown: cleaned, measured as Telegram measures, cut where a reader would cut.

Lengths are in UTF-16 code units, the unit of all of Telegram's limits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

ELLIPSIS = "…"

# Control characters, bidi overrides and isolates, byte order marks, interlinear marks, lone surrogates and
# noncharacters: digests are other people's files, and these can hide or reorder what is around them.
# Whitespace controls are not among them: `fold` makes spaces of those.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_BLANK_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"})

# Scripts written without spaces, and their punctuation; full-width letters and digits form words instead.
_WIDE = re.compile(
    "[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff9f\U00020000-\U0003ffff—…“”‘’]"
)
_OPENING = frozenset("（《「『【〈〔“‘([{<")
_CLOSING = frozenset("，。、；：？！）》」』】〉〕”’…—·％%)]}>,.;:?!")
_STOPS = frozenset("。！？；，、：")
# What must not stand before an ellipsis: separators, opening brackets, spaces.
DANGLING = "，、：；,:;（《「『【〈〔“‘([{<-–—· \n"
_JOINER = "\u200d"
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")
_LONGEST_WORD = 32


def clean(text: str) -> str:
    """``text`` without characters that hide or reorder what is shown; line breaks and spaces stay."""
    return _HIDDEN.sub("", text)


def fold(text: str | None) -> str:
    """``text`` on one line, cleaned, with single spaces; empty where nothing in it can be seen."""
    folded = " ".join(clean(text or "").split())
    return folded if any(map(_is_visible, folded)) else ""


def paragraphs(text: str | None) -> str:
    """``text`` cleaned, one line a paragraph, blank lines dropped."""
    return "\n".join(filter(None, map(fold, (text or "").splitlines())))


def units(text: str) -> int:
    """The length of ``text`` in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """``text`` if it fits into ``limit`` (at least 1) units, else its beginning and an ellipsis.

    It is cut between words, in Chinese after punctuation where there is some in the second half, and inside a
    word only if the word alone is too long; never inside what is drawn as one character.
    """
    if units(text) <= limit:
        return text
    kept = text[: cut(text, limit - 1)].rstrip(DANGLING)
    return kept + ELLIPSIS


def cut(text: str, limit: int) -> int:
    """How many characters of ``text`` to keep so that they fit into ``limit`` units (see `shorten`)."""
    end = _prefix(text, limit)
    if end == len(text):
        return end
    # Giving up most of the room is worse than breaking a "word" no language has.
    fewest = min(end // 3, max(end - _LONGEST_WORD, 0))
    word = next((at for at in range(end, fewest, -1) if may_break(text, at)), 0)
    if not word:
        return next((at for at in range(end, max(end - 32, 0), -1) if not _joins(text, at)), end)
    if _WIDE.match(text[word - 1]):
        places = range(word, word // 2, -1)
        return next((at for at in places if text[at - 1] in _STOPS or text[at] in _OPENING), word)
    return word


def may_break(text: str, at: int) -> bool:
    """Whether ``text`` may be cut before its character ``at`` (0 < at < len) without breaking a word."""
    before, after = text[at - 1], text[at]
    if before.isspace() or after.isspace():
        return True
    if before in _OPENING or after in _CLOSING or _joins(text, at):
        return False
    return bool(_WIDE.match(before) or _WIDE.match(after))


def spread(wanted: list[int], available: int) -> list[int]:
    """``available`` shared out: who wants little gets all of it, the others get equal parts of the rest."""
    shares = [0] * len(wanted)
    waiting = sorted(range(len(wanted)), key=lambda index: wanted[index])
    while waiting:
        index = waiting[0]
        shares[index] = min(wanted[index], max(available, 0) // len(waiting))
        available -= shares[index]
        waiting = waiting[1:]
    return shares


def whole_items(items: list[str], limit: int, separator: str) -> Iterator[str]:
    """The first of ``items`` that fit into ``limit`` units with a separator between them, at least one."""
    left = limit
    for index, item in enumerate(items):
        left -= units(item) + units(separator)
        if left < 0 and index:
            return
        yield item


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in _BLANK_CATEGORIES and char not in _BLANK_LETTERS


def _prefix(text: str, limit: int) -> int:
    total = 0
    for index, char in enumerate(text):
        total += 2 if char > "\uffff" else 1
        if total > limit:
            return index
    return len(text)


def _joins(text: str, at: int) -> bool:
    """Whether the characters before and after ``at`` are drawn as one: accents, flags, joined emoji."""
    before, after = text[at - 1], text[at]
    if after == _JOINER or before == _JOINER or _SKIN.match(after):
        return True
    if _FLAG_LETTER.match(before) and _FLAG_LETTER.match(after):
        letters = 0
        while letters < at and _FLAG_LETTER.match(text[at - 1 - letters]):
            letters += 1
        return letters % 2 == 1
    return unicodedata.category(after) in {"Mn", "Mc", "Me"}
