"""The folder of uploaded digests: whole files under safe names, and nothing outside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data")


def contents(shelf: Shelf) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in shelf.folder.iterdir()}


def test_files_are_kept_under_their_names(shelf: Shelf) -> None:
    shelf.put({"b.md": b"goats", "a.txt": b"sheep"})
    assert shelf.names() == ("a.txt", "b.md")
    assert contents(shelf) == {"a.txt": b"sheep", "b.md": b"goats"}


def test_a_folder_that_is_not_there_yet_has_no_files(shelf: Shelf) -> None:
    assert shelf.names() == ()
    assert shelf.free_name("a.txt") == "a.txt"
    assert not shelf.folder.exists()


def test_a_file_of_the_same_name_is_replaced(shelf: Shelf) -> None:
    shelf.put({"a.txt": b"sheep"})
    shelf.put({"a.txt": b"goats"})
    assert contents(shelf) == {"a.txt": b"goats"}


def test_a_removed_file_is_gone(shelf: Shelf) -> None:
    shelf.put({"a.txt": b"sheep", "b.txt": b"goats"})
    shelf.remove("a.txt")
    assert contents(shelf) == {"b.txt": b"goats"}
    with pytest.raises(FileNotFoundError):
        shelf.remove("a.txt")


@pytest.mark.parametrize(
    "name",
    ["../a.txt", "/etc/passwd.txt", "x/a.txt", "..", "", ".a.txt", "a.pdf", "a", "A.TXT", "nul.txt", "a\u202eb.md"],
)
def test_a_name_that_is_not_safe_is_refused(shelf: Shelf, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no safe name"):
        shelf.put({"good.txt": b"sheep", name: b"wolf"})
    with pytest.raises(ValueError, match="no safe name"):
        shelf.remove(name)
    with pytest.raises(ValueError, match="no safe name"):
        shelf.free_name(name)
    assert list(tmp_path.rglob("*")) == []


def test_a_link_is_never_written_through(shelf: Shelf, tmp_path: Path) -> None:
    outside = tmp_path / "precious.txt"
    outside.write_bytes(b"precious")
    shelf.folder.mkdir(parents=True)
    (shelf.folder / "a.txt").symlink_to(outside)
    assert shelf.names() == ()
    assert shelf.free_name("a.txt") == "a-2.txt"
    shelf.put({"a.txt": b"sheep"})
    assert (outside.read_bytes(), contents(shelf)) == (b"precious", {"a.txt": b"sheep"})


def test_of_a_link_only_the_link_is_removed(shelf: Shelf, tmp_path: Path) -> None:
    outside = tmp_path / "precious.txt"
    outside.write_bytes(b"precious")
    shelf.folder.mkdir(parents=True)
    (shelf.folder / "a.txt").symlink_to(outside)
    shelf.remove("a.txt")
    assert (outside.read_bytes(), contents(shelf)) == (b"precious", {})


def test_where_a_file_cannot_take_its_place_nothing_is_left_over(shelf: Shelf) -> None:
    (shelf.folder / "a.txt").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        shelf.put({"a.txt": b"sheep"})
    assert [path.name for path in shelf.folder.iterdir()] == ["a.txt"]


def test_only_digest_files_are_listed(shelf: Shelf) -> None:
    shelf.put({"a.txt": b"sheep"})
    (shelf.folder / "folder.md").mkdir()
    for name in (".b.txt", "c.json", "CON.txt"):
        (shelf.folder / name).write_bytes(b"wolf")
    assert shelf.names() == ("a.txt",)


def test_a_free_name_is_neither_there_nor_taken(shelf: Shelf) -> None:
    shelf.put({"a.txt": b"sheep", "a-2.txt": b"sheep"})
    assert shelf.free_name("b.txt") == "b.txt"
    assert shelf.free_name("a.txt") == "a-3.txt"
    assert shelf.free_name("a.txt", {"a-3.txt", "A-4.txt"}) == "a-5.txt"
