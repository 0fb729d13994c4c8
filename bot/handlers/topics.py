"""Browsing by topic: /topic and its buttons."""

from __future__ import annotations

import asyncio

from bot.calls import Call
from bot.views import lists
from bot.views.base import View
from bot.views.lists import PAGE_SIZE, shown_query
from store import Archive, find_topics


async def topic(call: Call) -> View:
    """``/topic`` lists all; ``/topic NAME`` takes a slug or either name."""
    if not call.text:
        return await topic_list(call)
    match = await asyncio.to_thread(find_topics, shown_query(call.text))
    if match.exact:
        page = await topic_page(call, match.exact.slug, 0)
        if page:
            return page
    topics = {topic.slug: topic for topic in await call.services.archive(Archive.topics)}
    nearest = [topics[rule.slug] for rule in match.nearest if rule.slug in topics]
    return lists.unknown_topic(call.text, nearest, call.voice)


async def topic_list(call: Call) -> View:
    return lists.topic_list(await call.services.archive(Archive.topics), call.voice)


async def topic_page(call: Call, slug: str, page: int) -> View | None:
    """A page of a topic's papers; None for a topic that is not listed any more."""
    topics = await call.services.archive(Archive.topics)
    chosen = next((each for each in topics if each.slug == slug), None)
    if chosen is None:
        return None
    results = await call.services.archive(
        Archive.topic_papers, slug, limit=PAGE_SIZE, offset=page * PAGE_SIZE, language=call.voice.first
    )
    return lists.topic_page(chosen, results, call.voice)
