"""An entry in the making: layouts put in what they find, and every cleaning that all layouts share happens here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from store.arxiv import ArxivId, find_arxiv
from store.layouts.links import clean_address, code_among, find_addresses, is_arxiv, unique
from store.layouts.markup import plain, plain_title
from store.models import Entry, Language, Note
from store.text.languages import count_letters, language_of

BULLET = re.compile(r"\s{0,20}(?:[-*+•‣◦·●▪–]|\\-)\s+(?=\S)")
_LABEL = re.compile(
    r"\s{0,8}\**(代码(?:链接|地址|仓库)?|项目(?:主页|链接|地址)?|code|github|论文题目|英文题目|英文标题|原文题目|原文标题)\**\s{0,4}[:：]\**\s{0,4}(?=\S)",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s{0,4}[\w-]{0,20}\s*")
_ADDRESS_ONLY = re.compile(r"[\s.,;:，。；：、()（）<>\[\]*]*")


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
        """A paragraph of a summary: it goes to the summary of its own language. One that is nothing but an address is a
        link and no text; one without letters belongs to the paragraph before it."""
        self.add_links(raw)
        if is_address_only(raw):
            self._finish_announcement(raw)
            return
        text = plain(raw)
        if not text:
            return
        language = language_of(text)
        if self._last_language is not None and not count_letters(text):
            language = self._last_language
        (self.chinese if language == "zh" else self.english).append(text)
        self._last_language = language

    def _finish_announcement(self, raw: str) -> None:
        """``…weights are here:`` ends with the address that stands in the next line."""
        summary = self.chinese if self._last_language == "zh" else self.english
        if summary and summary[-1].endswith((":", "：")):
            summary[-1] += " " * summary[-1].endswith(":") + find_addresses(raw)[0]

    def add_point(self, raw: str) -> None:
        """A key point, with or without its bullet. One that was said already is left out."""
        self.add_links(raw)
        text = plain(BULLET.sub("", raw, count=1))
        if text:
            self._points.setdefault(text)

    @property
    def points(self) -> list[str]:
        """The key points so far."""
        return list(self._points)

    def add_note(self, heading: str, text: str) -> None:
        """A section of notes; ``text`` is plain already. An empty one is none."""
        if text.strip():
            self.notes.append(Note(heading=heading, text=text.strip()))

    def add_links(self, raw: str) -> None:
        """Keep the addresses in ``raw``: the first arXiv one gives the id, the others are links."""
        if self.arxiv is None:
            self.arxiv = find_arxiv(raw)
        self.links.extend(find_addresses(raw))

    def add_labelled(self, raw: str) -> bool:
        """Take a line such as ``代码：https://…`` or ``论文题目：…``; False where ``raw`` is none."""
        match = _LABEL.match(raw)
        if match is None:
            return False
        value = raw[match.end() :]
        if _names_a_title(match[1]):
            self.title_en = self.title_en or plain_title(value)
            return True
        addresses = find_addresses(value)
        if not addresses or not is_address_only(value):
            return False
        self.links.extend(addresses)
        if match[1].lower().startswith(("代码", "code", "github")):
            self.code = self.code or addresses[0]
        return True

    def add_code(self, address: str) -> None:
        """The address that the digest calls the code; empty and arXiv ones are none."""
        cleaned = clean_address(address)
        if cleaned and not is_arxiv(cleaned):
            self.code = self.code or cleaned

    def finish(self) -> Entry:
        """The entry. Its title is the caller's care."""
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
    return match is not None and (_names_a_title(match[1]) or is_address_only(raw[match.end() :]))


def _names_a_title(label: str) -> bool:
    return label.endswith(("题目", "标题"))


def is_fence(line: str) -> bool:
    """Whether the line only opens or closes a block of Markdown code."""
    return line.lstrip().startswith(("```", "~~~")) and _FENCE.fullmatch(line) is not None


def is_address_only(raw: str) -> bool:
    """Whether a line holds one or more addresses and no word besides."""
    addresses = find_addresses(raw)
    if not addresses:
        return False
    rest = raw
    for address in addresses:
        rest = rest.replace(address, " ")
    return _ADDRESS_ONLY.fullmatch(rest.replace(".git", " ").replace("/", " ")) is not None
