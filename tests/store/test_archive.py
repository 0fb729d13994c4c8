"""The reading side: papers by key, by id and by title; topics, digests, related papers; one load at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import Archive, ArchiveMissing, load
from store.arxiv import paper_key
from tests.digests import daily_digest, daily_entry, weekly_digest, weekly_entry
from tests.store.conftest import MakeArchive

SHEEP = weekly_entry("Counting Sheep with Language Models", "用语言模型数羊", "2505.00001")
GOATS = weekly_entry("GoatNet: Herding Goats at Night", "山羊网：夜间牧羊", "2504.00777", "夜里赶山羊，成功率为七成。")
COWS = weekly_entry("A Survey of Milking", "挤奶综述", "2506.01234", "综述了各种挤奶方法。")


def test_papers_come_newest_first(make_archive: MakeArchive) -> None:
    archive = make_archive({"a.md": weekly_digest(SHEEP, GOATS, COWS)})
    assert [paper.key for paper in archive.papers()] == ["2506-01234", "2505-00001", "2504-00777"]


def test_an_unknown_key_is_no_paper(make_archive: MakeArchive) -> None:
    assert make_archive({"a.md": weekly_digest()}).paper("2505-99999") is None


@pytest.mark.parametrize(
    "text",
    [
        "2504.00777",
        "2504.00777v3",
        "arXiv:2504.00777",
        "https://arxiv.org/abs/2504.00777v1",
        "http://arxiv.org/pdf/2504.00777.pdf",
        "https://arxiv.org/html/2504.00777",
        "２５０４．００７７７",
        "2504-00777",
        "goatnet: herding goats at night",
        "GoatNet",
        "GoatNet: Hreding Gaots at Night",
        "山羊网：夜间牧羊",
        "山羊网:夜间放羊",
    ],
)
def test_a_paper_is_found_by_id_link_key_and_title(make_archive: MakeArchive, text: str) -> None:
    lookup = make_archive({"a.md": weekly_digest(SHEEP, GOATS, COWS)}).find(text)
    assert lookup.paper is not None
    assert lookup.paper.key == "2504-00777"


def test_an_id_that_is_not_there_offers_the_nearest_numbers_first(make_archive: MakeArchive) -> None:
    lookup = make_archive({"a.md": weekly_digest(SHEEP, GOATS, COWS)}).find("2504.00778")
    assert (lookup.kind, lookup.wanted, lookup.paper) == ("arxiv_id", "2504.00778", None)
    assert lookup.nearest[0].key == "2504-00777"


def test_a_title_that_is_not_there_offers_papers_that_share_its_words(make_archive: MakeArchive) -> None:
    lookup = make_archive({"a.md": weekly_digest(SHEEP, GOATS, COWS)}).find("milking robots for large farms")
    assert (lookup.kind, lookup.paper) == ("title", None)
    assert lookup.nearest[0].key == "2506-01234"


@pytest.mark.parametrize("text", ["", "   ", "!?", "🐑"])
def test_text_without_words_finds_nothing(make_archive: MakeArchive, text: str) -> None:
    lookup = make_archive({"a.md": weekly_digest()}).find(text)
    assert (lookup.paper, lookup.nearest) == (None, ())


def test_the_latest_digest_is_the_one_with_the_newest_date(make_archive: MakeArchive) -> None:
    files = {
        "2025-05-01-a.md": weekly_digest(SHEEP),
        "2025-06-02-b.md": weekly_digest(COWS),
        "2025-04-c.md": weekly_digest(GOATS),
    }
    archive = make_archive(files)
    assert [info.date for info in archive.digests()] == ["2025-06-02", "2025-05-01", "2025-04"]
    assert [hit.key for hit in archive.digest_papers("latest").hits] == ["2506-01234"]


def test_a_month_holds_what_its_digests_of_all_days_held(make_archive: MakeArchive) -> None:
    archive = make_archive({"2025-05-01-a.md": weekly_digest(SHEEP), "2025-05-b.md": weekly_digest(GOATS)})
    assert {hit.key for hit in archive.digest_papers("2025-05").hits} == {"2505-00001", "2504-00777"}
    assert [hit.key for hit in archive.digest_papers("2025-05-01").hits] == ["2505-00001"]
    assert archive.digest_papers("2025-07").total == 0


def test_a_digest_without_a_date_has_its_newest_papers_month_and_says_so(make_archive: MakeArchive) -> None:
    [info] = make_archive({"a.md": weekly_digest(SHEEP, GOATS)}).digests()
    assert (info.date, info.date_inferred, info.papers) == ("2025-05", True, 2)


def test_a_digest_file_counts_its_entries_and_warnings(make_archive: MakeArchive) -> None:
    text = weekly_digest(SHEEP, SHEEP) + "\n## \n\nA text that has no title.\n"
    [info] = make_archive({"a.md": text}).digests()
    assert (info.papers, info.entries, info.warnings) == (1, 2, 1)


def test_the_last_load_is_the_last_that_changed_something(make_archive: MakeArchive) -> None:
    make_archive({"a.md": weekly_digest(SHEEP)}).close()
    archive = make_archive({"b.md": weekly_digest(GOATS)})
    first = archive.last_load()
    assert first is not None
    assert (first.papers, first.added, first.changed, first.removed) == (2, 1, 0, 0)
    assert abs(first.finished_at - datetime.now(UTC)) < timedelta(minutes=1)
    make_archive({}).close()
    assert archive.last_load() == first


def test_pages_of_a_list_follow_one_another(make_archive: MakeArchive) -> None:
    archive = make_archive({"2025-05-a.md": weekly_digest(SHEEP, GOATS, COWS)})
    pages = [archive.digest_papers("2025-05", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [page.total for page in pages] == [3, 3, 3]
    assert [[hit.key for hit in page.hits] for page in pages] == [["2505-00001", "2504-00777"], ["2506-01234"], []]


def test_the_snippet_of_a_list_is_in_the_wanted_language(make_archive: MakeArchive) -> None:
    archive = make_archive({"2025-05-a.txt": daily_digest(daily_entry())})
    [english] = archive.digest_papers("latest", language="en").hits
    [chinese] = archive.digest_papers("latest", language="zh").hits
    assert english.snippet == "We let a model count sheep, and it finds 90.5% of them in the dark."
    assert chinese.snippet == "我们让模型数羊，它在夜里数出了其中的90.5%。"


@pytest.mark.parametrize("query", ["from:2025", "90.5%"])
def test_the_snippet_of_a_search_is_in_the_wanted_language_where_both_fit(
    make_archive: MakeArchive, query: str
) -> None:
    archive = make_archive({"2025-05-a.txt": daily_digest(daily_entry())})
    [english] = archive.search(query, language="en").hits
    [chinese] = archive.search(query, language="zh").hits
    assert english.snippet == "We let a model count sheep, and it finds 90.5% of them in the dark."
    assert chinese.snippet == "我们让模型数羊，它在夜里数出了其中的90.5%。"


def test_half_a_character_is_looked_for_in_vain(make_archive: MakeArchive) -> None:
    archive = make_archive({"a.md": weekly_digest(SHEEP)})
    assert archive.find("\udcff x").paper is None
    assert archive.search("author:\udcff sheep").hits == ()


def test_an_open_archive_follows_a_load_made_elsewhere(make_archive: MakeArchive, tmp_path: Path) -> None:
    archive = make_archive({"a.md": weekly_digest(SHEEP)})
    before = archive.generation
    make_archive({"b.md": weekly_digest(GOATS)})
    assert archive.generation == before + 1
    assert [hit.key for hit in archive.search("山羊").hits] == ["2504-00777"]
    del tmp_path


def test_an_open_archive_follows_a_load_into_a_new_file(make_archive: MakeArchive, tmp_path: Path) -> None:
    archive = make_archive({"a.md": weekly_digest(SHEEP)})
    before = archive.generation
    (tmp_path / "data" / "archive.db").unlink()
    assert archive.count() == 1  # until there is a new one
    (tmp_path / "data" / "archive.db").touch()
    assert archive.count() == 1  # which nothing was loaded into yet
    (tmp_path / "seeds" / "a.md").unlink()
    make_archive({"b.md": weekly_digest(GOATS)})
    assert [paper.key for paper in archive.papers()] == ["2504-00777"]
    assert [hit.key for hit in archive.search("山羊").hits] == ["2504-00777"]
    assert archive.generation == before + 1


def test_index_files_of_older_loads_are_deleted(make_archive: MakeArchive, tmp_path: Path) -> None:
    make_archive({"a.md": weekly_digest(SHEEP)})
    make_archive({"b.md": weekly_digest(GOATS)})
    make_archive({"c.md": weekly_digest(COWS)})
    manifests = sorted(path.name for path in (tmp_path / "data").glob("*.json"))
    assert len(manifests) == 2  # the newest, and the one readers held until its commit


def test_a_missing_index_is_made_anew_by_the_next_load(make_archive: MakeArchive, tmp_path: Path) -> None:
    make_archive({"a.md": weekly_digest(SHEEP)}).close()
    for path in (tmp_path / "data").iterdir():
        if not path.name.startswith("archive.db"):
            path.unlink()
    archive = make_archive({"a.md": weekly_digest(SHEEP)})
    assert [hit.key for hit in archive.search("数羊").hits] == ["2505-00001"]


@pytest.mark.parametrize("name", ["ranking-1.json", "ranking-1.statistics", "ranking-1-0.segment"])
def test_a_damaged_index_is_made_anew_by_the_next_load(make_archive: MakeArchive, tmp_path: Path, name: str) -> None:
    make_archive({"a.md": weekly_digest(SHEEP)}).close()
    (tmp_path / "data" / name).write_bytes(b"damaged")
    archive = make_archive({"a.md": weekly_digest(SHEEP)})
    assert [hit.key for hit in archive.search("数羊").hits] == ["2505-00001"]
    assert not list((tmp_path / "data").glob("ranking-1*"))


def test_an_archive_that_was_never_loaded_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="run `digestbot load` first"):
        Archive.open(tmp_path)


def test_many_threads_may_ask_at_once(make_archive: MakeArchive) -> None:
    archive = make_archive({"a.md": weekly_digest(SHEEP, GOATS, COWS)})
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: archive.search("山羊 牧羊").hits[0].key, range(64)))
    assert set(found) == {"2504-00777"}


def test_the_alias_of_a_title_resolves_until_the_paper_is_gone(make_archive: MakeArchive, tmp_path: Path) -> None:
    archive = make_archive({"a.md": weekly_digest(SHEEP), "b.md": weekly_digest(GOATS)})
    alias = paper_key(None, "用语言模型数羊")
    assert getattr(archive.paper(alias), "key", None) == "2505-00001"
    (tmp_path / "seeds" / "a.md").unlink()
    load(tmp_path / "seeds", tmp_path / "data")
    assert archive.paper(alias) is None
