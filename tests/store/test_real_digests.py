"""The digests as their makers wrote them, where the folder beside the repository has them. They do not ship."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from store.layouts import read_digest
from store.layouts.links import clean_address
from store.models import Digest, Entry
from store.text.languages import is_chinese, is_chinese_title
from store.text.titles import title_key

FOLDER = Path(__file__).parents[3] / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real digests are not beside this repository")

DIGESTS = {
    # first three characters of the name: (layout, date, whether inferred, entries)
    "000": ("numbered", "2025-04", True, 7),
    "001": ("weekly", "2025-10", True, 26),
    "002": ("daily", "2025-05-30", False, 20),
    "003": ("bib-notes", "2025-05", True, 79),
    "004": ("weekly", "2025-06", True, 13),
}


def path_of(start: str) -> Path:
    return next(FOLDER.glob(f"{start}_*.txt"))


def real(start: str) -> Digest:
    return read_digest(path_of(start).name, path_of(start).read_bytes())


def lines_of(start: str) -> list[str]:
    return path_of(start).read_text(encoding="utf-8").split("\n")


def words_of(entry: Entry) -> str:
    """Everything an entry says, as one text."""
    notes = [part for note in entry.notes for part in (note.heading, note.text)]
    parts = [entry.title_en, entry.title_zh, entry.summary_en, entry.summary_zh, *entry.points, *notes, *entry.authors]
    return "\n".join(part for part in parts if part)


def raw_entries(start: str) -> list[str]:
    """The raw text of each entry, in the order of the digest's entries."""
    lines, entries = lines_of(start), real(start).entries
    if start != "003":
        ends = [*(entry.line - 1 for entry in entries[1:]), len(lines)]
        return ["\n".join(lines[entry.line - 1 : end]) for entry, end in zip(entries, ends, strict=True)]
    heads = [number for number, line in enumerate(lines) if line.startswith("## ")] + [len(lines)]
    sections = {lines[head]: "\n".join(lines[head + 1 : end]) for head, end in pairwise(heads)}
    slugs = [lines[entry.line].rpartition("(#")[2].removesuffix(")]") for entry in entries]
    return [sections[f"## {slug}"] for slug in slugs]


@pytest.mark.parametrize("start", DIGESTS)
def test_each_is_read_whole_and_without_a_warning(start: str) -> None:
    digest = real(start)
    assert (digest.layout, digest.date, digest.date_inferred, len(digest.entries)) == DIGESTS[start]
    assert digest.warnings == ()


@pytest.mark.parametrize("start", ["000", "001", "003", "004"])
def test_the_ids_are_those_of_the_links_in_order(start: str) -> None:
    links = re.findall(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{5})(?:v(\d))?", "\n".join(lines_of(start)))
    assert [(entry.arxiv_id, entry.version) for entry in real(start).entries] == [
        (arxiv_id, int(version) if version else None) for arxiv_id, version in links
    ]


def test_the_daily_digest_has_no_ids() -> None:
    assert [entry.arxiv_id for entry in real("002").entries] == [None] * 20


def test_the_list_of_the_bib_notes_states_the_months() -> None:
    stated = re.findall(r"^- \[(\d\d)/(\d\d)\]", "\n".join(lines_of("003")), re.MULTILINE)
    assert [entry.published for entry in real("003").entries] == [f"20{year}-{month}" for year, month in stated]


def test_one_paper_stands_in_two_digests() -> None:
    every = Counter(entry.arxiv_id for start in DIGESTS for entry in real(start).entries if entry.arxiv_id)
    assert [arxiv_id for arxiv_id, count in every.items() if count > 1] == ["2504.13837"]


@pytest.mark.parametrize("start", DIGESTS)
def test_every_percentage_of_an_entry_stands_in_its_fields(start: str) -> None:
    def figures(text: str) -> Counter[str]:
        return Counter(re.findall(r"\d+(?:\.\d+)?%", re.sub(r"\s+|\\(?=%)|\$", "", text)))

    for entry, raw in zip(real(start).entries, raw_entries(start), strict=True):
        assert figures(raw) - figures(words_of(entry)) == Counter()


@pytest.mark.parametrize("start", DIGESTS)
def test_no_figure_of_an_entry_is_lost(start: str) -> None:
    def figures(text: str) -> Counter[str]:
        without_addresses = re.sub(r"https?://[!-~]+|\\cite\w*\{[^}]*\}", " ", text)
        return Counter(re.findall(r"\d+", unicodedata.normalize("NFKC", without_addresses)))

    for entry, raw in zip(real(start).entries, raw_entries(start), strict=True):
        body = re.sub(r"^\s*\d\. ", "", raw)  # the number of an entry of 000 is none of its figures
        assert figures(body) - figures(words_of(entry)) == Counter()


@pytest.mark.parametrize("start", DIGESTS)
def test_latex_and_markup_are_gone(start: str) -> None:
    marks = re.compile(r"\\[A-Za-z]{2,}|\\%|\$|\*\*|``|\]\(http|\{\\|^#", re.MULTILINE)
    for entry in real(start).entries:
        assert marks.findall(words_of(entry)) == []


@pytest.mark.parametrize("start", DIGESTS)
def test_links_are_clean(start: str) -> None:
    for entry in real(start).entries:
        for link in entry.links:
            assert clean_address(link) == link
            assert re.fullmatch(r"https?://[^\s{}()\u4e00-\u9fff]*[^\s.,;{}()]", link)
            assert link.rstrip("/") in "\n".join(lines_of(start))


def test_code_links_with_debris_are_cleaned() -> None:
    code = {entry.arxiv_id: entry.code_url for entry in real("003").entries}
    assert code["2502.12018"] == "https://github.com/qixucen/atom"
    assert code["2505.16761"] == "https://hitcslj.github.io/mesh-rft/"
    assert code["2505.10978"] is None


def test_titles_are_in_their_language() -> None:
    for start in DIGESTS:
        for entry in real(start).entries:
            assert entry.title_en is None or not is_chinese_title(entry.title_en)
            assert entry.title_zh is None or is_chinese_title(entry.title_zh)
            assert (entry.title_en is None) == (start == "000")
            assert (entry.title_zh is None) == (start == "002")


@pytest.mark.parametrize("start", DIGESTS)
def test_summaries_are_in_their_language_paragraph_by_paragraph(start: str) -> None:
    for entry in real(start).entries:
        assert (entry.summary_en is None) == (start in ("000", "001", "004"))
        assert entry.summary_zh is not None
        assert not any(is_chinese(paragraph) for paragraph in (entry.summary_en or "").split("\n"))
        assert is_chinese(entry.summary_zh)


def test_every_entry_of_the_daily_digest_has_authors_points_and_a_summary() -> None:
    for entry in real("002").entries:
        assert entry.authors
        assert len(entry.points) >= 4
        assert entry.notes[-1].heading in ("Summary", "摘要")


def test_the_bib_notes_keep_their_sections() -> None:
    for entry in real("003").entries:
        assert [note.heading[:1] for note in entry.notes] == ["📌", "🚀", "📈", "💬"]


@pytest.mark.parametrize("start", ["000", "003"])
def test_wrapped_lines_are_joined(start: str) -> None:
    for entry in real(start).entries:
        text = words_of(entry)
        assert re.findall(r"[\u4e00-\u9fff，。]\s+[\u4e00-\u9fff]", text.replace("\n", "")) == []
        assert re.findall(r"\w- (?!to |and |or )\w", text) == []
    if start == "000":
        assert "53.6%" in words_of(real("000").entries[-1])


def test_titles_with_latex_agree_with_the_shipped_ones() -> None:
    titles = {title_key(entry.title_en or "") for start in ("002", "003") for entry in real(start).entries}
    assert (
        title_key("O²-Searcher: A Searching-based Agent Model for Open-Domain Open-Ended Question Answering") in titles
    )
    assert any(key.endswith("ruleinducedr2grpo") for key in titles)
