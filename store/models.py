"""What the archive speaks of. Every model is frozen; lists are tuples."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from store.problems import Problem, ProblemValue

Language = Literal["zh", "en"]
ChangeKind = Literal["added", "changed", "removed"]


class Model(BaseModel):
    """Base of all models here: frozen, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Note(Model):
    """One section of a digest's notes on a paper, such as ``📈 实验结果``."""

    heading: str
    text: str


class Entry(Model):
    """One paper as one digest tells it. Unknown values are None or empty, never guessed.

    ``line`` is the 1-based line of the digest file on which the entry begins.
    ``published`` is a month or day the digest states for this entry (``YYYY-MM[-DD]``).
    ``links`` are all web addresses of the entry except arXiv ones; ``code_url`` is the one that is the code.
    """

    line: int
    title_en: str | None = None
    title_zh: str | None = None
    authors: tuple[str, ...] = ()
    arxiv_id: str | None = None
    version: int | None = None
    published: str | None = None
    summary_en: str | None = None
    summary_zh: str | None = None
    points: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    code_url: str | None = None
    links: tuple[str, ...] = ()


class LoadWarning(Model):
    """Something a person should look at in a digest file; ``line`` is 1-based.

    ``text`` is English; ``problem`` says the same in a way that can be told in another language, if there is one.
    """

    line: int
    text: str
    problem: Problem | None = None

    @classmethod
    def of(cls, line: int, kind: str, /, **values: ProblemValue) -> LoadWarning:
        """The warning of a problem of that kind (see `store.problems`)."""
        problem = Problem.of(kind, **values)
        return cls(line=line, text=problem.text, problem=problem)


class Digest(Model):
    """A digest file, read. ``date`` is ``YYYY-MM-DD`` or ``YYYY-MM``; None where nothing tells it."""

    name: str
    layout: str
    date: str | None = None
    date_inferred: bool = False
    entries: tuple[Entry, ...] = ()
    warnings: tuple[LoadWarning, ...] = ()


class Source(Model):
    """Where a paper's fields come from: a digest file, the entry's line in it, and the fields it gave."""

    file: str
    line: int
    date: str | None = None
    fields: tuple[str, ...] = ()


class Paper(Model):
    """One paper, merged from every digest that tells of it.

    ``published`` is ``YYYY-MM`` (from the arXiv id) or the date of its digest. ``topics`` are slugs, most fitting
    first.
    """

    key: str
    arxiv_id: str | None = None
    version: int | None = None
    title_en: str | None = None
    title_zh: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    summary_en: str | None = None
    summary_zh: str | None = None
    points: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    code_url: str | None = None
    links: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


class Hit(Model):
    """A paper in a list: ``snippet`` is its passage nearest to the query, ``matches`` the (start, end) character
    spans of the snippet that the query's words cover."""

    key: str
    arxiv_id: str | None = None
    title_en: str | None = None
    title_zh: str | None = None
    score: float = 0.0
    snippet: str = ""
    matches: tuple[tuple[int, int], ...] = ()


class Results(Model):
    """One page of a list of papers. ``total`` counts the whole list; ``offset`` is where this page begins.

    ``corrected`` is the query as it was read where a mistyped name in it was taken for another one.
    """

    query: str
    total: int
    offset: int = 0
    hits: tuple[Hit, ...] = ()
    corrected: str | None = None


class Evidence(Model):
    """A sentence that an answer rests on, with the paper it speaks of and the digest file that says it.

    ``matches`` are the (start, end) spans of ``sentence`` that hold what was asked for.
    """

    key: str
    arxiv_id: str | None = None
    sentence: str
    language: Language
    title_en: str | None = None
    title_zh: str | None = None
    file: str
    matches: tuple[tuple[int, int], ...] = ()


class Answer(Model):
    """The archive's answer. ``answer`` is plain text at most 240 columns wide; empty where ``answered`` is false.

    ``kind`` says what it is: a ``fact`` (passages quoted from the sentences of ``evidence``, " … " between them), a
    ``list`` (the titles of ``papers``, ten at most; ``total`` counts all), a ``comparison`` (a passage from each of two
    papers), or ``nearest``: nothing more is known than the papers nearest to the question.
    """

    question: str
    answered: bool
    answer: str = ""
    evidence: tuple[Evidence, ...] = ()
    papers: tuple[Hit, ...] = ()
    kind: Literal["fact", "list", "comparison", "nearest"] = "fact"
    total: int = 0


class Topic(Model):
    """A topic and the keys of its papers, newest first."""

    slug: str
    name_en: str
    name_zh: str
    papers: tuple[str, ...] = ()


class Lookup(Model):
    """What was found for an arXiv id, a link or a title: the paper, or else the nearest there are.

    ``kind`` says how the text was read.
    """

    kind: Literal["arxiv_id", "key", "title"]
    wanted: str
    paper: Paper | None = None
    nearest: tuple[Hit, ...] = ()


class DigestInfo(Model):
    """A digest file in the archive."""

    name: str
    layout: str
    date: str | None = None
    date_inferred: bool = False
    papers: int = 0
    entries: int = 0
    warnings: int = 0


class LoadSummary(Model):
    """The newest load that changed the archive: when it was done (UTC), and what it did."""

    finished_at: datetime
    papers: int
    added: int
    changed: int
    removed: int
    seconds: float


class ChangeCounts(NamedTuple):
    """How many papers a load added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class FileReport(Model):
    """What a load made of one file. ``problem`` is why it was refused, and ``error`` that in English.

    ``papers`` counts the papers that were added, changed and removed on this file's account; a paper of several files
    that changed counts for each. It, ``status`` and the problems are not part of the JSON report.
    """

    name: str
    layout: str | None = None
    entries: int = 0
    warnings: tuple[LoadWarning, ...] = ()
    error: str | None = None
    problem: Problem | None = None
    status: Literal["added", "changed", "unchanged", "removed", "refused"] = "added"
    papers: ChangeCounts = ChangeCounts()


class Change(Model):
    """One paper that a load added, changed or removed, and the ``files`` that are the reason."""

    kind: ChangeKind
    key: str
    title: str
    files: tuple[str, ...] = ()


class LoadReport(Model):
    """What a load did. ``papers`` counts the archive afterwards; ``changes`` is not part of the JSON report."""

    files: tuple[FileReport, ...] = ()
    papers: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    seconds: float = 0.0
    changes: tuple[Change, ...] = ()
