"""Lists of papers by pages, lists of topics and digests, and what is offered where nothing was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from telegram import InlineKeyboardButton, MaybeInaccessibleMessage, Message, MessageEntity

from bot.callbacks import (
    MAX_PAGE,
    Callback,
    DigestPage,
    OpenPaper,
    RelatedPage,
    SearchPage,
    TopicList,
    TopicPage,
)
from bot.views.base import View, Voice
from bot.views.html import Markup, bold, code, escape, join
from bot.views.keyboard import Row, button, grid, keyboard, open_buttons, page_buttons
from bot.views.papers import PAGE_SIZE as PAGE_SIZE
from bot.views.papers import listing, some_files, titles
from bot.views.text import fold, shorten
from store import DigestInfo, Lookup, Paper, Results, Topic

MAX_QUERY = 256  # characters of a query that are searched for, and shown
_MAX_TOPICS = 90
_MAX_DATES = 6


def shown_query(text: str) -> str:
    """What of ``text`` is searched for and shown: one line of at most `MAX_QUERY` characters."""
    return fold(fold(text)[:MAX_QUERY])


def is_shortened(text: str) -> bool:
    """Whether `shown_query` leaves something of ``text`` out."""
    return len(fold(text)) > MAX_QUERY


def read_query(message: MaybeInaccessibleMessage | None) -> str | None:
    """The query a message of search results was made for, read back from its first code entity."""
    if not isinstance(message, Message) or not message.text:
        return None
    for entity in message.entities:
        if entity.type == MessageEntity.CODE:
            return message.parse_entity(entity)
    return None


def search_results(results: Results, voice: Voice, *, shortened: bool = False) -> View:
    """A page of search results. ``shortened`` says that only the query's beginning was searched for."""
    query = code(shown_query(results.query))
    if not results.total:
        return View(join([voice.say("search.nothing", query=query), voice.say("search.hint")], "\n\n"))
    head = [voice.say("search.head", query=query, count=results.total)]
    if shortened:
        head.append(voice.say("search.shortened", limit=MAX_QUERY))
    if results.corrected:
        head.append(voice.say("search.corrected", query=bold(shown_query(results.corrected))))
    return _page(head, results, SearchPage, voice)


def topic_page(topic: Topic, results: Results, voice: Voice) -> View:
    """A page of a topic's papers, and the way back to all topics."""
    first, second = _topic_names(topic, voice)
    head = voice.say("topic.head", name=first, other=second, count=results.total)
    back = [button(voice.plain("topic.all"), TopicList())]
    return _page([head], results, lambda page: TopicPage(topic.slug, page), voice, back)


def digest_page(when: str, results: Results, digests: Iterable[DigestInfo], voice: Voice) -> View:
    """A page of what the digests of ``when`` (``latest``, ``YYYY-MM`` or ``YYYY-MM-DD``) hold.

    ``digests`` may be all there are; those of ``when`` are named in the heading.
    """
    chosen = _digests_of(when, digests)
    latest = max((digest.date or "" for digest in chosen), default="")
    if when == "latest" and not latest:
        return View(voice.say("digest.none"))
    if when == "latest":
        head = voice.say("digest.head_latest", date=latest, count=results.total)
    else:
        head = voice.say("digest.head", date=when, count=results.total)
    files = [shorten(fold(digest.name), 80) for digest in chosen]
    lines = [head, some_files([code(file) for file in files], voice)]
    inferred = [escape(file) for file, digest in zip(files, chosen, strict=True) if digest.date_inferred]
    if inferred and len(files) == 1:
        lines.append(voice.say("digest.inferred"))
    elif inferred:
        lines.append(voice.say("digest.some_inferred", files=some_files(inferred, voice)))
    return _page(lines, results, lambda page: DigestPage(when, page), voice)


def related_page(paper: Paper, results: Results, voice: Voice) -> View:
    """A page of the papers nearest to ``paper``, and the way back to it."""
    title = shorten(titles(paper, voice)[0], 300)
    back = [button(voice.plain("related.back"), OpenPaper(paper.key))]
    if not results.total:
        return View(voice.say("related.nothing", title=title), keyboard(back))
    head = voice.say("related.head", title=title, count=results.total)
    return _page([head], results, lambda page: RelatedPage(paper.key, page), voice, back)


def topic_list(topics: Sequence[Topic], voice: Voice) -> View:
    """All topics as buttons with their numbers of papers."""
    if not topics:
        return View(voice.say("topic.none"))
    return View(voice.say("topic.list"), keyboard(*_topic_buttons(topics, voice)))


def unknown_topic(name: str, nearest: Sequence[Topic], voice: Voice) -> View:
    """No topic is called ``name``; the nearest are offered, and the list of all."""
    all_topics = [button(voice.plain("topic.all"), TopicList())]
    said = voice.say("topic.unknown", name=shorten(fold(name), 200))
    if nearest:
        said = join([said, voice.say("topic.nearest")], "\n")
    return View(said, keyboard(*_topic_buttons(nearest, voice), all_topics))


def no_digest(when: str, nearest: Sequence[DigestInfo], voice: Voice) -> View:
    """No digest is of ``when``; the dates of ``nearest``, nearest first, are offered."""
    dates = list(dict.fromkeys(digest.date for digest in nearest if digest.date))[:_MAX_DATES]
    if not dates:
        return View(voice.say("digest.none"))
    said = join([voice.say("digest.nothing", date=when), voice.say("digest.nearest")], "\n")
    return View(said, keyboard(*grid((button(date, DigestPage(date, 0)) for date in dates), 2)))


def not_found(lookup: Lookup, voice: Voice) -> View:
    """The paper asked for is not in the archive; the nearest there are, by title or number."""
    wanted = shorten(fold(lookup.wanted), 300)
    if lookup.kind == "title":
        head = voice.say("paper.no_title", wanted=wanted)
    else:
        head = voice.say("paper.no_number", wanted=wanted)
    if not lookup.nearest:
        return View(join([head, voice.say("paper.no_nearest")], "\n"))
    head = join([head, voice.say("paper.nearest")], "\n")
    keys = [hit.key for hit in lookup.nearest[:PAGE_SIZE]]
    return View(listing(head, lookup.nearest, 1, voice), keyboard(*open_buttons(keys)))


def page_count(total: int) -> int:
    """How many pages a list of ``total`` papers has."""
    return -(-total // PAGE_SIZE)


def _page(
    head: Sequence[Markup],
    results: Results,
    turn: Callable[[int], Callback],
    voice: Voice,
    last_row: Row = (),
) -> View:
    """A page of a list: the lines of ``head``, the page's number on the first, the hits, the buttons."""
    page, pages = results.offset // PAGE_SIZE, page_count(results.total)
    hits = results.hits[:PAGE_SIZE]
    which = voice.say("pages.which", page=page + 1, pages=pages) if pages > 1 and hits else ""
    lines = [join([head[0], which], " · "), *head[1:]]
    if not hits:
        # A list may have become shorter since its buttons were sent.
        lines.append(voice.say("pages.gone") if results.total else voice.say("pages.empty"))
    rows: list[list[InlineKeyboardButton]] = open_buttons([hit.key for hit in hits], results.offset + 1)
    turning = page_buttons(min(page, MAX_PAGE), pages, turn, voice)
    return View(listing(join(lines, "\n"), hits, results.offset + 1, voice), keyboard(*rows, turning, last_row))


def _topic_names(topic: Topic, voice: Voice) -> tuple[str, str]:
    """The topic's name in the interface's language and in the other one."""
    chinese, english = fold(topic.name_zh) or topic.slug, fold(topic.name_en) or topic.slug
    first, second = (chinese, english) if voice.ui == "zh" else (english, chinese)
    return shorten(first, 100), shorten(second, 100)


def _topic_buttons(topics: Sequence[Topic], voice: Voice) -> list[list[InlineKeyboardButton]]:
    labels = (
        (topic, voice.plain("topic.button", name=_topic_names(topic, voice)[0], number=len(topic.papers)))
        for topic in topics[:_MAX_TOPICS]
    )
    return grid((button(label, TopicPage(topic.slug, 0)) for topic, label in labels), 2)


def _digests_of(when: str, digests: Iterable[DigestInfo]) -> list[DigestInfo]:
    dated = [digest for digest in digests if digest.date]
    if when == "latest":
        latest = max((digest.date or "" for digest in dated), default="")
        return [digest for digest in dated if digest.date == latest]
    return [digest for digest in dated if digest.date == when or (digest.date or "").startswith(f"{when}-")]
