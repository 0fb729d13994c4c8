"""What admins do: /reload."""

from __future__ import annotations

from bot.calls import Call
from bot.handlers.loads import load_in, show_report
from bot.loading import AlreadyLoading, LoadStopped
from bot.views import reports
from bot.views.base import View
from store import LoadError


async def reload(call: Call) -> View | None:
    """``/reload``: load the digest files in a thread, showing progress in one message and the report in the end.

    Questions go on being answered from the old archive until the load commits.
    """
    if call.services.reloading.locked():
        return reports.reload_running(call.voice)
    message = await call.send(reports.load_progress(0, 0, call.voice))
    try:
        report = await load_in(call, message)
    except AlreadyLoading:
        await call.edit(message, reports.reload_running(call.voice))
    except LoadStopped:
        await call.edit(message, reports.load_stopped(call.voice))
    except LoadError as error:
        await call.edit(message, reports.load_failed(error.problem, call.voice))
    else:
        await show_report(call, message, report)
    return None
