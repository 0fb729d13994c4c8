"""The daily digest as a message: each paper with its titles and its main result, one line a language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.helpers import create_deep_linked_url

from bot.callbacks import MoreToday, SavePaper, ShowSettings, WatchList
from bot.chats import Item
from bot.views import moments
from bot.views.base import View, Voice
from bot.views.html import Markup, bold, fits, highlight, join, link
from bot.views.keyboard import PER_ROW, button, grid, keyboard, open_buttons, web_button
from bot.views.papers import paper_url, titles
from bot.views.text import fold, shorten
from store import Highlight, Language

_MAX_WATCH = 60
_MAX_BOLD = 2  # figures in bold in a line
# Limits of a title and of a line, in UTF-16 units, the most generous first; ten papers fit with the last.
_LIMITS = ((300, 240), (200, 180), (150, 140), (120, 110), (100, 85), (70, 60))


@dataclass(frozen=True)
class Told:
    """A paper as a digest tells it: why it is there, and its main result in each language that has one."""

    item: Item
    title_en: str | None = None
    title_zh: str | None = None
    result_en: Highlight | None = None
    result_zh: Highlight | None = None
    in_archive: bool = True

    @property
    def key(self) -> str:
        return self.item.key

    @property
    def arxiv_id(self) -> str | None:
        return self.item.arxiv_id

    def result(self, language: Language) -> Highlight | None:
        return self.result_zh if language == "zh" else self.result_en


def digest(day: date, papers: Sequence[Told], voice: Voice, *, channel_of: str | None = None) -> View:
    """The digest of a day; with no papers, the line that says that none is left.

    For a channel, ``channel_of`` is the bot's name: there, buttons lead to the private chat with it, since whoever
    reads a channel may tap them.
    """
    if not papers:
        return View(voice.say("daily.nothing_left"), None if channel_of else keyboard([_settings(voice)]))
    head = voice.say("daily.head", day=moments.day(day, voice))
    if channel_of is not None:
        return View(_text(head, papers, voice), _links(papers, channel_of))
    return View(_text(head, papers, voice), _buttons(papers, voice, [_more(voice), _settings(voice)]))


def preview(papers: Sequence[Told], voice: Voice, *, moment: str | None, day: date) -> View:
    """The papers the next digest would hold; ``moment`` is when it comes, None for who is not subscribed."""
    if not papers:
        return View(voice.say("daily.nothing_now"), keyboard([_settings(voice)]))
    if moment is None:
        head = voice.say("daily.picks", day=moments.day(day, voice))
    else:
        head = voice.say("daily.preview", moment=moment)
    return View(_text(head, papers, voice), _buttons(papers, voice, [_settings(voice)]))


def more(papers: Sequence[Told], voice: Voice) -> View:
    """Further papers for who wants more on the same day."""
    return View(
        _text(voice.say("daily.more"), papers, voice), _buttons(papers, voice, [_more(voice), _settings(voice)])
    )


def found(papers: Sequence[Told], voice: Voice, *, channel_of: str | None = None) -> View:
    """New papers that watches found, told at once; ``channel_of`` as in :func:`digest`."""
    text = _text(voice.say("daily.found", count=len(papers)), papers, voice)
    if channel_of is not None:
        return View(text, _links(papers, channel_of))
    return View(text, _buttons(papers, voice, [button(voice.plain("daily.watches_button"), WatchList())]))


def nothing_more(voice: Voice) -> str:
    """The note (plain text) where there are no further papers."""
    return voice.plain("daily.nothing_more")


def recovered(count: int, voice: Voice) -> View:
    """Tells an admin of deliveries whose fate nobody knows."""
    return View(voice.say("daily.recovered", count=count))


def _text(head: Markup, papers: Sequence[Told], voice: Voice) -> Markup:
    for title_limit, line_limit in _LIMITS:
        blocks: list[Markup] = [head]
        group = None
        for number, paper in enumerate(papers, 1):
            lines = [_paper(number, paper, voice, title_limit, line_limit)]
            if (paper.item.why, paper.item.watch) != group:
                group = (paper.item.why, paper.item.watch)
                lines.insert(0, _heading(paper.item, voice))
            blocks.append(join(lines, "\n"))
        whole = join(blocks, "\n\n")
        if fits(whole):
            break
    return whole


def _heading(item: Item, voice: Voice) -> Markup:
    match item.why:
        case "watch":
            return voice.say("daily.watch", words=shorten(fold(item.watch), _MAX_WATCH))
        case "new":
            return voice.say("daily.new")
        case "archive":
            return voice.say("daily.archive")


def _paper(number: int, paper: Told, voice: Voice, title_limit: int, line_limit: int) -> Markup:
    first, *others = (shorten(title, title_limit) for title in titles(paper, voice))
    lines = [Markup(f"{number}. {bold(first)}"), *others]
    lines += [_result(paper, language, voice, line_limit) for language in _languages(paper, voice)]
    if not paper.in_archive:
        lines.append(voice.say("daily.gone"))
    name = f"arXiv {paper.arxiv_id}" if paper.arxiv_id else voice.plain("card.search_arxiv")
    return join([*lines, link(name, paper_url(paper))], "\n")


def _languages(paper: Told, voice: Voice) -> list[Language]:
    """The languages of a paper's lines: the reader's, or the other one where the digests have nothing in it."""
    other: Language = "en" if voice.first == "zh" else "zh"
    if not paper.in_archive:
        return []
    if voice.cards == "both":
        return [voice.first, other]
    return [voice.first] if paper.result(voice.first) else [voice.first, other]


def _result(paper: Told, language: Language, voice: Voice, limit: int) -> Markup:
    result = paper.result(language)
    if result is None:
        return voice.say("card.missing_zh" if language == "zh" else "card.missing_en")
    return highlight(result.text, result.matches, limit, most=_MAX_BOLD)


def _buttons(papers: Sequence[Told], voice: Voice, last: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup | None:
    saving = (
        button(voice.plain("daily.save_button", number=number), SavePaper(paper.key))
        for number, paper in enumerate(papers, 1)
        if paper.in_archive
    )
    opening = open_buttons([paper.key for paper in papers])
    return keyboard(*opening, *grid(saving, PER_ROW), last)


def _links(papers: Sequence[Told], bot: str) -> InlineKeyboardMarkup | None:
    links = (web_button(str(number), create_deep_linked_url(bot, paper.key)) for number, paper in enumerate(papers, 1))
    return keyboard(*grid(filter(None, links), PER_ROW))


def _more(voice: Voice) -> InlineKeyboardButton:
    return button(voice.plain("daily.more_button"), MoreToday())


def _settings(voice: Voice) -> InlineKeyboardButton:
    return button(voice.plain("daily.settings_button"), ShowSettings("main"))
