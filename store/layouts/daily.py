"""Daily digests, as plain text or Markdown: title, ``Authors:…``, abstract in both languages, then sections.

The sections are ``论文及项目相关链接`` (with a line ``PDF remark`` or ``[PDF](arXiv link) remark``), ``中文标题``, ``Summary`` or
``摘要``, ``Key Takeaways`` or ``要点``, and whatever notes follow; ``点此查看论文截图`` ends an entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from store.arxiv import find_arxiv
from store.layouts.dates import front_matter, updated_date
from store.layouts.drafts import BULLET, Draft, is_address_only, is_fence
from store.layouts.links import find_addresses
from store.layouts.markup import markdown_links, plain, plain_title, titles_by_language
from store.layouts.registry import Reading, register
from store.models import Entry, LoadWarning
from store.text.languages import language_of
from store.text.lines import join_lines

_AUTHORS = re.compile(r"[\s*>#]{0,12}(?:authors?|作者)\**\s{0,4}[:：]\**\s{0,4}(.*)", re.IGNORECASE)
_HEADING = re.compile(r"\s{0,3}(#{1,6})(?:\s+(.*)|$)")
_SCREENSHOTS = re.compile(r"(?:<[^<>]{0,80}>|[\s*#>])*点此查看论文截图")
_NOTICE = re.compile(r"[\s>]*(?:⚠|🔴|💗)")
_PDF = re.compile(
    r"[\s*>\-]{0,8}(?:\[\s?PDF\s?\]\(([^()\s]{0,500})\)|PDF(?=[\s:：]|$))\**\s{0,4}[:：]?\s{0,4}(.*)",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"[\s*#>]{0,12}(?P<name>论文及项目相关链接|中文标题|(?P<summary>summary|摘要|总结|概要|中文摘要)"
    r"|(?P<points>key\s?(?:takeaways?|points?|insights?|findings?)"
    r"|(?:关键|主要|核心|重要)(?:见解|要点|观点|发现|信息|收获|结论|点|内容|洞察)|要点(?:总结)?|重点))"
    r"[\s*]{0,8}(?:[:：]\s{0,4}\**\s{0,4}(?P<rest>.*)|\s*)$",
    re.IGNORECASE,
)
_BOLD_LINE = re.compile(r"\s{0,4}\*\*([^*\n]{1,120})\*\*\s{0,4}[:：]?\s*$")
_NUMBERED_POINT = re.compile(r"\s{0,8}(?:\d{1,2}\s{0,2}[.、)）](?!\d)|[(（]\d{1,2}[)）]|[①-⑳])\s{0,8}(?=\S)")
_LIST_ITEM = re.compile(r"\s{0,20}<li\b[^<>]{0,200}>", re.IGNORECASE)
_TOOLS = re.compile(r"chatpaper|cool\s?papers|talk2paper|papers\.cool", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。！？!?：:；;….][”’」』）)\]\"'*]*\s*$")
_RULE = re.compile(r"\s*(?:[-*_=]\s?){3,}\s*")


@register
class Daily:
    """See the module's text."""

    name = "daily"
    needs = "a title, a line 'Authors: …' under it, and a section '论文及项目相关链接', 'PDF', 'Summary' or 'Key Takeaways' for each paper"

    def recognises(self, text: str) -> bool:
        authors = section = False
        for line in text.split("\n"):
            if len(line) > 3000:
                continue
            authors = authors or _AUTHORS.match(line) is not None
            section = section or _SECTION.match(line) is not None or _PDF.match(line) is not None
            if authors and section:
                return True
        return False

    def read(self, text: str) -> Reading:
        lines = text.split("\n")
        body = (
            text[: text.find(front_matter(text))].count("\n") + front_matter(text).count("\n")
            if front_matter(text)
            else 0
        )
        starts = _starts(lines, body)
        dates = [(number, date) for number, line in enumerate(lines) if (date := updated_date(line))]
        entries: list[Entry] = []
        warnings: list[LoadWarning] = []
        for index, start in enumerate(starts):
            end = starts[index + 1].line if index + 1 < len(starts) else len(lines)
            if start.title is None:
                warnings.append(
                    LoadWarning(
                        line=start.line + 1,
                        text="This entry has no title, so it is left out; write one on the line before 'Authors:'.",
                    )
                )
                continue
            draft = Draft(line=start.line + 1)
            draft.title_en, draft.title_zh = titles_by_language(start.title)
            if len({date for _, date in dates}) > 1:
                draft.published = next((date for number, date in reversed(dates) if number <= start.line), None)
            _Reader(draft).read(lines[start.line + 1 : end])
            entries.append(draft.finish())
        return Reading(tuple(entries), tuple(warnings))


@dataclass
class _Start:
    line: int  # 0-based
    title: str | None


def _starts(lines: list[str], body: int) -> list[_Start]:
    """Where the entries begin: at the line before ``Authors:``, and at Markdown headings of that kind."""
    authors = [number for number in range(body, len(lines)) if _AUTHORS.match(lines[number])]
    starts: list[_Start] = []
    level = 0
    for number in authors:
        before = number - 1
        while before >= body and not lines[before].strip():
            before -= 1
        floor = starts[-1].line if starts else body - 1
        heading = _HEADING.match(lines[before]) if before > floor else None
        if heading is not None and updated_date(lines[before]) is None:
            level = len(heading[1])
            starts.append(_Start(before, plain_title(heading[2] or "")))
        elif before > floor and _can_be_title(lines, before, number):
            starts.append(_Start(before, plain_title(lines[before])))
        else:
            starts.append(_Start(number, None))
    if level:
        known = {start.line for start in starts}
        for number in range(body, len(lines)):
            heading = _HEADING.match(lines[number]) if lines[number].startswith("#") else None
            if heading and len(heading[1]) == level and number not in known and updated_date(lines[number]) is None:
                starts.append(_Start(number, plain_title(heading[2] or "")))
        starts.sort(key=lambda start: start.line)
    return starts


def _can_be_title(lines: list[str], number: int, authors: int) -> bool:
    """Whether the line is a title: it is short, close to the authors and nothing else that can stand there."""
    line = lines[number]
    if authors - number > 2 or len(line) > 400:
        return False
    if (
        BULLET.match(line)
        or _NOTICE.match(line)
        or _SCREENSHOTS.match(line)
        or updated_date(line)
        or _RULE.fullmatch(line)
    ):
        return False
    if _SECTION.match(line) or _PDF.match(line) or line.lstrip().startswith("<"):
        return False
    return not line.rstrip().endswith(("。", "；"))


@dataclass
class _Reader:
    """Reads the lines under an entry's title into its draft. ``section`` says what the lines at hand belong to."""

    draft: Draft
    section: str = "abstract"
    heading: str = ""
    pending: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    note: list[str] = field(default_factory=list)
    has_authors: bool = False

    def read(self, lines: list[str]) -> None:
        for line in lines:
            if not self._take_mark(line):
                self._take_text(line)
        self._end_section()
        self._finish()

    def _take_mark(self, line: str) -> bool:
        """Take a line that is no text: one that begins a section or belongs to the page around the entry."""
        if not line.strip() or _RULE.fullmatch(line) or is_fence(line):
            self._end_paragraph()
            return True
        if len(line) < 3000 and not self.has_authors and (match := _AUTHORS.match(line)):
            self.has_authors = True
            self.draft.authors = split_authors(match[1])
            return True
        if _SCREENSHOTS.match(line):
            self._begin("outside", "")
            return True
        if updated_date(line) or _NOTICE.match(line):
            return True
        if self._take_tool(line):
            return True
        match = _SECTION.match(line) if len(line) < 20_000 else None
        if match is not None and not (self.section == "notes" and match["rest"]):
            self._begin_named(match)
            return True
        if self._take_pdf(line):
            return True
        if self.section != "notes" and (bold := _BOLD_LINE.match(line) or _HEADING.match(line)) is not None:
            self._begin("note", plain(bold.group(bold.lastindex or 1)))
            return True
        return False

    def _take_tool(self, line: str) -> bool:
        """Links to the tool that wrote the digest are no links of the paper; what follows one are the tool's notes."""
        if not (len(line) < 1000 and _TOOLS.search(line)):
            return False
        links = markdown_links(line)
        if not links or plain(line).lower() != plain(links[0].text).lower():
            return False
        self._begin("notes", plain(links[0].text))
        return True

    def _begin_named(self, match: re.Match[str]) -> None:
        rest = match["rest"] or ""
        name = plain(match["name"])
        if match["points"]:
            self._begin("points", name)
        elif match["summary"]:
            self._begin("summary", name)
        elif name == "中文标题":
            self._begin("title", name)
        else:
            self._begin("links", name)
        if rest.strip():
            self._take_text(rest)

    def _take_pdf(self, line: str) -> bool:
        match = _PDF.match(line) if len(line) < 3000 else None
        if match is None or (match[1] is None and self.section not in ("links", "abstract")):
            return False
        self._begin("links", "")
        if match[1]:
            self.draft.arxiv = find_arxiv(match[1]) or self.draft.arxiv
            self.draft.add_links(match[1])
        self._take_remark(match[2])
        return True

    def _take_remark(self, remark: str) -> None:
        if not remark.strip():
            return
        self.draft.add_links(remark)
        if is_address_only(remark):
            addresses = find_addresses(remark)
            if addresses:
                self.draft.add_code(addresses[0])
        else:
            self.draft.add_note("PDF", plain(remark))

    def _take_text(self, line: str) -> None:
        text = line.strip().lstrip(">").strip()
        if not text:
            return
        if self.section == "outside":
            if text.startswith(("<img", "![", "<br")):
                return
            self._begin("note", "")
        if self.section != "notes" and self.draft.add_labelled(text):
            return
        if self.section == "title":
            self.draft.title_zh = self.draft.title_zh or plain_title(text)
            self._begin("abstract", "")
        elif self.section == "points":
            self._take_point(text)
        elif self.section == "notes":
            self._take_note_line(text)
        elif self.section == "links":
            self._take_remark(text)
        elif BULLET.match(text) or _LIST_ITEM.match(text):
            self._end_paragraph()
            self.draft.add_point(text)
        else:
            self._take_wrapped(text)

    def _take_point(self, text: str) -> None:
        if _is_tag_only(text):
            return
        numbered = _NUMBERED_POINT.match(text)
        self.draft.add_point(text[numbered.end() :] if numbered else text)

    def _take_note_line(self, text: str) -> None:
        self.draft.links.extend(find_addresses(text))
        line = plain(text)
        if line:
            self.note.append(line)

    def _take_wrapped(self, text: str) -> None:
        """A line of a paragraph. Lines are paragraphs; only a line that stops in mid-sentence goes on in the next."""
        if self.pending and (
            _SENTENCE_END.search(self.pending[-1]) or language_of(self.pending[-1]) != language_of(text)
        ):
            self._end_paragraph()
        self.pending.append(text)

    def _end_paragraph(self) -> None:
        if not self.pending:
            return
        paragraph = join_lines(self.pending)
        self.pending = []
        if self.section == "abstract":
            self.draft.add_paragraph(paragraph)
        else:
            self.draft.add_links(paragraph)
            (self.summary if self.section == "summary" else self.note).append(plain(paragraph))

    def _begin(self, section: str, heading: str) -> None:
        self._end_section()
        self.section, self.heading = section, heading

    def _end_section(self) -> None:
        self._end_paragraph()
        if self.section == "summary" and self.summary:
            self.draft.add_note(self.heading, "\n".join(self.summary))
        elif self.note:
            self.draft.add_note(self.heading or "…", "\n".join(self.note))
        if self.section != "summary":
            self.note = []

    def _finish(self) -> None:
        """Where there is no abstract in a language, the summary stands in for it and is no note."""
        text = "\n".join(self.summary)
        if not text:
            return
        if language_of(text) == "zh" and not self.draft.chinese:
            self.draft.chinese = list(self.summary)
        elif language_of(text) == "en" and not self.draft.english:
            self.draft.english = list(self.summary)
        else:
            return
        self.draft.notes = [note for note in self.draft.notes if note.text != text]


def _is_tag_only(text: str) -> bool:
    return text.startswith("<") and not plain(text)


def split_authors(names: str) -> tuple[str, ...]:
    """The names of an ``Authors:`` line. Commas inside brackets separate nothing."""
    parts: list[str] = []
    depth = 0
    start = 0
    for at, sign in enumerate(names):
        if sign in "(（":
            depth += 1
        elif sign in ")）":
            depth = max(0, depth - 1)
        elif sign in ",，;；、" and depth == 0:
            parts.append(names[start:at])
            start = at + 1
    parts.append(names[start:])
    cleaned = (plain(part).strip("*. \t") for part in parts)
    return tuple(name.removeprefix("and ") for name in cleaned if name.strip(". "))
