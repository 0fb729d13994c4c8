"""What the archive would gain or lose by files: told, and not done."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import Archive, Change, LoadError, LoadReport, LoadWarning, load, preview
from tests.digests import daily_digest, weekly_digest, weekly_entry

SHEEP = weekly_digest()
GOATS = weekly_digest(weekly_entry("Goats", "山羊", "2505.00002", "山羊数得慢。"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An archive of two files, sheep.md and goats.md."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "sheep.md").write_text(SHEEP, encoding="utf-8")
    (seeds / "goats.md").write_text(GOATS, encoding="utf-8")
    load(seeds, tmp_path / "data")
    return tmp_path / "data"


def statuses(report: LoadReport) -> dict[str, str]:
    return {file.name: file.status for file in report.files}


def files_of(folder: Path) -> dict[str, bytes]:
    names = {path.name for path in folder.iterdir()} - {"archive.db-wal", "archive.db-shm"}
    return {name: (folder / name).read_bytes() for name in names}


def put(text: str, name: str = "new.md") -> dict[str, bytes]:
    return {name: text.encode("utf-8")}


def test_a_new_file_would_add_its_papers(data: Path) -> None:
    report = preview(data, put=put(weekly_digest(weekly_entry("Clover", "三叶草", "2505.00003"))))
    assert statuses(report) == {"new.md": "added"}
    assert (report.files[0].layout, report.files[0].entries) == ("weekly", 1)
    assert report.changes == (Change(kind="added", key="2505-00003", title="Clover", files=("new.md",)),)
    assert (report.papers, report.added, report.changed, report.removed) == (3, 1, 0, 0)


def test_a_new_file_on_known_papers_would_change_them(data: Path) -> None:
    report = preview(data, put=put(daily_digest(), "daily.txt"))
    assert report.changes == (
        Change(kind="changed", key="2505-00001", title="Counting Sheep with Language Models", files=("daily.txt",)),
    )
    assert report.papers == 2


def test_a_file_of_a_known_name_would_change(data: Path) -> None:
    report = preview(data, put=put(SHEEP + "\n" + GOATS, "sheep.md"))
    assert (statuses(report), report.changed) == ({"sheep.md": "changed"}, 1)


def test_the_same_bytes_are_unchanged(data: Path) -> None:
    report = preview(data, put=put(SHEEP, "sheep.md"))
    assert (statuses(report), report.changes) == ({"sheep.md": "unchanged"}, ())


def test_a_file_that_is_no_digest_would_be_refused(data: Path) -> None:
    report = preview(data, put={"new.md": b"Dear diary.", "empty.md": b"", "sheep.md": b"\x00"})
    assert set(statuses(report).values()) == {"refused"}
    assert [file.problem.kind for file in report.files if file.problem] == ["unknown_layout", "empty", "zero_bytes"]
    assert (report.papers, report.changes) == (2, ())


def test_warnings_are_told_with_their_lines(data: Path) -> None:
    report = preview(data, put=put(weekly_digest() + "\n## \n\nA text that has no title.\n"))
    assert report.files[0].warnings == (LoadWarning.of(6, "no_title_in_heading"),)


def test_a_file_taken_out_would_take_its_papers_with_it(data: Path) -> None:
    report = preview(data, without=["goats.md", "nobody.md"])
    assert statuses(report) == {"goats.md": "removed"}
    assert report.changes == (Change(kind="removed", key="2505-00002", title="Goats", files=("goats.md",)),)
    assert report.papers == 1


def test_several_files_are_seen_together(data: Path) -> None:
    both = {**put(daily_digest(), "daily.txt"), **put(GOATS, "more-goats.md")}
    report = preview(data, put=both, without=["goats.md"])
    assert statuses(report) == {"daily.txt": "added", "more-goats.md": "added", "goats.md": "removed"}
    assert {(change.kind, change.key) for change in report.changes} == {
        ("changed", "2505-00001"),
        ("changed", "2505-00002"),
    }


def test_nothing_is_written(data: Path) -> None:
    with Archive.open(data) as archive:
        before, generation = files_of(data), archive.generation
        preview(data, put=put(daily_digest(), "daily.txt"), without=["goats.md"])
        assert archive.generation == generation
        assert [paper.key for paper in archive.papers()] == ["2505-00002", "2505-00001"]
    assert files_of(data) == before


def test_what_was_foreseen_is_what_a_load_then_does(data: Path, tmp_path: Path) -> None:
    foreseen = preview(data, put=put(daily_digest(), "daily.txt"), without=["goats.md"])
    (tmp_path / "seeds" / "daily.txt").write_text(daily_digest(), encoding="utf-8")
    (tmp_path / "seeds" / "goats.md").unlink()
    done = load(tmp_path / "seeds", data)
    assert (done.changes, done.papers) == (foreseen.changes, foreseen.papers)
    assert [file for file in done.files if file.status != "unchanged"] == list(foreseen.files)


def test_without_an_archive_all_is_new_and_none_is_made(tmp_path: Path) -> None:
    report = preview(tmp_path / "nowhere", put=put(SHEEP))
    assert (statuses(report), report.papers) == ({"new.md": "added"}, 1)
    assert not (tmp_path / "nowhere").exists()


def test_beside_a_load_it_is_told_to_wait(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.database.WRITE_TIMEOUT", 0.0)

    def look(done: int, total: int, name: str) -> None:
        with pytest.raises(LoadError, match="Another load is under way"):
            preview(data, put=put(SHEEP))

    load(tmp_path / "seeds", data, progress=look)


def test_a_damaged_archive_is_told(data: Path) -> None:
    for path in data.glob("archive.db*"):
        path.write_bytes(b"no database" * 1000)
    with pytest.raises(LoadError, match="damaged"):
        preview(data, put=put(SHEEP))
