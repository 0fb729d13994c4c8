"""The search language: words, ``"exact phrases"``, ``-without`` and filters such as ``topic:agents from:2025-05``.

Everything may be written in Chinese as well: ``主题:智能体 从:2025-05 作者:Kong``, with full-width colons and quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from store.topics import find_topics

Field = Literal["topic", "from", "to", "source", "author", "has", "id"]

FIELDS: dict[str, Field] = {
    "topic": "topic", "from": "from", "to": "to", "source": "source", "author": "author", "has": "has", "id": "id",
    "主题": "topic", "从": "from", "到": "to", "来源": "source", "作者": "author", "有": "has", "编号": "id",
}  # fmt: skip
_CODE = frozenset(("code", "代码"))

_QUOTED = r'["“”「『](?P<{0}>[^"“”「」『』]*)["”“」』]'
_PART = re.compile(
    rf"(?:(?<=\s)|^)(?P<minus>[-－])?(?:(?P<field>{'|'.join(FIELDS)})[:：]\s?(?:{_QUOTED.format('quoted_value')}|(?P<value>\S*))"
    rf"|{_QUOTED.format('phrase')})|(?:(?<=\s)|^)[-－](?P<without>[^\s\"“”「『-][^\s\"“”「『]*)",
    re.IGNORECASE,
)
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?月?年?")
_MONTHS, _DAYS = 12, 31


class QueryError(ValueError):
    """A query that cannot be understood: ``kind`` says why, ``value`` is the part that is meant.

    =========== ==================================================================
    kind        the query …
    =========== ==================================================================
    empty       names a filter without a value (``topic:``); value: the filter
    date        has a from: or to: that is no year, month or day
    range       begins after it ends; value: the beginning
    topic       names a topic that there is not; ``near`` are slugs of like ones
    has         asks for something else than has:code
    id          has an id: without a digit
    nothing     only says what is not wanted
    =========== ==================================================================
    """

    def __init__(
        self,
        kind: Literal["empty", "date", "range", "topic", "has", "id", "nothing"],
        value: str,
        near: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{kind}: {value}")
        self.kind = kind
        self.value = value
        self.near = near


class Filter(NamedTuple):
    """A filter; ``wanted`` is False where papers that it fits are not wanted (``-topic:agents``)."""

    field: Field
    value: str
    wanted: bool = True


@dataclass(frozen=True)
class Query:
    """A query that was understood: ``words`` rank, all else decides which papers are ranked.

    A topic filter's value is the topic's slug. A from: or to: filter's value is ``YYYY[-MM[-DD]]``.
    """

    words: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is words only."""
        return not (self.phrases or self.without or self.filters)

    @property
    def text(self) -> str:
        """The words that rank: those of its phrases too."""
        return " ".join((self.words, *self.phrases)).strip()


def parse_query(text: str) -> Query:
    """Read a query of the search language.

    Raises:
        QueryError: a filter is wrong, or nothing is left to look for.
    """
    phrases: list[str] = []
    without: list[str] = []
    filters: list[Filter] = []
    for match in _PART.finditer(text):
        wanted = match["minus"] is None
        if match["field"]:
            filters.append(_filter(match["field"], match["quoted_value"] or match["value"] or "", wanted))
        elif match["without"]:
            without.append(match["without"])
        elif phrase := match["phrase"].strip():
            (phrases if wanted else without).append(phrase)
    words = " ".join(_PART.sub(" ", text).split())
    query = Query(words, tuple(phrases), tuple(without), tuple(filters))
    _check(query, text)
    return query


def _filter(name: str, value: str, wanted: bool) -> Filter:
    kind = FIELDS[name.lower()]
    value = value.strip(" ,，;；")
    if not value:
        raise QueryError("empty", name)
    match kind:
        case "from" | "to":
            return Filter(kind, _date(value), wanted)
        case "topic":
            found = find_topics(value)
            if found.exact is None:
                raise QueryError("topic", value, tuple(topic.slug for topic in found.nearest))
            return Filter(kind, found.exact.slug, wanted)
        case "has" if value.lower() not in _CODE:
            raise QueryError("has", value)
        case "id" if not any(character.isdigit() for character in value):
            raise QueryError("id", value)
    return Filter(kind, value, wanted)


def _date(value: str) -> str:
    """A year, month or day as ``YYYY[-MM[-DD]]``."""
    match = _DATE.fullmatch(value)
    if not match:
        raise QueryError("date", value)
    year, month, day = match[1], match[2], match[3]
    if (month and not 1 <= int(month) <= _MONTHS) or (day and not 1 <= int(day) <= _DAYS):
        raise QueryError("date", value)
    return "-".join(part.zfill(2) for part in (year, month, day) if part)


def _check(query: Query, text: str) -> None:
    begin = max(_values(query, "from"), default="")
    end = min(_values(query, "to"), default="")
    if begin and end and begin[: len(end)] > end[: len(begin)]:
        raise QueryError("range", begin)
    if query.without and not (query.words or query.phrases or query.filters):
        raise QueryError("nothing", text.strip())


def _values(query: Query, name: Field) -> Iterator[str]:
    return (each.value for each in query.filters if each.field == name and each.wanted)
