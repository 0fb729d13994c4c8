"""Papers a chat keeps: the ☆ buttons and /saved."""

from __future__ import annotations

from collections.abc import Sequence

from bot.calls import Call
from bot.chats import Chats, SavedPaper
from bot.views import saved as views
from bot.views.base import View
from bot.views.papers import PAGE_SIZE
from store import Archive, Hit, Paper, main_result


async def saved(call: Call) -> View:
    """``/saved``"""
    return await saved_page(call, 0)


async def saved_page(call: Call, page: int) -> View:
    kept = await call.services.chats(Chats.saved, call.chat.id)
    page = min(page, max(len(kept) - 1, 0) // PAGE_SIZE)  # the list may have become shorter
    shown = kept[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    return views.saved_page(await _hits(call, shown), len(kept), page, call.voice)


async def save(call: Call, key: str) -> str | None:
    """Keep a paper; gives the note to answer with, None for a paper that no longer exists."""
    paper = await call.services.archive(Archive.paper, key)
    if paper is None:
        return None
    kept = SavedPaper(paper.key, paper.arxiv_id, paper.title_en or paper.title_zh or "")
    is_new = await call.services.chats(Chats.save, call.chat.id, kept, call.services.now())
    return views.saved_note(is_new, call.voice)


async def drop(call: Call, key: str, page: int) -> View:
    await call.services.chats(Chats.unsave, call.chat.id, key)
    return await saved_page(call, page)


async def _hits(call: Call, kept: Sequence[SavedPaper]) -> list[Hit]:
    """The papers as a list shows them; one that has gone from the archive by its names alone."""
    hits = []
    for each in kept:
        paper = await call.services.archive(Archive.paper, each.key)
        if paper is None:
            hits.append(Hit(key=each.key, arxiv_id=each.arxiv_id, title_en=each.title))
        else:
            # Under the key it was saved with, so that it can be dropped.
            hits.append(_hit(each.key, paper, call))
    return hits


def _hit(key: str, paper: Paper, call: Call) -> Hit:
    result = main_result(paper, call.voice.first)
    return Hit(
        key=key,
        arxiv_id=paper.arxiv_id,
        title_en=paper.title_en,
        title_zh=paper.title_zh,
        snippet=result.text if result else "",
        matches=result.matches if result else (),
    )
