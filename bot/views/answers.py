"""The archive's answer to a question: quoted, with its sources, or honestly none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message, MessageEntity

from bot.callbacks import Bibtex, OpenPaper
from bot.views.base import View, Voice
from bot.views.html import Markup, code, escape, fits, highlight, join, quote
from bot.views.keyboard import callbacks_of, keyboard, open_buttons
from bot.views.papers import PAGE_SIZE, list_item, paper_link
from bot.views.text import fold, paragraphs, shorten
from bot.views.thumbs import thumbs
from store import Answer, Evidence, Hit, language_of

_QUOTES = (MessageEntity.BLOCKQUOTE, MessageEntity.EXPANDABLE_BLOCKQUOTE)
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_MAX_EVIDENCE = 3
_MAX_LISTED = 10
_MAX_OTHERS = 2
_MAX_WRITTEN = 1_200


@dataclass(frozen=True)
class Written:
    """The answer in a language model's words: plain text whose ``[1]`` is the first paper quoted. ``complete`` is
    false while it is being written."""

    text: str
    complete: bool = True


def answer(answer: Answer, voice: Voice, written: Written | None = None) -> View:
    """The sentences that answer, what was asked for in bold, each with its paper and the digest that says it;
    then other papers on the question. A question for papers gets their list and its count, a description the papers
    nearest to it. Where the archive has no answer, that is said, with the nearest papers. What is ``written`` stands
    above the quotations.

    The papers are numbered in the order they come up, and the buttons open them; the last two mark the answer.
    """
    evidence = _shown_evidence(answer)
    sources = _by_source(evidence)
    quoted = list(dict.fromkeys(key for key, _ in sources))
    most = _MAX_LISTED if answer.kind == "list" else PAGE_SIZE if not quoted else _MAX_OTHERS
    others = [hit for hit in answer.papers if hit.key not in quoted][:most]
    # Beside a long written answer, the quotations it names come before other papers.
    for limit, shown in (*((limit, others) for limit in (600, 400, 280, 200)), (200, others[:0])):
        blocks = [_written(written, voice) if written else _opening(answer, voice)]
        blocks += [_quotation(items, quoted.index(key) + 1, voice, limit) for (key, _), items in sources.items()]
        blocks += _papers(shown, len(quoted) + 1, answer, voice, limit)
        whole = join(blocks, "\n\n")
        if fits(whole):
            break
    return View(whole, keyboard(*open_buttons([*quoted, *(hit.key for hit in shown)]), thumbs()))


def quoted_papers(answer: Answer) -> dict[str, list[Evidence]]:
    """The sentences that `answer` quotes, by paper; the first paper has the number 1, and so on."""
    papers: dict[str, list[Evidence]] = {}
    for item in _shown_evidence(answer):
        papers.setdefault(item.key, []).append(item)
    return papers


def paper_told_of(message: Message | None) -> str | None:
    """The key of the paper that a message of ours tells of: a card, or the first paper an answer quotes."""
    if message is None:
        return None
    quotes = any(entity.type in _QUOTES for entity in message.entities)
    for callback in callbacks_of(message):
        if isinstance(callback, Bibtex) or (quotes and isinstance(callback, OpenPaper)):
            return callback.key
    return None


def _shown_evidence(answer: Answer) -> tuple[Evidence, ...]:
    """The sentences that are quoted: those in the asker's language, where a paper has any, and of the others only what
    has figures or names asked for of which these have none. A statement and its translation say one thing."""
    if not answer.answered or answer.kind in ("list", "nearest"):
        return ()
    asked_in = language_of(answer.question)
    shown = []
    for item in answer.evidence:
        same = [other for other in answer.evidence if other.key == item.key and other.language == asked_in]
        said = " ".join(other.sentence for other in same)
        asked_for = [part for start, end in item.matches for part in _told_parts(item.sentence[start:end])]
        says_more = bool(asked_for) and not any(part in said for part in asked_for)
        if not same or item.language == asked_in or says_more:
            shown.append(item)
    return tuple(shown[:_MAX_EVIDENCE])


def _told_parts(match: str) -> list[str]:
    """What must be said alike in both languages: a match's figures (not their units), or a name as a whole."""
    return _FIGURE.findall(match) or [match]


def _written(written: Written, voice: Voice) -> Markup:
    text = escape(shorten(paragraphs(written.text), _MAX_WRITTEN))
    return join([text, voice.say("answer.written" if written.complete else "answer.writing")], "\n")


def _by_source(evidence: Sequence[Evidence]) -> dict[tuple[str, str], list[Evidence]]:
    """The sentences by paper and digest file, in the order these come up."""
    sources: dict[tuple[str, str], list[Evidence]] = {}
    for item in evidence:
        sources.setdefault((item.key, item.file), []).append(item)
    return sources


def _opening(answer: Answer, voice: Voice) -> Markup:
    """What stands above everything: nothing where quotations hold the answer themselves."""
    if answer.answered and (answer.evidence or answer.papers):
        return Markup("")
    return join([voice.say("answer.nothing"), voice.say("answer.hint")], "\n")


def _quotation(items: Sequence[Evidence], number: int, voice: Voice, limit: int) -> Markup:
    """Sentences of one paper and file, quoted, and their source."""
    sentences = [highlight(item.sentence, item.matches, limit) for item in items]
    source = voice.say(
        "answer.source",
        number=number,
        title=paper_link(items[0], voice, limit),
        file=code(shorten(fold(items[0].file), 80)),
    )
    return join([quote(join(sentences, "\n")), source], "\n")


def _papers(hits: Sequence[Hit], first: int, answer: Answer, voice: Voice, limit: int) -> list[Markup]:
    if not hits:
        return []
    if not answer.answered:
        heading = voice.say("answer.nearest")
    elif answer.kind == "list":
        heading = _count(answer, len(hits), voice)
    elif answer.kind == "nearest":
        heading = voice.say("answer.close")
    elif first == 1:
        heading = voice.say("answer.fitting")
    else:
        heading = voice.say("answer.others")
    numbered = enumerate(hits, first)
    if first > 1:
        # Beside quotations the other papers are a way on, not the answer: their names are enough.
        return [
            join([heading, *(Markup(f"{number}. {paper_link(hit, voice, limit)}") for number, hit in numbered)], "\n")
        ]
    return [heading, *(list_item(number, hit, voice, limit) for number, hit in numbered)]


def _count(answer: Answer, shown: int, voice: Voice) -> Markup:
    """How many papers a list holds, and how many of them stand here."""
    count = max(answer.total, shown)
    said = voice.say("answer.list", count=count)
    return said if count == shown else join([said, voice.say("answer.first", shown=shown)])
