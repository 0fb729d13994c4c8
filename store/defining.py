"""Questions for what a term means ("GRPO 是什么？"), and the clauses that tell it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from store.evidence import Clause, Statement

_ASKS = (
    re.compile(r"^(?:请问|请?解释一下|请?解释|介绍一下)?\s*(?:什么是|何谓|啥是)\s*([^的]{1,24}?)$"),
    re.compile(r"^(?:请问)?\s*([^的]{1,24}?)\s*(?:到底)?(?:是什么(?:意思)?|是啥|指(?:的)?(?:是)?什么|什么意思)$"),
    re.compile(r"^(?:请问)?\s*(.{1,24}?)\s*的?全称(?:是什么|是啥)?$"),
    re.compile(r"^(?:what(?: is|'s| are)|define|explain)\s+(?:the |an? )?((?:[\w.@+-]+ ?){1,4})$", re.IGNORECASE),
    re.compile(r"^what does\s+((?:[\w.@+-]+ ?){1,4})\s+(?:stand for|mean)$", re.IGNORECASE),
)
_ENDS = " ?？。.!！"
# How likely a clause that tells what the term means is taken to be the answer.
_TOLD = 0.9


def read_defined(question: str) -> str | None:
    """The term whose meaning a question asks for; None where it asks for something else."""
    for pattern in _ASKS:
        if match := pattern.search(question.strip(_ENDS)):
            return match[1].strip()
    return None


def tells_meaning(term: str, text: str) -> bool:
    """Whether a text says what a term is or stands for: ``long form (TERM)``, ``TERM (long form)``, ``TERM is a …``."""
    name = rf"(?<![A-Za-z0-9-]){re.escape(term)}(?![A-Za-z0-9])"
    patterns = (
        rf"\w\s*[（(]\s*{name}[^)）]{{0,3}}[)）]",
        rf"{name}\s*[（(][^)）]{{8,80}}[)）]",
        rf"{name}\s*(?:是一[种个]|是指|指的是|即|[,，]?\s*一[种个])",
        rf"{name},?\s*(?:is|are)?\s*(?:an?|the)\s",
    )
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def favour_meaning(term: str, clauses: Sequence[Clause], statements: Sequence[Statement]) -> list[Clause]:
    """The clauses, those that tell what the term means made likely."""
    return [
        clause._replace(likelihood=max(clause.likelihood, _TOLD))
        if tells_meaning(term, statements[clause.statement].text[clause.start : clause.end])
        else clause
        for clause in clauses
    ]
