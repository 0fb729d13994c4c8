"""Daily digests, as plain text or Markdown: title, ``Authors:…``, abstract in both languages, then sections.

The sections are ``论文及项目相关链接`` (with a line ``PDF remark`` or ``[PDF](arXiv link) remark``), ``中文标题``,
``Summary`` or ``摘要``, ``Key Takeaways`` or ``要点``, and whatever notes follow; ``点此查看论文截图`` ends an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from store.arxiv import find_arxiv
from store.layouts.dates import front_matter_length, updated_date
from store.layouts.drafts import BULLET, Draft, is_fence, is_rule
from store.layouts.links import find_addresses, is_address_only
from store.layouts.markup import markdown_links, plain, plain_title, titles_by_language
from store.layouts.registry import Reading, register
from store.models import Entry, LoadWarning
from store.text.languages import language_of, same_language
from store.text.lines import ends_sentence, join_lines

_AUTHORS = re.compile(r"[\s*>#]{0,12}(?:authors?|作者)\**\s{0,4}[:：]\**\s{0,4}(.*)", re.IGNORECASE)
_HEADING = re.compile(r"\s{0,3}(#{1,6})(?:\s+(.*)|$)")
_SCREENSHOTS = re.compile(r"(?:<[^<>]{0,80}>|[\s*#>]){0,12}点此查看论文截图")
_NOTICE = re.compile(r"[\s>]{0,8}(?:⚠|🔴|💗)")
_PDF = re.compile(
    r"[\s*>\-]{0,8}(?:\[\s?PDF\s?\]\(([^()\s]{0,500})\)|PDF(?=[\s:：]|$))\**\s{0,4}[:：]?\s{0,4}(.*)", re.IGNORECASE
)
_SECTION = re.compile(
    r"[\s*#>]{0,12}(?P<name>(?P<links>论文及项目相关链接)|(?P<title>中文标题)"
    r"|(?P<summary>summary|(?:中文)?摘要|总结|概要)"
    r"|(?P<points>key\s?(?:takeaways?|points?|insights?|findings?)|要点(?:总结)?|重点"
    r"|(?:关键|主要|核心|重要)(?:见解|要点|观点|发现|信息|收获|结论|点|内容|洞察)))"
    r"[\s*]{0,8}(?:[:：]\s{0,4}\**\s{0,4}(?P<rest>.*)|\s*)$",
    re.IGNORECASE,
)
_BOLD_LINE = re.compile(r"\s{0,4}\*\*([^*\n]{1,120})\*\*\s{0,4}[:：]?\s*$")
_NUMBER = re.compile(r"(?:\d{1,2}\s{0,2}(?:\\?[.)）](?!\d)|、)|[(（]\d{1,2}[)）]|[①-⑳])\s{0,8}(?=\S)")
_LIST_ITEM = re.compile(r"<li\b[^<>]{0,200}>", re.IGNORECASE)
# The largest collaborations have three thousand authors. What is no list of names is one endless name.
_LONGEST_NAME = 2000
# The tools that write such digests put links to themselves into every entry.
_TOOL = re.compile(r"chatpaper|cool\s?papers|talk2paper", re.IGNORECASE)

_SectionName = Literal["abstract", "links", "title", "summary", "points", "note", "tool notes", "outside"]


@register
class Daily:
    """See the module's text."""

    name = "daily"
    needs = "a title, a line 'Authors: …' under it, and a section 'Summary' or 'Key Takeaways' for each paper"

    def recognises(self, text: str) -> bool:
        lines = text.split("\n")
        authors = any(_AUTHORS.match(line) for line in lines)
        return authors and any(_SECTION.match(line) or _PDF.match(line) for line in lines)

    def read(self, text: str) -> Reading:
        lines = text.split("\n")
        starts = _starts(lines)
        dates = _dates(lines)
        several_days = len(set(dates) - {None}) > 1
        entries: list[Entry] = []
        warnings: list[LoadWarning] = []
        for index, start in enumerate(starts):
            if start.title is None:
                warnings.append(LoadWarning.of(start.line + 1, "no_title_before_authors"))
                continue
            draft = Draft(line=start.line + 1)
            draft.title_en, draft.title_zh = titles_by_language(start.title)
            if "](" in lines[start.line]:
                draft.add_arxiv(lines[start.line])
            if several_days:
                draft.published = dates[start.line]
            end = starts[index + 1].line if index + 1 < len(starts) else len(lines)
            _Reader(draft).read(lines[start.line + 1 : end])
            entries.append(draft.finish())
        return Reading(tuple(entries), tuple(warnings))


@dataclass(frozen=True)
class _Start:
    """Where an entry begins, counted from 0; ``title`` is None where there is none."""

    line: int
    title: str | None


def _dates(lines: list[str]) -> list[str | None]:
    """For each line the date of the last ``DATE 更新`` above it."""
    dates: list[str | None] = []
    date: str | None = None
    for line in lines:
        date = updated_date(line) or date
        dates.append(date)
    return dates


def _starts(lines: list[str]) -> list[_Start]:
    """Where the entries begin: with the line before ``Authors:``, and in Markdown with every heading of that level."""
    body = front_matter_length(lines)
    starts: list[_Start] = []
    level = 0
    for number in range(body, len(lines)):
        if _AUTHORS.match(lines[number]) is None:
            continue
        before = number - 1
        while before >= body and not lines[before].strip():
            before -= 1
        free = before >= body and (not starts or before > starts[-1].line)
        heading = _HEADING.match(lines[before]) if free else None
        if heading is not None and updated_date(lines[before]) is None:
            level = len(heading[1])
            starts.append(_Start(before, plain_title(heading[2] or "")))
        elif free and _can_be_title(lines[before]) and number - before <= 2:
            starts.append(_Start(before, plain_title(lines[before])))
        elif not level or lines[number].lstrip().startswith("**"):  # in Markdown, notes name the authors as well
            starts.append(_Start(number, None))
    return _with_headings(lines, body, starts, level) if level else starts


def _with_headings(lines: list[str], body: int, starts: list[_Start], level: int) -> list[_Start]:
    """The starts, and the headings of that level that have no authors under them."""
    known = {start.line for start in starts}
    for number in range(body, len(lines)):
        heading = _HEADING.match(lines[number]) if lines[number].startswith("#") else None
        if heading is not None and len(heading[1]) == level and number not in known:
            title = plain_title(heading[2] or "")
            if title is not None and updated_date(lines[number]) is None and not _SECTION.match(lines[number]):
                starts.append(_Start(number, title))
    return sorted(starts, key=lambda start: start.line)


def _can_be_title(line: str) -> bool:
    """Whether the line before ``Authors:`` is a title, and not the end of the entry before or of the file's head."""
    marks = (BULLET, _NOTICE, _SCREENSHOTS, _SECTION, _PDF)
    return not (
        len(line) > 400
        or any(mark.match(line) for mark in marks)
        or updated_date(line)
        or is_rule(line)
        or line.lstrip().startswith("<")
        or line.rstrip().endswith(("。", "；"))
    )


@dataclass
class _Reader:
    """Reads the lines under an entry's title into its draft. ``section`` says what the lines at hand belong to."""

    draft: Draft
    section: _SectionName = "abstract"
    heading: str = ""
    has_authors: bool = False
    pending: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)

    def read(self, lines: list[str]) -> None:
        for line in lines:
            if not self.take_mark(line):
                self.take_text(line)
        self.end_section()
        self.use_summary()

    def take_mark(self, line: str) -> bool:
        """Take a line that is no text: one that begins a section or belongs to the page around the entry."""
        if not line.strip() or is_rule(line) or is_fence(line):
            self.end_paragraph()
            return True
        if not self.has_authors and (match := _AUTHORS.match(line)) is not None:
            self.has_authors = True
            self.draft.authors = split_authors(match[1])
            return True
        if _SCREENSHOTS.match(line):
            self.begin("outside", "")
            return True
        if updated_date(line) or _NOTICE.match(line):
            return True
        return self.begin_tool_notes(line) or self.begin_named(line) or self.take_pdf(line) or self.begin_note(line)

    def begin_tool_notes(self, line: str) -> bool:
        """The line is nothing but the tool's link to itself; what follows are the tool's notes."""
        if len(line) > 1000 or not _TOOL.search(line):
            return False
        links = markdown_links(line)
        if not links or plain(line) != plain(links[0].text):
            return False
        self.begin("tool notes", plain(links[0].text))
        return True

    def begin_named(self, line: str) -> bool:
        match = _SECTION.match(line)
        if match is None or (self.section == "tool notes" and match["rest"]):
            return False
        names: tuple[_SectionName, ...] = ("links", "title", "summary", "points")
        self.begin(next(name for name in names if match[name]), plain(match["name"]))
        if match["rest"]:
            self.take_text(match["rest"])
        return True

    def take_pdf(self, line: str) -> bool:
        match = _PDF.match(line)
        if match is None or (match[1] is None and self.section != "links"):
            return False
        self.begin("links", "")
        if match[1]:
            self.draft.arxiv = find_arxiv(match[1]) or self.draft.arxiv
            self.draft.add_links(match[1])
        self.take_remark(match[2])
        return True

    def begin_note(self, line: str) -> bool:
        match = _BOLD_LINE.match(line) or _HEADING.match(line)
        if match is None or self.section == "tool notes":
            return False
        self.begin("note", plain(match[match.lastindex or 1] or "").rstrip(":："))
        return True

    def take_text(self, line: str) -> None:
        text = line.strip().lstrip(">").strip()
        if not text or (self.section == "outside" and not plain(text)):
            return
        if self.section == "outside":
            self.begin("note", "备注")
        if self.section == "tool notes":
            self.draft.add_links(text)
            self.kept.append(plain(text))
        elif self.draft.add_labelled(text):
            self.end_paragraph()
        elif self.section == "title":
            self.draft.title_zh = self.draft.title_zh or plain_title(text)
            self.begin("abstract", "")
        elif self.section == "points":
            number = _NUMBER.match(text)
            self.draft.add_point(text[number.end() :] if number else text)
        elif self.section == "links":
            self.take_remark(text)
        elif BULLET.match(text) or _LIST_ITEM.match(text):
            self.end_paragraph()
            self.draft.add_point(text)
        else:
            self.take_line(text)

    def take_remark(self, remark: str) -> None:
        self.draft.add_links(remark)
        if is_address_only(remark):
            self.draft.add_arxiv(remark)
            for address in find_addresses(remark)[:1]:
                self.draft.add_code(address)
        else:
            self.draft.add_note("PDF", [plain(remark)])

    def take_line(self, text: str) -> None:
        """A line of running text. Lines are paragraphs; only one that stops in mid-sentence goes on in the next."""
        if self.pending and (ends_sentence(self.pending[-1]) or not same_language(self.pending[-1], text)):
            self.end_paragraph()
        self.pending.append(text)

    def end_paragraph(self) -> None:
        if not self.pending:
            return
        paragraph = join_lines(self.pending)
        self.pending = []
        if self.section == "abstract":
            self.draft.add_paragraph(paragraph)
        else:
            self.draft.add_links(paragraph)
            self.kept.append(plain(paragraph))

    def begin(self, section: _SectionName, heading: str) -> None:
        self.end_section()
        self.section, self.heading = section, heading

    def end_section(self) -> None:
        self.end_paragraph()
        if self.section == "summary" and not self.summary:
            self.summary = self.kept
        self.draft.add_note(self.heading, self.kept)
        self.kept = []

    def use_summary(self) -> None:
        """Where there is no abstract in a language, the summary stands in for it and is no note."""
        text = "\n".join(self.summary)
        missing = self.draft.chinese if language_of(text) == "zh" else self.draft.english
        if text and not missing:
            missing.extend(self.summary)
            self.draft.notes = [note for note in self.draft.notes if note.text != text]


def split_authors(names: str) -> tuple[str, ...]:
    """The names of an ``Authors:`` line. Commas inside brackets separate nothing."""
    parts: list[str] = []
    depth = start = 0
    for at, sign in enumerate(names):
        if sign in "(（":
            depth += 1
        elif sign in ")）":
            depth = max(0, depth - 1)
        elif sign in ",，;；、" and depth == 0:
            parts.append(names[start:at])
            start = at + 1
    parts.append(names[start:])
    cleaned = (plain(part[:_LONGEST_NAME]).strip("* \t").removeprefix("and ") for part in parts)
    return tuple(name for name in cleaned if name.strip(". "))
