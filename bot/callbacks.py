"""What the buttons say to the bot: callback data, packed short and parsed strictly.

Callback data comes back from anyone's client, so nothing but exactly what `pack` writes is accepted.
Pages are counted from 0 here and shown from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import ClassVar, Literal, TypeAlias

LanguageChoice = Literal["zh", "en", "both"]

MAX_PAGE = 9999

_KEY = r"[A-Za-z0-9_-]{1,24}"
_SLUG = r"[a-z0-9-]{1,32}"
_WHEN = r"latest|[0-9]{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?"
# No leading zeros: one page has one spelling.
_PAGE = r"0|[1-9][0-9]{0,3}"
_CHOICE = r"zh|en|both"

_VALUES = {"key": _KEY, "slug": _SLUG, "when": _WHEN, "page": _PAGE, "choice": _CHOICE}


class _Packed:
    """Packing shared by all callbacks: the prefix, then the fields in order, between colons.

    A value that could not be parsed again raises ValueError when the callback is made, so whatever was made
    packs into at most 64 bytes.
    """

    prefix: ClassVar[str]

    def __post_init__(self) -> None:
        for name, value in self._values().items():
            if re.fullmatch(_VALUES[name], value) is None:
                raise ValueError(f"{type(self).__name__}: {name} cannot be {value!r}")

    def _values(self) -> dict[str, str]:
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]

    def pack(self) -> str:
        """The callback data of a button, at most 64 bytes of ASCII."""
        return ":".join([self.prefix, *self._values().values()])


@dataclass(frozen=True)
class OpenPaper(_Packed):
    """Show the card of the paper with this key."""

    prefix: ClassVar[str] = "p"
    key: str


@dataclass(frozen=True)
class RelatedPage(_Packed):
    """Turn to a page of the papers related to this one."""

    prefix: ClassVar[str] = "r"
    key: str
    page: int


@dataclass(frozen=True)
class Bibtex(_Packed):
    """Show the BibTeX entry of a paper."""

    prefix: ClassVar[str] = "b"
    key: str


@dataclass(frozen=True)
class SearchPage(_Packed):
    """Turn to a page of the search whose query stands in the message itself."""

    prefix: ClassVar[str] = "s"
    page: int


@dataclass(frozen=True)
class TopicPage(_Packed):
    """Turn to a page of a topic's papers."""

    prefix: ClassVar[str] = "t"
    slug: str
    page: int


@dataclass(frozen=True)
class TopicList(_Packed):
    """Show all topics."""

    prefix: ClassVar[str] = "T"


@dataclass(frozen=True)
class DigestPage(_Packed):
    """Turn to a page of a digest: ``when`` is ``latest``, ``YYYY-MM`` or ``YYYY-MM-DD``."""

    prefix: ClassVar[str] = "d"
    when: str
    page: int


@dataclass(frozen=True)
class SetLanguage(_Packed):
    """Choose the language of cards and interface."""

    prefix: ClassVar[str] = "l"
    choice: LanguageChoice


Callback: TypeAlias = OpenPaper | RelatedPage | Bibtex | SearchPage | TopicPage | TopicList | DigestPage | SetLanguage


def parse(data: object) -> Callback | None:
    """The callback that packs into exactly ``data``; None for anything else. Never raises."""
    if not isinstance(data, str):
        return None
    prefix, *values = data.split(":")
    try:
        match prefix, values:
            case "p", [key]:
                return OpenPaper(key)
            case "r", [key, page]:
                return RelatedPage(key, _page(page))
            case "b", [key]:
                return Bibtex(key)
            case "s", [page]:
                return SearchPage(_page(page))
            case "t", [slug, page]:
                return TopicPage(slug, _page(page))
            case "T", []:
                return TopicList()
            case "d", [when, page]:
                return DigestPage(when, _page(page))
            case "l", ["zh" | "en" | "both" as choice]:
                return SetLanguage(choice)
            case _:
                return None
    except ValueError:
        return None


def _page(text: str) -> int:
    """A page number; raises ValueError unless it is spelled as `pack` spells it."""
    if re.fullmatch(_PAGE, text) is None:
        raise ValueError(text)
    return int(text)
