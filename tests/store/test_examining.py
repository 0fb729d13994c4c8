"""What a load would make of each digest file, told without loading."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import LoadError, Shelf, examine_files, load
from tests import flock
from tests.conftest import write_digests


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    write_digests(tmp_path / "seeds", flock.files())
    return tmp_path / "seeds"


def statuses(seeds: Path, data: Path) -> dict[str, str]:
    return {file.name: file.status for file in examine_files(seeds, data)}


def test_without_an_archive_all_files_are_new_and_none_is_made(seeds: Path, tmp_path: Path) -> None:
    assert statuses(seeds, tmp_path / "data") == {flock.FRIDAY: "added", flock.MAY: "added"}
    assert not (tmp_path / "data").exists()
    assert sum(file.entries for file in examine_files(seeds, tmp_path / "data")) == 8


def test_files_are_compared_with_the_archive(seeds: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    load(seeds, data)
    assert set(statuses(seeds, data).values()) == {"unchanged"}
    text = flock.files()[flock.MAY]
    (seeds / flock.MAY).write_text(text + "\n", encoding="utf-8")
    (seeds / flock.FRIDAY).unlink()
    (seeds / "notes.txt").write_text("no digest\n")
    Shelf(data).put({"more.md": text.encode(), flock.MAY: text.encode()})
    found = [(file.name, file.status) for file in examine_files(seeds, data)]
    assert found == [
        (flock.MAY, "changed"),
        ("notes.txt", "refused"),
        (flock.MAY, "refused"),  # uploaded under the name of a seed
        ("more.md", "added"),
        (flock.FRIDAY, "removed"),
    ]


def test_it_says_what_a_load_says(seeds: Path, tmp_path: Path) -> None:
    (seeds / "notes.txt").write_text("no digest\n")
    (seeds / "empty.txt").touch()
    told = {file.name: (file.problem, file.warnings, file.entries) for file in examine_files(seeds, tmp_path / "data")}
    report = load(seeds, tmp_path / "data")
    assert told == {file.name: (file.problem, file.warnings, file.entries) for file in report.files}


def test_a_damaged_archive_is_told_elsewhere(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "archive.db").write_bytes(b"not a database" * 100)
    assert set(statuses(seeds, tmp_path / "data").values()) == {"added"}


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="There is no folder"):
        examine_files(tmp_path / "none", tmp_path)
