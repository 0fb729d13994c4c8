"""Weekly Markdown digests: ``## English title``, under it ``[中文标题](arXiv link)``, then paragraphs."""

from __future__ import annotations

import re

from store.layouts.drafts import BULLET, Draft, is_fence, is_rule
from store.layouts.links import is_arxiv
from store.layouts.markup import markdown_links, plain, plain_title, titles_by_language
from store.layouts.registry import Reading, register
from store.models import Entry, LoadWarning
from store.text.languages import same_language
from store.text.lines import ends_sentence, join_lines

_HEADING = re.compile(r"\s{0,3}(#{1,6})(?:\s+|(?=[^\s#])|$)(.*)")
_NUMBER = re.compile(r"\s{0,4}\d{1,3}\s{0,2}(?:[.)）]\s|、)")
# Link texts that name the link and not the paper.
_NO_TITLE = re.compile(
    r"\W*(?:paper|pdf|abs|html|arxiv(?:\W*[\d.v]+)?|link|url|论文|原文|全文|链接|(?:论文|原文)(?:链接|地址))\W*|https?://\S*",
    re.IGNORECASE,
)
# A heading line and, as the next line with text, a link; or a heading that is a link itself.
_ARXIV_LINK = r"\[(?!\[)[^\n]{0,500}?\]\(\s?https?://[\w.]{0,20}arxiv\.org/"
_SIGN = re.compile(
    rf"^ {{0,3}}#{{1,4}}(?!#)[^\n]*+\n(?:[ \t]*+\n){{0,3}}[ \t>*]*+{_ARXIV_LINK}"
    rf"|^ {{0,3}}#{{2,4}}[ \t]*+{_ARXIV_LINK}",
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
        entries: list[Entry] = []
        warnings: list[LoadWarning] = []
        for first, last in _blocks(lines, _entry_level(lines)):
            found = _read_entry(lines, first, last)
            if isinstance(found, LoadWarning):
                warnings.append(found)
            elif found is not None:
                entries.append(found)
        return Reading(tuple(entries), tuple(warnings))


def _entry_level(lines: list[str]) -> int:
    """How many ``#`` an entry's heading has: as many as the first heading with an arXiv link under it or in it."""
    level = 0
    for line in lines:
        if heading := _HEADING.match(line):
            level = len(heading[1])
            if _has_arxiv_link(heading[2]):
                return level
        elif line.strip():
            if level and _is_link_line(line):
                return level
            level = 0
    return 2


def _has_arxiv_link(line: str) -> bool:
    return (
        "](" in line and "arxiv.org/" in line.lower() and any(is_arxiv(link.address) for link in markdown_links(line))
    )


def _is_link_line(line: str) -> bool:
    """Whether the line begins with a link and has one to arXiv: the line under an entry's heading."""
    return line.lstrip(" \t>*").startswith("[") and _has_arxiv_link(line)


def _blocks(lines: list[str], level: int) -> list[tuple[int, int]]:
    """The lines of each entry, from its heading, as half-open ranges. A heading of a higher level ends an entry, and
    so does a second link line: above that one, a heading is missing."""
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    linked = False
    for number, line in enumerate(lines):
        heading = _HEADING.match(line) if line.lstrip()[:1] == "#" else None
        begins = heading is not None and len(heading[1]) <= level
        link = not begins and _is_link_line(line)
        if begins or (link and linked):
            if start is not None:
                blocks.append((start, number))
            higher = heading is not None and len(heading[1]) < level
            start = None if begins and higher else number
            linked = link or (heading is not None and _has_arxiv_link(heading[2]))
        else:
            linked = linked or link
    if start is not None:
        blocks.append((start, len(lines)))
    return blocks


def _read_entry(lines: list[str], first: int, last: int) -> Entry | LoadWarning | None:
    """The entry; a warning where its heading has no title; None where there is nothing under such a heading."""
    draft = Draft(line=first + 1)
    heading = _HEADING.match(lines[first])
    title, linked = _titles(draft, _NUMBER.sub("", heading[2], count=1) if heading else "")
    if title is None and linked is None:
        if not any(line.strip() for line in lines[first:last] if not _HEADING.match(line)):
            return None
        return LoadWarning.of(first + 1, "no_title_in_heading" if heading else "no_heading")
    body = first + 1
    while body < last and not lines[body].strip():
        body += 1
    if linked is None and body < last and _is_link_line(lines[body]):
        linked = _titles(draft, lines[body])[1]
        body += 1
    draft.title_en, draft.title_zh = titles_by_language(title, linked)
    _read_body(draft, lines[body:last])
    return draft.finish()


def _titles(draft: Draft, line: str) -> tuple[str | None, str | None]:
    """(plain text, text of a link) of a heading or the line under it; its links are kept."""
    links = markdown_links(line)
    for link in links:
        draft.add_markdown_link(link)
    names = [plain_title(link.text) for link in links if is_arxiv(link.address) and not _NO_TITLE.fullmatch(link.text)]
    around = line[: links[0].start] + " " + line[links[-1].end :] if links else line
    return plain_title(around.strip(" \t|｜/[]-–—")), next(filter(None, names), None)


def _read_body(draft: Draft, lines: list[str]) -> None:
    """Paragraphs, bullets, and sections under smaller headings, which are notes.

    A line is a paragraph, as Markdown's two spaces at its end say; one without them that stops in mid-sentence goes
    on in the next.
    """
    heading: str | None = None
    note: list[str] = []
    pending: list[str] = []

    def end_paragraph() -> None:
        if pending:
            draft.add_paragraph(join_lines(pending))
            pending.clear()

    for raw in lines:
        line = raw.strip().lstrip(">").strip()
        if not line or is_rule(line) or is_fence(line):
            end_paragraph()
            continue
        section = _HEADING.match(line)
        bullet = BULLET.match(line)
        if pending and (section or bullet or not same_language(pending[-1], line)):
            end_paragraph()
        if section is not None:
            draft.add_note(heading or "", note)
            heading, note = plain(section[2]), []
        elif bullet is not None:
            draft.add_point(line)
            note += ["- " + plain(line[bullet.end() :])] if heading is not None else []
        elif draft.add_labelled(line) or draft.add_link_line(line):
            end_paragraph()
        elif heading is not None:
            draft.add_links(line)
            note.append(plain(line))
        else:
            pending.append(line)
            if raw.endswith("  ") or ends_sentence(line):
                end_paragraph()
    end_paragraph()
    draft.add_note(heading or "", note)
