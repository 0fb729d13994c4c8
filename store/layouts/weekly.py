"""Weekly Markdown digests: ``## English title``, under it ``[中文标题](arXiv link)``, then paragraphs."""

from __future__ import annotations

import re

from store.layouts.drafts import BULLET, Draft, is_fence
from store.layouts.links import is_arxiv
from store.layouts.markup import markdown_links, plain, plain_title, titles_by_language
from store.layouts.registry import Reading, register
from store.models import Entry, LoadWarning
from store.text.lines import join_lines

_HEADING = re.compile(r"\s{0,3}(#{1,6})(?:\s+|(?=[^\s#])|$)(.*)")
_RULE = re.compile(r"(?:[-*_=]\s?){3,}")
# A heading line and, as the next line with text, a link; or a heading that is a link itself.
_SIGN = re.compile(
    r"^ {0,3}#{1,4}[ \t]*(?:[^\n#][^\n]*)?\n(?:[ \t]*\n){0,3}[ \t>*]*\[(?!\[)[^\n]{0,500}?\]\(\s?https?://[\w.]*arxiv\.org/"
    r"|^ {0,3}#{2,4}[ \t]*\[(?!\[)[^\n]{0,500}?\]\(\s?https?://[\w.]*arxiv\.org/",
    re.MULTILINE | re.IGNORECASE,
)


@register
class Weekly:
    """See the module's text."""

    name = "weekly"
    needs = "a line '## English title' and under it '[中文标题](https://arxiv.org/abs/ID)' for each paper"

    def recognises(self, text: str) -> bool:
        return _SIGN.search(text) is not None

    def read(self, text: str) -> Reading:
        lines = text.split("\n")
        level = _entry_level(lines)
        entries: list[Entry] = []
        warnings: list[LoadWarning] = []
        for first, last in _blocks(lines, level):
            entry = _read_entry(lines, first, last)
            if entry is None:
                continue
            if isinstance(entry, LoadWarning):
                warnings.append(entry)
            else:
                entries.append(entry)
        return Reading(tuple(entries), tuple(warnings))


def _entry_level(lines: list[str]) -> int:
    """How many ``#`` an entry's heading has: as many as the first heading with a link under it (or in it)."""
    level = 0
    for line in lines:
        if heading := _HEADING.match(line):
            level = len(heading[1])
            if _arxiv_link(heading[2]):
                return level
        elif line.strip():
            if level and _arxiv_link(line) and line.lstrip(" \t>*").startswith("["):
                return level
            level = 0
    return 2


def _arxiv_link(line: str) -> bool:
    return "](" in line and any(is_arxiv(link.address) for link in markdown_links(line))


def _blocks(lines: list[str], level: int) -> list[tuple[int, int]]:
    """(first, last) line of each entry, as half-open ranges. A heading of a higher level ends an entry."""
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    for number, line in enumerate(lines):
        heading = _HEADING.match(line) if line.lstrip()[:1] == "#" else None
        if heading is None or len(heading[1]) > level:
            continue
        if start is not None:
            blocks.append((start, number))
        start = number if len(heading[1]) == level else None
    if start is not None:
        blocks.append((start, len(lines)))
    return blocks


def _read_entry(lines: list[str], first: int, last: int) -> Entry | LoadWarning | None:
    draft = Draft(line=first + 1)
    heading = _HEADING.match(lines[first])
    title, linked = _take_title(draft, heading[2] if heading else "")
    body = first + 1
    if linked is None:
        for number in range(first + 1, last):
            if lines[number].strip():
                if lines[number].lstrip(" \t>*").startswith("[") and "](" in lines[number]:
                    _, linked = _take_title(draft, lines[number])
                    body = number + 1 if linked is not None else body
                break
    draft.title_en, draft.title_zh = titles_by_language(title, linked)
    if title is None and linked is not None and draft.title_zh is not None:
        # "##" alone, with a Chinese link under it: an entry whose heading was lost, but it has a title.
        pass
    if title is None and linked is None:
        if not any(line.strip() for line in lines[first + 1 : last]):
            return None
        return LoadWarning(line=first + 1, text="This entry has no title, so it is left out; write one after '##'.")
    _read_body(draft, lines, body, last)
    return draft.finish()


def _take_title(draft: Draft, line: str) -> tuple[str | None, str | None]:
    """(plain text, linked text) of a title line; its links are kept."""
    links = markdown_links(line)
    if not links:
        return plain_title(line), None
    linked: str | None = None
    for link in links:
        if is_arxiv(link.address) or linked is None:
            linked = linked or plain_title(link.text)
        draft.add_links(link.address)
        if re.fullmatch(r"\W*(?:code|代码|github|项目.{0,4}|project.{0,6})\W*", link.text, re.IGNORECASE):
            draft.add_code(link.address)
    around = line[: links[0].start] + " " + line[links[-1].end :]
    return plain_title(re.sub(r"[|｜/\[\]\-–—\s]+$", "", around)), linked


def _read_body(draft: Draft, lines: list[str], first: int, last: int) -> None:
    """Paragraphs (one a line), bullets, and sections under smaller headings, which are notes."""
    heading: str | None = None
    note: list[str] = []
    for number in range(first, last):
        line = lines[number].strip().lstrip(">").strip()
        if not line or _RULE.fullmatch(line) or is_fence(line):
            continue
        section = _HEADING.match(line)
        if section is not None:
            if heading is not None:
                draft.add_note(heading, "\n".join(note))
            heading, note = plain(section[2]), []
        elif draft.add_labelled(line):
            continue
        elif BULLET.match(line):
            draft.add_point(line)
            if heading is not None:
                note.append("- " + plain(BULLET.sub("", line, count=1)))
        elif heading is not None:
            draft.add_links(line)
            note.append(plain(line))
        else:
            draft.add_paragraph(join_lines([line]))
    if heading is not None:
        draft.add_note(heading, "\n".join(note))
