"""Digest files, read: decoded, given to the layout that recognises them, and dated."""

from __future__ import annotations

from store.layouts import bib_notes, daily, numbered, weekly
from store.layouts.dates import file_name_date, newest_month, stated_date
from store.layouts.decoding import UnreadableDigest, check_size, decode
from store.layouts.registry import Layout, Reading, register, registered
from store.models import Digest, LoadWarning
from store.problems import Problem

__all__ = [
    "Layout",
    "Reading",
    "UnreadableDigest",
    "bib_notes",
    "check_size",
    "daily",
    "numbered",
    "read_digest",
    "register",
    "registered",
    "weekly",
]

# Of a longer file only so much is read, so that reading any file of 20 MB is done in seconds. The longest digest known
# has about 3,500 lines and 300,000 characters.
MAX_LINES = 50_000
MAX_CHARACTERS = 5_000_000
# What is looked for in a line is looked for at one go, and whoever else computes waits meanwhile.
MAX_LINE = 100_000  # characters
# Where several layouts recognise a file, this much of it decides between them.
_SAMPLE = 200_000  # characters


def read_digest(name: str, data: bytes) -> Digest:
    """Read the digest file called ``name``. Its layout is recognised by its content; the name only helps to date it.

    Raises UnreadableDigest, with a sentence for a person, where the file is over 20 MB, empty, in another encoding than
    UTF-8 or GB18030, or in a layout that is not known.
    """
    text, cut = _cut(decode(data))
    text, shortened = _cut_lines(text)
    layout = _choose(text)
    reading = layout.read(text)
    if not reading.entries:
        raise _no_entries(layout, reading)
    date = stated_date(text) or file_name_date(name)
    inferred = None if date else newest_month(reading.entries)
    return Digest(
        name=name,
        layout=layout.name,
        date=date or inferred,
        date_inferred=inferred is not None,
        entries=reading.entries,
        warnings=(*reading.warnings, *shortened, *cut),
    )


def _cut(text: str) -> tuple[str, tuple[LoadWarning, ...]]:
    """What is read of a text, and a warning where that is not all."""
    read = text[:MAX_CHARACTERS]
    newlines = read.count("\n")
    if newlines >= MAX_LINES:
        warning = LoadWarning.of(MAX_LINES + 1, "too_many_lines", limit=f"{MAX_LINES:,}")
        return "\n".join(read.split("\n", MAX_LINES)[:MAX_LINES]), (warning,)
    if len(read) < len(text):
        return read, (LoadWarning.of(newlines + 1, "too_many_characters", limit=f"{MAX_CHARACTERS:,}"),)
    return text, ()


def _cut_lines(text: str) -> tuple[str, tuple[LoadWarning, ...]]:
    """The text with what is read of each line, and a warning for each that is not read whole."""
    lines = text.split("\n")
    endless = [at for at, line in enumerate(lines) if len(line) > MAX_LINE]
    if not endless:
        return text, ()
    for at in endless:
        lines[at] = lines[at][:MAX_LINE]
    warnings = (LoadWarning.of(at + 1, "line_too_long", limit=f"{MAX_LINE:,}") for at in endless)
    return "\n".join(lines), tuple(warnings)


def _choose(text: str) -> Layout:
    """The layout that recognises the text; of several, the one that tells most papers where the text begins."""
    candidates = [layout for layout in registered() if layout.recognises(text)]
    if not candidates:
        known = tuple(Problem.of("layout", layout=layout.name, needs=layout.needs) for layout in registered())
        raise UnreadableDigest("unknown_layout", layouts=known)
    if len(candidates) == 1:
        return candidates[0]
    sample = text[:_SAMPLE]
    return max(candidates, key=lambda layout: _papers_told(layout.read(sample)))


def _papers_told(reading: Reading) -> int:
    """How many entries say which paper they are of: any heading makes an entry, but an id or authors do not come by
    chance."""
    return sum(entry.arxiv_id is not None or entry.authors != () for entry in reading.entries)


def _no_entries(layout: Layout, reading: Reading) -> UnreadableDigest:
    if not reading.warnings:
        return UnreadableDigest("no_entries", layout=layout.name, needs=layout.needs)
    first = reading.warnings[0]
    trouble = first.problem or first.text
    return UnreadableDigest("no_usable_entries", layout=layout.name, line=first.line, trouble=trouble)
