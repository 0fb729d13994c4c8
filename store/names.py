"""Names of papers' subjects, as their titles have them, and which one a mistyped word was meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz.distance import OSA
from sqlite_utils import Database

from store.text.tokens import Form, Token, form_of

# Words of Latin letters and digits, with what may join them in a name.
_WORD = re.compile(r"[A-Za-z0-9]+(?:[-+.@²³⊗][A-Za-z0-9]+)*\+*")
_HEAD = re.compile(rf"({_WORD.pattern})\s*[:：]")
# Names of four letters are near to each other, so only two letters that changed places are set right in them; longer
# ones may have two letters wrong, moved or missing.
_SHORTEST, _SHORT, _LONG = 4, 5, 8


def names_in_title(title: str) -> Iterator[str]:
    """The names in a title: words with two capitals or with a digit, and a single word before its colon."""
    form = form_of(title).text
    if head := _HEAD.match(form):
        yield head[1]
    for word in _WORD.findall(form):
        if sum(character.isupper() for character in word) > 1 or _mixes_digits(word):
            yield word


def name_key(name: str) -> str:
    """A name as names are compared: its letters and digits in lower case."""
    return "".join(character for character in name.casefold() if character.isalnum())


def words_in(form: Form) -> list[Token]:
    """The words of a text that could be names, as they are written, with their spans."""
    return [Token(match.group(), match.start(), match.end()) for match in _WORD.finditer(form.text)]


def nearest_name(database: Database, word: str) -> str | None:
    """The name that a word is, mistyped; None where no name is near, or several are.

    The first letter and all digits are taken to be right.
    """
    wanted = name_key(word)
    if len(wanted) < _SHORTEST or not wanted[0].isascii():
        return None
    allowed = 2 if len(wanted) >= _LONG else 1
    rows = database.query(
        "SELECT DISTINCT key, name FROM names WHERE key >= ? AND key < ? AND length(key) BETWEEN ? AND ?",
        [wanted[0], chr(ord(wanted[0]) + 1), len(wanted) - allowed, len(wanted) + allowed],
    )
    near: dict[str, tuple[int, str]] = {}
    for row in rows:
        distance = OSA.distance(wanted, row["key"], score_cutoff=allowed)
        if len(wanted) < _SHORT and sorted(row["key"]) != sorted(wanted):
            continue
        if distance <= allowed and _digits(row["key"]) == _digits(wanted):
            near[row["key"]] = (distance, row["name"])
    ranked = sorted(near.values())
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]


def _mixes_digits(word: str) -> bool:
    return any(character.isdigit() for character in word) and any(character.isalpha() for character in word)


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
