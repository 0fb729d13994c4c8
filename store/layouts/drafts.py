"""An entry in the making: layouts put in what they find, and the cleaning that all layouts share happens here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from store.arxiv import ArxivId, find_arxiv
from store.layouts.links import clean_address, code_among, find_addresses, is_address_only, is_arxiv, unique
from store.layouts.markup import MarkdownLink, markdown_links, plain, plain_title, without_pictures
from store.models import Entry, Language, Note
from store.text.languages import can_tell, language_of

BULLET = re.compile(r"\s{0,20}(?:[-*+•‣◦·●▪]|\\-)\s+(?=\S)")
_LABEL = re.compile(
    r"\s{0,8}\**(?:(?P<code>代码(?:链接|地址|仓库)?|code|github)|(?P<title>(?:论文|英文|原文)(?:题目|标题))"
    r"|项目(?:主页|链接|地址|页面)?|project(?: page)?)\**\s{0,4}[:：]\**\s{0,4}(?=\S)",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s{0,4}[\w-]{0,20}\s*")
_RULE = re.compile(r"\s*(?:[-*_=]\s?){3,}")
_CODE_LINK = re.compile(r"\W*(?:code|代码|github|源码|项目\w{0,4}|project\w{0,3}(?: page)?)\W*", re.IGNORECASE)


@dataclass
class Draft:
    """The parts of one entry. Texts are put in as the file has them and are cleaned on the way in."""

    line: int
    title_en: str | None = None
    title_zh: str | None = None
    authors: tuple[str, ...] = ()
    arxiv: ArxivId | None = None
    published: str | None = None
    english: list[str] = field(default_factory=list)
    chinese: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    code: str | None = None
    links: list[str] = field(default_factory=list)
    _points: dict[str, None] = field(default_factory=dict)
    _last_language: Language | None = None

    def add_paragraph(self, raw: str) -> None:
        """A paragraph of a summary; it goes to the summary of its own language.

        One that is nothing but an address is a link and no text; one too short to tell goes with the one before it.
        """
        self.add_links(raw)
        if is_address_only(raw):
            self.add_arxiv(raw)
            self._finish_announcement(raw)
            return
        text = plain(raw)
        if not text:
            return
        language = language_of(text)
        if self._last_language is not None and not can_tell(text):
            language = self._last_language
        (self.chinese if language == "zh" else self.english).append(text)
        self._last_language = language

    def _finish_announcement(self, raw: str) -> None:
        """``…the weights are here:`` ends with the address that stands in the next line."""
        summary = self.chinese if self._last_language == "zh" else self.english
        addresses = find_addresses(raw)  # none where what looks like one has no host
        if addresses and summary and summary[-1].endswith((":", "：")):
            summary[-1] += " " * summary[-1].endswith(":") + addresses[0]

    def add_point(self, raw: str) -> None:
        """A key point, with or without its bullet. One that was said already is left out."""
        self.add_links(raw)
        text = plain(BULLET.sub("", raw, count=1))
        if text:
            self._points.setdefault(text)

    def add_note(self, heading: str, lines: list[str]) -> None:
        """A section of notes, its lines plain already. An empty one is none."""
        text = "\n".join(line for line in lines if line)
        if text:
            self.notes.append(Note(heading=heading, text=text))

    def add_links(self, raw: str) -> None:
        """Keep the addresses in ``raw``. An arXiv id among them is not the paper's for certain: see add_arxiv."""
        if "/" in raw:
            self.links.extend(find_addresses(without_pictures(raw)))

    def add_arxiv(self, raw: str) -> None:
        """Take the paper's arXiv id from the link in ``raw``, unless it is known already."""
        if self.arxiv is None:
            self.arxiv = find_arxiv(raw)

    def add_link_line(self, raw: str) -> bool:
        """Take a line of nothing but Markdown links, such as ``[代码](https://…) | [主页](https://…)``; else False."""
        links = markdown_links(raw)
        if not links or any(ch.isalnum() for ch in _around(raw, links)):
            return False
        for link in links:
            self.add_markdown_link(link)
        return True

    def add_markdown_link(self, link: MarkdownLink) -> None:
        """Keep a link's address, as the code where its text calls it so."""
        self.add_links(link.address)
        self.add_arxiv(link.address)
        if _CODE_LINK.fullmatch(link.text):
            self.add_code(link.address)

    def add_labelled(self, raw: str) -> bool:
        """Take a line such as ``代码：https://…`` or ``论文题目：…``; False where ``raw`` is none."""
        match = _LABEL.match(raw)
        if match is None:
            return False
        value = raw[match.end() :]
        if match["title"]:
            self.title_en = self.title_en or plain_title(value)
        elif is_address_only(value):
            self.add_links(value)
            if match["code"]:
                self.add_code(value)
        else:
            return False
        return True

    def add_code(self, address: str) -> None:
        """The address that the digest calls the code; empty and arXiv ones are none."""
        cleaned = clean_address(address)
        if cleaned and not is_arxiv(cleaned):
            self.code = self.code or cleaned

    def finish(self) -> Entry:
        """The entry. That it has a title is the caller's care."""
        found = unique(link for link in self.links if not is_arxiv(link))
        code = self.code or code_among(found)
        return Entry(
            line=self.line,
            title_en=self.title_en,
            title_zh=self.title_zh,
            authors=self.authors,
            arxiv_id=self.arxiv.id if self.arxiv else None,
            version=self.arxiv.version if self.arxiv else None,
            published=self.published,
            summary_en="\n".join(self.english) or None,
            summary_zh="\n".join(self.chinese) or None,
            points=tuple(self._points),
            notes=tuple(self.notes),
            code_url=code,
            links=tuple(unique([code, *found]) if code else found),
        )


def is_labelled(raw: str) -> bool:
    """Whether ``Draft.add_labelled`` would take the line."""
    match = _LABEL.match(raw)
    return match is not None and (match["title"] is not None or is_address_only(raw[match.end() :]))


def is_fence(line: str) -> bool:
    """Whether the line only opens or closes a block of Markdown code."""
    return line.lstrip().startswith(("```", "~~~")) and _FENCE.fullmatch(line) is not None


def is_rule(line: str) -> bool:
    """Whether the line is a horizontal rule, such as ``---`` or ``* * *``."""
    return line.lstrip()[:1] in ("-", "*", "_", "=") and len(line) < 500 and _RULE.fullmatch(line) is not None


def _around(raw: str, links: list[MarkdownLink]) -> str:
    """What stands before, between and after the links."""
    ends = [0, *(link.end for link in links)]
    starts = [*(link.start for link in links), len(raw)]
    return "".join(raw[end:start] for end, start in zip(ends, starts, strict=True))
