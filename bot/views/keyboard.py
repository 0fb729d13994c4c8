"""Inline keyboards within Telegram's limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message

from bot.callbacks import MAX_PAGE, Callback, OpenPaper, parse
from bot.views.base import Voice
from bot.views.html import safe_url
from bot.views.text import ELLIPSIS, fold, shorten

MAX_LABEL = 64  # UTF-16 units; more is not shown on a phone
MAX_BUTTONS = 100
PER_ROW = 5

Row = Sequence[InlineKeyboardButton | None]


def button(label: str, callback: Callback) -> InlineKeyboardButton:
    """A button that sends ``callback``."""
    return InlineKeyboardButton(_label(label), callback_data=callback.pack())


def web_button(label: str, url: str | None) -> InlineKeyboardButton | None:
    """A button that opens ``url``; None where that is no sound web address."""
    address = safe_url(url)
    return None if address is None else InlineKeyboardButton(_label(label), url=address)


def keyboard(*rows: Row) -> InlineKeyboardMarkup | None:
    """The rows without their missing buttons, at most 100 buttons; None where no button is left."""
    kept: list[list[InlineKeyboardButton]] = []
    left = MAX_BUTTONS
    for row in rows:
        present = [item for item in row if item is not None][:left]
        left -= len(present)
        if present:
            kept.append(present)
    return InlineKeyboardMarkup(kept) if kept else None


def grid(buttons: Iterable[InlineKeyboardButton], columns: int) -> list[list[InlineKeyboardButton]]:
    """The buttons in rows of ``columns`` (at most 8)."""
    items = list(buttons)
    return [items[at : at + columns] for at in range(0, len(items), columns)]


def open_buttons(keys: Sequence[str], first: int = 1) -> list[list[InlineKeyboardButton]]:
    """Buttons that open the papers ``keys``, numbered from ``first`` like the list above them."""
    return grid((button(str(number), OpenPaper(key)) for number, key in enumerate(keys, first)), PER_ROW)


def page_buttons(page: int, pages: int, turn: Callable[[int], Callback], voice: Voice) -> Row:
    """Buttons to the neighbours of ``page`` (0-based) of ``pages``; ``turn`` makes the callback of a page."""
    last = min(pages - 1, MAX_PAGE)
    back = min(page - 1, last)
    return [
        button(voice.plain("pages.previous"), turn(back)) if back >= 0 else None,
        button(voice.plain("pages.next"), turn(page + 1)) if page < last else None,
    ]


def callbacks_of(message: Message | None) -> list[Callback]:
    """What the buttons of a message of ours say, in their order."""
    if message is None or message.reply_markup is None:
        return []
    found = (parse(item.callback_data) for row in message.reply_markup.inline_keyboard for item in row)
    return [callback for callback in found if callback is not None]


def _label(text: str) -> str:
    return shorten(fold(text), MAX_LABEL) or ELLIPSIS
