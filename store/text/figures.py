"""Figures and names in running text, Chinese and English: what most questions about papers ask for."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from store.text.tokens import normalize

Unit = Literal["percent", "multiple", "fraction", "size", "decimal", "count"]

_UNITS = (
    r"(?:[%％]|个?百分点|percent(?:age points?)?|个?点(?![云估])|points?\b|倍|[xX×](?![A-Za-z])|times\b"
    r"|[kKMBG](?![A-Za-z0-9])|万亿|[万亿千百]|billion|million|thousand|trillion)"
)
_HAN_NUMBER = "[一二两三四五六七八九十百]+"
_MEASURE = "[个種种项類类条條大维維倍步阶階轮輪层層篇款组組套台块塊张張次]"
_WORDS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|dozen|single"
    "|double|twice|half|third|quarter|tenth"
)
# Digits that belong to a name (Qwen2.5-7B, MATH-500) are no figure.
_FIGURE = re.compile(
    rf"(?<![A-Za-z0-9_.\-])(?:[+\-~≈±<>]?\$?\d+(?:[.,]\d+)*(?:\s?/\s?\d+(?:\.\d+)*)?)(?:\s?{_UNITS})?(?![A-Za-z0-9])"
    rf"|{_HAN_NUMBER}(?:分之{_HAN_NUMBER}|{_MEASURE})|单[个块张台](?=\s*(?:GPU|卡|显卡))|\b(?:{_WORDS})\b",
    re.IGNORECASE,
)
_LATIN_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-_.@+/²³×][A-Za-z0-9²³]+)*\+*")
# Of the characters that a Latin word is made of.
_DIGIT, _LETTER, _CAPITAL = re.compile("[0-9²³]"), re.compile("[A-Za-z]"), re.compile("[A-Z]")
_SIGNS = re.compile(r"[^a-z0-9]")
_SENTENCE_ENDS = ".!?。！？"

_PERCENT = re.compile(r"%|百分点|percent|点$|points?$")
_MULTIPLE = re.compile(r"倍|[x×]$|times|twice|double")
_FRACTION = re.compile(r"/|分之|^(?:half|third|quarter|tenth)$")
_SIZE = re.compile(r"[kmbg]$|[万亿千百]$|illion|thousand")


class Figure(NamedTuple):
    """A number with its unit: ``key`` is its one spelling, ``start`` and ``end`` its characters in the text."""

    key: str
    unit: Unit
    start: int
    end: int


class Name(NamedTuple):
    """A word that looks like a name: ``key`` is its lower-case letters and digits alone."""

    key: str
    text: str
    start: int
    end: int


def find_figures(text: str) -> list[Figure]:
    """Numbers in digits or words with their units, in order; digits inside names are left out."""
    figures = []
    for match in _FIGURE.finditer(text):
        key = normalize(match.group()).replace(" ", "").replace(",", "").lstrip("+-~≈±<>$")
        figures.append(Figure(key, _unit(key), match.start(), match.end()))
    return figures


def find_names(text: str, *, chinese: bool) -> list[Name]:
    """Words with a digit or a capital letter, in order; in Chinese text every Latin word is one.

    An English word whose only capital begins its sentence is none.
    """
    names = []
    for match in _LATIN_WORD.finditer(text):
        word = match.group()
        if _is_name(word, _begins_sentence(text, match.start()), chinese):
            names.append(Name(name_key(word), word, match.start(), match.end()))
    return names


def name_key(text: str) -> str:
    """A name as it is compared: lower-case letters and digits alone (``Qwen2.5-7B`` and ``qwen 2.5 7b`` are one)."""
    return _SIGNS.sub("", normalize(text))


def _is_name(word: str, begins_sentence: bool, chinese: bool) -> bool:
    if _DIGIT.search(word):
        return _LETTER.search(word) is not None
    if _CAPITAL.search(word, 1):
        return True
    if word[0].isupper():
        return chinese or not begins_sentence
    return chinese


def _begins_sentence(text: str, position: int) -> bool:
    before = text[:position].rstrip()
    return not before or before[-1] in _SENTENCE_ENDS


def _unit(key: str) -> Unit:
    if _PERCENT.search(key):
        return "percent"
    if _MULTIPLE.search(key):
        return "multiple"
    if _FRACTION.search(key):
        return "fraction"
    if _SIZE.search(key):
        return "size"
    return "decimal" if "." in key else "count"
