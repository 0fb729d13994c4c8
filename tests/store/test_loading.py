"""A folder of digest files becomes the archive: what is added, changed, removed, refused and left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from store import UPLOADS_FOLDER, Archive, ChangeCounts, LoadError, LoadReport, LoadWarning, Problem, Progress, load
from store.arxiv import paper_key
from tests.digests import daily_digest, daily_entry, weekly_digest, weekly_entry


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def statuses(report: LoadReport) -> dict[str, str]:
    return {file.name: file.status for file in report.files}


def changes(report: LoadReport) -> set[tuple[str, str]]:
    return {(change.kind, change.key) for change in report.changes}


def keys(data: Path) -> list[str]:
    with Archive.open(data) as archive:
        return [paper.key for paper in archive.papers()]


def test_a_new_file_adds_its_papers(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    report = load(seeds, data)
    assert statuses(report) == {"a.md": "added"}
    assert (report.papers, report.added, report.changed, report.removed) == (1, 1, 0, 0)
    assert changes(report) == {("added", "2505-00001")}


def test_an_unchanged_file_is_skipped_and_the_archive_stays_the_same_generation(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    load(seeds, data)
    with Archive.open(data) as archive:
        before = archive.generation
        report = load(seeds, data)
        assert (statuses(report), report.added, report.papers) == ({"a.md": "unchanged"}, 0, 1)
        assert archive.generation == before


def test_each_file_tells_how_many_papers_came_changed_and_went_on_its_account(tmp_path: Path) -> None:
    seeds, data = tmp_path / "seeds", tmp_path / "data"
    seeds.mkdir()
    sheep, goats = weekly_entry("Sheep", "羊", "2505.00001"), weekly_entry("Goats", "山羊", "2505.00002")
    for name, entries in {"a.md": [sheep], "b.md": [goats], "c.md": [goats]}.items():
        (seeds / name).write_text(weekly_digest(*entries), encoding="utf-8")
    # A paper of two files counts for both.
    assert papers_by_file(load(seeds, data)) == {"a.md": (1, 0, 0), "b.md": (1, 0, 0), "c.md": (1, 0, 0)}
    (seeds / "a.md").unlink()
    (seeds / "b.md").unlink()
    (seeds / "d.md").write_text(weekly_digest(goats, weekly_entry("Cows", "牛", "2505.00003")), encoding="utf-8")
    assert papers_by_file(load(seeds, data)) == {
        "a.md": (0, 0, 1),
        "b.md": (0, 1, 0),
        "c.md": (0, 0, 0),
        "d.md": (1, 1, 0),
    }


def papers_by_file(report: LoadReport) -> dict[str, ChangeCounts]:
    return {file.name: file.papers for file in report.files}


def test_an_unchanged_file_still_reports_its_entries_and_warnings(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest() + "\n## \n\nA text that has no title.\n", encoding="utf-8")
    first, second = load(seeds, data), load(seeds, data)
    assert first.files[0].warnings == (LoadWarning.of(6, "no_title_in_heading"),)
    assert second.files[0] == first.files[0].model_copy(update={"status": "unchanged", "papers": ChangeCounts()})


def test_an_unchanged_file_keeps_the_values_of_its_warnings(seeds: Path, data: Path) -> None:
    digest = "- [25/04] **羊**\n[[Paper](http://arxiv.org/abs/2504.00002)]\n\n## 山羊\n### Abstract\nGoats.\n"
    (seeds / "a.md").write_text(digest, encoding="utf-8")
    load(seeds, data)
    assert load(seeds, data).files[0].warnings == (LoadWarning.of(4, "not_in_list", slug="山羊"),)


def test_a_changed_file_changes_only_the_papers_it_tells_otherwise(seeds: Path, data: Path) -> None:
    file = seeds / "a.md"
    goats = weekly_entry("Counting Goats", "数山羊", "2505.00002", "山羊数得慢。")
    file.write_text(weekly_digest(weekly_entry(), goats), encoding="utf-8")
    load(seeds, data)
    more = weekly_entry(body="我们让模型数绵羊，快得出奇。")
    file.write_text(weekly_digest("\n\n" + more, goats), encoding="utf-8")
    report = load(seeds, data)
    assert statuses(report) == {"a.md": "changed"}
    assert changes(report) == {("changed", "2505-00001")}
    with Archive.open(data) as archive:
        paper = archive.paper("2505-00001")
        assert paper is not None
        assert paper.summary_zh == "我们让模型数绵羊，快得出奇。"
        assert archive.search("准确率").total == 0
        assert [hit.key for hit in archive.search("绵羊").hits] == ["2505-00001"]


def test_an_entry_that_only_moved_is_no_change_but_its_line_is_right(seeds: Path, data: Path) -> None:
    file = seeds / "a.md"
    file.write_text(weekly_digest(), encoding="utf-8")
    load(seeds, data)
    file.write_text("\n\n\n" + weekly_digest(), encoding="utf-8")
    assert load(seeds, data).changes == ()
    with Archive.open(data) as archive:
        paper = archive.paper("2505-00001")
        assert paper is not None
        assert [source.line for source in paper.sources] == [4]


def test_a_removed_file_takes_its_papers_with_it(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    (seeds / "b.md").write_text(weekly_digest(weekly_entry("Goats", "山羊", "2505.00002")), encoding="utf-8")
    load(seeds, data)
    (seeds / "b.md").unlink()
    report = load(seeds, data)
    assert statuses(report) == {"a.md": "unchanged", "b.md": "removed"}
    assert changes(report) == {("removed", "2505-00002")}
    assert keys(data) == ["2505-00001"]


def test_a_paper_that_another_file_still_tells_of_is_changed_not_removed(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    (seeds / "b.txt").write_text(daily_digest(), encoding="utf-8")
    load(seeds, data)
    (seeds / "b.txt").unlink()
    assert changes(load(seeds, data)) == {("changed", "2505-00001")}
    with Archive.open(data) as archive:
        paper = archive.paper("2505-00001")
        assert paper is not None
        assert [source.file for source in paper.sources] == ["a.md"]
        assert (paper.authors, paper.summary_en) == ((), None)


def test_a_paper_that_gets_its_arxiv_id_keeps_its_old_key_as_an_alias(seeds: Path, data: Path) -> None:
    (seeds / "b.txt").write_text(daily_digest(), encoding="utf-8")
    load(seeds, data)
    old = paper_key(None, "Counting Sheep with Language Models")
    assert keys(data) == [old]
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    assert changes(load(seeds, data)) == {("changed", "2505-00001")}
    with Archive.open(data) as archive:
        paper = archive.paper(old)
        assert paper is not None
        assert (paper.key, paper.arxiv_id) == ("2505-00001", "2505.00001")


def test_an_old_key_resolves_in_an_archive_that_never_gave_it(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    load(seeds, data)
    with Archive.open(data) as archive:
        paper = archive.paper(paper_key(None, "Counting Sheep with Language Models"))
        assert paper is not None
        assert paper.key == "2505-00001"


def test_two_papers_that_turn_out_to_be_one_leave_an_alias_each(seeds: Path, data: Path) -> None:
    (seeds / "a.txt").write_text(daily_digest(), encoding="utf-8")
    (seeds / "b.txt").write_text(daily_digest(daily_entry(title_en="Sheep, Counted")), encoding="utf-8")
    load(seeds, data)
    first, second = paper_key(None, "Counting Sheep with Language Models"), paper_key(None, "Sheep, Counted")
    both = (
        weekly_entry(title_en="Counting Sheep with Language Models"),
        weekly_entry(title_en="Sheep, Counted"),
    )
    (seeds / "c.md").write_text(weekly_digest(*both), encoding="utf-8")
    load(seeds, data)
    with Archive.open(data) as archive:
        assert [paper.key for paper in archive.papers()] == ["2505-00001"]
        assert {getattr(archive.paper(key), "key", None) for key in (first, second)} == {"2505-00001"}


def test_two_papers_that_turn_out_to_be_one_are_found_by_what_was_said_of_either(seeds: Path, data: Path) -> None:
    told = daily_entry(title_en="Sheep, Counted", abstract_en="A shepherd with a lantern counts twice.")
    (seeds / "a.txt").write_text(daily_digest(), encoding="utf-8")
    (seeds / "b.txt").write_text(daily_digest(told), encoding="utf-8")
    load(seeds, data)
    both = (weekly_entry(), weekly_entry(title_en="Sheep, Counted"))
    (seeds / "c.md").write_text(weekly_digest(*both), encoding="utf-8")
    load(seeds, data)
    with Archive.open(data) as archive:
        snippets = [hit.snippet for query in ("lantern", "dark") for hit in archive.search(query).hits]
        assert snippets == [
            "A shepherd with a lantern counts twice.",
            "We let a model count sheep, and it finds 90.5% of them in the dark.",
        ]


def test_a_paper_is_no_longer_found_by_an_entry_that_went_over_to_another(seeds: Path, data: Path) -> None:
    said = daily_entry(abstract_en="A shepherd with a lantern counts twice.")
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    (seeds / "b.txt").write_text(daily_digest(said), encoding="utf-8")
    load(seeds, data)
    # The title now stands under another id, and the paper that had it has another one.
    entries = weekly_entry("Herding", "牧羊", "2505.00001"), weekly_entry(arxiv_id="2505.00002")
    (seeds / "a.md").write_text(weekly_digest(*entries), encoding="utf-8")
    load(seeds, data)
    with Archive.open(data) as archive:
        assert [hit.key for hit in archive.search("lantern").hits] == ["2505-00002"]


def test_a_title_that_two_papers_have_leads_to_the_one_that_is_left(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    (seeds / "b.md").write_text(weekly_digest(weekly_entry(arxiv_id="2505.00002")), encoding="utf-8")
    load(seeds, data)
    (seeds / "b.md").unlink()
    load(seeds, data)
    with Archive.open(data) as archive:
        paper = archive.paper(paper_key(None, "Counting Sheep with Language Models"))
        assert paper is not None
        assert paper.key == "2505-00001"


def test_a_refused_file_keeps_what_it_had_given(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    load(seeds, data)
    (seeds / "a.md").write_text("Dear diary, no digest here.\n", encoding="utf-8")
    report = load(seeds, data)
    assert statuses(report) == {"a.md": "refused"}
    problem = report.files[0].problem
    assert problem is not None
    assert (problem.kind, problem.text) == ("unknown_layout", report.files[0].error)
    assert keys(data) == ["2505-00001"]


def test_a_refused_file_does_not_stop_the_others(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_bytes(b"")
    (seeds / "b.md").write_text(weekly_digest(), encoding="utf-8")
    report = load(seeds, data)
    assert statuses(report) == {"a.md": "refused", "b.md": "added"}
    assert keys(data) == ["2505-00001"]


def test_a_file_over_20_mb_is_refused_unread(seeds: Path, data: Path) -> None:
    with (seeds / "big.md").open("wb") as file:
        file.truncate(20_000_001)
    report = load(seeds, data)
    assert statuses(report) == {"big.md": "refused"}
    assert "20 MB" in (report.files[0].error or "")


def test_only_txt_and_md_files_that_are_not_hidden_are_read(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    for name in (".hidden.md", "notes.pdf", "b.json"):
        (seeds / name).write_text(weekly_digest(), encoding="utf-8")
    (seeds / "folder.md").mkdir()
    assert statuses(load(seeds, data)) == {"a.md": "added"}


def test_a_missing_folder_is_an_error_and_makes_no_archive(tmp_path: Path, data: Path) -> None:
    with pytest.raises(LoadError, match="There is no folder"):
        load(tmp_path / "nowhere", data)
    assert not data.exists()


def test_an_emptied_folder_changes_nothing(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    load(seeds, data)
    (seeds / "a.md").unlink()
    with pytest.raises(LoadError, match="holds no digest files"):
        load(seeds, data)
    assert keys(data) == ["2505-00001"]


def test_progress_names_each_file_and_ends_complete(seeds: Path, data: Path) -> None:
    for name in ("a.md", "b.md"):
        (seeds / name).write_text(weekly_digest(), encoding="utf-8")
    steps: list[tuple[int, int, str]] = []
    load(seeds, data, progress=lambda done, total, name: steps.append((done, total, name)))
    assert steps == [(0, 2, "a.md"), (1, 2, "b.md"), (2, 2, "")]


def test_a_reader_sees_the_old_archive_until_the_load_commits(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    load(seeds, data)
    (seeds / "b.md").write_text(weekly_digest(weekly_entry("Goats", "山羊", "2505.00002")), encoding="utf-8")
    with Archive.open(data) as archive:
        during: list[int] = []
        load(seeds, data, progress=lambda done, total, name: during.append(archive.count()))
        assert (during, archive.count()) == ([1, 1, 1], 2)
        assert [hit.key for hit in archive.search("山羊").hits] == ["2505-00002"]


def test_a_second_load_at_the_same_time_is_told_so(seeds: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.database.WRITE_TIMEOUT", 0.0)
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")

    def load_again(done: int, total: int, name: str) -> None:
        if not done:
            with pytest.raises(LoadError, match="Another load is under way"):
                load(seeds, data)

    assert load(seeds, data, progress=load_again).papers == 1


def test_an_exception_half_way_rolls_everything_back(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    load(seeds, data)
    (seeds / "b.md").write_text(weekly_digest(weekly_entry("Goats", "山羊", "2505.00002")), encoding="utf-8")

    def fail(done: int, total: int, name: str) -> None:
        if done == total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(seeds, data, progress=fail)
    assert keys(data) == ["2505-00001"]
    assert load(seeds, data).added == 1


def shelve(data: Path, name: str, text: str) -> Path:
    folder = data / UPLOADS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_uploaded_files_are_loaded_after_the_seeds(seeds: Path, data: Path) -> None:
    (seeds / "b.md").write_text(weekly_digest(), encoding="utf-8")
    shelve(data, "a.md", weekly_digest(weekly_entry("Goats", "山羊", "2505.00002")))
    report = load(seeds, data)
    assert [(file.name, file.status) for file in report.files] == [("b.md", "added"), ("a.md", "added")]
    assert keys(data) == ["2505-00002", "2505-00001"]


def test_an_uploaded_file_that_is_gone_takes_its_papers_with_it(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    path = shelve(data, "b.md", weekly_digest(weekly_entry("Goats", "山羊", "2505.00002")))
    load(seeds, data)
    path.unlink()
    assert statuses(load(seeds, data)) == {"a.md": "unchanged", "b.md": "removed"}


def test_an_uploaded_file_with_the_name_of_a_seed_is_refused(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    shelve(data, "a.md", weekly_digest(weekly_entry("Goats", "山羊", "2505.00002")))
    report = load(seeds, data)
    assert [(file.name, file.status) for file in report.files] == [("a.md", "added"), ("a.md", "refused")]
    assert report.files[1].problem == Problem.of("name_taken", folder=str(seeds))
    assert keys(data) == ["2505-00001"]


def test_uploaded_files_alone_are_enough(seeds: Path, data: Path) -> None:
    shelve(data, "a.md", weekly_digest())
    assert load(seeds, data).papers == 1


def test_a_folder_that_cannot_be_read_changes_nothing(seeds: Path, data: Path) -> None:
    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    shelve(data, "b.md", weekly_digest(weekly_entry("Goats", "山羊", "2505.00002")))
    load(seeds, data)
    (data / UPLOADS_FOLDER).rename(data / "elsewhere")
    (data / UPLOADS_FOLDER).symlink_to(UPLOADS_FOLDER)  # leads round in a circle, so that nobody can read it
    with pytest.raises(LoadError, match="cannot be read"):
        load(seeds, data)
    (data / UPLOADS_FOLDER).unlink()
    (data / UPLOADS_FOLDER).symlink_to(data / "a-disk-that-is-not-mounted")
    with pytest.raises(LoadError, match="There is no folder"):
        load(seeds, data)
    assert keys(data) == ["2505-00002", "2505-00001"]


def test_progress_may_end_a_load_at_any_file_and_nothing_has_changed(seeds: Path, data: Path) -> None:
    class Stopped(Exception):
        pass

    def stopping_at(file: str) -> Progress:
        def stop(done: int, total: int, name: str) -> None:
            if name == file:
                raise Stopped

        return stop

    (seeds / "a.md").write_text(weekly_digest(), encoding="utf-8")
    load(seeds, data)
    for name, number in (("b.md", 2), ("c.md", 3)):
        (seeds / name).write_text(weekly_digest(weekly_entry(f"Herd {number}", "羊群", f"2505.0000{number}")), "utf-8")
    for file in ("a.md", "b.md", "c.md", ""):
        with pytest.raises(Stopped):
            load(seeds, data, progress=stopping_at(file))
        assert keys(data) == ["2505-00001"]
    assert load(seeds, data).added == 2


def test_a_long_load_can_be_ended_while_its_papers_are_written(
    seeds: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.updating._AT_ONCE", 1)
    monkeypatch.setattr("store.deriving._CHUNK", 1)
    entries = [weekly_entry(f"Herd {number}", "羊群", f"2505.0000{number}") for number in range(1, 5)]
    (seeds / "a.md").write_text(weekly_digest(*entries), encoding="utf-8")
    steps: list[tuple[int, int, str]] = []
    load(seeds, data, progress=lambda done, total, name: steps.append((done, total, name)))
    assert steps == [(0, 1, "a.md")] + [(1, 1, "")] * (3 + 3 + 4 + 1)  # written, indexed, related; done
