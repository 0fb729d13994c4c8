"""What ``digestbot``'s commands write to standard output: JSON, one object a line, and plain text for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import click

from store import Answer, Hit, LoadReport, Paper, Results, Topic

MAX_CHANGES = 20  # papers that a load's report names, of each kind of change


# JSON lets these stand in a string as they are, and many a reader of lines takes them for the end of one.
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def to_line(value: dict[str, Any]) -> str:
    """One JSON object on one line."""
    return json.dumps(value, ensure_ascii=False).translate(_LINE_ENDS)


def echo_json(value: dict[str, Any]) -> None:
    click.echo(to_line(value).encode())


def echo_all(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def paper_json(paper: Paper) -> dict[str, Any]:
    return paper.model_dump(mode="json")


def hit_json(hit: Hit) -> dict[str, Any]:
    return hit.model_dump(mode="json", exclude={"matches"})


def results_json(results: Results) -> dict[str, Any]:
    return {"query": results.query, "papers": [hit_json(hit) for hit in results.hits]}


def answer_json(answer: Answer) -> dict[str, Any]:
    return {
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.answer,
        "evidence": [item.model_dump(mode="json", include={"key", "arxiv_id", "sentence"}) for item in answer.evidence],
        "papers": [hit_json(hit) for hit in answer.papers],
    }


def topic_json(topic: Topic) -> dict[str, Any]:
    return topic.model_dump(mode="json")


def report_json(report: LoadReport) -> dict[str, Any]:
    file: dict[str, Any] = {"status": True, "problem": True, "papers": True, "warnings": {"__all__": {"problem"}}}
    return report.model_dump(mode="json", exclude={"changes": True, "files": {"__all__": file}})


def report_text(report: LoadReport) -> Iterator[str]:
    """A load's report for a person, a line at a time; of each kind of change the first 20 papers are named."""
    for file in report.files:
        if file.error:
            yield f"{file.name}: not used. {file.error}"
        elif file.status == "removed":
            yield f"{file.name}: gone from the folder, its entries were removed"
        else:
            yield f"{file.name}: {file.layout}, {_count(file.entries, 'entry', 'entries')}, {file.status}"
        for warning in file.warnings:
            yield f"  line {warning.line}: {warning.text}"
    for kind in ("added", "changed", "removed"):
        changes = [change for change in report.changes if change.kind == kind]
        for change in changes[:MAX_CHANGES]:
            yield f"  {kind} {change.key}: {change.title}"
        if len(changes) > MAX_CHANGES:
            yield f"  … and {len(changes) - MAX_CHANGES} more {kind}"
    yield (
        f"{_count(report.papers, 'paper', 'papers')} in the archive: {report.added} added, {report.changed} changed, "
        f"{report.removed} removed, in {report.seconds:.1f} s"
    )


def hit_text(number: int, hit: Hit) -> str:
    titles = " / ".join(title for title in (hit.title_zh, hit.title_en) if title)
    return f"{number}. {titles} ({hit.arxiv_id or hit.key})\n   {hit.snippet}"


def answer_text(answer: Answer) -> Iterator[str]:
    yield answer.answer if answer.answered else "The archive has nothing on this. Nearest papers:"
    for item in answer.evidence:
        yield f"  [{item.arxiv_id or item.key}, {item.file}] {item.sentence}"
    for number, hit in enumerate(answer.papers, 1):
        yield hit_text(number, hit)


def paper_text(paper: Paper) -> Iterator[str]:
    yield from filter(None, (paper.title_zh, paper.title_en))
    yield from filter(None, [", ".join(paper.authors)])
    yield "  ".join(filter(None, (paper.published, paper.arxiv_id or "no arXiv id", paper.code_url)))
    for summary in filter(None, (paper.summary_zh, paper.summary_en)):
        yield f"\n{summary}"
    for number, point in enumerate(paper.points):
        yield f"- {point}" if number else f"\n- {point}"
    yield f"\nTopics: {', '.join(paper.topics) or 'none'}"
    yield f"From: {', '.join(f'{source.file}:{source.line}' for source in paper.sources)}"


def _count(number: int, one: str, other: str) -> str:
    return f"{number} {one if number == 1 else other}"
