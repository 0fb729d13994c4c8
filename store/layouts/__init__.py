"""Digest files, read: decoded, given to the layout that recognises them, and dated."""

from __future__ import annotations

from store.layouts import bib_notes, daily, numbered, weekly
from store.layouts.dates import file_name_date, newest_month, stated_date
from store.layouts.decoding import MAX_BYTES, UnreadableDigest, decode, too_large
from store.layouts.registry import Layout, Reading, register, registered
from store.models import Digest

__all__ = [
    "MAX_BYTES",
    "Layout",
    "Reading",
    "UnreadableDigest",
    "bib_notes",
    "daily",
    "numbered",
    "read_digest",
    "register",
    "registered",
    "too_large",
    "weekly",
]


def read_digest(name: str, data: bytes) -> Digest:
    """Read the digest file called ``name``. Its layout is recognised by its content; the name only helps to date it.

    Raises UnreadableDigest, with a sentence for a person, where the file is over 20 MB, empty, in another encoding than
    UTF-8 or GB18030, or in a layout that is not known.
    """
    text = decode(data)
    layout, reading = _choose(text)
    date = stated_date(text) or file_name_date(name)
    inferred = None if date else newest_month(reading.entries)
    return Digest(
        name=name,
        layout=layout.name,
        date=date or inferred,
        date_inferred=inferred is not None,
        entries=reading.entries,
        warnings=reading.warnings,
    )


def _choose(text: str) -> tuple[Layout, Reading]:
    """The layout that recognises the text, and what it reads. Should several, it is the one that finds most entries."""
    candidates = [(layout, layout.read(text)) for layout in registered() if layout.recognises(text)]
    if candidates:
        layout, reading = max(candidates, key=lambda candidate: len(candidate[1].entries))
        if reading.entries:
            return layout, reading
        if reading.warnings:
            warning = reading.warnings[0]
            raise UnreadableDigest(
                f"The file looks like the layout '{layout.name}' but no entry of it could be used; "
                f"the first trouble is on line {warning.line}: {warning.text}"
            )
    known = "; ".join(f"'{layout.name}' needs {layout.needs}" for layout in registered())
    raise UnreadableDigest(f"The file is in no layout that is known: {known}.")
