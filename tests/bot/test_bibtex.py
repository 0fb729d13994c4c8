"""BibTeX entries of papers."""

from __future__ import annotations

import pytest

from bot.views.bibtex import bibtex_entry, citation_key, escape_latex
from tests.factories import make_paper


def test_an_entry_names_what_the_archive_knows() -> None:
    assert bibtex_entry(make_paper(), 2000) == (
        "@misc{wong2025counting,\n"
        "  title         = {Counting Sheep with Language Models},\n"
        "  author        = {Ada Wong and Bo Li},\n"
        "  year          = {2025},\n"
        "  eprint        = {2505.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  url           = {https://arxiv.org/abs/2505.00001}\n"
        "}"
    )


def test_what_is_not_known_is_left_out() -> None:
    paper = make_paper(key="t0123456789ab", arxiv_id=None, authors=(), published=None)
    assert bibtex_entry(paper, 2000) == (
        "@misc{t0123456789ab,\n  title         = {Counting Sheep with Language Models}\n}"
    )


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Counting Sheep in LLMs", "Counting Sheep in {LLMs}"),
        ("GRPO and Qwen2.5 for Sheep", "{GRPO} and {Qwen2.5} for Sheep"),
        ("Shepherd: Counting Sheep", "{Shepherd}: Counting Sheep"),
        ("R1-Sheep, Again", "{R1-Sheep}, Again"),
        ("90% of Sheep & Goats", "90\\% of Sheep \\& Goats"),
        ("the sheep_{2}", "the sheep\\_\\{2\\}"),
    ],
)
def test_capitals_that_styles_would_lose_are_protected(title: str, written: str) -> None:
    assert f"= {{{written}}}," in bibtex_entry(make_paper(title_en=title), 2000)


def test_characters_that_mean_something_to_latex_are_escaped() -> None:
    assert escape_latex(r"a\b~c^d{e}#f$g%h&i_j") == (
        r"a\textbackslash{}b\textasciitilde{}c\textasciicircum{}d\{e\}\#f\$g\%h\&i\_j"
    )


@pytest.mark.parametrize(
    ("authors", "title", "key"),
    [
        (("Ada Wong",), "Counting Sheep", "wong2025counting"),
        (("Wong, Ada",), "On the Counting of Sheep", "wong2025counting"),
        (("Zoë Müller-Lüdenscheidt",), "A Shepherd's Manual", "mullerludenscheidt2025shepherds"),
        (("王小明",), "Counting Sheep", "2505-00001"),
        ((), "Counting Sheep", "2505-00001"),
        (("Ada Wong",), "数羊", "2505-00001"),
    ],
)
def test_the_key_is_made_of_author_year_and_a_telling_word(authors: tuple[str, ...], title: str, key: str) -> None:
    assert citation_key(make_paper(authors=authors, title_en=title)) == key


def test_a_chinese_title_stands_where_there_is_no_english_one() -> None:
    assert "title         = {用语言模型数羊}" in bibtex_entry(make_paper(title_en=None), 2000)


def test_a_title_that_grows_when_it_is_written_is_shortened() -> None:
    entry = bibtex_entry(make_paper(title_en="~" * 5000), 1500)
    assert len(entry) <= 1500
    assert r"\textasciitilde{}…}," in entry


def test_too_many_authors_end_with_and_others() -> None:
    entry = bibtex_entry(make_paper(authors=tuple(f"Ada Wong{n}" for n in range(500))), 1500)
    assert 1400 < len(entry) <= 1500
    assert " and others}" in entry
