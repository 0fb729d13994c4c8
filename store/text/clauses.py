"""Sentences into clauses: the smallest parts of a sentence that can be quoted alone."""

from __future__ import annotations

import re

from store.text.columns import width

# Where a clause may end. An ASCII mark counts only before a space or a Han character: never in 20,000 or 3.5:1.
_END = re.compile(r"[，；：。！？]+[”’」』）)]*|[,;:](?=[\s\u4e00-\u9fff])|\s[—–-]\s|——")
_OPEN = "(（[【“「『《"
_CLOSE = ")）]】”」』》"
_BRACKET = re.compile(f"[{re.escape(_OPEN + _CLOSE)}]")
# A clause is at least this many columns wide, so that the members of a list stay together.
_NARROWEST = 24


def split_clauses(sentence: str) -> list[tuple[int, int]]:
    """The (start, end) spans of a sentence's clauses, in order and without gaps; none lies inside brackets."""
    sheltered = _sheltered(sentence)
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(sentence):
        end = match.end()
        if sheltered[match.start()] or width(sentence[start:end]) < _NARROWEST:
            continue
        spans.append((start, end))
        start = end
    if start < len(sentence):
        if spans and width(sentence[start:]) < _NARROWEST:
            start = spans.pop()[0]
        spans.append((start, len(sentence)))
    return spans


def _sheltered(sentence: str) -> list[bool]:
    """For each character whether it stands between brackets or quotation marks that are both there."""
    inside = [False] * len(sentence)
    opened: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(sentence):
        position, sign = match.start(), match.group()
        if sign in _OPEN:
            opened.append((_CLOSE[_OPEN.index(sign)], position))
        else:
            while opened:
                closing, begin = opened.pop()
                if closing == sign:
                    inside[begin:position] = [True] * (position - begin)
                    break
    return inside
