"""Fit the weights of store/evidence.py and store/refusal.py to questions with known answers, and print them.

usage: python -m tests.bench.fit_answers QUESTIONS.jsonl --data DIR [--data DIR …] [--unanswerable FILE]

QUESTIONS.jsonl holds an object a line: ``kind`` (fact_zh, fact_en, need or none), ``q``, and for facts ``answers``
with ``arxiv_id`` or ``title_en`` of their paper. Each DIR is an archive to ask; FILE has more unanswerable questions,
one a line. Before the weights, shares of each kind are printed: answers within 240 columns, questions refused.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from store import Archive
from store.evidence import Clause, Features, Statement, describe
from store.library import Library
from store.passages import answer_text, choose_passages
from store.questions import read_question
from store.refusal import DOUBTFUL, Signs
from store.text.titles import title_key

FOLDS = 8
# A preference, not an estimate: of two clauses that answer alike, the one in the asker's language.
SAME_LANGUAGE = 0.25
_RIDGE = 2.0
# There are few unanswerable questions; made up ones stand in for others like them.
_COUNTS = {"none": 2.0, "made up": 0.6}
# Papers that are tried for an answer before a question is refused.
_TRIED = 3

Vector = NDArray[np.float64]
Question = dict[str, Any]


class Asked(NamedTuple):
    """A question put to one archive. ``rows`` are (clauses or papers, features); ``holds`` is 1 where a clause has an
    accepted answer."""

    archive: str
    question: Question
    rows: Vector
    holds: Vector
    clauses: list[Clause]
    statements: list[Statement]

    @property
    def group(self) -> str:
        return str(self.question.get("arxiv_id") or self.question.get("title_en") or self.question["q"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--data", action="append", required=True, type=Path)
    parser.add_argument("--unanswerable", type=Path)
    parser.add_argument("--check", type=Path, action="append", default=[], help="questions that are only measured")
    options = parser.parse_args()
    questions = list(_read(options.questions))
    if options.unanswerable:
        lines = options.unanswerable.read_text("utf-8").splitlines()
        questions += [{"kind": "made up", "q": line} for line in lines if line.strip()]
    checked = list(_read(options.check))
    _fit_evidence(options.data, questions, checked)
    _fit_refusal(options.data, questions, checked)


def _fit_evidence(folders: Sequence[Path], questions: Sequence[Question], checked: Sequence[Question]) -> None:
    def fit(part: Sequence[Asked]) -> Vector:
        # Whoever says the answer often counts less for each time.
        counts = np.concatenate([np.full(len(each.holds), 1 / np.sqrt(each.holds.sum() + 0.5)) for each in part])
        rows = np.concatenate([each.rows for each in part])
        holds = np.concatenate([each.holds for each in part])
        fixed = {Features._fields.index("same_language"): SAME_LANGUAGE}
        return _logistic(rows, holds, counts, fixed)

    def answered(each: Asked, weights: Vector) -> bool:
        likelihoods = 1 / (1 + np.exp(-(each.rows @ weights)))
        clauses = [
            clause._replace(likelihood=float(value)) for clause, value in zip(each.clauses, likelihoods, strict=True)
        ]
        text = answer_text(choose_passages(clauses, each.statements))
        return any(_stands_in(answer, text) for answer in each.question["answers"])

    asked = list(_evidence(folders, questions))
    _report("answered, cross-validated", _cross_validated(asked, fit, answered))
    weights = fit(asked)
    _report("answered, checked", ((each, answered(each, weights)) for each in _evidence(folders, checked)))
    _print(Features, weights)


def _fit_refusal(folders: Sequence[Path], questions: Sequence[Question], checked: Sequence[Question]) -> None:
    def fit(part: Sequence[Asked]) -> Vector:
        rows = np.array([each.rows[0] for each in part])
        lacking = np.array([float("answers" not in each.question and each.question["kind"] != "need") for each in part])
        counts = np.array([_COUNTS.get(each.question["kind"], 1.0) for each in part])
        return _logistic(rows, lacking, counts, {})

    def refused(each: Asked, weights: Vector) -> bool:
        return bool((each.rows @ weights).min() > DOUBTFUL)

    asked = list(_signs(folders, questions))
    _report("refused, cross-validated", _cross_validated(asked, fit, refused))
    weights = fit(asked)
    _report("refused, checked", ((each, refused(each, weights)) for each in _signs(folders, checked)))
    _print(Signs, weights)


def _evidence(folders: Sequence[Path], questions: Sequence[Question]) -> Iterator[Asked]:
    """Every clause of the right paper, for each question of fact and archive."""
    facts = [question for question in questions if question.get("answers")]
    for folder, archive, library in _archives(folders):
        keys = {title_key(paper.title_en or ""): paper.key for paper in archive.papers()}
        keys |= {paper.arxiv_id: paper.key for paper in archive.papers() if paper.arxiv_id}
        for question in facts:
            key = keys.get(question.get("arxiv_id", "")) or keys[title_key(question["title_en"])]
            statements = library.statements(key)
            query = library.searcher.read(question["q"])
            clauses, rows = [], []
            for number, start, end, features in describe(
                library.wanted(read_question(question["q"]), query), statements
            ):
                clauses.append(Clause(number, start, end, 0.0))
                rows.append(features)
            holds = [
                any(_stands_in(answer, statements[c.statement].text[c.start : c.end]) for answer in question["answers"])
                for c in clauses
            ]
            yield Asked(folder, question, np.array(rows), np.array(holds, float), clauses, statements)


def _signs(folders: Sequence[Path], questions: Sequence[Question]) -> Iterator[Asked]:
    """The signs of the papers that are nearest to each question, for each archive."""
    for folder, _, library in _archives(folders):
        for question in questions:
            query, ranked = library.searcher.rank(question["q"], _TRIED)
            read = read_question(query.corrected or question["q"])
            keys = [each.key for each in ranked] or [""]
            rows = np.array([library.study(read, query, key).signs for key in keys])
            yield Asked(folder, question, rows, np.zeros(len(rows)), [], [])


def _archives(folders: Sequence[Path]) -> Iterator[tuple[str, Archive, Library]]:
    for folder in folders:
        with Archive.open(folder) as archive, archive.library() as library:
            yield folder.name, archive, library


def _cross_validated(
    asked: Sequence[Asked], fit: Callable[[Sequence[Asked]], Vector], right: Callable[[Asked, Vector], bool]
) -> Iterator[tuple[Asked, bool]]:
    groups = sorted({each.group for each in asked}, key=_scattered)
    fold = {name: number % FOLDS for number, name in enumerate(groups)}
    for number in range(FOLDS):
        weights = fit([each for each in asked if fold[each.group] != number])
        for each in asked:
            if fold[each.group] == number:
                yield each, right(each, weights)


def _scattered(name: str) -> int:
    """A number that scatters names and is the same in every run."""
    return int.from_bytes(name.encode("utf-8")[::-1][:12], "big") * 2654435761 % 2**32


def _logistic(rows: Vector, wanted: Vector, counts: Vector, fixed: dict[int, float]) -> Vector:
    """Ridge logistic regression by Newton's method; weights in ``fixed`` stay as given."""
    free = [column for column in range(rows.shape[1]) if column not in fixed]
    offset = sum((rows[:, column] * value for column, value in fixed.items()), np.zeros(len(rows)))
    part = rows[:, free]
    weights = np.zeros(len(free))
    for _ in range(40):
        likelihood = 1 / (1 + np.exp(-(part @ weights + offset)))
        gradient = part.T @ (counts * (likelihood - wanted)) + _RIDGE * weights
        curvature = (part * (counts * likelihood * (1 - likelihood))[:, None]).T @ part + _RIDGE * np.eye(len(free))
        weights -= np.linalg.solve(curvature, gradient)
    result = np.zeros(rows.shape[1])
    result[free] = weights
    for column, value in fixed.items():
        result[column] = value
    return result


def _stands_in(answer: str, text: str) -> bool:
    """Whether an accepted answer stands in a text: blanks aside, and not as a part of a longer figure or word."""
    wanted, text = (unicodedata.normalize("NFKC", each).casefold() for each in (answer, text))
    pattern = r"\s*".join(re.escape(character) for character in "".join(wanted.split()))
    before = r"(?<![a-z0-9.])" if wanted[0].isalpha() and wanted[0].isascii() else r"(?<![0-9.])"
    after = r"(?![a-z0-9])" if wanted[-1].isalpha() and wanted[-1].isascii() else r"(?![0-9]|\.[0-9])"
    return re.search((before if wanted[0].isascii() else "") + pattern + after, text) is not None


def _read(paths: Iterable[Path]) -> Iterator[Question]:
    for path in paths:
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                yield json.loads(line)


def _report(title: str, results: Iterable[tuple[Asked, bool]]) -> None:
    shares: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for each, value in results:
        shares[each.archive, each.question["kind"]].append(value)
    for (archive, kind), values in sorted(shares.items()):
        sys.stdout.write(f"{title}: {archive} {kind} {np.mean(values):.3f} of {len(values)}\n")


def _print(model: type[Features] | type[Signs], weights: Vector) -> None:
    sys.stdout.write(f"WEIGHTS = {model.__name__}(\n")
    for name, weight in zip(model._fields, weights, strict=True):
        sys.stdout.write(f"    {name}={weight:.2f},\n")
    sys.stdout.write(")\n")


if __name__ == "__main__":
    main()
