"""The one sentence that tells a paper's main result."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store import Note
from store.highlights import Highlight, main_result
from tests.factories import make_paper


def test_the_sentence_with_the_figure_is_the_result() -> None:
    paper = make_paper(
        summary_en="Counting sheep is hard. We let a model count them. It exceeds shepherds by 12.5% on SheepBench.",
        points=(),
    )
    assert main_result(paper, "en") == Highlight("It exceeds shepherds by 12.5% on SheepBench.", ((24, 29),))


def test_chinese_figures_beside_characters_are_seen() -> None:
    paper = make_paper(summary_zh="数羊很难。我们让模型来数。在羊群基准上提升了3.5倍，超过牧羊人。", points=())
    result = main_result(paper, "zh")
    assert result == Highlight("在羊群基准上提升了3.5倍，超过牧羊人。", ((9, 13),))


def test_figures_of_the_background_are_not_the_papers() -> None:
    paper = make_paper(
        summary_en="However, existing dogs reach only 20.5% of the flock. Our dog improves the count clearly.",
        points=(),
    )
    result = main_result(paper, "en")
    assert result is not None
    assert result.text == "Our dog improves the count clearly."


def test_years_and_numbers_in_names_are_no_figures() -> None:
    paper = make_paper(summary_en="We look at sheep of 2024 with Sheep-7B. The dog outperforms the wolf.", points=())
    assert main_result(paper, "en") == Highlight("The dog outperforms the wolf.")


def test_key_points_and_notes_are_looked_through_as_well() -> None:
    note = Note(heading="Results", text="The fence holds. It keeps 99% of the sheep, which exceeds the old one.")
    paper = make_paper(summary_en="A fence for sheep.", points=("A dog helps.",), notes=(note,))
    result = main_result(paper, "en")
    assert result is not None
    assert result.text == "It keeps 99% of the sheep, which exceeds the old one."


def test_without_a_result_it_is_what_the_paper_does() -> None:
    paper = make_paper(
        summary_en="Existing fences are low. Sheep jump well. This paper tells of higher fences for sheep.",
        points=(),
        notes=(),
    )
    assert main_result(paper, "en") == Highlight("This paper tells of higher fences for sheep.")


def test_a_language_the_digests_do_not_have_has_no_result() -> None:
    paper = make_paper(summary_en=None, points=("数羊准确率90.5%",))
    assert main_result(paper, "en") is None
    assert main_result(paper, "zh") is not None


@given(st.text(max_size=200), st.text(max_size=60))
def test_the_spans_lie_within_the_sentence_whatever_is_said(summary: str, point: str) -> None:
    paper = make_paper(summary_en=summary, summary_zh=summary, points=(point,))
    for language in ("zh", "en"):
        result = main_result(paper, language)  # type: ignore[arg-type]
        if result is not None:
            assert result.text.strip()
            assert all(0 <= start < end <= len(result.text) for start, end in result.matches)
