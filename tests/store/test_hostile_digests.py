"""Files made to take long take no longer than others: reading is linear in a file's length, whatever is in it.

The limit is ten times what such a file takes. Where a pattern or a parser takes quadratic time, it takes many times
more than that.
"""

from __future__ import annotations

import time

import pytest

from store.layouts import UnreadableDigest, read_digest
from store.models import Entry
from store.text.titles import title_key
from store.text.tokens import tokenize
from tests.digests import daily_digest, daily_entry, weekly_digest, weekly_entry
from tests.hostile import LAYOUTS, LINES, SIGNS, line_by_line, on_one_line

SIZE = 300_000
SECONDS = 2.0  # of processor time


@pytest.fixture(autouse=True)
def lines_are_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """That long lines are cut would hide what a pattern makes of them."""
    monkeypatch.setattr("store.layouts.MAX_LINE", 10**9)


def read(data: bytes) -> tuple[Entry, ...]:
    """The entries of a file that is read in time; none where it is refused."""
    started = time.process_time()
    try:
        entries = read_digest("hostile.md", data).entries
    except UnreadableDigest:
        entries = ()
    assert time.process_time() - started < SECONDS
    return entries


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_files_are_read_as_digests_of_their_layouts(layout: str) -> None:
    for data in (on_one_line(layout, "羊", 1000), line_by_line(layout, "羊", 1000)):
        assert read_digest("hostile.md", data).layout == layout


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_sign_without_end_is_read_in_time(layout: str, sign: str) -> None:
    read(on_one_line(layout, SIGNS[sign], SIZE))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_line_over_and_over_is_read_in_time(layout: str, line: str) -> None:
    read(line_by_line(layout, LINES[line], SIZE))


def test_a_heading_of_spaces_is_read_in_time() -> None:
    assert read(f"## {' ' * 1_000_000}\n{weekly_digest()}".encode()) != ()


def test_boxes_that_are_never_closed_are_read_in_time() -> None:
    boxes = "[[a](" * 200_000
    text = f"- [25/04] **Sheep**\n[[Paper](http://arxiv.org/abs/2504.00001)] {boxes}\n\n## sheep\n### Abstract\nWe.\n"
    assert [entry.arxiv_id for entry in read(text.encode())] == ["2504.00001"]


def test_a_title_of_heaped_marks_is_compared_in_time() -> None:
    heap = "\u0323\u0301" * 500_000
    started = time.process_time()
    assert title_key(f"Ca{heap}f\u0301e") == "cafe"
    assert time.process_time() - started < SECONDS


def test_a_word_of_capitals_without_end_is_cut_into_terms_in_time() -> None:
    started = time.process_time()
    assert len(tokenize("A" * 200_000)) <= 2
    assert time.process_time() - started < SECONDS


def test_of_an_endless_title_the_beginning_is_kept() -> None:
    (entry,) = read(weekly_digest(weekly_entry(title_en="Sheep " * 1000)).encode())
    assert entry.title_en == ("Sheep " * 333).strip() + " Sh"


def test_an_endless_name_is_cut() -> None:
    (entry,) = read(daily_digest(daily_entry(authors="A" * 100_000 + ", Bo Li")).encode())
    assert entry.authors == ("A" * 2000, "Bo Li")


def test_addresses_without_a_host_are_no_links() -> None:
    (entry,) = read(
        "Sheep\nAuthors:Ada\nWe count. See:\nhttp://http://\n论文及项目相关链接\nPDF http://https://\nSummary\nA\n".encode()
    )
    assert (entry.summary_en, entry.links, entry.code_url) == ("We count. See:", (), None)


HARMFUL = "\x1b]0;x\x07\u202e\u2066\u2069\ufeff\x9b\ufffe"


@pytest.mark.parametrize(
    "text",
    [
        weekly_digest(weekly_entry(f"She{HARMFUL}ep", f"数{HARMFUL}羊", body=f"我们{HARMFUL}数羊。\n- 羊{HARMFUL}群")),
        weekly_digest(weekly_entry("She&#x202e;ep&#8294;", "数&#27;羊", body="我们&#xFEFF;数羊。\n- 羊&#x9b;群")),
        daily_digest(daily_entry(f"She{HARMFUL}ep", f"A{HARMFUL}da", f"We{HARMFUL}.", points=(f"羊{HARMFUL}",))),
    ],
    ids=["characters", "entities", "daily"],
)
def test_no_character_that_hides_or_turns_text_comes_through(text: str) -> None:
    (entry,) = read(text.encode())
    said = [entry.title_en, entry.title_zh, entry.summary_en, entry.summary_zh, *entry.points, *entry.authors]
    assert not set("".join(filter(None, said))) & set(HARMFUL) - set("]0;x")
    assert (entry.title_en or "").endswith("ep")
