"""The command line's interfaces, exactly: JSON keys and their order, a line in and an object out, exit statuses."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests import flock
from tests.conftest import ROOT, write_digests
from tests.digests import weekly_digest, weekly_entry

pytestmark = pytest.mark.usefixtures("logging_as_it_was")

HIT_KEYS = ["key", "arxiv_id", "title_en", "title_zh", "score", "snippet"]
PAPER_KEYS = [
    "key",
    "arxiv_id",
    "version",
    "title_en",
    "title_zh",
    "authors",
    "published",
    "summary_en",
    "summary_zh",
    "points",
    "notes",
    "code_url",
    "links",
    "topics",
    "sources",
]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def digestbot(*arguments: object, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def objects(*arguments: object, stdin: str | bytes | None = None) -> list[dict[str, Any]]:
    """What a call that succeeds writes to standard output: one JSON object a line, and nothing else."""
    result = digestbot(*arguments, stdin=stdin)
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


class TestLoad:
    def test_the_report_as_json(self, tmp_path: Path) -> None:
        write_digests(tmp_path / "seeds", flock.files())
        [report] = objects("load", "--json", "--data", tmp_path / "data", "--seeds", tmp_path / "seeds")
        assert isinstance(report.pop("seconds"), float)
        assert list(report.items()) == [
            (
                "files",
                [
                    {"name": flock.FRIDAY, "layout": "daily", "entries": 1, "warnings": [], "error": None},
                    {"name": flock.MAY, "layout": "weekly", "entries": 7, "warnings": [], "error": None},
                ],
            ),
            ("papers", 8),
            ("added", 8),
            ("changed", 0),
            ("removed", 0),
        ]

    def test_the_shipped_digests(self, tmp_path: Path) -> None:
        [report] = objects("load", "--json", "--data", tmp_path, "--seeds", ROOT / "seeds")
        assert list(report) == ["files", "papers", "added", "changed", "removed", "seconds"]
        assert (report["papers"], report["added"]) == (144, 144)
        assert sum(file["entries"] for file in report["files"]) == 145

    def test_a_file_that_cannot_be_used_is_status_1(self, tmp_path: Path) -> None:
        write_digests(tmp_path / "seeds", {**flock.files(), "notes.txt": "no digest\n"})
        result = digestbot("load", "--json", "--data", tmp_path / "data", "--seeds", tmp_path / "seeds")
        assert result.exit_code == 1
        refused = json.loads(result.stdout)["files"][-1]
        assert list(refused) == ["name", "layout", "entries", "warnings", "error"]
        assert (refused["name"], refused["layout"], refused["entries"]) == ("notes.txt", None, 0)
        assert refused["error"].startswith("The file is in no layout that is known")

    def test_the_report_for_a_person_names_twenty_papers_of_a_kind(self, tmp_path: Path) -> None:
        entries = [weekly_entry(f"Sheep Number {n}", f"{n}号绵羊", f"2505.{n:05}", f"{n}号。") for n in range(1, 26)]
        write_digests(tmp_path / "seeds", {flock.MAY: weekly_digest(*entries)})
        result = digestbot("load", "--data", tmp_path / "data", "--seeds", tmp_path / "seeds")
        lines = result.stdout.splitlines()
        assert lines[0] == "2025-05-weekly.md: weekly, 25 entries, added"
        assert len([line for line in lines if line.startswith("  added ")]) == 20
        assert lines[-2] == "  … and 5 more added"
        assert lines[-1].startswith("25 papers in the archive: 25 added, 0 changed, 0 removed, in ")

    def test_no_folder_no_digests(self, tmp_path: Path) -> None:
        result = digestbot("load", "--json", "--data", tmp_path / "data", "--seeds", tmp_path / "none")
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr.startswith(f"Error: There is no folder {tmp_path / 'none'}: ")

    def test_folders_come_from_the_environment_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_digests(tmp_path / "mine", flock.files())
        monkeypatch.setenv("DIGESTBOT_SEEDS", "mine")
        monkeypatch.setenv("DIGESTBOT_DATA", "kept")
        [report] = objects("load", "--json")
        assert report["papers"] == 8
        assert (tmp_path / "kept" / "archive.db").is_file()


class TestPapers:
    def test_every_paper_newest_first_with_every_field(self, sheep: Path) -> None:
        papers = objects("papers", "--json", "--data", sheep)
        assert [list(paper) for paper in papers] == [PAPER_KEYS] * 8
        assert [paper["published"] for paper in papers] == ["2025-05-30", *["2025-05"] * 6, "2001-12"]
        assert papers[0]["arxiv_id"] is None
        assert papers[0]["title_zh"] is None
        assert papers[-1]["arxiv_id"] == "cs/0112017"

    def test_one_paper_whole(self, sheep: Path) -> None:
        [paper] = [paper for paper in objects("papers", "--json", "--data", sheep) if paper["key"] == "2505-00002"]
        assert paper == {
            "key": "2505-00002",
            "arxiv_id": "2505.00002",
            "version": None,
            "title_en": "A Survey of Fences for Sheep",
            "title_zh": "绵羊围栏综述",
            "authors": [],
            "published": "2025-05",
            "summary_en": "This survey reviews fences for sheep.",
            "summary_zh": "本文综述了绵羊围栏的做法。",
            "points": [],
            "notes": [],
            "code_url": None,
            "links": [],
            "topics": ["survey"],
            "sources": paper["sources"],
        }
        [source] = paper["sources"]
        assert list(source) == ["file", "line", "date", "fields"]
        assert (source["file"], source["line"], source["date"]) == (flock.MAY, 8, "2025-05")
        assert {"title_en", "title_zh", "summary_en", "summary_zh"} <= set(source["fields"])

    def test_chinese_is_written_as_it_is(self, sheep: Path) -> None:
        assert "绵羊围栏综述" in digestbot("papers", "--json", "--data", sheep).stdout


class TestSearchAndAsk:
    def test_a_query_in_words(self, sheep: Path) -> None:
        [found] = objects("search", "--json", "--data", sheep, "watches", "lantern")
        assert list(found) == ["query", "papers"]
        assert found["query"] == "watches lantern"
        [paper] = found["papers"]
        assert list(paper) == HIT_KEYS
        assert isinstance(paper.pop("score"), float)
        assert paper.pop("key").startswith("t")
        assert paper == {
            "arxiv_id": None,
            "title_en": flock.WITHOUT_ID,
            "title_zh": None,
            "snippet": "A lantern watches sheep at night.",
        }

    def test_a_line_in_and_an_object_out_blank_ones_too(self, sheep: Path) -> None:
        lines = "lantern\n\n  \n领头羊\r\n"
        found = objects("search", "--json", "--data", sheep, stdin=lines)
        assert [each["query"] for each in found] == ["lantern", "", "  ", "领头羊"]
        assert [len(each["papers"]) > 0 for each in found] == [True, False, False, True]

    def test_a_last_line_without_line_feed_counts(self, sheep: Path) -> None:
        assert len(objects("ask", "--json", "--data", sheep, stdin="lantern?\nsheep?")) == 2

    def test_nothing_in_is_nothing_out(self, sheep: Path) -> None:
        assert objects("search", "--json", "--data", sheep, stdin="") == []

    def test_other_line_breaks_are_part_of_a_query(self, sheep: Path) -> None:
        query = "lantern\u2028sheep\u2029\x0bdog\x85\rwool"
        assert [found["query"] for found in objects("search", "--json", "--data", sheep, stdin=f"{query}\n")] == [query]

    def test_bytes_that_are_no_text_are_no_crash(self, sheep: Path) -> None:
        [found] = objects("search", "--json", "--data", sheep, stdin=b"lantern \xff\xfe\n")
        assert found["query"] == "lantern \ufffd\ufffd"
        [found] = objects("search", "--json", "--data", sheep, "lantern \udcff")
        assert len(found["papers"]) == 1

    @pytest.mark.parametrize(("count", "papers"), [(1, 1), (3, 3), (100, 8)])
    def test_as_many_papers_as_asked_for(self, sheep: Path, count: int, papers: int) -> None:
        [found] = objects("search", "--json", "-k", count, "--data", sheep, "sheep")
        assert len(found["papers"]) == papers

    def test_ten_papers_unless_asked_otherwise(self, shipped: Path) -> None:
        [found] = objects("search", "--json", "--data", shipped, "GRPO")
        assert len(found["papers"]) == 10
        scores = [paper["score"] for paper in found["papers"]]
        assert scores == sorted(scores, reverse=True)

    def test_an_answer(self, sheep: Path) -> None:
        [answer] = objects("ask", "--json", "--data", sheep, "What", "shearing", "rate", "does", "Woolly", "reach?")
        assert list(answer) == ["question", "answered", "answer", "evidence", "papers"]
        assert answer["question"] == "What shearing rate does Woolly reach?"
        assert answer["answered"] is True
        assert "90.5%" in answer["answer"]
        assert list(answer["evidence"][0]) == ["key", "arxiv_id", "sentence"]
        assert answer["evidence"][0]["key"] == "2505-00001"
        assert [list(paper) for paper in answer["papers"]] == [HIT_KEYS] * len(answer["papers"])

    def test_no_answer(self, sheep: Path) -> None:
        [answer] = objects("ask", "--json", "--data", sheep, stdin="\n")
        assert answer == {"question": "", "answered": False, "answer": "", "evidence": [], "papers": []}

    def test_results_for_a_person(self, sheep: Path) -> None:
        result = digestbot("search", "--data", sheep, "lantern")
        assert result.stdout.startswith("1. Nightwatch: Sheep in the Dark (t")
        assert result.stdout.endswith(")\n   A lantern watches sheep at night.\n")


class TestTopicsPaperAndDigest:
    def test_every_topic_with_its_papers(self, sheep: Path) -> None:
        topics = objects("topics", "--json", "--data", sheep)
        assert [list(topic) for topic in topics] == [["slug", "name_en", "name_zh", "papers"]] * 19
        assert topics[9] == {"slug": "survey", "name_en": "Surveys", "name_zh": "综述", "papers": ["2505-00002"]}

    def test_one_paper_by_any_name(self, sheep: Path) -> None:
        for wanted in (["2505.00003v2"], ["A", "Survey", "of", "Fences", "for", "Sheep"], ["2505-00001"]):
            [paper] = objects("paper", "--json", "--data", sheep, *wanted)
            assert list(paper) == PAPER_KEYS

    def test_a_paper_that_is_not_there(self, sheep: Path) -> None:
        result = digestbot("paper", "--json", "--data", sheep, "2505.00009")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: There is no paper '2505.00009'. The nearest are:\n  2505-0000")

    def test_the_digest_of_a_day(self, sheep: Path) -> None:
        [digest] = objects("digest", "--json", "--data", sheep, "2025-05-30")
        assert digest["query"] == "2025-05-30"
        assert [paper["title_en"] for paper in digest["papers"]] == [flock.WITHOUT_ID]

    @pytest.mark.parametrize("when", ["2025-02-30", "someday"])
    def test_what_is_no_date_is_a_wrong_call(self, sheep: Path, when: str) -> None:
        result = digestbot("digest", "--json", "--data", sheep, when)
        assert (result.exit_code, result.stdout) == (2, "")


class TestFailures:
    """One clear sentence on standard error, and an exit status of its own."""

    def test_no_archive_yet(self, tmp_path: Path) -> None:
        for command in ("search", "ask", "papers", "topics"):
            result = digestbot(command, "--json", "--data", tmp_path)
            assert (result.exit_code, result.stdout) == (3, "")
            assert result.stderr == f"Error: There is no archive in {tmp_path} yet: run `digestbot load` first.\n"

    def test_a_damaged_archive(self, tmp_path: Path) -> None:
        (tmp_path / "archive.db").write_bytes(b"not a database" * 100)
        result = digestbot("search", "--json", "--data", tmp_path, "x")
        assert (result.exit_code, result.stdout) == (3, "")
        assert "cannot be read (file is not a database)" in result.stderr
        assert "delete archive.db" in result.stderr

    def test_a_load_into_a_damaged_archive(self, tmp_path: Path) -> None:
        write_digests(tmp_path / "seeds", flock.files())
        (tmp_path / "archive.db").write_bytes(b"not a database" * 100)
        result = digestbot("load", "--json", "--data", tmp_path)
        assert (result.exit_code, result.stdout) == (3, "")
        assert result.stderr == (
            f"Error: The archive in {tmp_path} is damaged (file is not a database): delete archive.db there and load "
            "again.\n"
        )

    def test_a_load_into_a_folder_that_cannot_be(self, tmp_path: Path) -> None:
        write_digests(tmp_path / "seeds", flock.files())
        (tmp_path / "file").touch()
        result = digestbot("load", "--json", "--data", tmp_path / "file" / "data")
        assert (result.exit_code, result.stdout) == (3, "")
        assert "cannot be written" in result.stderr

    @pytest.mark.parametrize("command", ["run", "chat", "load", "search"])
    def test_a_wrong_setting(self, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "hunter2")
        result = digestbot(command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "Error: TELEGRAM_BOT_TOKEN is no bot token; @BotFather gives one like 123456:ABC-DEF.\n"

    @pytest.mark.parametrize("command", ["run", "chat"])
    def test_nothing_to_begin_with(self, command: str) -> None:
        result = digestbot(command)
        assert (result.exit_code, result.stdout) == (3, "")
        assert "There is no folder seeds: make it and put digest files" in result.stderr

    @pytest.mark.parametrize("token", ["", "1:x"])
    def test_a_damaged_chats_db(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)
        write_digests(tmp_path / "seeds", flock.files())
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "chats.db").write_bytes(b"not a database" * 100)
        result = digestbot("run")
        assert (result.exit_code, result.stdout) == (4, "")
        assert "chats.db is damaged" in result.stderr

    def test_seeds_gone_since_are_no_reason_to_be_silent(self, tmp_path: Path) -> None:
        write_digests(tmp_path / "seeds", flock.files())
        assert digestbot("load").exit_code == 0
        write_digests(tmp_path / "seeds", {})
        connection = sqlite3.connect(tmp_path / "data" / "chats.db")
        connection.close()
        (tmp_path / "data" / "chats.db").write_bytes(b"not a database" * 100)
        result = digestbot("run")
        # It went on past the load, to the next thing that was wrong here.
        assert "Digests were not loaded: The folder seeds holds no digest files" in result.stderr
        assert result.exit_code == 4


def test_help_names_every_command() -> None:
    result = digestbot("--help")
    assert result.exit_code == 0
    commands = "run chat load search ask paper papers topics digest doctor backup restore"
    for command in commands.split():
        assert f"\n  {command} " in result.stdout
