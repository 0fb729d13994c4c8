"""Papers of a delivery with what a digest says of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from bot.chats import Item
from bot.views.daily import Told
from store import Archive, Highlight, Paper, main_result

if TYPE_CHECKING:
    from bot.services import Services

_MOST_KEPT = 2000  # papers; a broadcast tells the same few to everybody


class _Known(NamedTuple):
    paper: Paper
    english: Highlight | None
    chinese: Highlight | None


class Telling:
    """Finds each paper's main results once a load."""

    def __init__(self) -> None:
        self._generation = -1
        self._known: dict[str, _Known | None] = {}

    async def of(self, services: Services, items: Sequence[Item]) -> list[Told]:
        """The papers as a digest tells them; one that has gone from the archive by its names alone."""
        generation = await services.archive(lambda archive: archive.generation)
        if generation != self._generation or len(self._known) > _MOST_KEPT:
            self._generation, self._known = generation, {}
        known = self._known  # while we wait for a thread, another load may begin another one
        missing = [item.key for item in items if item.key not in known]
        if missing:
            known.update(await asyncio.to_thread(_look_up, services.archive_, missing))
        return [_told(item, known[item.key]) for item in items]


def _told(item: Item, known: _Known | None) -> Told:
    if known is None:
        return Told(item, title_en=item.title, in_archive=False)
    paper = known.paper
    now = item.model_copy(update={"key": paper.key, "arxiv_id": paper.arxiv_id})
    return Told(now, paper.title_en, paper.title_zh, known.english, known.chinese)


def _look_up(archive: Archive, keys: Sequence[str]) -> dict[str, _Known | None]:
    papers = {key: archive.paper(key) for key in keys}
    return {
        key: _Known(paper, main_result(paper, "en"), main_result(paper, "zh")) if paper else None
        for key, paper in papers.items()
    }
