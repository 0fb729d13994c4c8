"""The papers a chat keeps, by pages."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import DropSaved, SavedPage
from bot.views.base import View, Voice
from bot.views.html import join
from bot.views.keyboard import PER_ROW, button, grid, keyboard, open_buttons, page_buttons
from bot.views.lists import page_count
from bot.views.papers import PAGE_SIZE, listing
from store import Hit


def saved_page(hits: Sequence[Hit], total: int, page: int, voice: Voice) -> View:
    """A page of the papers kept, the last saved first; each may be opened or dropped."""
    if not total:
        return View(voice.say("saved.none"))
    pages, first = page_count(total), page * PAGE_SIZE + 1
    which = voice.say("pages.which", page=page + 1, pages=pages) if pages > 1 else ""
    head = join([voice.say("saved.head", count=total), which], " · ")
    dropping = (
        button(voice.plain("saved.drop_button", number=number), DropSaved(hit.key, page))
        for number, hit in enumerate(hits, first)
    )
    rows = [*open_buttons([hit.key for hit in hits], first), *grid(dropping, PER_ROW)]
    return View(listing(head, hits, first, voice), keyboard(*rows, page_buttons(page, pages, SavedPage, voice)))


def saved_note(is_new: bool, voice: Voice) -> str:
    """The note (plain text) for a tap that saves a paper."""
    return voice.plain("saved.done" if is_new else "saved.already")
