"""Numbers of running text by their value, so that ``13 亿``, ``1.3B`` and ``1.3 billion`` are one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

Unit = Literal["", "percent", "times"]


class Figure(NamedTuple):
    """A number's value, as an amount, a percentage (points count as such) or a multiple."""

    value: Decimal
    unit: Unit


_SCALES = {
    "k": 10**3,
    "千": 10**3,
    "thousand": 10**3,
    "万": 10**4,
    "m": 10**6,
    "百万": 10**6,
    "million": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "b": 10**9,
    "十亿": 10**9,
    "billion": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
    "t": 10**12,
    "trillion": 10**12,
}
_HAN_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_WORDS: dict[str, Figure] = {
    **{
        word: Figure(Decimal(value), "")
        for value, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), 2)
    },
    **{
        word: Figure(Decimal(value), "")
        for value, word in zip(
            range(20, 100, 10), "twenty thirty forty fifty sixty seventy eighty ninety".split(), strict=True
        )
    },
    **dict.fromkeys(("hundred", "hundreds"), Figure(Decimal(100), "")),
    **dict.fromkeys(("thousand", "thousands"), Figure(Decimal(1_000), "")),
    **dict.fromkeys(("million", "millions"), Figure(Decimal(10**6), "")),
    **dict.fromkeys(("billion", "billions"), Figure(Decimal(10**9), "")),
    **dict.fromkeys(("dozen", "dozens"), Figure(Decimal(12), "")),
    **dict.fromkeys(("twice", "double", "doubles", "doubled", "doubling", "翻倍"), Figure(Decimal(2), "times")),
    **dict.fromkeys(("triple", "triples", "tripled", "tripling"), Figure(Decimal(3), "times")),
    **dict.fromkeys(("half", "halves", "halved", "halving", "一半", "减半"), Figure(Decimal("0.5"), "")),
}
_SCALE = r"(?:百万|千万|十亿|百亿|千亿|万亿|[千万亿]|(?:thousand|million|billion|trillion)\b|[kmbt](?![a-z0-9]))"
_PERCENT = r"(?:%|percent\b|percentage\s+points?\b|points?\b|个?百分点|个点)"
_TIMES = r"(?:倍|[x×](?![a-z0-9])|times\b|-?fold\b)"
_DIGITS = re.compile(
    r"(?<![a-z0-9_.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![,.]?\d)"
    rf"(?:[\s-]?(?P<scale>{_SCALE}))?(?:[\s-]?(?:(?P<percent>{_PERCENT})|(?P<times>{_TIMES})))?",
    re.IGNORECASE,
)
# What stands before digits that are part of a name: the "Qwen2.5-" of Qwen2.5-7B.
_NAME_BEFORE = re.compile(r"[a-z][a-z0-9._-]*-$", re.IGNORECASE)
_LONGEST_NAME = 40
_MEASURE = "[个種种项類类条條大倍步阶階维維轮輪层層篇款组組套台块塊张張次名位家]"
_HAN_NUMBER = re.compile(
    rf"(?P<percent>百分之)(?P<share>[零一二两三四五六七八九十百]+)"
    rf"|(?<!第)(?<![零一二两三四五六七八九十百千万])"
    rf"(?P<amount>[二两三四五六七八九十][零一二两三四五六七八九十百千万]*|一[十百千万][零一二两三四五六七八九十百千万]*)"
    rf"(?P<measure>{_MEASURE})"
)
_WORD = re.compile(
    r"(?<![a-z0-9-])(?P<word>[a-z]+)(?![a-z0-9])(?P<times>[\s-](?:times|fold)\b)?|(?P<han>翻倍|一半|减半)",
    re.IGNORECASE,
)


def find_figures(text: str) -> list[Figure]:
    """The numbers of a text in NFKC: in digits, in English words, in Chinese characters.

    "One" and 一 are none, nor are ordinal numbers in words. In a name only a size is one (the 7B of Llama-7B), other
    digits there belong to the name (MATH-500).
    """
    figures: list[Figure] = []
    for match in _DIGITS.finditer(text):
        scale = match["scale"]
        if scale is None and _is_in_name(match):
            continue
        unit: Unit = "percent" if match["percent"] else "times" if match["times"] else ""
        value = Decimal(match["digits"].replace(",", "")) * (_SCALES[scale.lower()] if scale else 1)
        figures.append(Figure(value, unit))
    # The million of "1.3 million" has been counted.
    text = _DIGITS.sub(" ", text)
    for match in _HAN_NUMBER.finditer(text):
        if match["percent"]:
            figures.append(Figure(_han_value(match["share"]), "percent"))
        else:
            figures.append(Figure(_han_value(match["amount"]), "times" if match["measure"] == "倍" else ""))
    for match in _WORD.finditer(text):
        if figure := _WORDS.get(match["han"] or match["word"].lower()):
            figures.append(figure._replace(unit="times") if match["times"] else figure)
    return figures


def without_figures(text: str) -> str:
    """A text in NFKC without its numbers in digits and their units; those in names stay."""
    return _DIGITS.sub(lambda match: match[0] if _is_in_name(match) else " ", text)


def _is_in_name(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - _LONGEST_NAME) : match.start()]
    return _NAME_BEFORE.search(before) is not None


def _han_value(numeral: str) -> Decimal:
    """The value of a numeral below a hundred million: 三百二十 is 320."""
    total = section = digit = 0
    for sign in numeral:
        power = _HAN_POWERS.get(sign)
        if power is None:
            digit = _HAN_DIGITS[sign]
        elif power == 10_000:
            total, section, digit = (total + section + digit) * power, 0, 0
        else:
            section, digit = section + (digit or 1) * power, 0
    return Decimal(total + section + digit)
