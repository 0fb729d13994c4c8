"""What is wrong is a kind with values, and has its sentence in English."""

from __future__ import annotations

import string

import pytest

from store.layouts import UnreadableDigest
from store.loading import LoadError
from store.models import LoadWarning
from store.problems import SENTENCES, Problem, ProblemError
from store.rows import warning_of, warning_row


def test_a_problem_is_its_kind_and_its_values() -> None:
    problem = Problem.of("not_in_list", slug="lost-sheep")
    assert (problem.kind, problem.values) == ("not_in_list", (("slug", "lost-sheep"),))
    assert problem.text == "No list entry belongs to 'lost-sheep', so it has no title and is left out."
    assert len({problem, Problem.of("not_in_list", slug="lost-sheep")}) == 1


def test_a_value_may_be_a_problem_or_several() -> None:
    trouble = Problem.of("no_title_in_heading")
    assert Problem.of("no_usable_entries", layout="weekly", line=3, trouble=trouble).text == (
        "The file looks like the layout 'weekly', but no entry of it could be read; "
        "the first trouble is on line 3: This entry has no title, so it is left out; write one after '##'."
    )
    known = (Problem.of("layout", layout="a", needs="sheep"), Problem.of("layout", layout="b", needs="goats"))
    assert Problem.of("unknown_layout", layouts=known).text == (
        "The file is in no layout that is known: 'a' needs sheep; 'b' needs goats."
    )


def test_a_value_with_braces_is_told_as_it_stands() -> None:
    assert "'{slug}'" in Problem.of("not_in_list", slug="{slug}").text


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_has_a_sentence_with_its_values(kind: str) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[kind]) if name is not None}
    text = Problem.of(kind, **dict.fromkeys(names, "sheep.")).text
    assert text.count("sheep.") == len(names)
    assert kind == "layout" or text.endswith(".")


@pytest.mark.parametrize("error", [UnreadableDigest, LoadError])
def test_an_error_of_a_kind_says_its_sentence(error: type[ProblemError]) -> None:
    raised = error("no_folder", folder="/meadow")
    assert str(raised) == "There is no folder /meadow: make it and put digest files (.txt or .md) into it."
    assert raised.problem == Problem.of("no_folder", folder="/meadow")


def test_an_unknown_kind_and_a_missing_value_are_errors() -> None:
    with pytest.raises(KeyError):
        UnreadableDigest("eaten_by_sheep")
    with pytest.raises(KeyError):
        LoadWarning.of(1, "not_in_list")


@pytest.mark.parametrize(
    "warning",
    [
        LoadWarning.of(3, "no_heading"),
        LoadWarning.of(3, "no_usable_entries", layout="x", line=2, trouble=Problem.of("not_in_list", slug="羊")),
        LoadWarning.of(3, "unknown_layout", layouts=(Problem.of("layout", layout="a", needs="b"),)),
        LoadWarning(line=3, text="A layout may warn in its own words."),
    ],
)
def test_a_warning_is_the_same_after_it_was_a_row(warning: LoadWarning) -> None:
    assert warning_of(warning_row(warning)) == warning
