"""From a file to a digest: choosing the layout, dating the digest, refusing what is none."""

from __future__ import annotations

import pytest

from store.layouts import MAX_CHARACTERS, MAX_LINE, MAX_LINES, UnreadableDigest, read_digest, registered
from store.layouts.bib_notes import BibNotes
from store.layouts.dates import file_name_date, stated_date
from store.models import LoadWarning
from store.problems import Problem
from tests.store import test_layout_bib_notes, test_layout_daily, test_layout_numbered, test_layout_weekly

SAMPLES = {
    "numbered": test_layout_numbered.DIGEST,
    "weekly": test_layout_weekly.DIGEST,
    "daily": test_layout_daily.PLAIN,
    "bib-notes": test_layout_bib_notes.DIGEST,
}


def test_the_layouts_are_these_four() -> None:
    assert {layout.name for layout in registered()} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_layout_is_recognised_by_its_content_and_by_no_other_layout(name: str) -> None:
    assert [layout.name for layout in registered() if layout.recognises(SAMPLES[name])] == [name]
    assert read_digest("anything.txt", SAMPLES[name].encode()).layout == name


@pytest.mark.parametrize("name", SAMPLES)
def test_line_ends_and_encodings_make_no_difference(name: str) -> None:
    text = SAMPLES[name]
    digest = read_digest("a.txt", text.encode())
    for data in (
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
        text.encode("utf-8-sig"),
        text.encode("gb18030"),
    ):
        assert read_digest("a.txt", data) == digest


def test_of_two_layouts_with_their_signs_the_one_that_tells_more_papers_is_taken() -> None:
    stray = "\n## Sheep\n[数羊](https://arxiv.org/abs/2506.00001)\n"
    text = test_layout_bib_notes.DIGEST + stray
    assert [layout.name for layout in registered() if layout.recognises(text)] == ["bib-notes", "weekly"]
    assert read_digest("a.md", text.encode()).layout == "bib-notes"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-05-30 更新\nSheep", "2025-05-30"),
        ("# 2025-05-30 更新\n", "2025-05-30"),
        ("> **2025/5/30 更新**\n", "2025-05-30"),
        ("2025年5月30日更新\n", "2025-05-30"),
        ("2025-05 更新\n", "2025-05"),
        ("---\ntitle: x\ndate: 2025-05-30 10:00:00\n---\n", "2025-05-30"),
        ("\n---\ndate: '2025-05-30'\n---\n# 2025-05-31 更新\n", "2025-05-31"),
        ("---\ntitle: x\n", None),
        ("date: 2025-05-30\n", None),
        ("2025-02-30 更新\n", None),
        ("我们于 2025-05-30 更新了模型\n", None),
        ("", None),
    ],
)
def test_a_text_may_state_its_date(text: str, date: str | None) -> None:
    assert stated_date(text) == date


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2025-05-30-daily.txt", "2025-05-30"),
        ("2025-05-weekly.md", "2025-05"),
        ("2025-05.md", "2025-05"),
        ("2025-02-30.md", None),
        ("2025-13-sheep.md", None),
        ("2025-050.md", None),
        ("weekly-2025-05.md", None),
        ("000_a3e67b.txt", None),
    ],
)
def test_a_files_name_may_begin_with_its_date(name: str, date: str | None) -> None:
    assert file_name_date(name) == date


def test_a_stated_date_counts_for_more_than_the_name_and_that_for_more_than_the_ids() -> None:
    daily, weekly = SAMPLES["daily"].encode(), SAMPLES["weekly"].encode()
    for name, data, date, inferred in [
        ("2024-01-01.txt", daily, "2025-05-30", False),
        ("2024-01-01.txt", weekly, "2024-01-01", False),
        ("weekly.txt", weekly, "2025-06", True),
    ]:
        digest = read_digest(name, data)
        assert (digest.date, digest.date_inferred) == (date, inferred)


def test_without_any_of_them_a_digest_has_no_date() -> None:
    digest = read_digest("a.txt", SAMPLES["daily"].replace("2025-05-30 更新\n", "").encode())
    assert (digest.date, digest.date_inferred) == (None, False)


def test_an_unknown_layout_is_refused_with_what_each_known_one_needs() -> None:
    with pytest.raises(UnreadableDigest) as refusal:
        read_digest("a.txt", b"Dear diary, today we counted sheep.\n")
    known = tuple(Problem.of("layout", layout=layout.name, needs=layout.needs) for layout in registered())
    assert refusal.value.problem == Problem.of("unknown_layout", layouts=known)
    for layout in registered():
        assert f"'{layout.name}' needs {layout.needs}" in str(refusal.value)


def test_a_layout_without_a_usable_entry_is_refused_with_the_first_trouble() -> None:
    text = "##\n[数羊](https://arxiv.org/abs/2506.00001)\n\n我们数羊。\n"
    with pytest.raises(UnreadableDigest, match=r"looks like the layout 'weekly'.*line 1: This entry") as refusal:
        read_digest("a.md", text.encode())
    trouble = Problem.of("no_title_in_heading")
    assert refusal.value.problem == Problem.of("no_usable_entries", layout="weekly", line=1, trouble=trouble)


def test_a_layout_without_any_entry_is_refused_with_what_it_needs() -> None:
    with pytest.raises(UnreadableDigest) as refusal:
        read_digest("a.md", b"[[Paper](https://arxiv.org/abs/2506.00001)]\n")
    assert refusal.value.problem == Problem.of("no_entries", layout="bib-notes", needs=BibNotes.needs)


def test_of_a_file_with_too_many_lines_the_first_are_read() -> None:
    digest = read_digest("a.md", (SAMPLES["weekly"] + "\n" * MAX_LINES + "## Goats\n").encode())
    assert [entry.title_en for entry in digest.entries][-1] == "Sleeping at Test Time"
    assert digest.warnings == (LoadWarning.of(MAX_LINES + 1, "too_many_lines", limit="50,000"),)


def test_of_a_file_with_too_many_characters_the_first_are_read() -> None:
    rest = "## Goats\n[山羊](https://arxiv.org/abs/2505.00002)\n\n山羊。\n"
    filling = (" " * 99_999 + "\n") * (MAX_CHARACTERS // 100_000)
    digest = read_digest("a.md", (SAMPLES["weekly"] + filling + rest).encode())
    assert "Goats" not in [entry.title_en for entry in digest.entries]
    line = SAMPLES["weekly"].count("\n") + MAX_CHARACTERS // 100_000
    assert digest.warnings == (LoadWarning.of(line, "too_many_characters", limit="5,000,000"),)


def test_of_a_line_without_end_the_beginning_is_read() -> None:
    rest = "## Goats\n[山羊](https://arxiv.org/abs/2505.00002)\n\n山羊。\n"
    digest = read_digest("a.md", (SAMPLES["weekly"] + "羊" * (MAX_LINE + 1) + "\n" + rest).encode())
    assert digest.entries[-1].title_en == "Goats"
    line = SAMPLES["weekly"].count("\n") + 1
    assert digest.warnings == (LoadWarning.of(line, "line_too_long", limit="100,000"),)
