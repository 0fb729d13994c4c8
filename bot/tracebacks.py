"""An exception's traceback for the log, without what people wrote."""

from __future__ import annotations

import re
import traceback
import unicodedata
from collections.abc import Iterator

from bot.logs import REDACTED

_WORD = re.compile(r"\w+")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
# So many characters in a row that also stand in what was written make a word of it; Chinese words are short.
_LATIN_RUN, _HAN_RUN = 4, 2


def describe(error: BaseException, written: str = "", *, texts: bool = True) -> str:
    """The traceback of ``error`` and of what led to it, the first cause first.

    Stack frames show only source code, but an exception's own text may repeat what it choked on: there, every word
    that stands in ``written`` is blacked out. Without ``texts`` only the exceptions' kinds are told.
    """
    parts = []
    for each in _chain(error):
        said = f": {without(str(each), written)}" if texts else ""
        parts.append(f"{''.join(traceback.format_tb(each.__traceback__))}{type(each).__qualname__}{said}")
    return "\n\nwhich led to\n\n".join(reversed(parts))


def without(text: str, written: str) -> str:
    """``text`` with every word blacked out that was taken from ``written``, whole or in part."""
    known = _plain(written)
    words = set(_WORD.findall(known))
    return _WORD.sub(lambda match: REDACTED if _is_taken(_plain(match[0]), known, words) else match[0], text)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_taken(word: str, known: str, words: set[str]) -> bool:
    run = _HAN_RUN if _HAN.search(word) else _LATIN_RUN
    if len(word) < run:
        return word in words
    return any(word[at : at + run] in known for at in range(len(word) - run + 1))
