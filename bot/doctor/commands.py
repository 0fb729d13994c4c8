"""What ``digestbot doctor`` does and says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from bot.doctor import Case, Finding, fault, registered
from bot.doctor.asking import Web
from bot.exits import Exit, WrongSetting
from bot.logs import redact
from bot.options import settings_with
from bot.output import echo_json


def examine(data: Path | None, seeds: Path | None, *, as_json: bool, offline: bool) -> Exit:
    """Look at everything and tell it; gives the exit status."""
    try:
        settings = settings_with(data, seeds)
    except WrongSetting as error:
        wrong = fault(error.message, "Nothing else can be looked at before.")
        _tell("settings", wrong, (), as_json=as_json)
        return Exit.FAILED
    levels = []
    for name, finding in findings(Case(settings, Web()), offline=offline):
        _tell(name, finding, settings.secrets, as_json=as_json)
        levels.append(finding.level)
    if not as_json:
        click.echo(_sum(levels.count("fault"), levels.count("warning")))
    return Exit.FAILED if "fault" in levels else Exit.FINE


def findings(case: Case, *, offline: bool = False) -> Iterator[tuple[str, Finding]]:
    """What each check finds, by its name; ``offline`` leaves out those that ask another server."""
    for check in registered():
        if not (offline and check.asks):
            for finding in check.look(case):
                yield check.name, finding


def _tell(name: str, finding: Finding, secrets: tuple[str, ...], *, as_json: bool) -> None:
    what = redact(finding.what, secrets)
    advice = redact(finding.advice, secrets) if finding.advice else None
    if as_json:
        echo_json({"check": name, "level": finding.level, "what": what, "advice": advice})
        return
    click.echo(f"{finding.level:<8} {name:<15} {what}")
    if advice:
        click.echo(f"{'':<24} -> {advice}")


def _sum(faults: int, warnings: int) -> str:
    if not faults and not warnings:
        return "All is well."
    parts = [(faults, "fault"), (warnings, "warning")]
    return ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count) + "."
