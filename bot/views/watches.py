"""A chat's watches: the list, and what is said when one is added."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import DropWatch, TellAtOnce, WatchList
from bot.chats import MAX_WATCHES, Watch
from bot.views.base import View, Voice
from bot.views.html import join
from bot.views.keyboard import button, keyboard
from bot.views.text import fold, shorten

_MAX_WORDS = 120


def watch_list(watches: Sequence[Watch], voice: Voice) -> View:
    """All watches, numbered, each with buttons to drop it and to choose when its finds are told."""
    if not watches:
        return View(voice.say("watch.none"))
    lines = [voice.say("watch.head")]
    rows = []
    for number, watch in enumerate(watches, 1):
        words = shorten(fold(watch.words), _MAX_WORDS)
        lines.append(voice.say("watch.row_at_once" if watch.at_once else "watch.row", number=number, words=words))
        other = voice.plain("watch.digest_button" if watch.at_once else "watch.at_once_button", number=number)
        rows.append(
            [
                button(voice.plain("watch.drop_button", number=number), DropWatch(watch.id)),
                button(other, TellAtOnce(watch.id, int(not watch.at_once))),
            ]
        )
    return View(join(lines, "\n"), keyboard(*rows))


def added(watch: Watch, voice: Voice, *, subscribed: bool, terminal: bool) -> View:
    """What is said of a new watch; who gets no digest is told how to hear of it."""
    words = shorten(fold(watch.words), _MAX_WORDS)
    lines = [voice.say("watch.added_at_once" if watch.at_once else "watch.added", words=words)]
    if not watch.at_once and not subscribed:
        lines.append(voice.say("watch.not_subscribed"))
    if terminal:
        lines.append(voice.say("subscribe.terminal"))
    other = voice.plain("watch.digest_button" if watch.at_once else "watch.at_once_button", number=words)
    choose = button(other, TellAtOnce(watch.id, int(not watch.at_once)))
    return View(join(lines, "\n"), keyboard([choose], [button(voice.plain("daily.watches_button"), WatchList())]))


def only_little_words(voice: Voice) -> View:
    """The words of a watch are such as stand in every text."""
    return View(voice.say("watch.only_little_words"))


def too_many(voice: Voice) -> View:
    """The chat has as many watches as it may have."""
    return View(
        voice.say("watch.too_many", count=MAX_WATCHES),
        keyboard([button(voice.plain("daily.watches_button"), WatchList())]),
    )
