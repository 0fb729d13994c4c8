"""Telegram's HTML, read strictly.

What Telegram answers with 400 is refused in its words. What Telegram repairs in silence (a quote in a
quote, bold around code, an unknown attribute, a bare `&`, a link it cannot open) loses something the
reader should have seen, so it is refused here as well; those refusals end in "(dropped by Telegram)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.telegram.entities import Span
from tests.telegram.errors import Refused, malformed
from tests.telegram.links import checked_link

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
ATTRIBUTES = {
    "a": {"href"},
    "code": {"class"},
    "span": {"class"},
    "tg-emoji": {"emoji-id"},
    "blockquote": {"expandable"},
}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
SPLITTABLE = {"bold", "italic", "underline", "strikethrough", "spoiler"}
REFERENCE = re.compile(r"&(?:#(?P<decimal>\d+)|#x(?P<hexadecimal>[0-9a-fA-F]+)|(?P<name>[A-Za-z]+));")
ATTRIBUTE = re.compile(
    r"\s*(?P<name>[^\s=>]+)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<token>[A-Za-z0-9.-]+)))?"
)


@dataclass
class OpenTag:
    name: str
    attributes: dict[str, str]
    start: int
    offset: int

    @property
    def kind(self) -> str:
        return KINDS[self.name]


def parse_html(source: str) -> tuple[str, list[Span]]:
    """Text and entities of a message in HTML; raises `Refused` for anything Telegram would not show."""
    return _Reader(source).read()


def _unparsable(problem: str) -> Refused:
    return malformed(f"can't parse entities: {problem}")


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.text: list[str] = []
        self.open: list[OpenTag] = []
        self.spans: list[Span] = []

    def read(self) -> tuple[str, list[Span]]:
        while self.position < len(self.source):
            character = self.source[self.position]
            if character == "<" and self.source.startswith("</", self.position):
                self.end_tag()
            elif character == "<":
                self.start_tag()
            elif character == "&":
                self.text.append(self.reference(self.source, self.position))
                self.position = self.source.index(";", self.position) + 1
            else:
                self.text.append(character)
                self.position += 1
        if self.open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        return "".join(self.text), self.spans

    def offset(self, position: int) -> int:
        return len(self.source[:position].encode("utf-8", "surrogatepass"))

    def reference(self, source: str, position: int) -> str:
        match = REFERENCE.match(source, position)
        code = 0
        if match and match["name"]:
            if match["name"] in CHARACTERS:
                return CHARACTERS[match["name"]]
        elif match:
            code = int(match["decimal"]) if match["decimal"] else int(match["hexadecimal"], 16)
        if not 0 < code < 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise _unparsable(
                f"Unescaped character '&' at byte offset {self.offset(position)} (kept as it is by Telegram)"
            )
        return chr(code)

    def start_tag(self) -> None:
        begin, offset = self.position, self.offset(self.position)
        name_end = begin + 1
        while name_end < len(self.source) and not (self.source[name_end].isspace() or self.source[name_end] == ">"):
            name_end += 1
        if name_end == len(self.source):
            raise _unparsable(f"Unclosed start tag at byte offset {offset}")
        name = self.source[begin + 1 : name_end].lower()
        if name not in KINDS:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {offset}')
        attributes = self.attributes(name, name_end, offset)
        tag = OpenTag(name, attributes, len(self.text), offset)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self.check_nesting(tag)
        self.open.append(tag)

    def attributes(self, name: str, position: int, offset: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            while position < len(self.source) and self.source[position].isspace():
                position += 1
            if position == len(self.source):
                raise _unparsable(f"Unclosed start tag at byte offset {offset}")
            if self.source[position] == ">":
                self.position = position + 1
                return found
            match = ATTRIBUTE.match(self.source, position)
            if match is None:
                raise _unparsable(f'Empty attribute name in the tag "{name}" at byte offset {offset}')
            key = match["name"]
            if key not in ATTRIBUTES.get(name, ()):
                raise _unparsable(
                    f'Unknown attribute "{key}" of the tag "{name}" at byte offset {offset} (dropped by Telegram)'
                )
            values = [match["double"], match["single"], match["token"]]
            value = next((given for given in values if given is not None), None)
            if value is None and key != "expandable":
                raise _unparsable(
                    f'Expected equal sign in declaration of an attribute of the tag "{name}" at byte offset {offset}'
                )
            found[key] = self.unescaped(value or "")
            position = match.end()

    def unescaped(self, value: str) -> str:
        parts, position = [], 0
        while position < len(value):
            if value[position] == "&":
                parts.append(self.reference(value, position))
                position = value.index(";", position) + 1
            else:
                parts.append(value[position])
                position += 1
        return "".join(parts)

    def check_nesting(self, tag: OpenTag) -> None:
        for outer in self.open:
            if outer.kind in ("pre", "code"):
                language = tag.name == "code" and outer.name == "pre" and len(self.text) == outer.start
                allowed = language and outer is self.open[-1]
            elif tag.kind in SPLITTABLE:
                allowed = True
            elif tag.kind in ("pre", "code"):
                allowed = outer.kind == "blockquote"
            elif tag.kind == "blockquote":
                allowed = outer.kind in SPLITTABLE
            else:
                allowed = outer.kind in SPLITTABLE or outer.kind == "blockquote"
            if not allowed:
                raise _unparsable(
                    f'Tag "{tag.name}" can\'t be inside tag "{outer.name}" at byte offset {tag.offset} '
                    "(dropped by Telegram)"
                )

    def end_tag(self) -> None:
        begin, offset = self.position, self.offset(self.position)
        if not self.open:
            raise _unparsable(f"Unexpected end tag at byte offset {offset}")
        end = self.source.find(">", begin)
        name = self.source[begin + 2 : end].rstrip().lower()
        if end < 0 or any(character.isspace() for character in name):
            raise _unparsable(f"Unclosed end tag at byte offset {offset}")
        tag = self.open.pop()
        if name and name != tag.name:
            raise _unparsable(f'Unmatched end tag at byte offset {offset}, expected "</{tag.name}>", found "</{name}>"')
        self.position = end + 1
        if len(self.text) > tag.start:
            self.close(tag)

    def close(self, tag: OpenTag) -> None:
        start, end = tag.start, len(self.text)
        if tag.name == "a":
            self.spans.append(self.link(tag, start, end))
        elif tag.name == "tg-emoji":
            identifier = tag.attributes.get("emoji-id", "")
            if not identifier.isdigit() or not 0 < int(identifier) < 1 << 63:
                raise _unparsable("Invalid custom emoji identifier specified")
            self.spans.append(Span("custom_emoji", start, end, custom_emoji_id=identifier))
        elif tag.name == "code" and self.open and self.open[-1].name == "pre":
            # The language of a block: <pre><code class="language-python">…</code></pre>.
            self.open[-1].attributes["language"] = self.language(tag)
        elif tag.name == "code":
            if tag.attributes:
                raise _unparsable(f"Language of inline code at byte offset {tag.offset} (dropped by Telegram)")
            self.spans.append(Span("code", start, end))
        elif tag.name == "pre":
            self.spans.append(Span("pre", start, end, language=tag.attributes.get("language")))
        elif tag.name == "blockquote" and "expandable" in tag.attributes:
            self.spans.append(Span("expandable_blockquote", start, end))
        else:
            self.spans.append(Span(tag.kind, start, end))

    def language(self, tag: OpenTag) -> str:
        value = tag.attributes.get("class", "language-")
        if not value.startswith("language-"):
            raise _unparsable(f'Class "{value}" of the tag "code" at byte offset {tag.offset} (dropped by Telegram)')
        return value.removeprefix("language-")

    def link(self, tag: OpenTag, start: int, end: int) -> Span:
        url = tag.attributes.get("href") or "".join(self.text[start:end])
        mention = re.fullmatch(r"tg://user\?id=(\d+)", url)
        if mention:
            return Span("text_mention", start, end, user_id=int(mention[1]))
        return Span("text_link", start, end, url=checked_link(url, "can't parse entities: link"))
