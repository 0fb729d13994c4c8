"""Checks of the settings and of what runs."""

from __future__ import annotations

import os
import platform
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from rapidfuzz import process

from bot.doctor.registry import Case, Finding, ok, register, warning
from bot.settings import Settings
from bot.version import version

ENV_FILE = Path(".env")
_PREFIXES = ("TELEGRAM_", "DIGESTBOT_")


@register("version")
def what_runs(case: Case) -> Iterator[Finding]:
    ours = version() or "(not installed)"
    yield ok(f"digestbot {ours}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")


@register("settings")
def settings(case: Case) -> Iterator[Finding]:
    """That they can be read is known by now; whether one is mistyped is not."""
    known = [str(field.validation_alias) for field in Settings.model_fields.values()]
    given = {name.upper() for name in (*os.environ, *_in_file()) if name.upper().startswith(_PREFIXES)}
    for name in sorted(given - set(known)):
        nearest, _, _ = process.extractOne(name, known)
        yield warning(f"{name} is no setting", f"Perhaps {nearest} is meant; README.md has all of them.")
    for line in _unreadable_lines():
        yield warning(f"line {line} of .env is no setting", "Write it as NAME=value, or begin it with # as a comment.")
    source = "the environment and .env" if ENV_FILE.is_file() else "the environment; there is no .env here"
    yield ok(f"read from {source}")


@register("secrets")
def secrets(case: Case) -> Iterator[Finding]:
    if ENV_FILE.is_file() and ENV_FILE.stat().st_mode & stat.S_IROTH:
        yield warning("others on this machine may read .env, which holds the token", "Run `chmod o= .env`.")


def _unreadable_lines() -> list[int]:
    if not ENV_FILE.is_file():
        return []
    with ENV_FILE.open(encoding="utf-8-sig") as file:
        return [each.original.line for each in parse_stream(file) if each.error]


def _in_file() -> list[str]:
    return list(dotenv_values(ENV_FILE, encoding="utf-8-sig")) if ENV_FILE.is_file() else []
