"""What a check is, and the list of those there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from bot.doctor.asking import Web
from bot.services import utc_now
from bot.settings import Settings

Level = Literal["ok", "warning", "fault"]


class Finding(NamedTuple):
    """What a check found, in a few words; and what to do about it, in a sentence, where it is not well."""

    level: Level
    what: str
    advice: str | None = None


def ok(what: str) -> Finding:
    return Finding("ok", what)


def warning(what: str, advice: str) -> Finding:
    """The bot works, but not as it could."""
    return Finding("warning", what, advice)


def fault(what: str, advice: str) -> Finding:
    """The bot does not work, or will lose something."""
    return Finding("fault", what, advice)


@dataclass
class Case:
    """What is looked at: the settings, and the means to ask others. ``now`` gives the time in UTC."""

    settings: Settings
    web: Web
    now: Callable[[], datetime] = utc_now


class Check(NamedTuple):
    """A check by its name; ``asks`` says whether it needs another server than the bot's own."""

    name: str
    asks: bool
    look: Callable[[Case], Iterable[Finding]]


_CHECKS: list[Check] = []
_Look = Callable[[Case], Iterable[Finding]]


def register(name: str, *, asks: bool = False) -> Callable[[_Look], _Look]:
    """Decorator: the function is a check from now on. It changes nothing and raises nothing that can be foreseen."""

    def add(look: _Look) -> _Look:
        _CHECKS.append(Check(name, asks, look))
        return look

    return add


def registered() -> tuple[Check, ...]:
    """All checks, in the order in which they were registered."""
    return tuple(_CHECKS)
