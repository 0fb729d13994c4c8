"""What an entry says, a sentence at a time."""

from __future__ import annotations

from store.models import Note
from store.sentences import Sentence, sentences_of
from tests.factories import make_entry


def test_titles_summaries_points_and_notes_come_in_this_order() -> None:
    entry = make_entry(
        title_en="Sheep",
        title_zh="数羊新法",
        summary_en="One. Two.",
        summary_zh="第一句话说完。第二句话说完。",
        points=("要点在这里",),
        notes=(Note(heading="📈 实验结果", text="结果很好很好。"),),
    )
    assert list(sentences_of(entry)) == [
        Sentence("title_en", "en", "Sheep"),
        Sentence("title_zh", "zh", "数羊新法"),
        Sentence("summary_en", "en", "One."),
        Sentence("summary_en", "en", "Two."),
        Sentence("summary_zh", "zh", "第一句话说完。"),
        Sentence("summary_zh", "zh", "第二句话说完。"),
        Sentence("points", "zh", "要点在这里"),
        Sentence("📈 实验结果", "zh", "结果很好很好。"),
    ]


def test_an_item_of_a_list_is_said_without_its_mark() -> None:
    note = Note(heading="💬 可借鉴之处", text="- 羊群夜里自己数数。\n- -5度时也数得对。")
    entry = make_entry(
        title_en="S", title_zh=None, summary_en="* It counts. • It sleeps.", summary_zh=None, notes=[note]
    )
    _, *said = [sentence.text for sentence in sentences_of(entry)]
    assert said == ["It counts.", "It sleeps.", "羊群夜里自己数数。", "-5度时也数得对。"]


def test_a_sentence_without_end_is_cut_at_commas_and_spaces() -> None:
    entry = make_entry(title_en="S", title_zh=None, summary_en="sheep, " * 400, summary_zh=None)
    _, *pieces = [sentence.text for sentence in sentences_of(entry)]
    assert [len(piece) for piece in pieces] == [1000, 1000, 797]
    assert " ".join(pieces) == ("sheep, " * 400).strip()


def test_a_text_without_any_break_is_cut_all_the_same() -> None:
    entry = make_entry(title_en="S", title_zh=None, summary_en="s" * 2_500, summary_zh=None)
    assert [len(sentence.text) for sentence in sentences_of(entry)] == [1, 1_000, 1_000, 500]


def test_what_comes_after_fifty_thousand_characters_is_not_quoted() -> None:
    entry = make_entry(title_en="S", title_zh=None, summary_en="s" * 100_000, summary_zh=None)
    assert sum(len(sentence.text) for sentence in sentences_of(entry)) == 49_001


def test_short_sentences_count_for_fifty_characters() -> None:
    entry = make_entry(title_en="S", title_zh=None, summary_en="Sheep!\n" * 5_000, summary_zh=None)
    assert len(list(sentences_of(entry))) == 1_000
