"""How the bot is doing: /status."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta

from bot.calls import Call
from bot.chats import WEEK
from bot.handlers.files import count_unused
from bot.services import Services
from bot.stats import AnswerTimes
from bot.terminal_request import TERMINAL_USER_ID
from bot.version import version
from bot.views import status as views
from bot.views.base import View
from bot.views.status import OVERDUE, Status


async def status(call: Call) -> View | None:
    """``/status``; where more questions had no answer than fit, all of them follow as a file."""
    stats = call.services.stats
    is_now = await asyncio.to_thread(_status_of, call.services, stats.started_at, stats.answer_times)
    view, whole = views.status(is_now, call.voice)
    if whole or is_now.questions is None:
        return view
    await call.send(view)
    name = f"unanswered-{is_now.now:%Y-%m-%d}.txt"
    await call.send_document(name, views.questions_file(is_now.questions).encode())
    return None


def _status_of(services: Services, started_at: datetime, times: AnswerTimes | None) -> Status:
    settings, archive, chats = services.settings, services.archive_, services.chats_
    now = services.now().astimezone(settings.timezone)
    today = now.date()
    midnight = datetime.combine(today, time(), settings.timezone)
    tomorrow = datetime.combine(today + timedelta(days=1), time(), settings.timezone)
    return Status(
        now=now,
        zone=settings.timezone,
        version=version(),
        up=now - started_at,
        papers=archive.count(),
        files=len(archive.digests()),
        unused=count_unused(services),
        load=archive.last_load(),
        readers=chats.readers(today),
        subscribed=chats.count_subscribed(),
        deliveries=chats.count_deliveries(midnight),
        reasons=chats.count_reasons(midnight),
        due=chats.count_due(now, tomorrow, without=TERMINAL_USER_ID) if services.delivers else 0,
        overdue=chats.count_overdue(now - OVERDUE, without=TERMINAL_USER_ID) if services.delivers else 0,
        errors=chats.failures(today),
        times=times,
        writes=services.writer is not None,
        marks=chats.marks_after(today - WEEK),
        questions=chats.unanswered_after(today - WEEK) if settings.keep_unanswered else None,
    )
