"""Words that look like names, and whether a text has them."""

from __future__ import annotations

import re
from collections.abc import Iterator

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LETTER = rf"(?:(?![{HAN}])[^\W\d_])"
_SIGN = rf"(?:(?![{HAN}])[^\W_])"  # a letter or a digit
_WORD = re.compile(rf"{_SIGN}+(?:[-_.@+/&]+{_SIGN}+)*")
_JOINTS = re.compile(r"([-_.@+/&]+)")
_PARTS = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)*")
# Between the parts of a name people write what they like: R1-Zero, R1 Zero.
_BETWEEN = r"[\W_]{0,3}"
_ENDING = re.compile(r"(?<=...)(?:e?s|e?d|ing|ions?)$")
_ENDINGS = "(?:e|e?s|e?d|ing|ions?)?"

# What sentences begin with beside names; compared in lower case.
_OPENERS = frozenset(
    """
    a about according across adding after again all also although among an and another any applied applying are
    around as at author authors based because before being besides between beyond both but by can combined
    combining compared comparing concretely data despite does due during each either enough even every evidence
    except experiment experiments few finally first for from further furthermore given had has have he hence her
    here his how however i if in including inspired instead into is it its just last lastly later less like many
    meanwhile method methods model models more moreover most much neither no none nor not notably now of on once
    one only onto or other others otherwise our out over overall paper papers per point points previous prior
    rather research researchers result results same second several she showing similarly since so some specifically
    still studies study such than that the their them then there therefore these they third this those though three
    through throughout thus to together toward towards training trained two under unlike unless until up upon use
    used uses using via was we well were what when where whereas whether which while who whose why will with within
    without work works yes yet you your
    """.split()
)


def find_names(text: str, *, chinese: bool) -> Iterator[str]:
    """The words of ``text`` that look like names: with a capital letter, a digit or a foreign letter; in Chinese text
    every word in letters.

    Common words with a capital letter are none, which is how an English sentence begins.
    """
    for match in _WORD.finditer(text):
        if chinese:
            if len(match[0]) > 1 or match[0].isupper():
                yield match[0]
        elif (name := _name_in(match[0])) and name.casefold() not in _OPENERS:
            yield name


def has_name(text: str, name: str) -> bool:
    """Whether ``text`` has the name, whatever its capitals, its hyphens and its plural s; a plain word with a capital
    letter may stand there with another ending (``Shearing`` for ``shears``)."""
    parts = _PARTS.findall(name.casefold())
    if not parts:
        return True
    *first, last = parts
    if not first and name.isalpha() and name[1:].islower():
        last, end = _ENDING.sub("", last), _ENDINGS
    elif last[-1].isdigit():
        end = r"(?!\.?\d)"
    else:
        last, end = (last[:-1] if len(last) > 1 and name[-1] == "s" else last), "s?"
    pattern = _BETWEEN.join(map(re.escape, (*first, last)))
    # A number may stand before a unit (80GB), but no name is found inside a longer word or number.
    before = rf"(?<!{_SIGN})(?<!\d\.)" if parts[0][0].isdigit() else rf"(?<!{_LETTER})"
    return re.search(rf"{before}{pattern}{end}(?!{_LETTER})", text.casefold()) is not None


def _name_in(word: str) -> str:
    """The part of an English word that is a name: ``GRPO`` of ``GRPO-based``; empty where there is none."""
    parts = _JOINTS.split(word)
    while parts and _is_common(parts[-1]):
        del parts[-2:]
    while parts and _is_common(parts[0]):
        del parts[:2]
    return "".join(parts)


def _is_common(part: str) -> bool:
    return part.isascii() and part.isalpha() and part.islower()
