"""Hard-wrapped lines, joined again into the paragraph they were."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Characters written without spaces between them: Chinese and Japanese script, and full-width signs and punctuation.
_CJK = re.compile(
    "[\u2e80-\u30ff\u31c0-\u31ef\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef\U00020000-\U0003ffff]"
)
# Opening signs and dashes used in Chinese that Unicode counts as general punctuation.
_NEUTRAL_END = re.compile("[“‘—…·]+$")
_URL_END = re.compile(r"https?://\S*$")
_BROKEN_DECIMAL = re.compile(r"(?<=\d)\. (?=\d{1,4}\s?[%％])|(?<=\d\.) (?=\d{1,4}\s?[%％])")
_SPACED_PERCENT = re.compile(r"(?<=\d)[ \t]{1,3}(?=[%％])")
# "single- and multi-turn": the hyphen stands for a word to come, not for a word that was broken.
_SUSPENDED = re.compile(r"(?:and|or|to|und)\b(?!-)")
_SENTENCE_END = re.compile(r"[。！？!?：:；;….][”’」』）)\]\"'*]*\s*$")


def join_lines(lines: Iterable[str]) -> str:
    """The lines of one paragraph as one line.

    Chinese is joined without a space, English with one; a word that was wrapped after its hyphen keeps the hyphen and
    gets no space (``GSM-`` + ``Symbolic``); a figure torn apart is mended (``53.`` + ``6%``). Empty lines are ignored.
    """
    joined: list[str] = []
    previous = ""
    for line in lines:
        part = " ".join(line.split())
        if not part:
            continue
        if previous and _needs_space(previous, part):
            joined.append(" ")
        joined.append(part)
        previous = part
    return mend_numbers("".join(joined))


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence, or the announcement of a list, does: such a line was not wrapped there."""
    return _SENTENCE_END.search(line[-40:]) is not None


def mend_numbers(text: str) -> str:
    """Percentages written apart, put together: ``53. 6%`` is ``53.6%`` and ``72.9 %`` is ``72.9%``."""
    if "%" not in text and "％" not in text:
        return text
    return _SPACED_PERCENT.sub("", _BROKEN_DECIMAL.sub(lambda match: match[0].strip(), text))


def _needs_space(before: str, after: str) -> bool:
    last, first = before[-1], after[0]
    if _CJK.match(last) or _CJK.match(first):
        return False
    if last == "-" and first.isalnum() and len(before) > 1 and before[-2].isalnum():
        return _SUSPENDED.match(after) is not None
    if last == "/" and len(before) > 1 and before[-2].isalnum():
        # A slash joins words, but at the end of an address it ends the address.
        return _URL_END.search(before[-300:]) is not None
    # A dash or a quotation mark says which script it belongs to only by what stands before it.
    neutral = _NEUTRAL_END.search(before[-20:])
    return neutral is None or _CJK.match(before[-20:][: neutral.start()][-1:]) is None
