"""Numbered weekly digests, often out of a PDF: ``N. 中文标题``, hard-wrapped paragraphs, ``论文链接：https://…``."""

from __future__ import annotations

import itertools
import re
import unicodedata

from store.arxiv import find_arxiv
from store.layouts.drafts import BULLET, Draft, is_labelled
from store.layouts.markup import plain_title, titles_by_language
from store.layouts.registry import Reading, register
from store.models import Entry, LoadWarning
from store.text.languages import same_language
from store.text.lines import ends_sentence, join_lines

_HEAD = re.compile(r"\s{0,8}(?:#{1,4}\s{0,4})?\**(\d{1,3})\s{0,2}(?:\\?[.．)）](?!\d)|、)\s{0,8}(\S.*)?$")
_LINK = re.compile(
    r"[\s*>\-]{0,8}(?:论文(?:链接|地址|原文)|原文(?:链接|地址)|arxiv\s?链接|paper)\**\s{0,4}[:：]",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"[-–—]?\s{0,4}\d{1,4}\s{0,4}[-–—]?")
# Columns: lines wider than this are whole paragraphs, and a file that has such lines was not hard-wrapped.
_WIDEST_WRAPPED = 160
# A line this full was wrapped; a shorter one ended where its writer ended it.
_FULL = 0.8


@register
class Numbered:
    """See the module's text."""

    name = "numbered"
    needs = "a line 'N. 中文标题' and a line '论文链接：https://arxiv.org/abs/ID' for each paper"

    def recognises(self, text: str) -> bool:
        lines = text.split("\n")
        head = next((number for number, line in enumerate(lines) if _HEAD.match(line)), len(lines))
        return any(
            _LINK.match(lines[number]) and "http" in "".join(lines[number : number + 2]).lower()
            for number in range(head + 1, len(lines))
        )

    def read(self, text: str) -> Reading:
        lines = text.split("\n")
        entries: list[Entry] = []
        warnings: list[LoadWarning] = []
        heads = _heads(lines)
        for head, end in itertools.pairwise([*heads, len(lines)]):
            draft = _read_entry(lines, head, end)
            if draft.title_en is None and draft.title_zh is None:
                warnings.append(LoadWarning.of(head + 1, "no_title_after_number"))
            else:
                entries.append(draft.finish())
        return Reading(tuple(entries), tuple(warnings))


def _heads(lines: list[str]) -> list[int]:
    """The lines that begin an entry.

    Entries end with their link, so of the numbered lines between two links the first is a head, and others are items
    of a list. They are heads only where the numbering needs them: 3 and 4 before a 5, where 3 has no link.
    """
    segments: list[list[tuple[int, int]]] = [[]]
    for number, line in enumerate(lines):
        if _LINK.match(line):
            segments.append([])
        elif (match := _HEAD.match(line)) is not None:
            segments[-1].append((number, int(match[1])))
    segments[0] = _without_contents(segments[0])
    segments = [segment for segment in segments if segment]
    heads: list[int] = []
    for index, segment in enumerate(segments):
        heads.append(segment[0][0])
        following = segments[index + 1][0][1] if index + 1 < len(segments) else None
        heads.extend(_further_heads(lines, segment, following))
    return heads


def _without_contents(segment: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The numbered lines before the first link, without a table of contents: numbers counting up line by line and
    beginning anew afterwards."""
    run = 1
    while run < len(segment) and segment[run] == (segment[run - 1][0] + 1, segment[run - 1][1] + 1):
        run += 1
    begins_anew = run < len(segment) and segment[run][1] == segment[0][1]
    return segment[run:] if run > 1 and begins_anew else segment


def _further_heads(lines: list[str], segment: list[tuple[int, int]], following: int | None) -> list[int]:
    """The heads after the first among the numbered lines between two links; ``following`` is the number after them."""
    first = segment[0][1]
    if following is None and any(count <= first for _, count in segment[1:]):
        return []  # a list within the last entry
    heads: list[int] = []
    for number, count in segment[1:]:
        alone = _blank(lines, number - 1) and _blank(lines, number + 1)
        if alone and count == first + len(heads) + 1 and (following is None or count < following):
            heads.append(number)
    return heads


def _blank(lines: list[str], number: int) -> bool:
    return not (0 <= number < len(lines)) or not lines[number].strip()


def _read_entry(lines: list[str], head: int, end: int) -> Draft:
    draft = Draft(line=head + 1)
    match = _HEAD.match(lines[head])
    title, body = _title(match[2] or "" if match else "", lines, head, end)
    draft.title_en, draft.title_zh = titles_by_language(title)
    width = max((_width(line) for line in lines[body:end]), default=0)
    pending: list[str] = []
    for paragraph in _paragraphs(lines, body, end):
        if pending and not _continues(pending[-1], paragraph[0], width):
            draft.add_paragraph(join_lines(pending))
            pending = []
        if not _take_special(draft, paragraph):
            pending.extend(paragraph)
    if pending:
        draft.add_paragraph(join_lines(pending))
    return draft


def _title(first: str, lines: list[str], head: int, end: int) -> tuple[str | None, int]:
    """The title, and the line on which the body begins. A title that was wrapped goes on in the line under it."""
    body = head + 1
    second = lines[body].strip() if body < end else ""
    wrapped = _width(first) >= 30 and _blank(lines, body + 1) and _is_text(second) and not ends_sentence(second)
    if first and second and wrapped:
        return plain_title(join_lines([first, second])), body + 1
    return plain_title(first), body


def _is_text(line: str) -> bool:
    """Whether the line is neither a bullet nor a labelled line nor one with an address."""
    return not (_LINK.match(line) or BULLET.match(line) or is_labelled(line) or "://" in line)


def _paragraphs(lines: list[str], first: int, end: int) -> list[list[str]]:
    """Groups of lines between blank ones; bullets and labelled lines are groups of their own. A number alone between
    blank lines is a page's and is left out."""
    groups: list[list[str]] = []
    within = False
    for number in range(first, end):
        line = lines[number].strip()
        if not line or (_PAGE_NUMBER.fullmatch(line) and _blank(lines, number - 1) and _blank(lines, number + 1)):
            within = False
        elif _LINK.match(line) or is_labelled(line):
            groups.append([line])
            within = False
        elif not within or _HEAD.match(line) or (BULLET.match(line) and _may_end(groups[-1])):
            groups.append([line])
            within = True
        else:
            groups[-1].append(line)
    return groups


def _may_end(group: list[str]) -> bool:
    """Whether a bullet can follow the group; where it stops in mid-sentence, a dash goes on with it."""
    return BULLET.match(group[0]) is not None or ends_sentence(group[-1])


def _take_special(draft: Draft, paragraph: list[str]) -> bool:
    """Take a paragraph that is no summary's: the link, a bullet, a labelled line."""
    first = paragraph[0]
    if _LINK.match(first):
        draft.arxiv = find_arxiv(first) or draft.arxiv
        draft.add_links(first)
    elif BULLET.match(first):
        draft.add_point(join_lines(paragraph))
    else:
        return draft.add_labelled(first)
    return True


def _continues(last: str, first: str, width: int) -> bool:
    """Whether a page break, and no paragraph's end, stands between two lines of an entry ``width`` columns wide."""
    if width > _WIDEST_WRAPPED or ends_sentence(last) or not _is_text(first) or _width(last) < _FULL * width:
        return False
    return same_language(last, first)


def _width(line: str) -> int:
    """Columns a line takes, two for a wide character; counted no further than it takes to see it was not wrapped."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in line.strip()[: _WIDEST_WRAPPED + 1])
