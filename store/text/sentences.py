"""Text into sentences, Chinese and English."""

from __future__ import annotations

import re

_TERMINATOR = re.compile(r"[。！？!?]+|\.+|…+|\n")
_CLOSERS = "”’」』\"')]）】》」"
_PAIRS = {"(": ")", "[": "]", "（": "）", "【": "】", "“": "”", "「": "」", "『": "』", "《": "》"}
_BRACKET = re.compile('[()\\[\\]（）【】“”「」『』《》"\n]')
_LONGEST_NOISE = 20_000  # characters
_QUOTE_ENDS = '”」』"'

# Words that end in a full stop without ending a sentence (compared in lower case, without the last stop).
_ABBREVIATIONS = frozenset(
    "e.g i.e eg ie al vs v.s cf viz resp approx w.r.t a.k.a ca dr prof mr mrs ms u.s u.k ph.d incl excl".split()
)
# These end a sentence unless a number follows: "Fig. 3", "no. 5".
_BEFORE_NUMBERS = frozenset(
    "fig figs eq eqs sec secs sect tab tabs ref refs no nos vol pp p ch chap app alg thm lem def prop cor".split()
)
# These end one where a capital letter follows.
_OFTEN_LAST = frozenset("etc inc ltd co corp jr sr univ dept est max min avg".split())
_TOKEN_END = re.compile(r"[A-Za-z][A-Za-z.]{0,8}$")
_NUMBER_END = re.compile(r"(?:^|[\s,;:；，：、(（])(\d{1,3})$")
_SPACE = re.compile(r"\s*")
_NEXT_WORD = re.compile(r"\S{1,40}")


def split_sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order, without the white space around them; a line end always ends one.

    A sentence does not end inside a number (``3.5``), after an abbreviation (``e.g.``, ``et al.``, ``vs.``,
    ``Fig.``), nor inside brackets or quotation marks, unless these are never closed on their line.
    """
    if _is_noise(text):
        return [line.strip() for line in text.split("\n") if line.strip()]
    sheltered = _sheltered_spans(text)
    sentences: list[str] = []
    start = 0
    shelter = 0
    for match in _TERMINATOR.finditer(text):
        if match.start() < start:
            continue  # swallowed with the closing signs of the sentence before
        end = match.end()
        if match[0] != "\n":
            while shelter < len(sheltered) and sheltered[shelter][1] <= match.start():
                shelter += 1
            if shelter < len(sheltered) and sheltered[shelter][0] < match.start():
                close = sheltered[shelter][1]
                if not _quote_ends_sentence(text, end, close):
                    continue
                end = close + 1
            end = _skip_closers(text, end)
            if not _ends_sentence(text, match, start, end):
                continue
        if sentence := text[start:end].strip():
            sentences.append(sentence)
        start = max(start, end)
    if sentence := text[start:].strip():
        sentences.append(sentence)
    return sentences


def _is_noise(text: str) -> bool:
    """Whether so much of the text is punctuation that it has no sentences; looking for them would take long."""
    return len(text) > _LONGEST_NOISE and sum(text.count(sign) for sign in '.!?"([“') * 5 > len(text)


def _sheltered_spans(text: str) -> list[tuple[int, int]]:
    """The outermost bracketed or quoted spans, as (open, close) positions; brackets not paired on their line shelter
    nothing."""
    spans: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for match in _BRACKET.finditer(text):
        sign, at = match[0], match.start()
        if sign == "\n":
            stack.clear()
        elif sign == '"':
            opened = _last_open(stack, '"')
            if opened is None:
                stack.append(('"', at))
            else:
                spans.append((stack[opened][1], at))
                del stack[opened:]
        elif sign in _PAIRS:
            stack.append((_PAIRS[sign], at))
        elif (opened := _last_open(stack, sign)) is not None:
            spans.append((stack[opened][1], at))
            del stack[opened:]
    spans.sort()
    outermost: list[tuple[int, int]] = []
    for span in spans:
        if not outermost or span[0] > outermost[-1][1]:
            outermost.append(span)
    return outermost


# Deeper nesting than this is not text, and looking through it would cost quadratic time.
_DEEPEST = 12


def _last_open(stack: list[tuple[str, int]], closing: str) -> int | None:
    for index in range(len(stack) - 1, max(-1, len(stack) - 1 - _DEEPEST), -1):
        if stack[index][0] == closing:
            return index
    return None


def _quote_ends_sentence(text: str, end: int, close: int) -> bool:
    """Whether a terminator that ends at ``end`` inside quotation marks is both the quotation's and the sentence's."""
    return close == end and text[close] in _QUOTE_ENDS and text[end - 1] in "。.!?"


def _skip_space(text: str, end: int) -> int:
    match = _SPACE.match(text, end)
    return match.end() if match else end


def _skip_closers(text: str, end: int) -> int:
    while end < len(text) and text[end] in _CLOSERS:
        end += 1
    return end


def _ends_sentence(text: str, match: re.Match[str], start: int, end: int) -> bool:
    mark = match[0]
    if mark[0] in "。！？":
        return True
    rest = _skip_space(text, end)
    following = text[rest] if rest < len(text) else ""
    if not following or "\n" in text[end:rest]:
        return True
    spaced = rest > end
    if mark[0] == "…":
        return spaced and following.isupper()
    if not spaced:
        return "\u4e00" <= following <= "\u9fff" and (mark[0] in "!?" or text[match.start() - 1].isalpha())
    if mark[0] in "!?":
        return not following.islower()
    return _full_stop_ends_sentence(text, match.start(), start, rest, following)


def _full_stop_ends_sentence(text: str, at: int, start: int, rest: int, following: str) -> bool:
    before = text[max(start, at - 12) : at]
    word = _TOKEN_END.search(before)
    if word is not None:
        token = word[0].lower()
        if token in _ABBREVIATIONS or (len(token) == 1 and word[0].isupper() and _is_initial(before)):
            return False
        if token in _BEFORE_NUMBERS and (following.isdigit() or following in "(IVX"):
            return False
        if token in _OFTEN_LAST:
            return following.isupper()
    number = _NUMBER_END.search(before)
    if number is not None and _numbers_a_list(text, start, at - len(number[1])):
        return False
    if following.islower():
        # Names of models may begin with a small letter: "vsGRPO-2B beats it."
        word_after = _NEXT_WORD.match(text, rest)
        return word_after is not None and any(ch.isupper() or ch.isdigit() for ch in word_after[0])
    return True


def _numbers_a_list(text: str, start: int, at: int) -> bool:
    """Whether the number at ``at`` begins its sentence or follows a sign in it: ``1. Data``, ``first, 2. rewards``."""
    before = text[start:at] if at - start <= 3 else text[at - 3 : at]
    return not before.strip() or before.rstrip()[-1] in ",;:；，：、(（"


def _is_initial(before: str) -> bool:
    return len(before) == 1 or not before[-2].isalnum()
