"""Whatever the archive holds, every view can be sent: within the limits, well nested, with sound buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chats import Failure, KeptOfChat, Marks, Readers, ReasonCount, State, UnansweredQuestion
from bot.stats import AnswerTimes
from bot.views import answers, card, help, lists, privacy, problems, reports, start, status, thumbs
from bot.views.base import View, Voice
from store import (
    Answer,
    Change,
    DigestInfo,
    Evidence,
    FileReport,
    Hit,
    LoadReport,
    LoadSummary,
    LoadWarning,
    Lookup,
    Paper,
    Problem,
    Results,
    Source,
    Topic,
)
from tests.bot.delivered import deliver

# A failing example may well be long: that is what these tests are about.
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")

T = TypeVar("T")

NASTY = [
    "",
    " \n ",
    "\u200b",
    "\u202e\u2066abc",
    "\x00\x1b[31m",
    "<b>x</b></code> & &amp; <a href='x'>",
    "]]> <!-- {name} %s",
    "שלום עולם مرحبا",
    "𝛼𝛽𝛾😀👩‍🔬🇨🇳",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L",
    "\ud800 lone",
    "/start @name #tag https://example.org/",
    "用语言模型数羊，准确率达到90.5%。",
]
pieces = st.sampled_from(NASTY) | st.text(max_size=20)
short_texts = st.lists(pieces, max_size=4).map(" ".join)
# A piece many times over is as long as a digest's worst line, and cheap to draw.
long_texts = st.builds(lambda piece, times: (piece * times)[:9000], pieces, st.integers(1, 900))
texts = st.one_of(short_texts, long_texts)
optional_texts = st.none() | texts

keys = st.from_regex(r"[A-Za-z0-9_-]{1,24}", fullmatch=True)
arxiv_ids = st.none() | st.sampled_from(["2504.13837", "2505.00001", "cs/0112017"])
dates = st.none() | st.sampled_from(["2025-05", "2025-05-30"]) | texts
spans = st.lists(st.tuples(st.integers(-3, 3000), st.integers(-3, 3000)), max_size=40).map(tuple)
urls = st.none() | texts | texts.map("https://example.org/".__add__)
voices = st.builds(Voice, st.sampled_from(["zh", "en"]), st.sampled_from(["zh", "en", "both"]))


def tuples(items: st.SearchStrategy[T], most: int) -> st.SearchStrategy[tuple[T, ...]]:
    """A few drawn items, or one of them ``most`` times."""
    few = st.lists(items, max_size=6).map(tuple)
    return few | items.map(lambda item: (item,) * most)


papers = st.builds(
    Paper,
    key=keys,
    arxiv_id=arxiv_ids,
    title_en=optional_texts,
    title_zh=optional_texts,
    authors=tuples(texts, 500),
    published=dates,
    summary_en=optional_texts,
    summary_zh=optional_texts,
    points=tuples(texts, 500),
    code_url=urls,
    topics=tuples(st.sampled_from(["agents", "survey"]), 100),
    sources=tuples(st.builds(Source, file=texts, line=st.just(1), date=dates), 200),
)
hits = st.builds(
    Hit,
    key=keys,
    arxiv_id=arxiv_ids,
    title_en=optional_texts,
    title_zh=optional_texts,
    snippet=texts,
    matches=spans,
)
evidence = st.builds(
    Evidence,
    key=keys,
    arxiv_id=arxiv_ids,
    sentence=texts,
    language=st.just("zh"),
    title_en=optional_texts,
    title_zh=optional_texts,
    file=texts,
    matches=spans,
)
found = st.builds(
    Answer,
    question=texts,
    answered=st.booleans(),
    answer=texts,
    evidence=tuples(evidence, 10),
    papers=tuples(hits, 10),
)
results = st.builds(
    Results,
    query=texts,
    total=st.integers(0, 10**6),
    offset=st.integers(0, 10**6),
    hits=tuples(hits, 12),
)
topics = st.builds(
    Topic,
    slug=st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True),
    name_en=texts,
    name_zh=texts,
    papers=tuples(keys, 144),
)
day_or_month = st.none() | st.sampled_from(["2025-05", "2025-05-30", "2025-06"])
digests = st.builds(
    DigestInfo, name=texts, layout=texts, date=day_or_month, date_inferred=st.booleans(), papers=st.just(1)
)
lookups = st.builds(Lookup, kind=st.sampled_from(["arxiv_id", "key", "title"]), wanted=texts, nearest=tuples(hits, 10))
slugs = st.builds(lambda slug: Problem.of("not_in_list", slug=slug), texts)
file_problems = st.none() | st.builds(
    lambda trouble: Problem.of("no_usable_entries", layout="weekly", line=1, trouble=trouble), texts | slugs
)
warnings = st.builds(LoadWarning, line=st.integers(1, 10**6), text=texts, problem=st.none() | slugs)
files = st.builds(
    FileReport,
    name=texts,
    layout=optional_texts,
    entries=st.integers(0, 999),
    warnings=tuples(warnings, 300),
    error=optional_texts,
    problem=file_problems,
    status=st.sampled_from(["added", "changed", "unchanged", "removed", "refused"]),
)
changes = st.builds(Change, kind=st.sampled_from(["added", "changed", "removed"]), key=keys, title=texts)
load_reports = st.builds(
    LoadReport,
    files=tuples(files, 200),
    papers=st.integers(0, 10**6),
    seconds=st.floats(0, 1000),
    changes=tuples(changes, 500),
)

numbers = st.integers(0, 10**9)
states: st.SearchStrategy[State] = st.sampled_from(get_args(State))
statuses = st.builds(
    status.Status,
    now=st.just(datetime(2025, 6, 2, tzinfo=UTC)),
    zone=st.sampled_from(list(map(ZoneInfo, ("Asia/Shanghai", "Etc/GMT+3", "America/Argentina/ComodRivadavia")))),
    version=st.sampled_from([None, "0.1.0", "0.1.dev1+g0123456789.d20250602"]),
    up=st.timedeltas(timedelta(days=-1), timedelta(days=10**5)),
    papers=numbers,
    files=numbers,
    unused=numbers,
    load=st.none()
    | st.builds(
        LoadSummary,
        finished_at=st.just(datetime(2025, 6, 2, tzinfo=UTC)),
        papers=numbers,
        added=numbers,
        changed=numbers,
        removed=numbers,
        seconds=st.floats(0, 10**6),
    ),
    readers=st.builds(Readers, numbers, numbers, numbers, numbers, numbers),
    subscribed=numbers,
    deliveries=st.dictionaries(states, numbers),
    reasons=tuples(st.builds(ReasonCount, state=states, reason=texts, count=numbers), 50),
    due=numbers,
    overdue=numbers,
    errors=tuples(st.builds(Failure, kind=texts, count=st.integers(1, 10**9), reference=texts), 50),
    times=st.none() | st.builds(AnswerTimes, st.integers(1, 1000), st.floats(0, 10**6), st.floats(0, 10**6)),
    writes=st.booleans(),
    marks=st.builds(Marks, numbers, numbers),
    questions=st.none()
    | tuples(
        st.builds(
            UnansweredQuestion, question=texts, count=st.integers(1, 10**9), last_asked_on=st.just(date(2025, 6, 2))
        ),
        300,
    ),
)
kept = st.builds(KeptOfChat, *[numbers] * 9)

LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large]

Test = Callable[..., None]


def every(*data: st.SearchStrategy[Any]) -> Callable[[Test], Test]:
    """Run a test for many data and every voice."""

    def decorate(test: Test) -> Test:
        relaxed = settings(max_examples=50, deadline=None, suppress_health_check=LARGE)
        return relaxed(given(*data, voices)(test))

    return decorate


@every(papers, tuples(topics, 30))
def test_any_paper_has_a_card(paper: Paper, known: tuple[Topic, ...], voice: Voice) -> None:
    deliver(card.paper_card(paper, voice, known))


@every(papers)
def test_any_paper_has_a_bibtex_entry(paper: Paper, voice: Voice) -> None:
    view = deliver(card.bibtex(paper, voice))
    block = view.marked("pre")[0]
    assert block.startswith("@misc{")
    assert block.endswith("\n}")


@every(results, st.booleans())
def test_any_results_have_a_page(page: Results, shortened: bool, voice: Voice) -> None:
    view = deliver(lists.search_results(page, voice, shortened=shortened))
    assert (lists.read_query(view.message()) or "") == lists.shown_query(page.query)


@every(topics, results)
def test_any_topic_has_a_page(topic: Topic, page: Results, voice: Voice) -> None:
    deliver(lists.topic_page(topic, page, voice))


@every(st.sampled_from(["latest", "2025-05", "2025-05-30"]), results, tuples(digests, 200))
def test_any_digests_have_a_page(when: str, page: Results, known: tuple[DigestInfo, ...], voice: Voice) -> None:
    deliver(lists.digest_page(when, page, known, voice))
    deliver(lists.no_digest(when, known, voice))


@every(papers, results)
def test_any_papers_relations_have_a_page(paper: Paper, page: Results, voice: Voice) -> None:
    deliver(lists.related_page(paper, page, voice))


@every(texts, tuples(topics, 300))
def test_any_topics_can_be_listed(name: str, known: tuple[Topic, ...], voice: Voice) -> None:
    deliver(lists.topic_list(known, voice))
    deliver(lists.unknown_topic(name, known, voice))


@every(lookups)
def test_any_lookup_can_fail_politely(lookup: Lookup, voice: Voice) -> None:
    deliver(lists.not_found(lookup, voice))


@every(found)
def test_any_answer_can_be_shown(answer: Answer, voice: Voice) -> None:
    deliver(answers.answer(answer, voice))


@every(found, texts, st.booleans())
def test_any_answer_can_be_shown_with_what_a_model_wrote(
    answer: Answer, text: str, complete: bool, voice: Voice
) -> None:
    deliver(answers.answer(answer, voice, answers.Written(text, complete)))


@every(load_reports)
def test_any_load_can_be_reported(report: LoadReport, voice: Voice) -> None:
    deliver(reports.load_report(report, voice))


@every(statuses)
def test_any_state_of_the_bot_can_be_told(state: status.Status, voice: Voice) -> None:
    view, whole = status.status(state, voice)
    assert ("… and" in deliver(view).text or "……另有" in deliver(view).text) or whole
    assert len(status.questions_file(state.questions or ()).splitlines()) == len(state.questions or ())


@every(kept, st.booleans(), optional_texts)
def test_whatever_is_kept_can_be_told(
    kept: KeptOfChat, keeps_unanswered: bool, model: str | None, voice: Voice
) -> None:
    deliver(privacy.asked_to_forget(kept, voice))
    deliver(privacy.privacy(voice, keeps_unanswered=keeps_unanswered, model=model))
    assert len(thumbs.marked(good=True, voice=voice)) <= 200
    assert len(privacy.nothing_kept_note(voice)) <= 200


@every(texts, texts)
def test_any_text_can_be_spoken_of(text: str, other: str, voice: Voice) -> None:
    views: list[View] = [
        problems.unknown_command(text, ["search"], voice),
        problems.no_such_date(text, voice),
        reports.error(text, voice),
        reports.admin_alert(text, other, voice),
        reports.load_failed(Problem.of("archive_damaged", folder=text, error=other), voice),
    ]
    for view in views:
        deliver(view)


@every(st.integers(0, 10**9))
def test_what_depends_on_little_is_sound_too(count: int, voice: Voice) -> None:
    commands = ("start", "help", "ask", "search", "topic", "paper", "digest", "language", "forget", "reload")
    views: list[View] = [
        start.welcome(count, voice),
        start.language_choice(None, voice),
        help.help_page([help.help_row(command) for command in commands], voice),
        help.help_search(voice),
        reports.load_progress(count, count, voice),
        problems.only_punctuation(voice),
        problems.text_only(voice),
    ]
    for view in views:
        deliver(view)
