"""Rows of archive.db to models and back: the only place that knows how lists are written into columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from store.merge import title_keys
from store.models import Entry, LoadWarning, Note, Paper, Source
from store.problems import Problem

_ENTRY_COLUMNS = tuple(field for field in Entry.model_fields if field != "line")
PAPER_COLUMNS = tuple(field for field in Paper.model_fields if field not in ("topics", "sources"))


def columns_of(model: Entry | Paper, names: Sequence[str]) -> dict[str, Any]:
    """The named fields as column values: lists and notes become JSON text."""
    return {name: _to_column(getattr(model, name)) for name in names}


def entry_row(entry: Entry) -> dict[str, Any]:
    """The columns of ``entries`` that come from the entry itself."""
    title_en_key, title_zh_key = title_keys(entry)
    return {
        "line": entry.line,
        **columns_of(entry, _ENTRY_COLUMNS),
        "title_en_key": title_en_key,
        "title_zh_key": title_zh_key,
    }


def entry_of(row: Mapping[str, Any]) -> Entry:
    return Entry.model_validate({"line": row["line"], **_from_columns(row, _ENTRY_COLUMNS)})


def paper_row(paper: Paper) -> dict[str, Any]:
    """The columns of ``papers`` except its id."""
    return columns_of(paper, PAPER_COLUMNS)


def paper_of(row: Mapping[str, Any], topics: Sequence[str], sources: Sequence[Source]) -> Paper:
    values = _from_columns(row, PAPER_COLUMNS)
    return Paper.model_validate({**values, "topics": tuple(topics), "sources": tuple(sources)})


def warning_row(warning: LoadWarning) -> dict[str, Any]:
    """The columns of ``warnings`` except its keys."""
    values = dict(warning.problem.model_dump()["values"]) if warning.problem else {}
    return {
        "line": warning.line,
        "text": warning.text,
        "kind": warning.problem.kind if warning.problem else None,
        "details": json.dumps(values, ensure_ascii=False),
    }


def warning_of(row: Mapping[str, Any]) -> LoadWarning:
    problem = None
    if row["kind"] is not None:
        problem = Problem.model_validate({"kind": row["kind"], "values": tuple(json.loads(row["details"]).items())})
    return LoadWarning(line=row["line"], text=row["text"], problem=problem)


def to_json(value: Sequence[Any]) -> str:
    return json.dumps(
        [item.model_dump() if isinstance(item, Note) else item for item in value],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_json(text: str) -> tuple[Any, ...]:
    return tuple(json.loads(text))


def _to_column(value: Any) -> Any:
    return to_json(value) if isinstance(value, tuple) else value


def _from_columns(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    lists = ("authors", "points", "notes", "links")
    return {name: from_json(row[name]) if name in lists else row[name] for name in names}
