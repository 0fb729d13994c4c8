"""Notes on the papers of a BibTeX file: a list with links, then a section of notes for each paper.

The list has ``- [YY/MM] **title**`` and ``[[Paper](…)] [[Code/Page](…)] [[TLDR/Notes](#slug)]``. The section ``## slug`` has
``### Abstract`` (hard-wrapped), ``### 🌟 论文解读 | Chinese headline`` and further ``###`` sections of notes.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field

from store.arxiv import find_arxiv
from store.layouts.drafts import BULLET, Draft, is_fence
from store.layouts.markup import headline, plain, plain_title, titles_by_language
from store.layouts.registry import Reading, register
from store.models import Entry, LoadWarning, Note
from store.text.languages import is_chinese_title, language_of
from store.text.lines import join_lines
from store.text.titles import title_key

_ITEM = re.compile(
    r"\s{0,4}[-*+]\s{1,4}\[\s?((?:\d{2}|\d{4})/\d{1,2}|[A-Z]{2,4}/[A-Z]{2}|[^\[\]\n]{0,12})\s?\]\s{0,4}(?=\*\*)"
)
_BOX = re.compile(r"\[\[([^\[\]\n]{1,40})\]\(")
_SIGN = re.compile(r"^[^\n]{0,2000}?\[\[(?:Paper|TLDR/Notes)\]\(", re.MULTILINE)
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s{1,8}(.*)")
_SENTENCE_END = re.compile(r"[。！？!?：:；;….][”’」』）)\]\"']*$")
_HEADLINE_MARK = re.compile(r"[|｜]")
_SUMMARY_SIGNS = ("📌", "🚀", "📈")


@dataclass
class _Item:
    line: int
    title: str | None
    published: str | None = None
    boxes: dict[str, str] = field(default_factory=dict)


@dataclass
class _Part:
    heading: str
    lines: list[str] = field(default_factory=list)


@dataclass
class _Section:
    line: int
    slug: str
    parts: list[_Part] = field(default_factory=list)


@register
class BibNotes:
    """See the module's text."""

    name = "bib-notes"
    needs = "a list line '- [YY/MM] **title**' with '[[Paper](https://arxiv.org/abs/ID)]' and '[[TLDR/Notes](#slug)]' for each paper"

    def recognises(self, text: str) -> bool:
        return "[[" in text and any("[[" in line and _BOX.search(line) for line in text.split("\n"))

    def read(self, text: str) -> Reading:
        lines = text.split("\n")
        items, sections = _list_items(lines), _sections(lines)
        entries: list[Entry] = []
        warnings: list[LoadWarning] = []
        matched = _match(items, sections)
        for index, item in enumerate(items):
            if item.title is None:
                warnings.append(
                    LoadWarning(
                        line=item.line,
                        text="This list entry has no title, so it is left out; write one between '**' and '**'.",
                    )
                )
            else:
                entries.append(_entry(item, matched.get(index)))
        taken = {id(section) for section in matched.values()}
        warnings.extend(
            LoadWarning(
                line=section.line,
                text=f"No entry of the list links to the section '{section.slug[:80]}', so it has no title and is left out.",
            )
            for section in sections
            if id(section) not in taken
        )
        return Reading(tuple(entries), tuple(sorted(warnings, key=lambda warning: warning.line)))


def _list_items(lines: list[str]) -> list[_Item]:
    """The list's entries. A title may go on over several lines, and the links may stand on its line or under it."""
    items: list[_Item] = []
    open_title: list[str] | None = None
    for number, line in enumerate(lines):
        match = _ITEM.match(line)
        if match is not None:
            items.append(_Item(number + 1, None, _month(match[1])))
            open_title = []
            line = line[match.end() :]
        elif line.lstrip().startswith("#"):
            open_title = None
        if open_title is None:
            continue
        box = _BOX.search(line)
        open_title.append(line[: box.start()] if box else line)
        if box:
            items[-1].boxes = _boxes(line)
        if box or not line.strip() or len(open_title) > 4:
            items[-1].title = items[-1].title or _bold_title(open_title)
            if box or len(open_title) > 4:
                open_title = None
    if items and open_title:
        items[-1].title = items[-1].title or _bold_title(open_title)
    return items


def _bold_title(lines: list[str]) -> str | None:
    raw = join_lines(lines).strip()
    return plain_title(raw.removeprefix("**").removesuffix("**"))


def _month(stated: str) -> str | None:
    match = re.fullmatch(r"(?:20)?(\d{2})/(\d{1,2})", stated)
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    return f"20{match[1]}-{int(match[2]):02}"


def _boxes(line: str) -> dict[str, str]:
    """The links in double brackets by their names in small letters."""
    boxes: dict[str, str] = {}
    for match in _BOX.finditer(line):
        end = line.find(")]", match.end())
        boxes.setdefault(match[1].strip().lower(), line[match.end() : end if end != -1 else len(line)].strip())
    return boxes


def _sections(lines: list[str]) -> list[_Section]:
    sections: list[_Section] = []
    for number, line in enumerate(lines):
        heading = _HEADING.match(line) if line.lstrip()[:1] == "#" else None
        if heading is not None:
            name = heading[2].strip()
            if len(heading[1]) == 1 and not _is_note_heading(name):
                if sections:
                    sections[-1].parts.append(_Part(""))
                continue
            if len(heading[1]) == 2 and name and not any(ch.isspace() for ch in name) and not _is_note_heading(name):
                sections.append(_Section(number + 1, name))
                continue
            if sections:
                sections[-1].parts.append(_Part(name))
                continue
        if sections and not is_fence(line):
            if not sections[-1].parts:
                sections[-1].parts.append(_Part(""))
            sections[-1].parts[-1].lines.append(line)
    return sections


def _is_note_heading(name: str) -> bool:
    return (name[:1] in "🌟📌🚀📈💬💡" and bool(name)) or name.lower() == "abstract"


def _match(items: list[_Item], sections: list[_Section]) -> dict[int, _Section]:
    """Which section belongs to which item (by its index): the slugs agree, or else the slug and the title do."""
    waiting: dict[str, deque[_Section]] = defaultdict(deque)
    for section in sections:
        waiting[_slug_key(section.slug)].append(section)
    matched: dict[int, _Section] = {}
    for index, item in enumerate(items):
        link = next((address for name, address in item.boxes.items() if address.startswith("#")), "")
        for key in (_slug_key(link), title_key(item.title or "")):
            if key and waiting.get(key):
                matched[index] = waiting[key].popleft()
                break
    return matched


def _slug_key(slug: str) -> str:
    return title_key(slug.lstrip("#"))


def _entry(item: _Item, section: _Section | None) -> Entry:
    draft = Draft(line=item.line, published=item.published)
    draft.title_en, draft.title_zh = titles_by_language(item.title)
    for name, address in item.boxes.items():
        if name.startswith("paper"):
            draft.arxiv = draft.arxiv or find_arxiv(address)
        if not address.startswith("#"):
            draft.add_links(address)
        if name.startswith(("code", "代码", "github")):
            draft.add_code(address)
    if section is not None:
        _read_section(draft, section)
    return draft.finish()


def _read_section(draft: Draft, section: _Section) -> None:
    summary: list[str] = []
    for part in section.parts:
        name = part.heading.lower()
        if name.startswith("abstract") or not part.heading:
            for paragraph in _wrapped_paragraphs(part.lines):
                _take_paragraph(draft, paragraph)
        elif part.heading.startswith("🌟") or "论文解读" in part.heading:
            _read_headline(draft, part)
        else:
            text = _note_text(draft, part.lines)
            draft.add_note(plain(part.heading), text)
            if part.heading.startswith(_SUMMARY_SIGNS) and text:
                summary.append(text)
    if not draft.chinese and summary and language_of("\n".join(summary)) == "zh":
        draft.chinese = summary


def _take_paragraph(draft: Draft, paragraph: list[str]) -> None:
    if BULLET.match(paragraph[0]):
        draft.add_point(join_lines(paragraph))
    elif not draft.add_labelled(paragraph[0]):
        draft.add_paragraph(join_lines(paragraph))


def _read_headline(draft: Draft, part: _Part) -> None:
    pieces = _HEADLINE_MARK.split(part.heading, maxsplit=1)
    title = (
        headline(pieces[1]) if len(pieces) > 1 else headline(re.sub(r"^🌟?\s*(?:论文解读)?\s*[:：]?", "", part.heading))
    )
    if title and is_chinese_title(title):
        draft.title_zh = draft.title_zh or title
    elif title:
        draft.notes.append(Note(heading=plain(pieces[0]) or "🌟", text=title))
    for line in part.lines:
        if line.strip():
            _take_paragraph(draft, [line])


def _wrapped_paragraphs(lines: list[str]) -> list[list[str]]:
    """The paragraphs of a hard-wrapped abstract: a blank line or an indented one begins another. A dash that begins a line
    is a bullet only where the line before it had come to an end."""
    paragraphs: list[list[str]] = []
    ended = True
    for line in lines:
        if not line.strip():
            ended = True
            continue
        indented = line.startswith("  ") and (
            ended or not paragraphs or _SENTENCE_END.search(paragraphs[-1][-1]) is not None
        )
        bullet = BULLET.match(line) is not None and (ended or _SENTENCE_END.search(paragraphs[-1][-1]) is not None)
        if ended or indented or bullet:
            paragraphs.append([line.strip()])
        else:
            paragraphs[-1].append(line.strip())
        ended = False
    return paragraphs


def _note_text(draft: Draft, lines: list[str]) -> str:
    """A section's text, a line for each of its lines; its bullets are key points as well."""
    kept: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        if BULLET.match(line):
            draft.add_point(line)
            kept.append("- " + plain(BULLET.sub("", line, count=1)))
        elif not draft.add_labelled(line):
            draft.add_links(line)
            kept.append(plain(line))
    return "\n".join(line for line in kept if line)
