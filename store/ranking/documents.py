"""What goes into the index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

KEY_LENGTH = 24


class Document(NamedTuple):
    """One document as the index takes it.

    ``id`` is the caller's number for it, unique in the index. ``key`` is at most 24 ASCII characters and
    decides ties. ``frequencies`` says how often each term occurs (1 or more); their sum is the document's
    length.
    """

    id: int
    key: str
    frequencies: Mapping[str, int]
