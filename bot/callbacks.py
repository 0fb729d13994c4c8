"""What the buttons say to the bot: callback data, packed short and parsed strictly.

Callback data comes back from anyone's client, so nothing but exactly what `pack` writes is accepted.
Pages are counted from 0 here and shown from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, TypeAlias, get_args

LanguageChoice = Literal["zh", "en", "both"]
KeepHow = Literal["new", "replace", "both"]

MAX_PAGE = 9999

_KEY = r"[A-Za-z0-9_-]{1,24}"
_SLUG = r"[a-z0-9-]{1,32}"
_WHEN = r"latest|[0-9]{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?"
# No leading zeros: one page has one spelling.
_PAGE = r"0|[1-9][0-9]{0,3}"
_CHOICE = r"zh|en|both"
_NUMBER = r"[1-9][0-9]{0,17}"
_SWITCH = r"[01]"
_HOW = r"new|replace|both"
_FILE = r"[0-9a-f]{16}"
_CONTENT = r"[0-9a-f]{8}"
_SETTINGS_PAGE = r"main|time|zone|count|topics|language"

# What a settings button may set, each with its values.
_SETTINGS = {
    "time": r"(?:[01][0-9]|2[0-3])[0-5][0-9]",
    "zone": r"[A-Za-z0-9_+/-]{1,40}",
    "count": r"[1-9]|10",
    "topic": rf"[+-](?:{_SLUG})",
    "topics": r"all",
    "weekdays": _SWITCH,
    "pause": _SWITCH,
    "daily": _SWITCH,
}
_SETTING = "|".join(_SETTINGS)

_VALUES = {
    "key": _KEY,
    "slug": _SLUG,
    "when": _WHEN,
    "page": _PAGE,
    "choice": _CHOICE,
    "number": _NUMBER,
    "at_once": _SWITCH,
    "which": _SETTINGS_PAGE,
    "how": _HOW,
    "file": _FILE,
    "content": _CONTENT,
    "remove": _SWITCH,
    "setting": _SETTING,
    "value": r"[A-Za-z0-9_+/-]{1,40}",
    "good": _SWITCH,
    "sure": _SWITCH,
}


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


@dataclass(frozen=True)
class MoreToday(_Packed):
    """Show papers beyond today's digest."""

    prefix: ClassVar[str] = "m"


@dataclass(frozen=True)
class SavePaper(_Packed):
    """Keep a paper."""

    prefix: ClassVar[str] = "v"
    key: str


@dataclass(frozen=True)
class DropSaved(_Packed):
    """Keep a paper no longer, and show the page of kept ones again."""

    prefix: ClassVar[str] = "u"
    key: str
    page: int


@dataclass(frozen=True)
class SavedPage(_Packed):
    """Turn to a page of the papers kept."""

    prefix: ClassVar[str] = "a"
    page: int


@dataclass(frozen=True)
class ShowSettings(_Packed):
    """Show the digest's settings, or the choices for one of them."""

    prefix: ClassVar[str] = "g"
    which: str


@dataclass(frozen=True)
class ChangeSetting(_Packed):
    """Set one of the digest's settings: ``time`` to ``0830``, ``topic`` to ``+agents`` or ``-agents``.

    A button says what is to be, not what to change, so that a second tap does no harm.
    """

    prefix: ClassVar[str] = "c"
    setting: str
    value: str

    def __post_init__(self) -> None:
        super().__post_init__()
        if re.fullmatch(_SETTINGS[self.setting], self.value) is None:
            raise ValueError(f"{self.setting} cannot be {self.value!r}")


@dataclass(frozen=True)
class WatchList(_Packed):
    """Show the chat's watches."""

    prefix: ClassVar[str] = "w"


@dataclass(frozen=True)
class DropWatch(_Packed):
    """Drop a watch."""

    prefix: ClassVar[str] = "x"
    number: int


@dataclass(frozen=True)
class TellAtOnce(_Packed):
    """Be told of a watch's finds at once (1) or with the next digest (0)."""

    prefix: ClassVar[str] = "i"
    number: int
    at_once: int


@dataclass(frozen=True)
class MarkAnswer(_Packed):
    """Find the answer above good (1) or bad (0)."""

    prefix: ClassVar[str] = "h"
    good: int


@dataclass(frozen=True)
class ForgetChat(_Packed):
    """Delete all that is kept of the chat (1), or leave it as it is (0)."""

    prefix: ClassVar[str] = "z"
    sure: int


@dataclass(frozen=True)
class KeepUpload(_Packed):
    """Keep the files of an upload: ``replace`` those there are of the same names, keep ``both``, or, where there are
    none, ``new``."""

    prefix: ClassVar[str] = "k"
    number: int
    how: KeepHow


@dataclass(frozen=True)
class DiscardUpload(_Packed):
    """Delete the files of an upload."""

    prefix: ClassVar[str] = "q"
    number: int


@dataclass(frozen=True)
class FilesPage(_Packed):
    """Turn to a page of the files that the archive is made of."""

    prefix: ClassVar[str] = "f"
    page: int


@dataclass(frozen=True)
class AskRemove(_Packed):
    """Ask whether an uploaded file is to be removed; ``file`` stands for its name (see `bot.uploads.tag`)."""

    prefix: ClassVar[str] = "R"
    file: str


@dataclass(frozen=True)
class RemoveFile(_Packed):
    """Remove an uploaded file (1) or leave it (0). It must still have the ``content`` that was asked about."""

    prefix: ClassVar[str] = "y"
    file: str
    content: str
    remove: int


Callback: TypeAlias = (
    OpenPaper
    | RelatedPage
    | Bibtex
    | SearchPage
    | TopicPage
    | TopicList
    | DigestPage
    | SetLanguage
    | MoreToday
    | SavePaper
    | DropSaved
    | SavedPage
    | ShowSettings
    | ChangeSetting
    | WatchList
    | DropWatch
    | TellAtOnce
    | KeepUpload
    | DiscardUpload
    | FilesPage
    | AskRemove
    | RemoveFile
    | MarkAnswer
    | ForgetChat
)


_KINDS: dict[str, type[Callback]] = {kind.prefix: kind for kind in get_args(Callback)}


def parse(data: object) -> Callback | None:
    """The callback that packs into exactly ``data``; None for anything else. Never raises."""
    if not isinstance(data, str):
        return None
    prefix, *texts = data.split(":")
    kind = _KINDS.get(prefix)
    if kind is None or len(texts) != len(fields(kind)):
        return None
    values: dict[str, Any] = {}
    for field, text in zip(fields(kind), texts, strict=True):
        # Before it is made a number: Python reads "०7" as one, too.
        if re.fullmatch(_VALUES[field.name], text) is None:
            return None
        values[field.name] = int(text) if field.type == "int" else text
    try:
        return kind(**values)
    except ValueError:
        return None
