"""What the digests of a day or month held: /digest and its buttons."""

from __future__ import annotations

from bot.calls import Call
from bot.dates import NoSuchDate, parse_when
from bot.handlers import daily
from bot.views import help, lists, problems
from bot.views.base import View
from bot.views.lists import PAGE_SIZE, shown_query
from store import Archive

_TODAY = ("today", "今天", "今日")


async def digest(call: Call) -> View:
    """``/digest`` is today's own; ``/digest latest | YYYY-MM-DD | YYYY-MM`` is what the digests of then held."""
    if not call.text or call.text.casefold() in _TODAY:
        return await daily.today(call)
    try:
        when = parse_when(call.text)
    except NoSuchDate:
        return problems.no_such_date(shown_query(call.text), call.voice)
    if when is None:
        return help.usage("digest", call.voice)
    return await digest_page(call, when, 0)


async def digest_page(call: Call, when: str, page: int) -> View:
    digests = await call.services.archive(Archive.digests)
    results = await call.services.archive(
        Archive.digest_papers, when, limit=PAGE_SIZE, offset=page * PAGE_SIZE, language=call.voice.first
    )
    if not results.total:
        nearest = sorted(digests, key=lambda each: _distance(each.date or "", when))
        return lists.no_digest(when, nearest, call.voice)
    return lists.digest_page(when, results, digests, call.voice)


def _distance(date: str, when: str) -> int:
    """How far two dates are apart, in days or nearly; a missing day is the month's first."""

    def days(text: str) -> int:
        year, month, day = (int(part) for part in f"{text}-01-01".split("-")[:3]) if text else (0, 0, 0)
        return year * 372 + month * 31 + day

    return abs(days(date) - days(when)) if when != "latest" else -days(date)
