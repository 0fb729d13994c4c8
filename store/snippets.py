"""The passage of a paper that shows why it was found, and the stretch of a long text that holds the most of a query."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from store.concepts import locate_terms
from store.text.columns import widths
from store.text.tokens import Token

SNIPPET_COLUMNS = 160
_ELLIPSIS = "…"


class Snippet(NamedTuple):
    """A passage, and the (start, end) characters of it that the query's terms cover."""

    text: str
    matches: tuple[tuple[int, int], ...]


def best_of(said: Iterable[tuple[str, Iterable[str]]], weights: Mapping[str, float]) -> Snippet:
    """The sentence that covers the most of the query, cut around its matches if it is long.

    Args:
        said: what the digests say of the paper, with its index terms, most important first (which decides between
            equals).
        weights: how much each term of the query counts.
    """
    wanted = frozenset(weights)
    best, best_score = "", -1.0
    for sentence, terms in said:
        # A set has its terms in any order; only an exact sum is the same in each, so that equals are equals.
        score = math.fsum(map(weights.__getitem__, wanted.intersection(terms)))
        if score > best_score:
            best, best_score = sentence, score
    return mark(best, wanted)


def opening(text: str) -> Snippet:
    """The beginning of a text, at most as wide as a snippet."""
    return mark(text, ())


def mark(text: str, terms: Iterable[str], columns: int = SNIPPET_COLUMNS) -> Snippet:
    """The text, cut to a window of ``columns`` around as many matches as fit, with the spans of its matches."""
    wanted = set(terms)
    matched = [token for token in _located(text) if token.term in wanted] if wanted else []
    start, end = _window(text, matched, columns)
    prefix = _ELLIPSIS if start else ""
    suffix = _ELLIPSIS if end < len(text) else ""
    shift = len(prefix) - start
    spans = ((max(t.start, start) + shift, min(t.end, end) + shift) for t in matched if t.start < end and t.end > start)
    return Snippet(prefix + text[start:end] + suffix, join_spans(spans))


@functools.lru_cache(maxsize=2048)
def _located(text: str) -> tuple[Token, ...]:
    """The same sentences come up again and again; finding their words anew is most of the work."""
    return tuple(locate_terms(text))


def join_spans(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that touch or overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _window(text: str, matched: Sequence[Token], columns: int) -> tuple[int, int]:
    """The stretch of whole words, at most ``columns`` wide, that holds the most matches."""
    before = [0, *accumulate(widths(text))]
    if before[-1] <= columns:
        return 0, len(text)
    best = (0, 0)
    for first, token in enumerate(matched):
        inside = sum(before[later.end] - before[token.start] <= columns for later in matched[first:])
        best = max(best, (inside, -first))
    anchor = matched[-best[1]].start if matched else 0
    # A quarter of the window stands before the first match, so that it is read in its sentence.
    start = anchor
    while start > 0 and before[anchor] - before[start - 1] <= columns // 4:
        start -= 1
    end = start
    while end < len(text) and before[end + 1] - before[start] <= columns:
        end += 1
    while start > 0 and before[end] - before[start - 1] <= columns:
        start -= 1
    return whole_words(text, start, end)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch made smaller where it begins or ends inside a Latin word or a number."""
    low, high = start, end
    while 0 < low < high and _in_word(text, low):
        low += 1
    while low < high < len(text) and _in_word(text, high):
        high -= 1
    if low >= high:  # one word longer than the window
        return start, end
    while high > low and text[high - 1] == " ":
        high -= 1
    while low < high and text[low] == " ":
        low += 1
    return low, high


def _in_word(text: str, position: int) -> bool:
    return all(c.isascii() and not c.isspace() for c in text[position - 1 : position + 1])
