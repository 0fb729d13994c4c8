"""Notes on the papers of a BibTeX file: a list with links, then a section of notes for each paper.

The list has ``- [YY/MM] **title**`` and ``[[Paper](…)] [[Code/Page](…)] [[TLDR/Notes](#slug)]``. The section
``## slug`` has ``### Abstract`` (hard-wrapped), ``### 🌟 论文解读 | Chinese headline`` and further sections of notes.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from dataclasses import dataclass, field

from store.layouts.drafts import BULLET, Draft, is_fence
from store.layouts.markup import headline, plain, plain_title, titles_by_language
from store.layouts.registry import Reading, register
from store.models import Entry, LoadWarning
from store.text.languages import is_chinese_title, language_of
from store.text.lines import ends_sentence, join_lines
from store.text.titles import title_key

_ITEM = re.compile(
    r"\s{0,4}[-*+]\s{1,4}\[\s?(\d{2}/\d{1,2}|\d{4}/\d{1,2}|YY/MM|[^\[\]\n]{0,12}(?=\s?\]\s{0,4}\*\*))\s?\]"
)
_MONTH = re.compile(r"(?:20)?(\d{2})/(\d{1,2})")
_BOX = re.compile(r"\[\[([^\[\]\n]{1,40})\]\(")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s{1,8}(.*)")
_READING = re.compile(r"🌟|论文解读")
_BEFORE_HEADLINE = re.compile(r"\s*🌟?\s*(?:论文解读)?\s*[:：|｜]?\s*")
_NOTE_SIGNS = ("🌟", "📌", "🚀", "📈", "💬", "💡")
_SUMMARY_SIGNS = ("📌", "🚀", "📈")
_LONGEST_TITLE = 4  # lines
_LONGEST_ADDRESS = 2000  # characters
_LONGEST_SLUG = 1000


@dataclass
class _Item:
    """An entry of the list; ``boxes`` are its links by their names in small letters."""

    line: int
    published: str | None
    title: str | None = None
    boxes: dict[str, str] = field(default_factory=dict)

    @property
    def slug_key(self) -> str:
        return _slug_key(next((address for address in self.boxes.values() if address.startswith("#")), ""))


@dataclass
class _Part:
    heading: str
    lines: list[str] = field(default_factory=list)


@dataclass
class _Section:
    line: int
    slug: str
    parts: list[_Part] = field(default_factory=lambda: [_Part("")])


@register
class BibNotes:
    """See the module's text."""

    name = "bib-notes"
    needs = "a list line '- [YY/MM] **title**' and under it '[[Paper](https://arxiv.org/abs/ID)]' for each paper"

    def recognises(self, text: str) -> bool:
        return "[[" in text and any("[[" in line and _BOX.search(line) for line in text.split("\n"))

    def read(self, text: str) -> Reading:
        lines = text.split("\n")
        items = _items(lines)
        keys = {item.slug_key for item in items} | {title_key(item.title) for item in items if item.title}
        sections = _sections(lines, keys)
        matched = _match(items, sections)
        entries: list[Entry] = []
        warnings: list[LoadWarning] = []
        for index, item in enumerate(items):
            if item.title is None:
                warnings.append(LoadWarning.of(item.line, "no_title_in_list"))
            else:
                entries.append(_entry(item, matched.get(index)))
        taken = {id(section) for section in matched.values()}
        for section in sections:
            if id(section) not in taken:
                warnings.append(LoadWarning.of(section.line, "not_in_list", slug=section.slug[:80]))
        return Reading(tuple(entries), tuple(sorted(warnings, key=lambda warning: warning.line)))


def _items(lines: list[str]) -> list[_Item]:
    """The list's entries. A title may go on over several lines, and the links may stand on its line or under it."""
    items: list[_Item] = []
    title: list[str] | None = None
    for number, raw in enumerate(lines):
        line = raw
        if (match := _ITEM.match(line)) is not None:
            items.append(_Item(number + 1, _month(match[1])))
            title, line = [], line[match.end() :]
        elif title is not None and (line.lstrip()[:1] == "#" or len(title) >= _LONGEST_TITLE):
            title = None
        if title is None:
            continue
        box = _BOX.search(line)
        title.append(line[: box.start()] if box else line)
        if box or not line.strip() or len(title) == 1:
            items[-1].title = _bold_title(title) or items[-1].title
        if box:
            items[-1].boxes = _boxes(line)
            title = None
    return items


def _bold_title(lines: list[str]) -> str | None:
    return plain_title(join_lines(lines).removeprefix("**").removesuffix("**"))


def _month(stated: str) -> str | None:
    match = _MONTH.fullmatch(stated)
    if match is None or not 1 <= int(match[2]) <= 12:
        return None
    return f"20{match[1]}-{int(match[2]):02}"


def _boxes(line: str) -> dict[str, str]:
    boxes: dict[str, str] = {}
    for match in _BOX.finditer(line):
        name, begin = match[1].strip().lower(), match.end()
        if name not in boxes:
            end = line.find(")]", begin, begin + _LONGEST_ADDRESS)
            boxes[name] = line[begin : end if end != -1 else begin + _LONGEST_ADDRESS].strip()
    return boxes


def _sections(lines: list[str], keys: set[str]) -> list[_Section]:
    """The sections of notes. ``keys`` are those of the list's entries: they tell a slug from a heading of the notes."""
    sections: list[_Section] = []
    current: _Section | None = None
    fenced = False
    for number, line in enumerate(lines):
        if is_fence(line):
            fenced = not fenced
            continue
        heading = _HEADING.match(line) if line.lstrip()[:1] == "#" else None
        level = len(heading[1]) if heading else 0
        name = heading[2].strip() if heading else ""
        if level == 2 and _is_slug(name, lines, number, keys):
            current = _Section(number + 1, name)
            sections.append(current)
            fenced = False
        elif level == 1 and not fenced and not name.startswith(_NOTE_SIGNS):
            current = None
        elif current is not None and level and not (level == 1 and fenced):
            current.parts.append(_Part(name))
        elif current is not None:
            current.parts[-1].lines.append(line)
    return sections


def _is_slug(name: str, lines: list[str], number: int, keys: set[str]) -> bool:
    """Whether a second-level heading is a section's slug: it belongs to a list entry, or an abstract follows it."""
    if not name or name.startswith(_NOTE_SIGNS) or name.lower() == "abstract":
        return False
    if _slug_key(name) in keys:
        return True
    following = next((line for line in lines[number + 1 : number + 5] if line.strip()), "")
    return following.lstrip("# ").lower().startswith("abstract") and following.lstrip().startswith("#")


def _slug_key(slug: str) -> str:
    return title_key(slug[:_LONGEST_SLUG].lstrip("#")) if slug.strip("#") else ""


def _match(items: list[_Item], sections: list[_Section]) -> dict[int, _Section]:
    """Which section belongs to which item (by its index): the slugs agree, or else the slug and the title do."""
    waiting: dict[str, deque[_Section]] = defaultdict(deque)
    for section in sections:
        waiting[_slug_key(section.slug)].append(section)
    matched: dict[int, _Section] = {}
    for index, item in enumerate(items):
        for key in (item.slug_key, title_key(item.title or "")):
            if key and waiting.get(key):
                matched[index] = waiting[key].popleft()
                break
    return matched


def _entry(item: _Item, section: _Section | None) -> Entry:
    draft = Draft(line=item.line, published=item.published)
    draft.title_en, draft.title_zh = titles_by_language(item.title)
    for name, address in item.boxes.items():
        if address.startswith("#"):
            continue
        if name.startswith(("paper", "论文", "pdf", "arxiv")):
            draft.add_arxiv(address)
        elif name.startswith(("code", "代码", "github")):
            draft.add_code(address)
        draft.add_links(address)
    if section is not None:
        _read_section(draft, section)
    return draft.finish()


def _read_section(draft: Draft, section: _Section) -> None:
    summary: list[str] = []
    for part in section.parts:
        if not part.heading or part.heading.lower().startswith("abstract"):
            for paragraph in _wrapped_paragraphs(part.lines):
                _take_paragraph(draft, paragraph)
        elif _READING.search(part.heading):
            _read_headline(draft, part)
        else:
            note = _note_lines(draft, part.lines)
            draft.add_note(plain(part.heading), note)
            if part.heading.startswith(_SUMMARY_SIGNS):
                summary.extend(note)
    if not draft.chinese and language_of("\n".join(summary)) == "zh":
        draft.chinese = summary


def _take_paragraph(draft: Draft, paragraph: list[str]) -> None:
    if BULLET.match(paragraph[0]):
        draft.add_point(join_lines(paragraph))
    elif not draft.add_labelled(paragraph[0]):
        draft.add_paragraph(join_lines(paragraph))


def _read_headline(draft: Draft, part: _Part) -> None:
    """The Chinese title, and the text under it."""
    title = headline(_BEFORE_HEADLINE.sub("", part.heading, count=1))
    if title is not None and is_chinese_title(title):
        draft.title_zh = draft.title_zh or title
    elif title is not None:
        draft.add_note("🌟 论文解读", [title])
    for line in part.lines:
        if line.strip():
            _take_paragraph(draft, [line])


def _wrapped_paragraphs(lines: list[str]) -> list[list[str]]:
    """The paragraphs of a hard-wrapped abstract: a blank line, or one that is indented, begins another.

    A dash that begins a line is a bullet only where the line before it had come to an end.
    """
    paragraphs: list[list[str]] = []
    ended = True
    for line in lines:
        if not line.strip():
            ended = True
            continue
        may_begin = ended or ends_sentence(paragraphs[-1][-1])
        if ended or (may_begin and (line.startswith("  ") or BULLET.match(line))):
            paragraphs.append([line.strip()])
        else:
            paragraphs[-1].append(line.strip())
        ended = False
    return paragraphs


def _note_lines(draft: Draft, lines: list[str]) -> list[str]:
    """A section's lines with text; its bullets are key points as well."""
    kept: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        if (bullet := BULLET.match(line)) is not None:
            draft.add_point(line)
            kept.append("- " + plain(line[bullet.end() :]))
        elif not draft.add_labelled(line):
            draft.add_links(line)
            kept.append(plain(line))
    return kept
