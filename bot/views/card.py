"""A paper's card and its BibTeX entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardMarkup

from bot.callbacks import Bibtex, OpenPaper, RelatedPage
from bot.views.base import View, Voice
from bot.views.bibtex import bibtex_entry
from bot.views.html import MAX_MESSAGE, Markup, bold, code, escape, join, length, link, pre, quote, safe_url
from bot.views.keyboard import button, keyboard, web_button
from bot.views.papers import names, paper_url, some_files, titles
from bot.views.text import fold, paragraphs, shorten, spread, units, whole_items
from store import Language, Paper, Topic, abs_url, language_of, pdf_url

# Whatever is longer waits behind a tap, so that a card fits a phone's screen.
LONG = 300

_MAX_TITLE = 300


@dataclass(frozen=True)
class _Section:
    """A part of the card whose ``lines`` may be shortened; a list loses whole lines at its end instead."""

    heading: Markup
    lines: tuple[str, ...]
    is_list: bool = False

    @property
    def wanted(self) -> int:
        return units("\n".join(self.lines))


def paper_card(paper: Paper, voice: Voice, topics: Sequence[Topic] = ()) -> View:
    """Everything the archive knows of ``paper`` that fits into a message.

    ``topics`` are the archive's topics, for their names; a topic that is not among them shows by its slug.
    Summaries and key points are in the reader's language, or in the other one, said as such, where the
    digests have nothing else; long ones are shortened to share what the rest of the card leaves.
    """
    head = join(
        [
            join(map(bold, (shorten(title, _MAX_TITLE) for title in titles(paper, voice))), "\n"),
            join([_authors(paper, voice), _month(paper, voice), _links(paper, voice)], "\n"),
        ],
        "\n\n",
    )
    foot = join([_topics(paper, voice, topics), _sources(paper, voice)], "\n")
    sections = [*_summaries(paper, voice), *_points(paper, voice)]
    fixed = [head, *(section.heading for section in sections), foot]
    # Each section stands between blank lines, under its heading.
    room = MAX_MESSAGE - length(join(fixed, "\n\n")) - 4 * len(sections)
    shares = spread([section.wanted for section in sections], room)
    bodies = [_body(section, share, voice) for section, share in zip(sections, shares, strict=True)]
    return View(join([head, *bodies, foot], "\n\n"), _buttons(paper, voice))


def bibtex(paper: Paper, voice: Voice) -> View:
    """The paper's BibTeX entry as a block of code, which clients copy at a tap, and the way back."""
    head = voice.say("bibtex.head", title=shorten(titles(paper, voice)[0], _MAX_TITLE))
    entry = bibtex_entry(paper, MAX_MESSAGE - length(head) - 1)
    back = button(voice.plain("related.back"), OpenPaper(paper.key))
    return View(join([head, pre(entry, "bibtex")], "\n"), keyboard([back]))


def _authors(paper: Paper, voice: Voice) -> Markup:
    total = len([name for name in paper.authors if fold(name)])
    shown, left_out = names(paper.authors, 160, voice)
    if not shown:
        return Markup("")
    if left_out:
        shown = voice.plain("card.some_authors", names=shown, total=total)
    return voice.say("card.authors", names=shown)


def _month(paper: Paper, voice: Voice) -> Markup:
    date = shorten(fold(paper.published), 20)
    return voice.say("card.published", date=date) if date else Markup("")


def _links(paper: Paper, voice: Voice) -> Markup:
    found: list[Markup] = []
    if paper.arxiv_id:
        shown = voice.say("card.arxiv", link=link(paper.arxiv_id, abs_url(paper.arxiv_id)))
        found += [shown, link(voice.plain("card.pdf"), pdf_url(paper.arxiv_id))]
    else:
        url = paper_url(paper)
        search = link(voice.plain("card.search_arxiv"), url) if url else Markup("")
        found += [voice.say("paper.no_arxiv_id"), search]
    if safe_url(paper.code_url):
        found.append(link(voice.plain("card.code"), paper.code_url))
    return join(found, " · ")


def _summaries(paper: Paper, voice: Voice) -> list[_Section]:
    texts: dict[Language, str] = {"zh": paragraphs(paper.summary_zh), "en": paragraphs(paper.summary_en)}
    if not any(texts.values()):
        return [_Section(voice.say("card.no_summary"), ())]
    other: Language = "en" if voice.first == "zh" else "zh"
    both = voice.cards == "both" or not texts[voice.first]
    languages = [voice.first, other] if both else [voice.first]
    return [_summary(language, texts[language], voice) for language in languages]


def _summary(language: Language, text: str, voice: Voice) -> _Section:
    if not text:
        return _Section(voice.say("card.missing_zh" if language == "zh" else "card.missing_en"), ())
    return _Section(voice.say("card.summary_zh" if language == "zh" else "card.summary_en"), (text,))


def _points(paper: Paper, voice: Voice) -> list[_Section]:
    points = [text for text in map(fold, paper.points) if text]
    heading = voice.say("card.points")
    if voice.cards != "both" and points:
        chosen = [text for text in points if language_of(text) == voice.cards]
        if not chosen:
            heading = voice.say("card.points_zh" if voice.cards == "en" else "card.points_en")
        points = chosen or points
    return [_Section(heading, tuple(f"• {point}" for point in points), is_list=True)] if points else []


def _body(section: _Section, share: int, voice: Voice) -> Markup:
    if not section.lines:
        return section.heading
    text, is_list = "\n".join(section.lines), section.is_list
    content = _as_many(section.lines, share, voice) if is_list else escape(shorten(text, share))
    if length(content) > LONG:
        content = quote(content, expandable=True)
    return join([section.heading, content], "\n")


def _as_many(lines: Sequence[str], room: int, voice: Voice) -> Markup:
    """As many whole ``lines`` as fit into ``room`` units, at least one, and how many are left out."""
    if units("\n".join(lines)) <= room:
        return join(lines, "\n")
    room -= 40  # for the line that says how many are left out
    first, *others = whole_items(list(lines), room, "\n")
    kept = [shorten(first, room), *others]
    left_out = len(lines) - len(kept)
    return join([*kept, voice.say("card.more_points", count=left_out) if left_out else ""], "\n")


def _topics(paper: Paper, voice: Voice, topics: Sequence[Topic]) -> Markup:
    named = {topic.slug: topic.name_zh if voice.ui == "zh" else topic.name_en for topic in topics}
    shown, _ = names([named.get(slug) or slug for slug in paper.topics], 200, voice)
    return voice.say("card.topics", names=shown) if shown else Markup("")


def _sources(paper: Paper, voice: Voice) -> Markup:
    files = dict.fromkeys((fold(source.file), fold(source.date)) for source in paper.sources if source.file)
    if not files:
        return Markup("")
    shown = [_source(shorten(file, 80), shorten(date, 20), voice) for file, date in files]
    return voice.say("card.sources", files=some_files(shown, voice))


def _source(file: str, date: str, voice: Voice) -> Markup:
    if not date or date in file:
        return code(file)
    return voice.say("card.source", file=code(file), date=date)


def _buttons(paper: Paper, voice: Voice) -> InlineKeyboardMarkup | None:
    arxiv = voice.plain("card.arxiv_button" if paper.arxiv_id else "card.search_arxiv")
    return keyboard(
        [
            button(voice.plain("card.related"), RelatedPage(paper.key, 0)),
            button(voice.plain("card.bibtex"), Bibtex(paper.key)),
        ],
        [web_button(arxiv, paper_url(paper)), web_button(voice.plain("card.code"), paper.code_url)],
    )
