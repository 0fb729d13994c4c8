"""How the bot is doing, for its admins: what is wrong first, then everything in numbers, readable at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.reasons import AWAY, ENDED, LATE, UNWRITTEN, is_out_of_reach
from bot.views.base import View, Voice
from bot.views.html import MAX_MESSAGE, Markup, code, join, length
from bot.views.text import fold, shorten
from bot.zones import zone_name
from store import LoadSummary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.chats import Failure, Marks, Readers, ReasonCount, State, UnansweredQuestion
    from bot.stats import AnswerTimes

# A delivery that was due so long ago and still waits is worth a look.
OVERDUE = timedelta(minutes=15)
# Seconds; and of how few answers the times say nothing.
_SLOW, _FEW_ANSWERS = 2.0, 20
_MAX_REASONS = 5
_MAX_ERRORS = 5
_MAX_QUESTIONS = 20
_MAX_QUESTION = 120


@dataclass(frozen=True)
class Status:
    """All that /status tells. Deliveries and errors are today's, marks and questions the week's.

    ``now`` is in the bot's time zone. ``unused`` are files that lie in the folders and are not in the archive.
    ``version`` is None where the bot is not installed as a package, ``due`` how many digests are still to come today,
    ``writes`` whether a language model writes answers, and ``questions`` None where none are kept.
    """

    now: datetime
    zone: ZoneInfo
    version: str | None
    up: timedelta
    papers: int
    files: int
    unused: int
    load: LoadSummary | None
    readers: Readers
    subscribed: int
    deliveries: Mapping[State, int]
    reasons: Sequence[ReasonCount]
    due: int
    overdue: int
    errors: Sequence[Failure]
    times: AnswerTimes | None
    writes: bool
    marks: Marks
    questions: Sequence[UnansweredQuestion] | None


def status(status: Status, voice: Voice) -> tuple[View, bool]:
    """The message, and whether all unanswered questions stand in it."""
    blocks = [
        _headline(status, voice),
        _bot(status, voice),
        _archive(status, voice),
        _readers(status, voice),
        _deliveries(status, voice),
        _errors(status, voice),
        _answers(status, voice),
    ]
    told = join(blocks, "\n\n")
    questions, whole = _questions(status.questions, MAX_MESSAGE - length(told) - 2, voice)
    return View(join([told, questions], "\n\n")), whole


def questions_file(questions: Sequence[UnansweredQuestion]) -> str:
    """All questions as a text file: how often, when last, and what was asked, a line each."""
    return "".join(f"{each.count}\t{each.last_asked_on}\t{fold(each.question)}\n" for each in questions)


def _headline(status: Status, voice: Voice) -> Markup:
    """What is wrong, or that nothing is, and when that was seen."""
    place = zone_name(status.zone.key, voice.ui)
    when = voice.say("status.now", time=_time(status.now, status), place=place)
    wrong = list(_wrong(status, voice))
    return join([voice.say("status.look" if wrong else "status.well"), *wrong, when], "\n")


def _wrong(status: Status, voice: Voice) -> Iterator[Markup]:
    if not status.papers:
        yield voice.say("status.no_papers")
    if errors := sum(each.count for each in status.errors):
        yield voice.say("status.wrong_errors", count=errors)
    # That a reader has shut the bot out is no fault.
    shut_out = sum(each.count for each in status.reasons if each.state == "failed" and is_out_of_reach(each.reason))
    # The two are counted one after the other, and meanwhile something may have failed.
    if (failed := status.deliveries.get("failed", 0) - shut_out) > 0:
        yield voice.say("status.wrong_failed", count=failed)
    if unknown := status.deliveries.get("unknown", 0):
        yield voice.say("status.wrong_unknown", count=unknown)
    if skipped := status.deliveries.get("skipped", 0):
        yield voice.say("status.wrong_skipped", count=skipped)
    if status.overdue:
        minutes = OVERDUE // timedelta(minutes=1)
        yield voice.say("status.wrong_overdue", count=status.overdue, minutes=minutes)
    # What a language model writes takes its time.
    if not status.writes and status.times and status.times.answers >= _FEW_ANSWERS and status.times.p95 > _SLOW:
        yield voice.say("status.wrong_slow", seconds=_seconds(status.times.p95))


def _bot(status: Status, voice: Voice) -> Markup:
    version = voice.plain("status.no_version") if status.version is None else status.version
    return voice.say("status.bot", version=version, uptime=_uptime(status.up, voice))


def _archive(status: Status, voice: Voice) -> Markup:
    lines = [
        voice.say("status.archive"),
        voice.say("status.papers", papers=_number(status.papers), files=_number(status.files)),
    ]
    if status.unused:
        lines.append(voice.say("status.unused", count=status.unused))
    if status.load:
        load = status.load
        lines.append(voice.say("status.load", time=_time(load.finished_at, status), seconds=f"{load.seconds:.1f}"))
        added, changed, removed = map(_number, (load.added, load.changed, load.removed))
        lines.append(voice.say("status.load_changes", added=added, changed=changed, removed=removed))
    else:
        lines.append(voice.say("status.never_loaded"))
    return join(lines, "\n")


def _readers(status: Status, voice: Voice) -> Markup:
    readers = status.readers
    today, week, people = map(_number, (readers.people_today, readers.people_week, readers.people))
    groups_week, groups = map(_number, (readers.groups_week, readers.groups))
    lines = [
        voice.say("status.readers"),
        voice.say("status.people", today=today, week=week, all=people),
        voice.say("status.groups", week=groups_week, all=groups),
        voice.say("status.subscribed", subscribed=_number(status.subscribed)),
    ]
    return join(lines, "\n")


def _deliveries(status: Status, voice: Voice) -> Markup:
    sent, failed, unknown, skipped, planned, sending = (
        _number(status.deliveries.get(state, 0))
        for state in ("sent", "failed", "unknown", "skipped", "planned", "sending")
    )
    reasons = Counter[tuple[str, str]]()
    for each in status.reasons:
        reasons[_state(each.state, voice), _reason(each.reason, voice)] += each.count
    lines = [
        voice.say("status.deliveries"),
        voice.say("status.outcomes", sent=sent, failed=failed, unknown=unknown, skipped=skipped),
        voice.say("status.waiting", planned=planned, sending=sending, due=_number(status.due)),
    ]
    for (state, reason), times in reasons.most_common(_MAX_REASONS):
        lines.append(voice.say("status.reason", state=state, reason=reason, times=_number(times)))
    return join(lines, "\n")


def _state(state: State, voice: Voice) -> str:
    match state:
        case "failed":
            return voice.plain("status.failed")
        case "skipped":
            return voice.plain("status.skipped")
        case _:
            return voice.plain("status.unknown")


def _reason(reason: str, voice: Voice) -> str:
    """A reason of the ledger's in the reader's language, where it is one of ours or a common one of Telegram's."""
    ours = {
        AWAY: voice.plain("status.reason_away"),
        LATE: voice.plain("status.reason_late"),
        ENDED: voice.plain("status.reason_ended"),
    }
    if reason in ours:
        return ours[reason]
    if reason.startswith(UNWRITTEN):
        error = reason.removeprefix(UNWRITTEN).lstrip(": ")
        return voice.plain("status.reason_unwritten", error=shorten(fold(error), 60))
    if is_out_of_reach(reason):
        return voice.plain("status.reason_out_of_reach")
    return shorten(fold(reason), 100)


def _errors(status: Status, voice: Voice) -> Markup:
    if not status.errors:
        return voice.say("status.no_errors")
    lines = [voice.say("status.errors")]
    for each in status.errors[:_MAX_ERRORS]:
        kind, reference = shorten(fold(each.kind), 80), code(shorten(fold(each.reference), 20))
        lines.append(voice.say("status.error", times=_number(each.count), kind=kind, reference=reference))
    if (left_out := len(status.errors) - _MAX_ERRORS) > 0:
        lines.append(voice.say("status.more_errors", count=left_out))
    return join(lines, "\n")


def _answers(status: Status, voice: Voice) -> Markup:
    good, bad = _number(status.marks.good), _number(status.marks.bad)
    if status.times:
        p50, p95 = _seconds(status.times.p50), _seconds(status.times.p95)
        times = voice.say("status.times", p50=p50, p95=p95, answers=_number(status.times.answers))
    else:
        times = voice.say("status.no_times")
    return join([voice.say("status.answers"), times, voice.say("status.marks", good=good, bad=bad)], "\n")


def _questions(questions: Sequence[UnansweredQuestion] | None, room: int, voice: Voice) -> tuple[Markup, bool]:
    """As many questions as fit into ``room`` units, and whether these are all."""
    if questions is None:
        return voice.say("status.questions_not_kept"), True
    if not questions:
        return voice.say("status.no_questions"), True
    lines = [voice.say("status.questions", number=_number(len(questions)))]
    room -= length(lines[0]) + 60  # for the line that says how many are left out
    for each in questions[:_MAX_QUESTIONS]:
        line = _question(each, voice)
        room -= length(line) + 1
        if room < 0:
            break
        lines.append(line)
    if left_out := len(questions) - len(lines) + 1:
        lines.append(voice.say("status.more_questions", count=left_out))
    return join(lines, "\n"), not left_out


def _question(each: UnansweredQuestion, voice: Voice) -> Markup:
    question = shorten(fold(each.question), _MAX_QUESTION)
    if each.count == 1:
        return voice.say("status.question", question=question)
    return voice.say("status.question_again", question=question, times=_number(each.count))


def _number(number: int) -> str:
    return f"{number:,}"


def _seconds(seconds: float) -> str:
    """As exact as anybody wants to know it."""
    return f"{seconds:.2f}" if seconds < 10 else f"{seconds:.0f}"


def _time(moment: datetime, status: Status) -> str:
    return f"{moment.astimezone(status.zone):%Y-%m-%d %H:%M}"


def _uptime(up: timedelta, voice: Voice) -> str:
    minutes = max(up // timedelta(minutes=1), 0)
    if minutes >= 24 * 60:
        return voice.plain("status.days", days=_number(minutes // (24 * 60)), hours=minutes // 60 % 24)
    if minutes >= 60:
        return voice.plain("status.hours", hours=minutes // 60, minutes=minutes % 60)
    return voice.plain("status.minutes", minutes=minutes)
