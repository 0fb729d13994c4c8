"""Names of files that strangers chose, made safe to write into a folder and to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

# Of a folder, the files that end so are digests.
DIGEST_SUFFIXES = (".txt", ".md")

MAX_CHARACTERS = 80
MAX_BYTES = 200  # file systems take 255, and a suffix may be added to a copy
_LONGEST = 1000  # characters; of a longer name the middle is not looked at
_FALLBACK = "digest"
_SEPARATORS = re.compile(r"[/\\]")
# What Windows or a file manager reads as a sign of its own, and what only looks like a slash.
_SIGNS = re.compile(r'[:<>"|?*\u2044\u2215\u29f5\u29f8\u29f9\uff0f\uff3c\ufe68\ufe55\uff1a\u2236\ua789]+')
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LEADING = " .-~"
_TRAILING = " ."
# Windows opens its devices by these names, whatever comes after a dot.
_RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """The name of a file as it may be written anywhere: never a path, never hidden, reserved, endless or empty.

    It is the last part of a path, in Unicode's composed form (NFC), on one line, without characters that cannot be
    seen or turn the writing direction; at most 80 characters and 200 bytes long, a suffix in small letters among them.
    A safe name stays as it is.
    """
    while (cleaned := _clean(name)) != name:
        name = cleaned  # what is cut off a name can give it another end
    return name


def is_safe(name: str) -> bool:
    """Whether ``name`` may be written as it stands."""
    return safe_name(name) == name


def numbered(name: str, taken: Collection[str]) -> str:
    """The safe name itself, or the first of ``a-2.txt``, ``a-3.txt``, … that is not ``taken``.

    Names that differ only in case are one name: so they are on some file systems, and to most people.
    """
    used = {each.casefold() for each in taken}
    stem, suffix = _split(name)
    candidate, count = name, 1
    while candidate.casefold() in used:
        count += 1
        tag = f"-{count}{suffix}"
        candidate = _shortened(stem, tag) + tag
    return candidate


def with_suffix(name: str, suffix: str) -> str:
    """The safe name with another suffix, safe again."""
    return safe_name(_split(name)[0] + suffix)


def _clean(name: str) -> str:
    base = _SEPARATORS.split(name)[-1]
    if len(base) > _LONGEST:
        # Composing takes quadratic time where accents are piled up.
        base = base[: _LONGEST // 2] + base[-_LONGEST // 2 :]
    seen = "".join(
        " " if ch.isspace() else ch for ch in base if ch.isspace() or unicodedata.category(ch) not in _HIDDEN
    )
    folded = " ".join(_SIGNS.sub("-", unicodedata.normalize("NFC", seen)).split())
    stem, suffix = _split(folded.rstrip(_TRAILING))
    stem = stem.lstrip(_LEADING).rstrip(_TRAILING)
    if not stem:
        return _FALLBACK + (suffix or ".txt")
    if _RESERVED.match(stem + suffix):
        stem = f"{_FALLBACK}-{stem}"
    return _shortened(stem, suffix) + suffix


def _split(name: str) -> tuple[str, str]:
    """The stem, and the suffix in small letters; no suffix where what follows the last dot does not look like one."""
    match = _SUFFIX.search(name)
    return (name[: match.start()], match[0].lower()) if match else (name, "")


def _shortened(stem: str, end: str) -> str:
    """As much of the stem as leaves room for the name's end."""
    stem = stem[: MAX_CHARACTERS - len(end)]
    while len((stem + end).encode("utf-8")) > MAX_BYTES:
        stem = stem[:-1]
    return stem.rstrip(_TRAILING)
