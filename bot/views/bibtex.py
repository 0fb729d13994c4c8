"""The BibTeX entry of a paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from bot.views.text import fold, shorten, units, whole_items
from store import Paper, abs_url

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}
_SPECIAL = re.compile(r"[\\~^&%$#_{}]")
# Words that say nothing in an entry's key.
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "by", "can", "do", "does", "for", "from", "how", "in", "is", "of"}
    | {"on", "or", "the", "to", "towards", "via", "what", "when", "why", "with"}
)


def bibtex_entry(paper: Paper, limit: int) -> str:
    """A ``@misc`` entry within ``limit`` units (at least 1,500); what the archive does not know is left out.

    Of a list of authors too long for ``limit`` the first stand, followed by BibTeX's ``and others``.
    """
    title = fold(paper.title_en) or fold(paper.title_zh)
    fields = {
        "title": _written(title, 300, _protected),
        "author": "",
        "year": _year(paper),
        "eprint": paper.arxiv_id or "",
        "archivePrefix": "arXiv" if paper.arxiv_id else "",
        "url": abs_url(paper.arxiv_id) if paper.arxiv_id else "",
    }
    if paper.authors:
        room = limit - units(_entry(paper, fields | {"author": "?"})) + 1
        fields["author"] = _authors(paper.authors, room)
    return _entry(paper, fields)


def escape_latex(text: str) -> str:
    """``text`` with the characters that mean something to LaTeX escaped."""
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], text)


def citation_key(paper: Paper) -> str:
    """``wong2025counting``: first author, year, first telling word of the title; else the paper's own key."""
    author = fold(paper.authors[0]) if paper.authors else ""
    family = author.split(",")[0] if "," in author else author.rpartition(" ")[2]
    words = [_ascii(word) for word in re.split(r"[\W_]+", fold(paper.title_en).replace("'", ""))]
    word = next((word for word in words if len(word) > 1 and word not in _SMALL_WORDS), "")
    if not _ascii(family) or not word:
        return paper.key
    return f"{_ascii(family)[:20]}{_year(paper)}{word[:20]}"


def _entry(paper: Paper, fields: dict[str, str]) -> str:
    width = max(map(len, fields))
    known = [f"  {name:<{width}} = {{{value}}}" for name, value in fields.items() if value]
    return ",\n".join([f"@misc{{{citation_key(paper)}", *known]) + "\n}"


def _authors(authors: Sequence[str], limit: int) -> str:
    names = [_written(name, 120, escape_latex) for name in map(fold, authors) if name]
    joined = " and "
    if units(joined.join(names)) <= limit:
        return joined.join(names)
    kept = list(whole_items(names, limit - units("others"), joined))
    return joined.join([*kept, "others"])


def _written(text: str, limit: int, write: Callable[[str], str]) -> str:
    """``text`` shortened to ``limit`` units, or fewer where ``write`` makes more than twice as many of it."""
    room = limit
    while units(written := write(shorten(text, room))) > 2 * limit:
        room //= 2
    return written


def _protected(title: str) -> str:
    """``title`` escaped, with braces round what BibTeX styles must not turn into lower case.

    That is every word with a capital after its first letter or beside a digit, and the name before a colon.
    """
    words = title.split(" ")
    name_ends = next((index for index, word in enumerate(words[:3]) if word.endswith((":", "："))), -1)
    return " ".join(
        _braced(word) if index <= name_ends and word[:1].isupper() else _braced(word, only_odd=True)
        for index, word in enumerate(words)
    )


def _braced(word: str, *, only_odd: bool = False) -> str:
    capitals = any(char.isupper() for char in word[1:])
    digit = any(char.isdigit() for char in word) and any(char.isupper() for char in word)
    if only_odd and not capitals and not digit:
        return escape_latex(word)
    core = word.rstrip(",.;:?!：，；")
    return f"{{{escape_latex(core)}}}{escape_latex(word[len(core) :])}" if core else escape_latex(word)


def _year(paper: Paper) -> str:
    match = re.match(r"[0-9]{4}(?![0-9])", paper.published or "")
    return match[0] if match else ""


def _ascii(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if char.isascii() and char.isalnum()).lower()
