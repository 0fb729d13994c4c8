"""The glossary that an archive gives of itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from store import load
from store.glossary import Told, Translation, mine
from tests.digests import daily_digest, daily_entry
from tests.store.conftest import MakeArchive


def told(english: str, chinese: str) -> Told:
    return Told(frozenset(english.split()), frozenset(chinese.split()))


def test_a_word_and_its_translation_are_found_in_the_same_papers() -> None:
    papers = [
        told("sheep count", "绵羊 计数"),
        told("sheep wool", "绵羊 羊毛"),
        told("sheep milk", "绵羊 牛奶"),
        told("goat wool", "山羊 羊毛"),
        told("goat milk count", "山羊 牛奶 计数"),
        told("goat", "山羊"),
    ]
    pairs = {(each.term, each.translation) for each in mine(papers)}
    expected = {("sheep", "绵羊"), ("goat", "山羊"), ("wool", "羊毛"), ("milk", "牛奶"), ("count", "计数")}
    assert pairs == expected | {(chinese, english) for english, chinese in expected}


def test_the_more_papers_say_so_the_surer_a_translation() -> None:
    often = mine([told("sheep", "绵羊")] * 10 + [told("cow", "奶牛")] * 2)
    assert often == [
        Translation("sheep", "绵羊", 0.95),
        Translation("cow", "奶牛", 0.75),
        Translation("绵羊", "sheep", 0.95),
        Translation("奶牛", "cow", 0.75),
    ]


def test_a_name_that_chinese_uses_as_it_is_has_no_translation() -> None:
    assert mine([told("scn sheep", "scn 绵羊")] * 3) == [
        Translation("sheep", "绵羊", 0.833),
        Translation("绵羊", "sheep", 0.833),
    ]


def test_nothing_is_mined_from_papers_of_one_language() -> None:
    assert mine([]) == []
    assert mine([told("sheep", ""), told("sheep", "")]) == []


def test_words_of_papers_told_in_both_languages_help_to_find_those_told_in_one(make_archive: MakeArchive) -> None:
    both = [
        daily_entry(
            f"Barn {number}",
            abstract_en=f"Sheep number {number} graze on meadows. They bleat on meadows.",
            abstract_zh=f"第{number}只羊在草甸上吃草。它们在草甸上咩咩叫。",
            points=(),
        )
        for number in range(3)
    ]
    other = [
        daily_entry(
            f"Field {number}", abstract_en="Cows moo. They moo loudly.", abstract_zh="奶牛哞哞叫。声音很大。", points=()
        )
        for number in range(3)
    ]
    chinese = "## X\n[新的草甸](https://arxiv.org/abs/2506.00001)\n\n这里只说草甸，别的都不说。\n"
    archive = make_archive({"a.txt": daily_digest(*both, *other), "b.md": chinese})
    assert "2506-00001" in [hit.key for hit in archive.search("meadows").hits]


def test_an_acronym_finds_papers_that_write_it_out(make_archive: MakeArchive) -> None:
    files = {
        "a.md": "## A\n[甲](https://arxiv.org/abs/2505.00001)\n\n我们使用牧羊网络（SHNX）。\n\n"
        "## B\n[乙](https://arxiv.org/abs/2505.00002)\n\n牧羊网络很好。\n\n"
        "## C\n[丙](https://arxiv.org/abs/2505.00003)\n\n奶牛在睡觉。\n"
    }
    archive = make_archive(files)
    assert [hit.key for hit in archive.search("SHNX").hits] == ["2505-00001", "2505-00002"]


def test_a_load_of_a_changed_file_gives_the_glossary_of_a_full_load(tmp_path: Path) -> None:
    entries = [daily_entry(f"Barn {number}") for number in range(4)]
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "a.txt").write_text(daily_digest(*entries[:3]), encoding="utf-8")
    load(seeds, tmp_path / "one")
    (seeds / "a.txt").write_text(daily_digest(*entries), encoding="utf-8")
    load(seeds, tmp_path / "one")
    load(seeds, tmp_path / "two")
    assert rows(tmp_path / "one", "glossary") == rows(tmp_path / "two", "glossary") != []


def rows(data: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(data / "archive.db")) as database:
        return database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
