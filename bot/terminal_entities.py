"""Message text as Telegram keeps it: plain text and entities, made from HTML or from what is typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser
from urllib.parse import quote

from telegram import MessageEntity

_TYPES = {
    "b": MessageEntity.BOLD,
    "strong": MessageEntity.BOLD,
    "i": MessageEntity.ITALIC,
    "em": MessageEntity.ITALIC,
    "u": MessageEntity.UNDERLINE,
    "ins": MessageEntity.UNDERLINE,
    "s": MessageEntity.STRIKETHROUGH,
    "strike": MessageEntity.STRIKETHROUGH,
    "del": MessageEntity.STRIKETHROUGH,
    "tg-spoiler": MessageEntity.SPOILER,
    "code": MessageEntity.CODE,
    "pre": MessageEntity.PRE,
    "a": MessageEntity.TEXT_LINK,
    "blockquote": MessageEntity.BLOCKQUOTE,
}
# A command is no part of a longer word, a path or a tag.
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")
_LANGUAGE_PREFIX = "language-"
# What a web address may hold as it stands; everything else is percent-encoded, as Telegram does.
_URL_SAFE = "/:?#[]@!$&'()*+,;=%~"


def parse_html(html: str) -> tuple[str, tuple[MessageEntity, ...]]:
    """The text of Telegram `html`, trimmed, and its entities (offsets and lengths in UTF-16 code units).

    Meant for HTML the bot itself wrote: tags Telegram does not know are passed over.
    """
    parser = _EntityParser()
    parser.feed(html)
    parser.close()
    whole = "".join(parser.parts)
    text = whole.strip()
    skipped = len(whole) - len(whole.lstrip())
    kept = []
    for entity in parser.entities:
        start = min(max(entity.offset - skipped, 0), len(text))
        end = min(max(entity.offset + entity.length - skipped, 0), len(text))
        if start < end:
            kept.append(MessageEntity(entity.type, start, end - start, url=entity.url, language=entity.language))
    # Outer entities come before the ones inside them.
    kept.sort(key=lambda entity: (entity.offset, -entity.length))
    return text, tuple(MessageEntity.adjust_message_entities_to_utf_16(text, kept))


def command_entities(text: str) -> tuple[MessageEntity, ...]:
    """The `bot_command` entities Telegram marks in what a person typed (in UTF-16 code units)."""
    found = [
        MessageEntity(MessageEntity.BOT_COMMAND, match.start(), match.end() - match.start())
        for match in _COMMAND.finditer(text)
    ]
    return tuple(MessageEntity.adjust_message_entities_to_utf_16(text, found))


def spans(text: str, entities: Sequence[MessageEntity]) -> list[tuple[int, int, MessageEntity]]:
    """Each entity with its start and end as indices into the Python string `text`."""
    encoded = text.encode("utf-16-le", "surrogatepass")

    def index(units: int) -> int:
        return len(encoded[: 2 * units].decode("utf-16-le", "surrogatepass"))

    return [(index(entity.offset), index(entity.offset + entity.length), entity) for entity in entities]


class _EntityParser(HTMLParser):
    """Collects text, and entities whose offsets are still indices into it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.entities: list[MessageEntity] = []
        self._length = 0
        self._open: list[tuple[str, int, dict[str, str | None]]] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
        self._length += len(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append((tag, self._length, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            return
        _, start, attributes = self._open.pop()
        kind = _TYPES.get(tag)
        if kind is None or self._length == start:
            return
        url = language = None
        if kind == MessageEntity.TEXT_LINK:
            url = quote(attributes.get("href") or "", safe=_URL_SAFE)
        elif kind == MessageEntity.BLOCKQUOTE and "expandable" in attributes:
            kind = MessageEntity.EXPANDABLE_BLOCKQUOTE
        elif kind == MessageEntity.CODE and self._open and self._open[-1][0] == "pre":
            # <pre><code class="language-…"> is one entity, a block that knows its language.
            language = (attributes.get("class") or "").removeprefix(_LANGUAGE_PREFIX)
            self._open[-1][2]["language"] = language
            return
        elif kind == MessageEntity.PRE:
            language = attributes.get("language")
        self.entities.append(MessageEntity(kind, start, self._length - start, url=url, language=language))
