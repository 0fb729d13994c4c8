"""What is new in the archive, and what watches find among it.

"New" is what ``first_seen`` in chats.db has not got: an archive made anew from the same digests brings nothing new.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.chats import Chats, Find, KnownPaper
from bot.planning import Brief, Catalog
from store import Archive, title_key

if TYPE_CHECKING:
    from bot.services import Services
    from store import Brief as StoredBrief
    from store import Paper

log = logging.getLogger(__name__)

_THE_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class News:
    """The archive's papers with the moment each came in, kept in step with the archive."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._catalog: Catalog | None = None

    async def catalog(self, services: Services) -> Catalog:
        """The catalog of the newest load. The first time, what came in with it is recorded and shown to all watches."""
        async with self._lock:
            generation = await services.archive(lambda archive: archive.generation)
            if self._catalog is None or self._catalog.generation != generation:
                self._catalog = await asyncio.to_thread(
                    take_stock, services.archive_, services.chats_, generation, services.now()
                )
            return self._catalog


def take_stock(archive: Archive, chats: Chats, generation: int, now: datetime) -> Catalog:
    """Record which papers came into the archive since the last time, and which watches they match.

    The first time of all, every paper is recorded and none is news.
    """
    papers = archive.briefs()
    known = chats.known_papers()
    names = _Names(known)
    since = {paper.key: names.since(paper) for paper in papers}
    absent = [paper for paper in papers if paper.key not in names.keys]
    news = [paper for paper in absent if since[paper.key] is None] if known else []
    finds = list(_finds(archive, chats, [paper.key for paper in news])) if news else []
    # What was there from the beginning is older than any reader.
    came = now if known else _THE_BEGINNING
    recorded = [KnownPaper(paper.key, paper.arxiv_id, _title(paper), since[paper.key] or came) for paper in absent]
    if recorded:
        chats.record_news(recorded, finds, now)
        log.info(
            "%d papers came into the archive, %d of them new; watches match %d", len(absent), len(news), len(finds)
        )
    briefs = [
        Brief(paper.key, paper.arxiv_id, _title(paper), paper.topics, paper.published or "", since[paper.key] or came)
        for paper in papers
    ]
    return Catalog.of(generation, briefs, _aliases(archive, known, papers))


class _Names:
    """Papers known already, by all that may name them."""

    def __init__(self, known: Iterable[KnownPaper]) -> None:
        self.keys: dict[str, datetime] = {}
        self._ids: dict[str, datetime] = {}
        self._titles: dict[str, datetime] = {}
        for paper in known:
            self.keys[paper.key] = paper.seen_at
            if paper.arxiv_id:
                self._ids[paper.arxiv_id] = paper.seen_at
            if title := title_key(paper.title):
                self._titles[title] = paper.seen_at

    def since(self, paper: StoredBrief) -> datetime | None:
        """Since when a paper is known, perhaps under another key; None if it is new."""
        by_id = self._ids.get(paper.arxiv_id) if paper.arxiv_id else None
        titles = (title_key(title) for title in (paper.title_en, paper.title_zh) if title)
        by_title = next((self._titles[title] for title in titles if title in self._titles), None)
        return self.keys.get(paper.key) or by_id or by_title


def _finds(archive: Archive, chats: Chats, keys: Sequence[str]) -> Iterator[Find]:
    watches = chats.all_watches()
    by_words = archive.matching(dict.fromkeys(watch.words for watch in watches), keys)
    for watch in watches:
        for paper in by_words[watch.words]:
            yield Find(watch, paper.key, paper.arxiv_id, _title(paper))


def _aliases(archive: Archive, known: Iterable[KnownPaper], papers: Iterable[StoredBrief]) -> Mapping[str, str]:
    """Keys that are known and that no paper has now, with the key of the same paper now."""
    by_id: dict[str, str] = {}
    by_title: dict[str, str] = {}
    present: set[str] = set()
    for paper in papers:
        present.add(paper.key)
        if paper.arxiv_id:
            by_id[paper.arxiv_id] = paper.key
        for title in filter(None, (paper.title_en, paper.title_zh)):
            by_title[title_key(title)] = paper.key
    aliases: dict[str, str] = {}
    for old in known:
        if old.key in present:
            continue
        now = by_id.get(old.arxiv_id or "") or by_title.get(title_key(old.title)) or _alias(archive, old.key)
        if now:
            aliases[old.key] = now
    return aliases


def _alias(archive: Archive, key: str) -> str | None:
    paper = archive.paper(key)
    return paper.key if paper else None


def _title(paper: StoredBrief | Paper) -> str:
    return paper.title_en or paper.title_zh or ""
