"""What is wrong with a digest file or a load, in the reader's language."""

from __future__ import annotations

from bot import phrases
from bot.views.base import Voice
from store import Problem, ProblemValue


def problem_text(problem: Problem | None, english: str, voice: Voice) -> str:
    """The problem as plain text; ``english`` where it is none, or of a kind that there is no phrase for."""
    if problem is None or not _is_phrase(f"file_problem.{problem.kind}", voice):
        return english
    values = {name: _value_text(value, voice) for name, value in problem.values}
    if "needs" in values and _is_phrase(f"layout_needs.{values['layout']}", voice):
        values["needs"] = voice.plain(f"layout_needs.{values['layout']}")
    return voice.plain(f"file_problem.{problem.kind}", **values)


def _value_text(value: ProblemValue, voice: Voice) -> str:
    if isinstance(value, tuple):
        return voice.plain("report.separator").join(_value_text(problem, voice) for problem in value)
    return problem_text(value, value.text, voice) if isinstance(value, Problem) else str(value)


def _is_phrase(name: str, voice: Voice) -> bool:
    return name in phrases.get(voice.ui).templates
