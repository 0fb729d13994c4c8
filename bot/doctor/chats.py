"""Checks of chats.db, which holds what people told the bot, and of who works with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from pydantic import BaseModel, ValidationError

from bot.chats import CHATS_FILE
from bot.chats.examining import Damaged, examine, reading
from bot.doctor.asking import NoAnswer
from bot.doctor.registry import Case, Finding, fault, ok, register, warning
from bot.lock import holder
from bot.settings import Listen
from bot.views.text import fold, shorten

# What an address to listen at means to whoever calls it.
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class _Health(BaseModel):
    """What /healthz says."""

    checks: dict[str, str]


@register("chats")
def chats(case: Case) -> Iterator[Finding]:
    path = case.settings.data / CHATS_FILE
    if not path.exists():
        if _bot_runs(case):
            yield warning(
                f"there is no {CHATS_FILE} in {case.settings.data}, though a bot runs there",
                "Unless it is only just starting, somebody deleted it: stop the bot and bring back a backup with "
                "`digestbot restore`.",
            )
            return
        yield ok(f"there is no {CHATS_FILE} in {case.settings.data} yet; the first start makes it")
        return
    try:
        with reading(path) as connection:
            contents = examine(connection, thorough=False)
    except Damaged as error:
        back = "Stop the bot and bring back a backup with `digestbot restore`; the damaged one is kept aside."
        yield fault(f"{path} {error}", back)
        return
    except sqlite3.Error as error:
        yield fault(f"{path} cannot be opened ({error})", "Check the rights of the file and of its folder.")
        return
    if contents.newer:
        yield fault(f"{path} is of a newer version", "Run that version of digestbot, or bring back an older backup.")
        return
    version = "; of an earlier version, which the next start brings up to date" if contents.outdated else ""
    yield ok(f"whole; chats: {contents.chats}, subscribed: {contents.subscriptions}{version}")


def _bot_runs(case: Case) -> bool:
    try:
        return holder(case.settings.data) is not None
    except OSError:
        return False  # told with what runs


@register("running")
def running(case: Case) -> Iterator[Finding]:
    try:
        who = holder(case.settings.data)
    except OSError as error:
        yield warning(f"bot.lock cannot be read ({error.strerror})", "Run this as the user that the bot runs as.")
        return
    if who is None:
        yield ok(f"no bot runs on {case.settings.data}")
        return
    yield ok(f"the bot runs ({who})")
    if case.settings.monitor and case.settings.monitor.port:
        yield from _health(case, case.settings.monitor)


def _health(case: Case, monitor: Listen) -> Iterator[Finding]:
    url = f"http://{monitor._replace(host=_ANYWHERE.get(monitor.host, monitor.host))}/healthz"
    try:
        checks = _Health.model_validate_json(case.web.get(url).content).checks
    except (NoAnswer, ValidationError):
        yield warning(
            f"it does not answer at {url}",
            "Run this where the bot runs, with its settings, and not within its first seconds; or look at its log.",
        )
        return
    for name, said in checks.items():
        if said != "ok":
            yield fault(f"{fold(name)} is not well: {shorten(fold(said), 200)}", "Look at the bot's log.")
    if all(said == "ok" for said in checks.values()):
        yield ok("it says that all is well")
