"""A small archive of made-up papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store import Archive, load

MakeArchive = Callable[[dict[str, str]], Archive]


@pytest.fixture
def make_archive(tmp_path: Path) -> Iterator[MakeArchive]:
    """Loads the given files (name to text) into an archive; the same folder again when called again."""
    opened: list[Archive] = []

    def make(files: dict[str, str]) -> Archive:
        seeds = tmp_path / "seeds"
        seeds.mkdir(exist_ok=True)
        for name, text in files.items():
            (seeds / name).write_text(text, encoding="utf-8")
        load(seeds, tmp_path / "data")
        opened.append(Archive.open(tmp_path / "data"))
        return opened[-1]

    yield make
    for archive in opened:
        archive.close()
