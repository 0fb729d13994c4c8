"""Entries of all digests to one paper each, remembering which digest said what.

Two entries tell of the same paper if they name the same arXiv id; an entry without an id joins the paper that has its
title. Two different arXiv ids are two papers, whatever their titles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from store.arxiv import month, paper_key
from store.models import Entry, Note, Paper, Source
from store.text.titles import title_key

# What a note is called that keeps a summary which another digest tells more fully.
OTHER_SUMMARY = {"summary_zh": "摘要（{file}）", "summary_en": "Abstract ({file})"}
_TEXTS = ("title_en", "title_zh", "summary_en", "summary_zh")
_LISTS = ("points", "notes", "links")


class SourcedEntry(NamedTuple):
    """An entry and the digest file it stands in; ``date`` is the digest's."""

    id: int
    file: str
    date: str | None
    entry: Entry


class Names(NamedTuple):
    """What an entry is known by: its arXiv id and its titles as they are compared. Empty strings where it has none.

    ``order`` decides which of two entries comes first: digest date, file, line.
    """

    id: int
    order: tuple[str, str, int]
    arxiv_id: str
    title_en: str
    title_zh: str


def title_keys(entry: Entry) -> tuple[str, str]:
    """The comparable English and Chinese titles of an entry."""
    return title_key(entry.title_en or ""), title_key(entry.title_zh or "")


def group(entries: Iterable[Names]) -> list[list[Names]]:
    """The entries of each paper together, in their order.

    An English title outweighs a Chinese one: entries with different English titles stay apart even where a digest
    gave both the same Chinese title.
    """
    ordered = sorted(entries, key=lambda names: names.order)
    by_id: dict[str, list[Names]] = defaultdict(list)
    by_title: dict[str, list[Names]] = {}

    def remember(names: Names, members: list[Names]) -> None:
        for title in (names.title_en, names.title_zh):
            if title:
                by_title.setdefault(title, members)

    for names in ordered:
        if names.arxiv_id:
            by_id[names.arxiv_id].append(names)
            remember(names, by_id[names.arxiv_id])
    groups = list(by_id.values())
    # Entries with an English title come first: they are the surer anchors for those with a Chinese one alone.
    for names in sorted((names for names in ordered if not names.arxiv_id), key=lambda names: not names.title_en):
        members = by_title.get(names.title_en) if names.title_en else None
        if members is None and names.title_zh:
            members = by_title.get(names.title_zh)
            if members and names.title_en and any(member.title_en for member in members):
                members = None
        if members is None:
            members = []
            groups.append(members)
        members.append(names)
        remember(names, members)
    for members in groups:
        members.sort(key=lambda names: names.order)
    return groups


def key_of(members: Sequence[Names]) -> str:
    """The key of the paper that these entries tell of."""
    arxiv_id = next((names.arxiv_id for names in members if names.arxiv_id), None)
    titles = [names.title_en for names in members] + [names.title_zh for names in members]
    return paper_key(arxiv_id, next(filter(None, titles), ""))


def other_keys(members: Sequence[Names]) -> set[str]:
    """Every other key these entries could have been given, together or alone: the paper's aliases."""
    keys = {paper_key(None, title) for names in members for title in (names.title_en, names.title_zh) if title}
    return keys - {key_of(members)}


def merge(key: str, members: Sequence[SourcedEntry]) -> Paper:
    """One paper from the entries that tell of it (at least one), in their order. Topics are left empty: they are told
    from the whole paper.

    The longest text of a field leads. A summary that does not lead is kept as a note naming its digest, so that no
    figure is lost; lists are joined, each item once.
    """
    arxiv_id = next((m.entry.arxiv_id for m in members if m.entry.arxiv_id), None)
    leaders = {field: _longest(members, field) for field in _TEXTS}
    authors = max((m.entry.authors for m in members), key=len)
    notes = [
        *dict.fromkeys(note for m in members for note in m.entry.notes),
        *_other_summaries(members, leaders),
    ]
    values = {
        "arxiv_id": arxiv_id,
        "version": max((m.entry.version for m in members if m.entry.version), default=None),
        **leaders,
        "authors": authors,
        "published": _published(arxiv_id, members),
        "points": _unique(point for m in members for point in m.entry.points),
        "notes": tuple(notes),
        "code_url": next((m.entry.code_url for m in members if m.entry.code_url), None),
        "links": tuple(dict.fromkeys(link for m in members for link in m.entry.links)),
    }
    sources = tuple(
        Source(file=m.file, line=m.entry.line, date=m.date, fields=_given_by(m.entry, values)) for m in members
    )
    return Paper.model_validate({"key": key, **values, "sources": sources})


def _longest(members: Sequence[SourcedEntry], field: str) -> str | None:
    texts = [text for m in members if (text := getattr(m.entry, field))]
    return max(texts, key=len) if texts else None


def _published(arxiv_id: str | None, members: Sequence[SourcedEntry]) -> str | None:
    if arxiv_id:
        return month(arxiv_id)
    stated = [m.date for m in members if m.date] or [m.entry.published for m in members if m.entry.published]
    return min(stated) if stated else None


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once; texts that differ in case, spaces or punctuation alone are the same."""
    first: dict[str, str] = {}
    for text in texts:
        first.setdefault(title_key(text) or text, text)
    return tuple(first.values())


def _other_summaries(members: Sequence[SourcedEntry], leaders: dict[str, str | None]) -> list[Note]:
    notes = []
    for field, heading in OTHER_SUMMARY.items():
        leader = leaders[field] or ""
        for member in members:
            text = getattr(member.entry, field)
            if text and text not in leader:
                notes.append(Note(heading=heading.format(file=member.file), text=text))
    return notes


def _given_by(entry: Entry, values: Mapping[str, object]) -> tuple[str, ...]:
    """The paper's fields that this entry gives: the text that leads, or an item of a list."""
    given = []
    for field, value in values.items():
        said = getattr(entry, field)
        if field in _LISTS:
            if said:
                given.append(field)
        elif field == "published":
            if value and (entry.arxiv_id or said == value):
                given.append(field)
        elif said and said == value:
            given.append(field)
    return tuple(given)
