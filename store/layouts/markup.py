"""A digest's text freed of its markup: HTML, Markdown, LaTeX, stray white space."""

from __future__ import annotations

import html
import itertools
import re
from typing import NamedTuple

from store.layouts.decoding import without_harmful
from store.text.languages import is_chinese_title
from store.text.latex import delatex
from store.text.lines import mend_numbers

# Only these: papers write of <think> and <answer>, and that is text.
_TAGS = (
    "a|abbr|b|blockquote|br|center|code|del|details|div|em|figcaption|figure|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|s|"
    "small|span|strong|style|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul"
)
_TAG = re.compile(rf"<(?=/?[a-z])/?+(?:{_TAGS})(?:\s[^<>]{{0,2000}})?\s{{0,4}}/?>", re.IGNORECASE)
_SCRIPT_TAG = re.compile(r"<su([bp])>([^<>\n]{1,40})</su\1>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_CODE_SPAN = re.compile(r"(?<![`\\])`([^`\n]{1,300})`(?!`)")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,200}\]\([^()\s]{0,2000}\)")
_IMAGE_TAG = re.compile(r"<img\b[^<>]{0,2000}>", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# What stands in the round brackets must look like an address: in "F1 [CLU](81.5%)" it does not, and is text.
_MARKDOWN_LINK = re.compile(
    r"\[((?>[^\[\]\n]+|\[[^\[\]\n]*+\]){1,50})\]\(\s{0,4}"
    r"(?=\)|<|\#|/|\.{1,2}/|[a-z]{3,8}:|www\.|[\w./\-]{1,200}\.(?:com|org|net|io|ai|cn|html?|md|pdf|png|jpe?g|gif|svg)\b)"
    r"(<[^<>\n]{0,2000}>|[^()\s]*+(?:\([^()\s]*+\)[^()\s]*+){0,5})"
    r"(?:\s{1,4}\"[^\"\n]{0,300}\")?\s{0,4}\)",
    re.IGNORECASE,
)
# A text without any of these is plain already.
_MARKUP = re.compile("[<&\\[*`\\\\$%％\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]|[^\\S ]|  ")
_SPACES = re.compile(r"\s+")
_WRAPPING_QUOTES = {"“": "”", '"': '"', "「": "」", "『": "』", "《": "》", "‘": "’", "'": "'", "”": "”"}
_LONGEST_TITLE = 2000  # characters, with markup
_MOST_LINKS = 1000
_BRACED_WORD = re.compile(r"\{([\w\-]{1,80})\}")


class MarkdownLink(NamedTuple):
    """``[text](address)``, and where in its line it stands."""

    text: str
    address: str
    start: int
    end: int


def markdown_links(line: str) -> list[MarkdownLink]:
    """The Markdown links of a line, in order, of an endless line the first thousand; pictures are none."""
    if "](" not in line:
        return []
    return [
        MarkdownLink(match[1].strip(), match[2].strip("<>"), match.start(), match.end())
        for match in itertools.islice(_MARKDOWN_LINK.finditer(line), _MOST_LINKS)
        if not (match.start() and line[match.start() - 1] == "!")
    ]


def without_pictures(text: str) -> str:
    """The text without Markdown's and HTML's pictures: what they show is lost, and their addresses are no links."""
    if "![" in text:
        text = _IMAGE.sub("", text)
    return _IMAGE_TAG.sub("", text) if "<i" in text or "<I" in text else text


def plain(text: str) -> str:
    """One line of plain text: tags, emphasis, code marks, links' addresses and LaTeX gone, entities and escapes
    resolved, white space folded, torn figures mended. ``<think>`` and other tags that are no HTML stay."""
    if _MARKUP.search(text) is None:
        return text.strip()
    text = _INVISIBLE.sub("", text)
    if "<" in text:
        text = _strip_tags(text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    if "](" in text:
        text = _IMAGE.sub("", text)
        text = _MARKDOWN_LINK.sub(_link_text, text)
    if "**" in text:
        text = _strip_pairs(text, "**")
    if "`" in text:
        text = _CODE_SPAN.sub(r"\1", text)
    return mend_numbers(_SPACES.sub(" ", delatex(text)).strip())


def plain_title(text: str) -> str | None:
    """A title as plain text, freed of heading marks and emphasis and of the braces that BibTeX puts around words.
    None where no letter or digit is left. Of an endless one, the beginning."""
    stripped = text.strip()[:_LONGEST_TITLE].strip("#").strip()
    title = plain(_BRACED_WORD.sub(r"\1", stripped)).strip("* \t")
    return title if any(ch.isalnum() for ch in title) else None


def headline(text: str) -> str | None:
    """A headline as plain text, without the quotation marks around the whole of it (also twice)."""
    title = plain_title(text)
    while title and len(title) > 2 and _WRAPPING_QUOTES.get(title[0]) == title[-1]:
        if title[0] in title[1:-1] or title[-1] in title[1:-1]:
            break  # “A” and “B”: the marks are not around the whole
        title = title[1:-1].strip()
    return title or None


def titles_by_language(*candidates: str | None) -> tuple[str | None, str | None]:
    """(English title, Chinese title) of the candidates, the first of each language."""
    english = chinese = None
    for candidate in candidates:
        if not candidate:
            continue
        if is_chinese_title(candidate):
            chinese = chinese or candidate
        else:
            english = english or candidate
    return english, chinese


def _strip_tags(text: str) -> str:
    if "<su" in text.lower():
        text = _SCRIPT_TAG.sub(lambda match: f"${'_' if match[1] in 'bB' else '^'}{{{match[2]}}}$", text)
    return _TAG.sub(" ", text)


def _character(entity: re.Match[str]) -> str:
    return _INVISIBLE.sub("", without_harmful(html.unescape(entity[0])))


def _link_text(match: re.Match[str]) -> str:
    return match[1]


def _strip_pairs(text: str, mark: str) -> str:
    parts = text.split(mark)
    if len(parts) % 2:
        return "".join(parts)
    # One mark has no partner: it is text ("2**3").
    return "".join(parts[:-1]) + mark + parts[-1]
