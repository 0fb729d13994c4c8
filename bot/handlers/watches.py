"""Words that a chat waits for: /watch, /watches and their buttons."""

from __future__ import annotations

import asyncio

from bot.calls import Call
from bot.chats import Chats, TooManyWatches
from bot.handlers import subscribing
from bot.views import help, problems
from bot.views import watches as views
from bot.views.base import View
from bot.views.lists import shown_query
from store import QueryError, Waited, has_words


async def watch(call: Call) -> View:
    """``/watch WORDS``; alone it lists the watches."""
    if not call.text:
        listed = await call.services.chats(Chats.watches, call.chat.id)
        return views.watch_list(listed, call.voice) if listed else help.usage("watch", call.voice)
    words = shown_query(call.text)
    if not has_words(words):
        return problems.only_punctuation(call.voice)
    try:
        says_something = await asyncio.to_thread(lambda: Waited(words).says_something)
    except QueryError as error:
        return problems.query_error(error, call.voice)
    if not says_something:
        return views.only_little_words(call.voice)
    subscription = await subscribing.ensure_settings(call)
    try:
        added = await call.services.chats(Chats.add_watch, call.chat.id, words, at_once=False, now=call.services.now())
    except TooManyWatches:
        return views.too_many(call.voice)
    terminal = not call.services.delivers
    return views.added(added, call.voice, subscribed=subscription.subscribed, terminal=terminal)


async def watches(call: Call) -> View:
    """``/watches``: all of them, to drop and to choose when their finds are told."""
    return views.watch_list(await call.services.chats(Chats.watches, call.chat.id), call.voice)


async def drop(call: Call, number: int) -> View | None:
    """Drop a watch; None where it is gone already."""
    if not await call.services.chats(Chats.drop_watch, call.chat.id, number):
        return None
    return await watches(call)


async def tell_at_once(call: Call, number: int, at_once: bool) -> View | None:
    """Choose when a watch's finds are told; None where it is gone."""
    if not await call.services.chats(Chats.set_at_once, call.chat.id, number, at_once=at_once):
        return None
    return await watches(call)
