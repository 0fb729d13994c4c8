"""The passage that shows why a paper was found."""

from __future__ import annotations

from store.concepts import terms_of
from store.snippets import SNIPPET_COLUMNS, best_of, join_spans, mark, opening
from store.text.columns import width


def marked(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_the_sentence_that_holds_most_of_the_query_is_shown() -> None:
    said = [(text, terms_of(text)) for text in ("We count sheep.", "Sheep give wool.", "Goats sleep.")]
    snippet = best_of(said, {"sheep": 1.0, "wool": 2.0})
    assert (snippet.text, marked(*snippet)) == ("Sheep give wool.", ["Sheep", "wool"])


def test_the_first_of_equal_sentences_is_shown() -> None:
    said = [(text, terms_of(text)) for text in ("One sheep.", "Two sheep.")]
    assert best_of(said, {"sheep": 1.0}).text == "One sheep."


def test_sentences_are_equal_however_their_sums_are_rounded() -> None:
    tenths = {f"word{number}": 0.1 for number in range(10)}
    assert sum(tenths.values()) < 1.0
    said = [("Ten words.", list(tenths)), ("One word.", ["one"])]
    assert best_of(said, {**tenths, "one": 1.0}).text == "Ten words."


def test_what_stands_for_a_word_is_marked_as_well() -> None:
    snippet = mark("奶牛过度思考。", ["§overthinking"])
    assert marked(*snippet) == ["过度思考"]


def test_a_long_text_is_cut_around_its_matches_at_whole_words() -> None:
    text = "before " * 40 + "woolly sheep " + "after " * 40
    snippet = mark(text, ["sheep"])
    assert width(snippet.text) <= SNIPPET_COLUMNS + 2
    assert marked(*snippet) == ["sheep"]
    assert set(snippet.text.strip("…").split()) == {"before", "woolly", "sheep", "after"}


def test_an_opening_marks_nothing() -> None:
    assert opening("We count sheep.") == ("We count sheep.", ())


def test_spans_that_touch_become_one() -> None:
    assert join_spans([(4, 6), (0, 2), (2, 3), (5, 8)]) == ((0, 3), (4, 8))
