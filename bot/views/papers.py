"""How a paper is named wherever it comes up: titles in the reader's order, arXiv links, an item of a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.views.base import Voice
from bot.views.html import Markup, bold, fits, highlight, join, length, link
from bot.views.text import cut, fold, shorten, whole_items
from store import Hit, abs_url, month, title_search_url

PAGE_SIZE = 5

_MAX_SEARCHED_TITLE = 100  # units; a Chinese character takes nine in an address


class Titled(Protocol):
    """What has a paper's names: Paper, Hit and Evidence alike."""

    @property
    def arxiv_id(self) -> str | None: ...
    @property
    def title_en(self) -> str | None: ...
    @property
    def title_zh(self) -> str | None: ...


def titles(paper: Titled, voice: Voice) -> list[str]:
    """The paper's one or two titles, the reader's language first; a phrase where there is none."""
    chinese, english = fold(paper.title_zh), fold(paper.title_en)
    ordered = [chinese, english] if voice.first == "zh" else [english, chinese]
    distinct = list(dict.fromkeys(filter(None, ordered)))
    return distinct or [voice.plain("paper.untitled")]


def paper_url(paper: Titled) -> str | None:
    """The paper's arXiv page, or a search of arXiv for its title; None without id and title."""
    if paper.arxiv_id:
        return abs_url(paper.arxiv_id)
    title = fold(paper.title_en) or fold(paper.title_zh)
    return title_search_url(title[: cut(title, _MAX_SEARCHED_TITLE)].strip()) if title else None


def paper_link(paper: Titled, voice: Voice, limit: int) -> Markup:
    """The paper's first title within ``limit`` units, linked to arXiv."""
    return link(shorten(titles(paper, voice)[0], limit), paper_url(paper))


def list_item(number: int, hit: Hit, voice: Voice, limit: int) -> Markup:
    """A numbered paper of a list: titles, id, month, and its snippet (unless a title says it) with matches bold.

    Each part has at most ``limit`` units, so the whole has less than ``3 * limit + 100``.
    """
    whole = titles(hit, voice)
    first, *others = (shorten(title, limit) for title in whole)
    lines = [Markup(f"{number}. {bold(first)}"), *others, _arxiv_line(hit, voice)]
    if fold(hit.snippet) not in whole:
        lines.append(highlight(hit.snippet, hit.matches, limit))
    return join(lines, "\n")


def listing(head: Markup, hits: Sequence[Hit], first: int, voice: Voice) -> Markup:
    """``head`` and the hits numbered from ``first``, titles and snippets whole if that fits into a message.

    ``head`` may have up to 1,000 units and 20 entities; of the hits the first `PAGE_SIZE` are shown.
    """
    shown = list(enumerate(hits[:PAGE_SIZE], first))
    for limit in (600, 400, 280, 200):
        whole = join([head, *(list_item(number, hit, voice, limit) for number, hit in shown)], "\n\n")
        if fits(whole):
            break
    return whole


def names(items: Sequence[str], limit: int, voice: Voice) -> tuple[str, int]:
    """The first of ``items`` that fit into ``limit`` units, as one text, and how many are left out."""
    separator = voice.plain("list.separator")
    folded = [shorten(name, 80) for name in map(fold, items) if name]
    kept = list(whole_items(folded, limit, separator))
    return separator.join(kept), len(folded) - len(kept)


def some_files(files: Sequence[Markup], voice: Voice) -> Markup:
    """The names of digest files, ten or 300 units of them at most, and how many are left out."""
    shown: list[Markup] = []
    room = 300
    for file in files:
        room -= length(file)
        if shown and (room < 0 or len(shown) == 10):
            break
        shown.append(file)
    said = join(shown, voice.plain("list.separator"))
    left_out = len(files) - len(shown)
    return voice.say("list.files_more", files=said, count=left_out) if left_out else said


def _arxiv_line(hit: Hit, voice: Voice) -> Markup:
    if not hit.arxiv_id:
        return voice.say("paper.no_arxiv_id")
    published = month(hit.arxiv_id)
    return join([link(f"arXiv {hit.arxiv_id}", abs_url(hit.arxiv_id)), published or ""], " · ")
