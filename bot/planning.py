"""Which papers a reader's digest holds: what watches found, then what is new, then the archive.

All of it is pure: the same archive, settings and papers already had give the same choice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime

from bot.chats import Find, Item, Items, Why

# Papers of no topic are for readers who chose none; among these they count as a topic of their own.
_NO_TOPIC = ""


@dataclass(frozen=True)
class Brief:
    """A paper as far as choosing it goes. ``seen_at`` is when it came into the archive."""

    key: str
    arxiv_id: str | None
    title: str
    topics: tuple[str, ...]
    published: str
    seen_at: datetime


@dataclass(frozen=True)
class Catalog:
    """The archive's papers in the orders they are chosen in. ``aliases`` leads from keys of old to today's."""

    generation: int
    papers: Mapping[str, Brief]
    aliases: Mapping[str, str] = field(default_factory=dict)
    arrivals: tuple[Brief, ...] = ()  # the last to come in last
    topics: Mapping[str, tuple[Brief, ...]] = field(default_factory=dict)  # newest first

    @classmethod
    def of(cls, generation: int, briefs: Iterable[Brief], aliases: Mapping[str, str] | None = None) -> Catalog:
        newest_first = sorted(briefs, key=_newest, reverse=True)
        topics: dict[str, list[Brief]] = {}
        for brief in newest_first:
            for topic in brief.topics or (_NO_TOPIC,):
                topics.setdefault(topic, []).append(brief)
        return cls(
            generation,
            {brief.key: brief for brief in newest_first},
            dict(aliases or {}),
            tuple(sorted(newest_first, key=lambda brief: brief.seen_at)),
            {topic: tuple(papers) for topic, papers in topics.items()},
        )

    def current(self, keys: Iterable[str]) -> set[str]:
        """Keys that papers had once as the keys they have now."""
        return {self.aliases.get(key, key) for key in keys}


def choose(
    catalog: Catalog,
    count: int,
    *,
    topics: Collection[str] = (),
    new_since: datetime,
    had: AbstractSet[str] = frozenset(),
    finds: Sequence[Find] = (),
) -> Items:
    """Up to ``count`` papers that the reader has not had, the most wanted first.

    What watches found leads, whatever its topic; then what came into the archive after ``new_since`` within the topics
    (none are all), newest first; then papers from the archive, turning from topic to topic and in each to the newest.
    """
    chosen = {item.key: item for item in found(catalog, count, had=had, finds=finds)}
    had = catalog.current(had)
    for brief in _new(catalog, topics, new_since):
        if len(chosen) == count:
            break
        if brief.key not in had:
            chosen.setdefault(brief.key, _item(brief, "new"))
    for brief in _from_archive(catalog, topics, had | chosen.keys()):
        if len(chosen) == count:
            break
        chosen[brief.key] = _item(brief, "archive")
    return tuple(chosen.values())


def found(catalog: Catalog, count: int, *, had: AbstractSet[str], finds: Sequence[Find]) -> Items:
    """Up to ``count`` papers that watches found and the reader has not had, each under the first that found it."""
    had = catalog.current(had)
    chosen: dict[str, Item] = {}
    for find in finds:
        brief = catalog.papers.get(catalog.aliases.get(find.key, find.key))
        if brief and brief.key not in had and len(chosen) < count:
            chosen.setdefault(brief.key, _item(brief, "watch", find.watch.words))
    watches = list(dict.fromkeys(item.watch for item in chosen.values()))
    return tuple(sorted(chosen.values(), key=lambda item: watches.index(item.watch)))


def _new(catalog: Catalog, topics: Collection[str], since: datetime) -> list[Brief]:
    """The papers that came in after a moment, newest first."""
    first = bisect_right(catalog.arrivals, since, key=lambda brief: brief.seen_at)
    arrived = (brief for brief in catalog.arrivals[first:] if not topics or not set(topics).isdisjoint(brief.topics))
    return sorted(arrived, key=_newest, reverse=True)


def _from_archive(catalog: Catalog, topics: Collection[str], left_out: AbstractSet[str]) -> Iterator[Brief]:
    """The rest of the archive, each time the newest of a topic that has come up least."""
    wanted = sorted(set(topics) & catalog.topics.keys()) if topics else sorted(catalog.topics)
    waiting = {topic: iter(catalog.topics[topic]) for topic in wanted}
    taken = set(left_out)
    come_up: Counter[str] = Counter()
    heads: dict[str, Brief] = {}
    while True:
        for topic, papers in list(waiting.items()):
            if topic in heads and heads[topic].key not in taken:
                continue
            heads.pop(topic, None)
            head = next((brief for brief in papers if brief.key not in taken), None)
            if head is None:
                del waiting[topic]
            else:
                heads[topic] = head
        if not heads:
            return
        least = min(come_up[topic] for topic in heads)
        chosen = max((head for topic, head in heads.items() if come_up[topic] == least), key=_newest)
        taken.add(chosen.key)
        come_up.update(topic for topic in chosen.topics or (_NO_TOPIC,) if topic in heads)
        yield chosen


def _newest(brief: Brief) -> tuple[str, str]:
    return (brief.published, brief.key)


def _item(brief: Brief, why: Why, watch: str | None = None) -> Item:
    return Item(key=brief.key, arxiv_id=brief.arxiv_id, title=brief.title, why=why, watch=watch)
