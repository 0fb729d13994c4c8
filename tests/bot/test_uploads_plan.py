"""What keeping files would write, and undoing it: names never collide, and nothing of the seeds is touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.uploads import NameTaken, PutFiles, TakeAway, Uploads, content_tag, plan_for, tag
from store import IncomingFile, Shelf


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_new_files_keep_their_names(seeds: Path, shelf: Shelf) -> None:
    plan = plan_for({"a.md": b"a", "b.md": b"b"}, seeds, shelf)
    assert plan.files == {"a.md": b"a", "b.md": b"b"}
    assert (plan.came_as, plan.replaces, plan.known) == ({}, frozenset(), {})


def test_a_name_of_the_seeds_gets_a_number_that_is_free(seeds: Path, shelf: Shelf) -> None:
    (seeds / "a.md").write_bytes(b"seed")
    shelf.put({"a-2.md": b"2"})
    plan = plan_for({"a.md": b"a", "a-3.md": b"3"}, seeds, shelf)
    assert plan.files == {"a-4.md": b"a", "a-3.md": b"3"}
    assert plan.came_as == {"a-4.md": "a.md"}
    assert plan.replaces == frozenset()


def test_a_name_of_an_uploaded_file_replaces_it_unless_both_are_wanted(seeds: Path, shelf: Shelf) -> None:
    shelf.put({"a.md": b"old"})
    assert plan_for({"a.md": b"a"}, seeds, shelf).files == {"a.md": b"a"}
    assert plan_for({"a.md": b"a"}, seeds, shelf).replaces == {"a.md"}
    both = plan_for({"a.md": b"a"}, seeds, shelf, both=True)
    assert (both.files, both.replaces) == ({"a-2.md": b"a"}, frozenset())


def test_names_that_differ_in_case_are_one_name(seeds: Path, shelf: Shelf) -> None:
    (seeds / "Seed.md").write_bytes(b"seed")
    shelf.put({"June.md": b"old"})
    plan = plan_for({"seed.md": b"s", "june.md": b"new", "JUNE.md": b"newer"}, seeds, shelf)
    assert plan.files == {"seed-2.md": b"s", "June.md": b"new", "JUNE-2.md": b"newer"}
    assert plan.replaces == {"June.md"}


def test_the_same_bytes_are_known_wherever_they_are(seeds: Path, shelf: Shelf) -> None:
    (seeds / "seed.md").write_bytes(b"seed")
    shelf.put({"a.md": b"a"})
    plan = plan_for({"x.md": b"seed", "a.md": b"a", "y.md": b"new!"}, seeds, shelf)
    assert plan.known == {"x.md": "seed.md", "a.md": "a.md"}
    assert plan.files == {"y.md": b"new!"}


def test_putting_files_is_undone_whole(shelf: Shelf) -> None:
    shelf.put({"a.md": b"old", "other.md": b"other"})
    change = PutFiles(shelf, {"a.md": b"new", "b.md": b"b"}, {"a.md"})
    change.make()
    assert contents(shelf) == {"a.md": b"new", "b.md": b"b", "other.md": b"other"}
    change.undo()
    assert contents(shelf) == {"a.md": b"old", "other.md": b"other"}


def test_so_is_putting_that_failed(shelf: Shelf) -> None:
    shelf.put({"a.md": b"old"})
    (shelf.folder / "b.md").mkdir()
    change = PutFiles(shelf, {"a.md": b"new", "b.md": b"b"}, {"a.md"})
    with pytest.raises(OSError, match=r"b\.md"):
        change.make()
    change.undo()
    assert contents(shelf) == {"a.md": b"old"}


def test_a_file_that_has_come_meanwhile_is_neither_overwritten_nor_undone(shelf: Shelf) -> None:
    shelf.put({"a.md": b"old", "b.md": b"of another admin"})
    change = PutFiles(shelf, {"a.md": b"new", "b.md": b"b"}, {"a.md"})
    with pytest.raises(NameTaken):
        change.make()
    change.undo()
    assert contents(shelf) == {"a.md": b"old", "b.md": b"of another admin"}


def test_where_the_files_before_cannot_be_read_they_stay(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put({"a.md": b"old"})
    change = PutFiles(shelf, {"a.md": b"new"}, {"a.md"})
    with monkeypatch.context() as broken, pytest.raises(OSError, match="disk"):
        broken.setattr(Path, "read_bytes", failing)
        change.make()
    change.undo()
    assert contents(shelf) == {"a.md": b"old"}


def test_taking_a_file_away_is_undone(shelf: Shelf) -> None:
    shelf.put({"a.md": b"old"})
    change = TakeAway(shelf, "a.md")
    change.make()
    assert contents(shelf) == {}
    change.undo()
    assert contents(shelf) == {"a.md": b"old"}


def test_taking_away_what_has_gone_is_nothing(shelf: Shelf) -> None:
    change = TakeAway(shelf, "a.md")
    change.make()
    change.undo()
    assert contents(shelf) == {}


def test_the_same_file_twice_is_one_and_another_of_its_name_gets_a_number(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    for data in (b"a", b"a", b"other"):
        uploads.add(1, [IncomingFile("a.md", data)])
    uploads.add(2, [IncomingFile("a.md", b"a")])
    assert uploads.files(1) == {"a.md": b"a", "a-2.md": b"other"}
    assert uploads.waiting() == {1, 2}
    uploads.drop(1)
    uploads.drop(1)
    assert uploads.waiting() == {2}


def test_files_wait_where_no_load_looks(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    uploads.add(7, [IncomingFile("a.md", b"a")])
    assert uploads.shelf.names() == ()
    assert [path.name for path in (tmp_path / "uploads" / "7").rglob("*.md")] == ["a.md"]


@given(st.text(max_size=300), st.binary(max_size=50))
def test_tags_fit_into_a_button(name: str, data: bytes) -> None:
    assert len(tag(name)) == 16
    assert len(content_tag(data)) == 8
    assert set(tag(name) + content_tag(data)) <= set("0123456789abcdef")


def failing(path: Path) -> bytes:
    raise OSError(f"the disk fails at {path}")


def contents(shelf: Shelf) -> dict[str, bytes]:
    return {name: (shelf.folder / name).read_bytes() for name in shelf.names()}
