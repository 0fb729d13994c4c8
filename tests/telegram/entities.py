"""Message entities: UTF-16 offsets, Telegram's clean-up of texts, and what it marks by itself.

Spans count Python characters while a text is worked on, and UTF-16 code units only in the JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.telegram.errors import malformed
from tests.telegram.links import checked_link

MAX_ENTITIES = 100
MAX_REQUEST_BYTES = 1 << 15

# Which of two entities with the same place comes first: the outer one.
PRIORITIES = (
    "blockquote",
    "expandable_blockquote",
    "pre",
    "code",
    "text_link",
    "text_mention",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "custom_emoji",
)
FORMATTING = frozenset(PRIORITIES)
# Chinese characters may stand in an address, Chinese punctuation ends it.
IN_ADDRESS = r"[^\s<>\"«»\u2000-\u206f\u3000-\u303f\uff00-\uff5e]"
AUTOMATIC = (
    (
        "url",
        re.compile(rf"(?<![A-Za-z0-9_@./-])https?://{IN_ADDRESS}+", re.I),
    ),
    (
        "email",
        re.compile(r"(?<![\w.+-])[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w.])"),
    ),
    (
        "url",
        re.compile(
            r"(?<![\w@./:-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|cn|ai|dev|me|edu)(?![\w.])"
            rf"(?:[/?#]{IN_ADDRESS}*)?",
            re.I,
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w/])#(?!\d+\b)\w{1,256}")),
)


@dataclass(frozen=True)
class Span:
    """One entity over `text[start:end]`, in Python characters."""

    type: str
    start: int
    end: int
    url: str | None = None
    language: str | None = None
    user_id: int | None = None
    custom_emoji_id: str | None = None

    def moved(self, start: int, end: int) -> Span:
        return replace(self, start=start, end=end)

    def sort_key(self) -> tuple[int, int, int]:
        priority = PRIORITIES.index(self.type) if self.type in FORMATTING else len(PRIORITIES)
        return self.start, -self.end, priority


def utf16_length(text: str) -> int:
    """The length Telegram counts: characters beyond the basic plane (most emoji) are two."""
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of a text an entity's offset and length speak of."""
    units = text.encode("utf-16-le")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")


def entities_json(text: str, spans: Iterable[Span]) -> list[dict[str, Any]]:
    """MessageEntity objects for spans of a text."""
    found = []
    for span in sorted(spans, key=Span.sort_key):
        entity: dict[str, Any] = {
            "type": span.type,
            "offset": utf16_length(text[: span.start]),
            "length": utf16_length(text[span.start : span.end]),
        }
        if span.url is not None:
            entity["url"] = span.url
        if span.language:
            entity["language"] = span.language
        if span.custom_emoji_id is not None:
            entity["custom_emoji_id"] = span.custom_emoji_id
        if span.user_id is not None:
            entity["user"] = {"id": span.user_id, "is_bot": False, "first_name": str(span.user_id)}
        found.append(entity)
    return found


def spans_of(text: str, entities: object) -> list[Span]:
    """Reads an `entities` parameter, refusing what does not lie on whole characters of the text."""
    if not isinstance(entities, list):
        raise malformed("can't parse entities JSON object")
    starts, units = {0: 0}, 0
    for position, character in enumerate(text, start=1):
        units += utf16_length(character)
        starts[units] = position
    spans = []
    for entity in entities:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in FORMATTING and kind not in {name for name, _ in AUTOMATIC}:
            raise malformed("can't parse MessageEntity: Unsupported type specified")
        if offset not in starts:
            raise malformed(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if offset + length not in starts:
            raise malformed(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {offset + length}"
            )
        spans.append(
            Span(
                kind,
                starts[offset],
                starts[offset + length],
                url=checked_link(entity["url"], "entity URL") if kind == "text_link" else None,
                language=entity.get("language"),
                user_id=entity["user"]["id"] if kind == "text_mention" else None,
                custom_emoji_id=entity.get("custom_emoji_id"),
            )
        )
    return spans


def cleaned(text: str, spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """A text as Telegram keeps it: no control characters, trimmed; entities of mere spaces are gone."""
    kept: list[str] = []
    positions: list[int] = []
    for character in text:
        positions.append(len(kept))
        if character == "\r" or "\u2028" <= character <= "\u202e":
            continue
        kept.append(" " if character < " " and character != "\n" else character)
    positions.append(len(kept))
    whole = "".join(kept)
    end = len(whole.rstrip(" \n"))
    begin = end - len(whole[:end].lstrip(" \n"))
    result = []
    for span in spans:
        start, stop = positions[span.start], min(positions[span.end], end)
        while start < stop and whole[start] in " \n":
            start += 1
        if start < stop:
            result.append(span.moved(start - begin, stop - begin))
    return whole[begin:end], merged(result)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Joins an entity with a neighbour of the same kind within it (bold inside bold is one bold)."""
    result: list[Span] = []
    for span in sorted(spans, key=Span.sort_key):
        if any(other.type == span.type and other.end >= span.end for other in result):
            continue
        result.append(span)
    return result


def automatic(text: str, spans: Sequence[Span] = ()) -> list[Span]:
    """What Telegram marks by itself (commands, mentions, links), outside code and links."""
    taken = [(s.start, s.end) for s in spans if s.type in ("code", "pre", "text_link", "text_mention")]
    found = []
    for kind, pattern in AUTOMATIC:
        for match in pattern.finditer(text):
            start, end = match.span()
            if kind == "url":
                end = start + len(match[0].rstrip(".,:;!?)('`"))
            if all(end <= left or start >= right for left, right in taken):
                found.append(Span(kind, start, end))
                taken.append((start, end))
    return found
