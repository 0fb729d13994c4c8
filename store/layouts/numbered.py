"""Numbered weekly digests, often out of a PDF: ``N. 中文标题``, hard-wrapped paragraphs, ``论文链接：https://arxiv.org/…``."""

from __future__ import annotations

import re
import unicodedata

from store.arxiv import find_arxiv
from store.layouts.drafts import BULLET, Draft, is_labelled
from store.layouts.markup import plain_title, titles_by_language
from store.layouts.registry import Reading, register
from store.models import Entry, LoadWarning
from store.text.languages import language_of
from store.text.lines import join_lines

_HEAD = re.compile(r"\s{0,8}(?:#{1,4}\s{0,4})?\**(\d{1,3})\s{0,2}(?:[.．)）](?!\d)|、)\s{0,8}(\S.*)?$")
_LINK = re.compile(
    r"[\s*>\-]{0,8}(?:论文(?:链接|地址|原文)|原文(?:链接|地址)|arxiv\s?链接|paper)\**\s{0,4}[:：]",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"\s*[-–—]?\s{0,4}\d{1,4}\s{0,4}[-–—]?\s*")
_SENTENCE_END = re.compile(r"[。！？!?：:；;….][”’」』）)\]\"']*$")
# A line this full was wrapped; a shorter one ended where its writer ended it.
_FULL = 0.8


@register
class Numbered:
    """See the module's text."""

    name = "numbered"
    needs = "a line 'N. 中文标题' and a line '论文链接：https://arxiv.org/abs/ID' for each paper"

    def recognises(self, text: str) -> bool:
        head = link = False
        for line in text.split("\n"):
            if not head:
                head = _HEAD.match(line) is not None
            elif _LINK.match(line) and ("http" in line or find_arxiv(line)):
                link = True
                break
        return head and link

    def read(self, text: str) -> Reading:
        lines = [line.replace("\f", " ") for line in text.split("\n")]
        entries: list[Entry] = []
        warnings: list[LoadWarning] = []
        heads = _heads(lines)
        for head, end in zip(heads, [*heads[1:], len(lines)], strict=True):
            draft = _read_entry(lines, head, end)
            if draft.title_en is None and draft.title_zh is None:
                warnings.append(
                    LoadWarning(
                        line=head + 1,
                        text="This entry has no title, so it is left out; write one after its number.",
                    )
                )
            else:
                entries.append(draft.finish())
        return Reading(tuple(entries), tuple(warnings))


def _heads(lines: list[str]) -> list[int]:
    """The lines that begin an entry.

    Entries end with their link, so of the numbered lines between two links the first is a head. Others in between are
    heads only where the numbering needs them: 3 and 4 before a 5, say, where the third entry has no link.
    """
    segments: list[list[tuple[int, int]]] = [[]]
    for number, line in enumerate(lines):
        if _LINK.match(line):
            segments.append([])
        elif (match := _HEAD.match(line)) is not None:
            segments[-1].append((number, int(match[1])))
    segments = [segment for segment in segments if segment]
    heads: list[int] = []
    for index, segment in enumerate(segments):
        first = segment[0]
        heads.append(first[0])
        following = segments[index + 1][0][1] if index + 1 < len(segments) else None
        wanted = first[1] + 1
        for number, count in segment[1:]:
            stands_alone = _blank(lines, number - 1) and _blank(lines, number + 1)
            if count == wanted and stands_alone and following is not None and count < following:
                heads.append(number)
                wanted += 1
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
        if pending and not _continues(pending, paragraph, width):
            draft.add_paragraph(join_lines(pending))
            pending = []
        if _take_special(draft, paragraph):
            continue
        pending.extend(paragraph)
    if pending:
        draft.add_paragraph(join_lines(pending))
    return draft


def _title(first: str, lines: list[str], head: int, end: int) -> tuple[str | None, int]:
    """The title, and the line on which the body begins. A title that was wrapped goes on in the line under it."""
    body = head + 1
    second = lines[body].strip() if body < end else ""
    alone = _blank(lines, body + 1)
    if (
        first
        and second
        and alone
        and _is_plain_line(second)
        and not _SENTENCE_END.search(second)
        and _width(first) >= 30
    ):
        return plain_title(join_lines([first, second])), body + 1
    return plain_title(first), body


def _is_plain_line(line: str) -> bool:
    return not (_LINK.match(line) or BULLET.match(line) or "：http" in line or "://" in line)


def _paragraphs(lines: list[str], first: int, end: int) -> list[list[str]]:
    """Groups of lines between blank ones; bullets and labelled lines are groups of their own. A number alone between blank
    lines is a page's and is left out."""
    groups: list[list[str]] = []
    open_group = False
    for number in range(first, end):
        line = lines[number].strip()
        if not line or (_PAGE_NUMBER.fullmatch(line) and _blank(lines, number - 1) and _blank(lines, number + 1)):
            open_group = False
        elif _LINK.match(line) or is_labelled(line):
            groups.append([line])
            open_group = False
        elif BULLET.match(line) or not open_group:
            groups.append([line])
            open_group = True
        else:
            groups[-1].append(line)
    return groups


def _take_special(draft: Draft, paragraph: list[str]) -> bool:
    first = paragraph[0]
    if _LINK.match(first):
        found = find_arxiv(first)
        draft.arxiv = found or draft.arxiv
        draft.add_links(first)
        return True
    if BULLET.match(first):
        draft.add_point(join_lines(paragraph))
        return True
    return len(paragraph) == 1 and draft.add_labelled(first)


def _continues(pending: list[str], paragraph: list[str], width: int) -> bool:
    """Whether a page break, and no paragraph's end, stands between the two."""
    last, first = pending[-1], paragraph[0]
    if _SENTENCE_END.search(last) or BULLET.match(first) or not _is_plain_line(first) or _LINK.match(first):
        return False
    if _width(last) < _FULL * width:
        return False
    return language_of(last) == language_of(first) or len(first) < 12


def _width(line: str) -> int:
    """Columns a line takes: two for a wide character."""
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in line[:400])
