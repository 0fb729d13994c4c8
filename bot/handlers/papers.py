"""Finding papers: /search, /paper, and the buttons of cards and lists."""

from __future__ import annotations

from bot.calls import Call
from bot.chats import Chats
from bot.views import card, help, lists, problems
from bot.views.base import View
from bot.views.lists import PAGE_SIZE, is_shortened, shown_query
from store import Archive, Paper, QueryError, has_words


async def search(call: Call) -> View:
    """``/search WORDS``"""
    if not call.text:
        return help.usage("search", call.voice)
    query = shown_query(call.text)
    if not has_words(query):
        return problems.only_punctuation(call.voice)
    return await search_page(call, query, 0, shortened=is_shortened(call.text))


async def search_page(call: Call, query: str, page: int, *, shortened: bool = False) -> View:
    try:
        results = await call.services.archive(
            Archive.search, query, limit=PAGE_SIZE, offset=page * PAGE_SIZE, language=call.voice.first
        )
    except QueryError as error:
        return problems.query_error(error, call.voice)
    return lists.search_results(results, call.voice, shortened=shortened)


async def paper(call: Call) -> View:
    """``/paper ID, link or title``"""
    if not call.text:
        return help.usage("paper", call.voice)
    lookup = await call.services.archive(Archive.find, shown_query(call.text))
    if lookup.paper:
        return await card_of(call, lookup.paper)
    return lists.not_found(lookup, call.voice)


async def open_paper(call: Call, key: str) -> View | None:
    """The card of the paper with this key; None if no paper has or had it."""
    found = await call.services.archive(Archive.paper, key)
    return await card_of(call, found) if found else None


async def card_of(call: Call, paper: Paper) -> View:
    """The paper's card; what the chat asks next may be about it."""
    await call.services.note(Chats.remember_paper, call.chat.id, paper.key, call.services.now())
    return card.paper_card(paper, call.voice, await call.services.archive(Archive.topics))


async def bibtex(call: Call, key: str) -> View | None:
    found = await call.services.archive(Archive.paper, key)
    return card.bibtex(found, call.voice) if found else None


async def related_page(call: Call, key: str, page: int) -> View | None:
    found = await call.services.archive(Archive.paper, key)
    if found is None:
        return None
    results = await call.services.archive(
        Archive.related, found.key, limit=PAGE_SIZE, offset=page * PAGE_SIZE, language=call.voice.first
    )
    return lists.related_page(found, results, call.voice)
