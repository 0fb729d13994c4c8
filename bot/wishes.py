"""What readers type after /subscribe and /settings: a time of day, a time zone, topics, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from bot.times import split_time
from bot.zones import find_zone
from store import find_topics

MAX_TEXT = 256
_EVERYTHING = frozenset({"all", "all topics", "everything", "全部", "全部主题", "所有", "所有主题"})
_LITTLE_WORDS = frozenset({"at", "in", "on", "and", "topics", "topic", "daily", "every", "day", "每天", "主题", "时区"})
_BETWEEN = re.compile(r"[,，、;；\n]+")
_MOST_WORDS = 6  # in the name of a topic or city


@dataclass(frozen=True)
class Wishes:
    """What was understood; None is what was not said, and no topics are all of them. ``unknown`` was not understood."""

    time: time | None = None
    zone: str | None = None
    topics: tuple[str, ...] | None = None
    unknown: str | None = None


def read_wishes(text: str) -> Wishes:
    """Read what follows a command.

    Raises:
        NoSuchTime: a part is written like a time that does not exist.
    """
    clock, rest = split_time(text[:MAX_TEXT])
    zone: str | None = None
    topics: list[str] = []
    everything = False
    for part in filter(None, (each.strip() for each in _BETWEEN.split(rest))):
        words = part.split()
        while words:
            taken, meaning = _first(words)
            if not taken:
                return Wishes(clock, zone, tuple(topics) or None, " ".join(words))
            words = words[taken:]
            match meaning:
                case ("zone", name):
                    zone = name
                case ("topic", slug):
                    topics.append(slug)
                case ("all", _):
                    everything = True
    chosen = () if everything and not topics else tuple(dict.fromkeys(topics)) or None
    return Wishes(clock, zone, chosen)


def _first(words: list[str]) -> tuple[int, tuple[str, str] | None]:
    """How many of the words name one thing, as many as possible, and what; (0, None) where they name nothing."""
    for count in range(min(len(words), _MOST_WORDS), 0, -1):
        said = " ".join(words[:count])
        if said in _EVERYTHING:
            return count, ("all", "")
        if topic := find_topics(said).exact:
            return count, ("topic", topic.slug)
        if zone := find_zone(said):
            return count, ("zone", zone)
    return (1, None) if words[0] in _LITTLE_WORDS else (0, None)
