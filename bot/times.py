"""The times of day readers type: ``8:30``, ``8:30pm``, ``20.30``, ``8点半``, ``下午三点``, ``noon``."""

from __future__ import annotations

import re
import unicodedata
from datetime import time

_HAN_NUMBER = "[零〇一二两三四五六七八九十]{1,3}"
_CLOCK = re.compile(
    rf"""(?<![\w:.@/+-])
    (?P<every>每天|每日)?
    (?P<part>凌晨|清晨|早晨|早上|上午|中午|下午|午后|傍晚|晚上|夜里|今晚|每晚|早|晚)?\s?
    (?:
        (?P<hour>\d{{1,2}})\s?[:.h]\s?(?P<minute>\d{{1,2}})(?!\d)
      | (?P<han_hour>\d{{1,2}}|{_HAN_NUMBER})\s?[点點时時](?:钟|鐘|整)?
        (?:\s?(?P<han_minute>半|一刻|三刻|[0-5]?\d(?!\d)|{_HAN_NUMBER})分?)?
      | (?P<compact>[0-2]\d[0-5]\d)(?=\s|,|$)
      | (?P<bare>\d{{1,2}})(?=\s|,|$|\s?[ap]\.?m)
    )
    (?:\s?(?P<half>[ap])\.?m(?:\.|\b))?(?![A-Za-z0-9_:])""",
    re.VERBOSE,
)
_NAMED = {
    "noon": time(12), "midday": time(12), "正午": time(12), "中午": time(12),
    "midnight": time(0), "午夜": time(0), "半夜": time(0),
}  # fmt: skip
_NAME = re.compile(rf"(?<!\w)(?:{'|'.join(_NAMED)})(?!\w)")
_AFTERNOON = ("下午", "午后", "傍晚")
_NIGHT = ("晚上", "夜里", "今晚", "每晚", "晚")
_DIGITS = "零一二三四五六七八九"
_TENS = re.compile(f"([{_DIGITS}]?)十([{_DIGITS}]?)")
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45}


class NoSuchTime(ValueError):
    """The text is written like a time of day, but no clock shows it; ``args[0]`` is that part of the text."""


def split_time(text: str) -> tuple[time | None, str]:
    """The time of day in ``text``, and the text without it; None where there is none.

    Raises:
        NoSuchTime: a part is written like a time that does not exist (25:99, 13am).
    """
    text = unicodedata.normalize("NFKC", text).replace("∶", ":").strip().casefold()
    match = _CLOCK.search(text)
    if match is None:
        named = _NAME.search(text)
        return (_NAMED[named[0]], _without(text, named)) if named else (None, text)
    try:
        return _time(match), _without(text, match)
    except ValueError:
        raise NoSuchTime(match[0].strip()) from None


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}".strip(" ,，、;；")


def _time(match: re.Match[str]) -> time:
    """The time that a match is written for; ValueError where there is none such."""
    if match["compact"]:
        return time(int(match["compact"][:2]), int(match["compact"][2:]))
    if match["hour"] and len(match["minute"]) == 1:
        # "8:3" may be three minutes past or half past: no time is better than the wrong one.
        raise ValueError(match[0])
    hour = _number(match["hour"] or match["han_hour"] or match["bare"])
    said = match["minute"] or match["han_minute"] or "0"
    minute = _QUARTERS[said] if said in _QUARTERS else _number(said)
    return time(_on_24_hours(hour, match["part"], match["half"]), minute)


def _number(text: str) -> int:
    """A number in digits or in Chinese (八, 十二, 二十三, 零五); ValueError where it is none."""
    if text.isdecimal():
        return int(text)
    text = text.replace("〇", "零").replace("两", "二")
    if tens := _TENS.fullmatch(text):
        return 10 * (_DIGITS.index(tens[1]) if tens[1] else 1) + (_DIGITS.index(tens[2]) if tens[2] else 0)
    return int("".join(str(_DIGITS.index(character)) for character in text))


def _on_24_hours(hour: int, part: str | None, half: str | None) -> int:
    """The hour on a clock of 24; ValueError where the words beside it deny it."""
    if half and not 1 <= hour <= 12 and not (half == "p" and 13 <= hour <= 23):
        raise ValueError(hour)
    if hour > 12:
        return 0 if hour == 24 else hour
    if half:
        return hour % 12 + (12 if half == "p" else 0)
    if hour == 12:
        return 0 if part in _NIGHT or part == "凌晨" else 12
    if part in _AFTERNOON or part in _NIGHT or (part == "中午" and hour <= 2):
        return hour + 12
    return hour
