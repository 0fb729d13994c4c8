"""Signs that the archive lacks what a question is about."""

from __future__ import annotations

import pytest

from store.questions import read_question
from store.refusal import Signs, doubt, is_lacking, lacks_nothing, read_signs
from store.search import ReadQuery
from store.text.tokens import tokenize
from tests.store.statements import make_knowledge, make_statement

SAID = [
    make_statement("Woolly: Shearing Sheep", "title_en"),
    make_statement("Woolly shears sheep on farms and reaches 90.5%."),
    make_statement("Unlike Bellwether, Woolly needs no dog."),
]
FREQUENCIES = {
    "woolly": 1,
    "woolli": 1,
    "shear": 2,
    "sheep": 60,
    "bellweth": 2,
    "bellwether": 2,
    "meadow": 5,
    "fenc": 3,
}


def signs(question: str, frequencies: dict[str, int] | None = None) -> Signs:
    """What a question signals in an archive of 100 papers of which the nearest says SAID."""
    known = FREQUENCIES if frequencies is None else frequencies
    own = {term: float(known.get(term, 0) > 0) for term in tokenize(question)}
    query = ReadQuery(question, own, {})
    return read_signs(read_question(question), query, make_knowledge(100, frequencies=known), SAID, [])


def test_a_name_that_nobody_mentions_is_a_sign() -> None:
    assert signs("How does GrazeNet shear sheep?").nameless == 1.0


def test_a_name_that_only_other_papers_mention_is_a_sign_the_rarer_the_more() -> None:
    rare = signs("How does Meadow shear?", {**FREQUENCIES, "meadow": 1})
    common = signs("How does Meadow shear?", {**FREQUENCIES, "meadow": 50})
    assert (rare.nameless, rare.elsewhere) == (0.0, 1.0)
    assert 0 < common.elsewhere < 0.2


def test_the_nearest_paper_s_own_name_speaks_for_an_answer() -> None:
    assert signs("What does Woolly reach?").own_name == 1.0
    assert signs("What does Bellwether reach?").own_name < 0.5


def test_a_mistyped_name_is_no_unknown_name() -> None:
    asked = signs("What does Bellwehter reach?")
    assert (asked.nameless, asked.elsewhere) == (0.0, 0.0)


def test_words_that_no_paper_has_are_a_sign() -> None:
    assert signs("shear sheep").unknown == 0.0
    assert signs("boil ethanol").unknown == 1.0


def test_everyday_chinese_words_weigh_less_than_rare_ones_when_they_are_missing() -> None:
    assert signs("shear 时候").unknown < signs("shear 火锅").unknown


def test_a_word_that_other_terms_stand_for_is_covered() -> None:
    own = {"clip": 1.0}
    known = make_knowledge(100, frequencies={"clip": 4}, others=lambda word: ["shear"])
    covered = read_signs(read_question("clip"), ReadQuery("clip", own, {}), known, SAID, [])
    assert covered.uncovered == pytest.approx(0.4)


def test_concepts_count_that_the_archive_and_the_paper_have() -> None:
    query = ReadQuery("q", {}, {"§one": 1.0, "§two": 1.0, "§three": 0.0, "word": 1.0})
    asked = read_signs(read_question("q"), query, make_knowledge(), SAID, [])
    assert (asked.familiar, asked.concepts) == (0.25, 0.0)


def test_a_question_whose_subject_nobody_mentions_is_refused_and_one_about_the_paper_is_not() -> None:
    assert is_lacking(signs("What accuracy does GrazeNet reach on FleeceBench?"))
    assert not is_lacking(signs("how does Woolly shear sheep on farms"))


def test_each_sign_of_absence_raises_the_doubt() -> None:
    none = Signs(*([0.0] * len(Signs._fields)))
    for name in ("nameless", "elsewhere", "unknown", "uncovered"):
        assert doubt(none._replace(**{name: 1.0})) > doubt(none), name
    for name in ("own_name", "known", "familiar", "likely"):
        assert doubt(none._replace(**{name: 1.0})) < doubt(none), name


def test_nothing_said_covers_nothing() -> None:
    query = ReadQuery("sheep", {"sheep": 1.0}, {})
    assert read_signs(read_question("sheep"), query, make_knowledge(), [], []).uncovered == 1.0


@pytest.mark.parametrize(
    ("sign", "value"), [("nameless", 1.0), ("specific", 1.0), ("elsewhere", 0.5), ("unknown", 0.1), ("familiar", 0.0)]
)
def test_nothing_is_lacking_unless_a_name_a_word_a_figure_or_every_idea_is(sign: str, value: float) -> None:
    known = Signs(*([0.0] * len(Signs._fields)))._replace(certain=1.0, familiar=0.125, uncovered=0.7)
    assert lacks_nothing(known)
    assert not lacks_nothing(known._replace(**{sign: value}))
