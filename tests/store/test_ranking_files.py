"""The index on the disk: generations that are whole, share what they can, and are deleted when unused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from store.ranking import Document, InvertedIndex, UnreadableIndex, remove_unused

QUERY = ["agent", "word7", "推理"]


def documents(numbers: Iterable[int], *words: str) -> list[Document]:
    return [
        Document(number, f"2505-{number:05d}", Counter([f"word{number % 50}", "推理", *words])) for number in numbers
    ]


def make_index() -> InvertedIndex:
    return InvertedIndex.build(documents(range(1100)) + documents([5000], "agent"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_opened_index_ranks_as_the_one_that_was_written(tmp_path: Path) -> None:
    index = make_index()
    index.write(tmp_path, 1)

    opened = InvertedIndex.open(tmp_path, 1)

    assert opened.top(QUERY, 20) == index.top(QUERY, 20)
    assert opened.ids.tolist() == index.ids.tolist()


def test_an_empty_index_can_be_written_and_opened(tmp_path: Path) -> None:
    InvertedIndex.build([]).write(tmp_path, 1)

    assert InvertedIndex.open(tmp_path, 1).top(QUERY, 3) == []


def test_a_small_change_writes_a_small_segment_and_leaves_the_large_one_alone(tmp_path: Path) -> None:
    written = make_index().write(tmp_path, 1)
    large = tmp_path / "ranking-1-0.segment"
    before = large.stat()

    changed = written.apply(documents([5], "agent"), [6])
    changed.write(tmp_path, 2)

    assert (large.stat().st_ino, large.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (tmp_path / "ranking-2-1.segment").stat().st_size < before.st_size / 20
    assert InvertedIndex.open(tmp_path, 2).top(QUERY, 20) == changed.top(QUERY, 20)


def test_both_generations_can_be_read_until_the_old_one_is_removed(tmp_path: Path) -> None:
    first = make_index().write(tmp_path, 1)
    before = first.top(QUERY, 5)
    first.apply(documents([5], "agent")).write(tmp_path, 2)
    assert InvertedIndex.open(tmp_path, 1).top(QUERY, 5) == before

    assert remove_unused(tmp_path, {2}) == ["ranking-1.json", "ranking-1.statistics"]

    assert names(tmp_path) == [
        "ranking-1-0.segment", "ranking-2-1.segment", "ranking-2.json", "ranking-2.statistics"
    ]  # fmt: skip
    assert len(InvertedIndex.open(tmp_path, 2)) == 1101
    # A reader that holds the old generation goes on with it.
    assert first.top(QUERY, 5) == before


def test_only_index_files_are_removed(tmp_path: Path) -> None:
    (tmp_path / "archive.db").touch()
    (tmp_path / ".ranking-9.json.tmp").touch()
    make_index().write(tmp_path, 1)

    remove_unused(tmp_path, set())

    assert names(tmp_path) == ["archive.db"]


def test_nothing_is_removed_where_a_kept_generation_is_damaged(tmp_path: Path) -> None:
    make_index().write(tmp_path, 1)
    (tmp_path / "ranking-1.json").write_text("{}")
    before = names(tmp_path)

    with pytest.raises(UnreadableIndex):
        remove_unused(tmp_path, {1})

    assert names(tmp_path) == before


def test_a_generation_can_be_written_again(tmp_path: Path) -> None:
    """As after a load that was cut off before the database named its generation."""
    make_index().write(tmp_path, 1)
    other = InvertedIndex.build(documents(range(3), "agent"))

    other.write(tmp_path, 1)

    assert InvertedIndex.open(tmp_path, 1).top(QUERY, 5) == other.top(QUERY, 5)


def test_a_write_that_fails_leaves_no_generation(tmp_path: Path) -> None:
    (tmp_path / "ranking-1.statistics").mkdir()

    with pytest.raises(OSError):
        make_index().write(tmp_path, 1)

    assert names(tmp_path) == ["ranking-1-0.segment", "ranking-1.statistics"]


def test_an_unknown_generation_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        InvertedIndex.open(tmp_path, 7)


@pytest.mark.parametrize("name", ["ranking-1-0.segment", "ranking-1.statistics", "ranking-1.json"])
@pytest.mark.parametrize("damage", ["cut", "foreign", "empty"])
def test_a_damaged_file_is_told_from_a_missing_one(tmp_path: Path, name: str, damage: str) -> None:
    make_index().write(tmp_path, 1)
    path = tmp_path / name
    data = path.read_bytes()
    path.unlink()
    path.write_bytes({"cut": data[: len(data) // 2], "foreign": b"x" * len(data), "empty": b""}[damage])

    with pytest.raises(UnreadableIndex):
        InvertedIndex.open(tmp_path, 1)


def test_statistics_of_another_index_are_refused(tmp_path: Path) -> None:
    make_index().write(tmp_path, 1)
    InvertedIndex.build(documents(range(3))).write(tmp_path, 2)
    (tmp_path / "ranking-2.statistics").replace(tmp_path / "ranking-1.statistics")

    with pytest.raises(UnreadableIndex, match="does not fit"):
        InvertedIndex.open(tmp_path, 1)
