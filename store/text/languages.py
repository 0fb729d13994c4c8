"""Which of the two languages a text is written in."""

from __future__ import annotations

import re

from store.models import Language

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LETTER = re.compile(r"[^\W\d_]")

_FEWEST_HAN = 4
_SMALLEST_SHARE = 0.2


def count_han(text: str) -> int:
    """How many Chinese characters ``text`` holds."""
    return sum(1 for _ in _HAN.finditer(text))


def count_letters(text: str) -> int:
    """How many letters of any script ``text`` holds, Chinese characters among them."""
    return sum(1 for _ in _LETTER.finditer(text))


def is_chinese(paragraph: str) -> bool:
    """Whether at least four Han characters make up 20 % or more of the paragraph's letters."""
    if paragraph.isascii():
        return False
    han = count_han(paragraph)
    return han >= _FEWEST_HAN and han >= _SMALLEST_SHARE * count_letters(paragraph)


def is_chinese_title(title: str) -> bool:
    """Whether a title is Chinese. Titles are short, so two characters can be enough: ``数羊``, ``SmolVLA 报告``."""
    han = count_han(title)
    return han >= _FEWEST_HAN or (han > 0 and han >= _SMALLEST_SHARE * count_letters(title))


def can_tell(text: str) -> bool:
    """Whether a text is long enough to tell its language: ``数羊。`` and ``53.6%`` are not."""
    han = count_han(text)
    letters = count_letters(text)
    return letters > 0 and not (0 < han < _FEWEST_HAN and han >= _SMALLEST_SHARE * letters)


def same_language(one: str, other: str) -> bool:
    """Whether two texts are in one language; what is too short to tell goes with any."""
    return language_of(one) == language_of(other) or not (can_tell(one) and can_tell(other))


def language_of(text: str) -> Language:
    """``zh`` or ``en``; what is not Chinese counts as English."""
    return "zh" if is_chinese(text) else "en"
