"""Whether a model's text says only what its sources say.

A text is shown where every sentence names sources that there are, every number and name in it stands in what these
say, and it is plain text in the asker's language. Nothing here trusts the model, nor what a digest may have told it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from bot.llm.figures import find_figures, without_figures
from bot.llm.names import HAN, find_names, has_name
from bot.llm.prompt import Source
from bot.views.text import fold, units
from store import Language, language_of, split_sentences

MAX_TEXT = 1_200  # UTF-16 units of the whole text, numbers of sources included
MAX_CLAIMS = 10
_LONGEST_READ = 4 * MAX_TEXT

_CITATION = re.compile(r"\s*[\[【［]\s*(\d{1,2}(?:\s*[,，、]\s*\d{1,2})*)\s*[\]】］]")
_UNFINISHED_CITATION = re.compile(r"[\[【［][\d\s,，、]*$")
_BULLET = re.compile(r"^(?:[-*•·]|\d{1,2}[.)、])\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")
# What Telegram would make a link, a command or a tag of by itself, and what looks like mark-up.
_ACTIVE = re.compile(
    r"://|www\.|[^\W_]\.[^\W\d_]{2,}|(?<!\w)@\w|#\w|(?<!\w)/[a-z]|\$[a-z]|<\s*[a-z/!?]|&#?\w+;|[\[\]【】{}\\]",
    re.IGNORECASE,
)
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "Zl", "Zp"})
_WIDE_END = re.compile(rf"[{HAN}\u3000-\u303f\uff00-\uffef]$")

# At least this share of a sentence's words must stand in a source that is in the same language. A faithful sentence in
# other words has half or more of them, one about something else a tenth.
_LEAST_SHARED = 0.3
_FEWEST_WORDS = 4
_FEWEST_SHARED = 3
_LATIN_STEM = re.compile(r"(?<![a-z])[a-z]{4,5}")
_HAN_PAIR = re.compile(rf"(?=([{HAN}]{{2}}))")
_COMMON_STEMS = frozenset(
    word[:5]
    for word in "about also been both could from have into more most only other over paper such than that their them"
    " then there these they this those through using were what when where which while with would".split()
)


class Ungrounded(Exception):
    """A text that must not be shown. The reason repeats none of it."""


class Claim(NamedTuple):
    """A sentence, the numbers of the sources it names, and the number of the line it stands on."""

    text: str
    cited: tuple[int, ...]
    line: int


def check(text: str, language: Language, sources: Sequence[Source]) -> str:
    """The text as it can be shown: plain, each sentence followed by the numbers of its sources, such as ``[1]``.

    Raises:
        Ungrounded: it says something that its sources do not, or is not what was asked for.
    """
    claims = read_claims(text)
    if not claims:
        raise Ungrounded("there is nothing in it")
    if len(claims) > MAX_CLAIMS or len(text) > _LONGEST_READ:
        raise Ungrounded("it is too long")
    for claim in claims:
        if fault := find_fault(claim, sources):
            raise Ungrounded(fault)
    if not _is_in(language, claims):
        raise Ungrounded("it is in another language than the question")
    written = _written(claims)
    if units(written) > MAX_TEXT:
        raise Ungrounded("it is too long")
    return written


def checked_part(text: str, language: Language, sources: Sequence[Source]) -> str:
    """Of a text that goes on, the sentences at its beginning that are complete and bear the same checks."""
    complete = read_claims(_UNFINISHED_CITATION.sub("", text))[:-1]
    claims = list(takewhile(lambda claim: find_fault(claim, sources) is None, complete[:MAX_CLAIMS]))
    if not claims or not _is_in(language, claims):
        return ""
    written = _written(claims)
    return written if units(written) <= MAX_TEXT else ""


def read_claims(text: str) -> list[Claim]:
    """The sentences of a text. A sentence names the sources that stand in it or right behind it."""
    lines = unicodedata.normalize("NFC", text[:_LONGEST_READ]).splitlines()
    return [claim for number, line in enumerate(lines) for claim in _claims_of(line, number)]


def find_fault(claim: Claim, sources: Sequence[Source]) -> str | None:
    """Why a sentence cannot be shown, or None where it can."""
    cited = [source for source in sources if source.number in claim.cited]
    text = unicodedata.normalize("NFKC", claim.text)
    said = [unicodedata.normalize("NFKC", source.text) for source in cited]
    if any(unicodedata.category(sign) in _HIDDEN for sign in claim.text):
        return "a sentence has characters that cannot be seen"
    if _ACTIVE.search(text):
        return "a sentence has a link or mark-up"
    if not any(sign.isalnum() for sign in text):
        return "a sentence says nothing"
    if not claim.cited:
        return "a sentence names no source"
    if len(cited) < len(claim.cited):
        return "a sentence names a source that there is not"
    if not set(find_figures(text)) <= {figure for each in said for figure in find_figures(each)}:
        return "a number stands in none of its sources"
    if not all(any(has_name(each, name) for each in said) for name in _names(text)):
        return "a name stands in none of its sources"
    if not _is_about(text, cited, said):
        return "a sentence is about something else than its sources"
    return None


def _claims_of(line: str, number: int) -> Iterator[Claim]:
    line = _EMPHASIS.sub("", _BULLET.sub("", " ".join(line.split())))
    text, places, end = "", [], 0
    for match in _CITATION.finditer(line):
        text += line[end : match.start()]
        places.append((len(text), [int(digits) for digits in re.findall(r"\d+", match[1])]))
        end = match.end()
    text += line[end:]
    start = 0
    sentences = split_sentences(text)
    for sentence in sentences:
        start = text.index(sentence, start)
        end = start + len(sentence)
        cited = dict.fromkeys(source for place, named in places if start < place <= end for source in named)
        yield Claim(fold(sentence), tuple(sorted(cited)), number)
        start = end


def _is_in(language: Language, claims: Sequence[Claim]) -> bool:
    return language_of(" ".join(claim.text for claim in claims)) == language


def _names(text: str) -> list[str]:
    return list(find_names(without_figures(text), chinese=language_of(text) == "zh"))


def _is_about(text: str, cited: Sequence[Source], said: Sequence[str]) -> bool:
    """Whether a sentence, whose numbers and names its sources have, has enough in common with what these say."""
    words = _words(text)
    shared = words & set().union(*map(_words, said))
    if any(language_of(text) in source.languages for source in cited):
        return len(words) < _FEWEST_WORDS or len(shared) >= _LEAST_SHARED * len(words)
    # In another language, only names, numbers and the words of titles can be compared.
    return bool(_names(text) or find_figures(text)) or len(shared) >= _FEWEST_SHARED


def _words(text: str) -> set[str]:
    """Pairs of Chinese characters, and the beginnings of longer English words, which their forms have in common."""
    lowered = text.casefold()
    return {*_HAN_PAIR.findall(lowered), *_LATIN_STEM.findall(lowered)} - _COMMON_STEMS


def _written(claims: Sequence[Claim]) -> str:
    written, line = "", -1
    for claim in claims:
        wide = bool(_WIDE_END.search(claim.text))
        if written:
            written += "\n" if claim.line != line else "" if wide else " "
        numbers = "".join(f"[{number}]" for number in claim.cited)
        written += f"{claim.text}{'' if wide else ' '}{numbers}"
        line = claim.line
    return written
