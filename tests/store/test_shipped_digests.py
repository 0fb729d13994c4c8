"""The digests that ship: exact facts for every entry, from `shipped_entries.tsv`.

Its columns are the file, the entry's line, its arXiv id, the month it states, how many authors, key points and notes it
has, its code link and its English title.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from store.layouts import read_digest
from store.models import Digest, Entry
from store.text.languages import is_chinese, is_chinese_title

SEEDS = Path(__file__).parents[2] / "seeds"
FACTS = Path(__file__).parent / "shipped_entries.tsv"
DIGESTS = {
    # file: (layout, date, entries)
    "2025-04-weekly-numbered.txt": ("numbered", "2025-04", 7),
    "2025-05-30-daily.txt": ("daily", "2025-05-30", 20),
    "2025-05-bib-notes.md": ("bib-notes", "2025-05", 79),
    "2025-06-weekly.md": ("weekly", "2025-06", 13),
    "2025-10-weekly.md": ("weekly", "2025-10", 26),
}


def shipped(name: str) -> Digest:
    return read_digest(name, (SEEDS / name).read_bytes())


def facts(name: str) -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["file"] == name]


def facts_of(name: str, entry: Entry) -> dict[str, str]:
    return {
        "file": name,
        "line": str(entry.line),
        "arxiv_id": entry.arxiv_id or "",
        "published": entry.published or "",
        "authors": str(len(entry.authors)),
        "points": str(len(entry.points)),
        "notes": str(len(entry.notes)),
        "code_url": entry.code_url or "",
        "title_en": entry.title_en or "",
    }


def test_these_files_ship() -> None:
    assert sorted(path.name for path in SEEDS.iterdir()) == sorted(DIGESTS)


@pytest.mark.parametrize("name", DIGESTS)
def test_each_has_its_layout_its_date_and_its_entries_and_no_warning(name: str) -> None:
    digest = shipped(name)
    assert (digest.layout, digest.date, len(digest.entries)) == DIGESTS[name]
    assert digest.date_inferred is False
    assert digest.warnings == ()


@pytest.mark.parametrize("name", DIGESTS)
def test_every_entry_has_exactly_these_facts(name: str) -> None:
    assert [facts_of(name, entry) for entry in shipped(name).entries] == facts(name)


@pytest.mark.parametrize("name", DIGESTS)
def test_every_entry_has_an_id_and_titles_summaries_and_points_in_their_language(name: str) -> None:
    for entry in shipped(name).entries:
        assert entry.arxiv_id is not None
        assert entry.title_en is not None
        assert not is_chinese_title(entry.title_en)
        assert entry.title_zh is not None
        assert is_chinese_title(entry.title_zh)
        assert entry.summary_en is not None
        assert not is_chinese(entry.summary_en)
        assert entry.summary_zh is not None
        assert is_chinese(entry.summary_zh)
        assert entry.points


@pytest.mark.parametrize("name", DIGESTS)
def test_every_percentage_of_the_file_stands_in_an_entry(name: str) -> None:
    figure = re.compile(r"\d+(?:\.\d+)?%")
    written = figure.findall((SEEDS / name).read_text(encoding="utf-8"))
    fields = [
        "\n".join([entry.summary_en or "", entry.summary_zh or "", *entry.points, entry.title_en or ""])
        for entry in shipped(name).entries
    ]
    assert sorted(figure.findall("\n".join(fields))) == sorted(written)


def test_together_they_tell_144_papers() -> None:
    entries = [entry for name in DIGESTS for entry in shipped(name).entries]
    assert len(entries) == 145
    assert len({entry.arxiv_id for entry in entries}) == 144


def test_one_entry_in_full() -> None:
    entry = next(entry for entry in shipped("2025-05-30-daily.txt").entries if entry.arxiv_id == "2505.22651")
    assert entry.title_en == "Sherlock: Self-Correcting Reasoning in Vision-Language Models"
    assert entry.title_zh == "Sherlock：视觉语言模型中的自我纠错推理"
    assert entry.authors == ("Yi Ding", "Ruqi Zhang")
    assert (entry.line, entry.version, entry.code_url, entry.links) == (18, None, None, ())
    assert entry.points == (
        "只用2万条随机抽取的标注即可习得纠错能力",
        "学会纠错后，不靠外部监督也能不断自我提升",
        "三项设计：轨迹级纠错目标、视觉扰动偏好数据、动态β",
        "八个基准平均分：直接生成64.1，自我纠错后65.4",
        "标注用量不足20%，仍胜过LLaVA-CoT、Mulberry和LlamaV-o1",
    )


def test_titles_with_latex_are_in_unicode() -> None:
    titles = [entry.title_en or "" for name in DIGESTS for entry in shipped(name).entries]
    assert [title for title in titles if "²" in title] == [
        "Beyond path selection: Better LLMs for Scientific Information Extraction with MimicSFT and Relevance and "
        "Rule-induced(R²)GRPO",
        "O²-Searcher: A Searching-based Agent Model for Open-Domain Open-Ended Question Answering",
    ]
    assert not any(sign in title for title in titles for sign in "$\\^{}")
