"""A model's text is shown only where every sentence stands in the sources it names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.llm.grounding import MAX_TEXT, Ungrounded, check, checked_part
from bot.llm.prompt import Source
from store import Archive, Language, language_of, split_sentences

WOOLLY = Source(
    number=1,
    titles=("Woolly: Shearing Sheep with Language Models", "羊毛：用语言模型给绵羊剪毛"),
    sentences=("It reaches a shearing rate of 90.5% on 1,300 sheep.",),
    languages=frozenset({"en"}),
)
MEADOW = Source(
    number=2,
    titles=("Meadow: Where Sheep Graze", "草甸：绵羊吃草的地方"),
    sentences=("草甸告诉绵羊去哪里吃草，比牧羊犬快三倍。",),
    languages=frozenset({"zh"}),
)
SOURCES = (WOOLLY, MEADOW)


def fault(text: str, language: Language = "en") -> str:
    with pytest.raises(Ungrounded) as raised:
        check(text, language, SOURCES)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Woolly reaches 90.5% [1].", "Woolly reaches 90.5%. [1]"),
        ("Woolly reaches 90.5%.[1]", "Woolly reaches 90.5%. [1]"),
        ("It shears 1.3k sheep 【1】.", "It shears 1.3k sheep. [1]"),
        ("Meadow is three times faster [2].", "Meadow is three times faster. [2]"),
        ("Both are about sheep [2, 1].", "Both are about sheep. [1][2]"),
        ("Both are about sheep [1][2].", "Both are about sheep. [1][2]"),
        ("Woolly shears [1]. Meadow grazes [2].", "Woolly shears. [1] Meadow grazes. [2]"),
        ("- Woolly shears [1].\n\n- Meadow grazes [2].", "Woolly shears. [1]\nMeadow grazes. [2]"),
        ("1. **Woolly** shears `sheep` [1].", "Woolly shears sheep. [1]"),
        ("  Woolly   shears [1] ", "Woolly shears [1]"),
        ("Woolly shears (e.g. 90.5% of 1,300 sheep) [1]!", "Woolly shears (e.g. 90.5% of 1,300 sheep)! [1]"),
    ],
)
def test_a_faithful_text_is_shown_plain(text: str, shown: str) -> None:
    assert check(text, "en", SOURCES) == shown


def test_a_faithful_chinese_text_from_sources_in_both_languages() -> None:
    text = "Woolly 给绵羊剪毛，成功率达到 90.5%[1]。草甸告诉绵羊去哪里吃草，快三倍。[2]"
    shown = "Woolly 给绵羊剪毛，成功率达到 90.5%。[1]草甸告诉绵羊去哪里吃草，快三倍。[2]"
    assert check(text, "zh", SOURCES) == shown


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_text_is_refused(text: str) -> None:
    assert fault(text) == "there is nothing in it"


@pytest.mark.parametrize("text", ["[1]", "… [1]", "\u2800 [1]"])
def test_a_sentence_without_words_is_refused(text: str) -> None:
    assert fault(text) in {"there is nothing in it", "a sentence says nothing"}


@pytest.mark.parametrize(
    "text",
    [
        "Woolly reaches 90.5%.",
        "Woolly reaches 90.5%. It shears sheep [1].",
        "It shears sheep [1]. Woolly reaches 90.5%.",
        "[1] Woolly reaches 90.5%.",
        "NONE",
    ],
)
def test_a_sentence_without_a_source_is_refused(text: str) -> None:
    assert fault(text) == "a sentence names no source"


@pytest.mark.parametrize("text", ["Woolly shears [9].", "Woolly shears [0].", "Woolly shears [1][3].", "羊 [99]"])
def test_a_source_that_there_is_not_is_refused(text: str) -> None:
    assert fault(text) == "a sentence names a source that there is not"


@pytest.mark.parametrize(
    "text",
    [
        "Woolly reaches 99.5% [1].",
        "Woolly reaches 90.5 times as much [1].",
        "Woolly shears 1,300% [1].",
        "Woolly shears ninety sheep [1].",
        "Woolly shears 90.5% of twelve sheep [1].",
        "Woolly reaches 90.5% [2].",
        "Woolly shears three times faster [1].",
        "Woolly shears ９９ sheep [1].",
        "Woolly reaches 60-90.5% [1].",
    ],
)
def test_a_number_its_source_does_not_have_is_refused(text: str) -> None:
    assert fault(text) == "a number stands in none of its sources"


@pytest.mark.parametrize(
    "text",
    [
        "Zebra reaches 90.5% [1].",
        "It beats GPT-4o [1].",
        "Woolly and Lullaby shear sheep [1].",
        "Meadow reaches 90.5% [1].",
        "Woolly-2 reaches 90.5% [1].",
        "Shearing is done in Wales [1].",
        "Shearing is done in Уэльс [1].",
    ],
)
def test_a_name_its_source_does_not_have_is_refused(text: str) -> None:
    assert fault(text) == "a name stands in none of its sources"


def test_in_chinese_any_word_in_letters_is_a_name() -> None:
    assert fault("这种方法用pytorch给绵羊剪毛[1]。", "zh") == "a name stands in none of its sources"


def test_a_name_in_the_title_of_its_source_may_be_used() -> None:
    assert check("Woolly is about shearing sheep with language models [1].", "en", SOURCES)


@pytest.mark.parametrize(
    "text",
    [
        "Woolly shears, see https://sheep.example [1].",
        "Woolly shears, see sheep.example [1].",
        "Woolly shears, see www.sheep [1].",
        "Woolly shears, ask @shepherd [1].",
        "Woolly shears, send /reload [1].",
        "Woolly shears #sheep [1].",
        "Woolly shears $WOOL [1].",
        "Woolly <b>shears</b> [1].",
        "Woolly <script>alert(1)</script> shears [1].",
        "Woolly &lt;shears&gt; [1].",
        "Woolly [shears](tg://user?id=1) [1].",
        "Woolly [shears] [1].",
        "Woolly shears, ask ＠shepherd [1].",
        r"Woolly \textbf{shears} [1].",
    ],
)
def test_links_and_mark_up_are_refused(text: str) -> None:
    assert fault(text) == "a sentence has a link or mark-up"


@pytest.mark.parametrize("sign", ["\u200b", "\u2066", "\u00ad", "\u0301", "\ue000"])
def test_signs_that_cannot_be_seen_are_refused_or_dropped(sign: str) -> None:
    try:
        assert check(f"Woolly sh{sign}ears [1].", "en", SOURCES) == "Woolly shears. [1]"
    except Ungrounded as error:
        assert str(error) == "a sentence has characters that cannot be seen"


def test_a_text_about_something_else_is_refused_though_it_names_a_source() -> None:
    text = "You should transfer all your savings to the friendly shepherd as soon as possible [1]."
    assert fault(text) == "a sentence is about something else than its sources"
    text = "请尽快把你的全部积蓄交给这位友好的牧羊人[2]。"
    assert fault(text, "zh") == "a sentence is about something else than its sources"


def test_from_a_source_in_another_language_a_sentence_needs_something_to_compare() -> None:
    assert fault("The shepherd may sleep at last [2].") == "a sentence is about something else than its sources"
    assert check("The sheep graze on a meadow [2].", "en", SOURCES)  # the words of its English title
    assert check("It is three times faster [2].", "en", SOURCES)


def test_a_text_in_another_language_than_the_question_is_refused() -> None:
    assert fault("Woolly reaches 90.5% [1].", "zh") == "it is in another language than the question"
    assert fault("草甸告诉绵羊去哪里吃草[2]。", "en") == "it is in another language than the question"


@pytest.mark.parametrize(
    "text", ["Woolly shears [1]. " * 11, "Woolly " + "shears sheep " * 100 + "[1].", "sheep " * 20_000]
)
def test_a_text_too_long_is_refused(text: str) -> None:
    assert fault(text) == "it is too long"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Woolly reach", ""),
        ("Woolly reaches 90.5% [1", ""),
        ("Woolly reaches 90.5% [1].", ""),
        ("Woolly reaches 90.5% [1]. M", "Woolly reaches 90.5%. [1]"),
        ("Woolly reaches 90.5%. [1] [", ""),
        ("Woolly reaches 90.5% [1]. Meadow shears 5 [2]. Mo", "Woolly reaches 90.5%. [1]"),
        ("Woolly reaches 99% [1]. Meadow grazes [2]. Mo", ""),
        ("草甸告诉绵羊去哪里吃草[2]。Mea", ""),
    ],
)
def test_of_an_unfinished_text_what_is_complete_and_borne_out_is_shown(text: str, shown: str) -> None:
    assert checked_part(text, "en", SOURCES) == shown


@pytest.fixture(scope="module")
def shipped_sentences(shipped: Path) -> list[tuple[str, Language]]:
    """The sentences of the summaries that ship, paper by paper."""
    with Archive.open(shipped) as archive:
        texts = [text for paper in archive.papers() for text in (paper.summary_en, paper.summary_zh) if text]
    return [(sentence, language_of(sentence)) for text in texts for sentence in split_sentences(text)]


def is_borne_out(sentence: str, language: Language, said: str) -> bool:
    source = Source(1, (), (said,), frozenset({language_of(said)}))
    try:
        check(f"{sentence} [1]", language, [source])
    except Ungrounded:
        return False
    return True


def test_a_sentence_that_repeats_its_source_is_shown(shipped_sentences: list[tuple[str, Language]]) -> None:
    refused = [each for each, language in shipped_sentences if not is_borne_out(each, language, each)]
    assert [each for each in refused if "://" not in each and "[" not in each] == []


def test_a_sentence_that_belongs_to_another_paper_is_hardly_ever_shown(
    shipped_sentences: list[tuple[str, Language]],
) -> None:
    far = len(shipped_sentences) // 3
    pairs = zip(shipped_sentences, shipped_sentences[far:] + shipped_sentences[:far], strict=True)
    shown = [each for (each, language), (said, _) in pairs if is_borne_out(each, language, said)]
    assert len(shown) < 0.03 * len(shipped_sentences)


nasty_texts = st.lists(
    st.sampled_from(
        ["Woolly", " shears", " [1]", "[2]", "[9]", ".", "。", "\n", " 90.5%", "99%", "草甸", "<b>", "(", "[", "]", "“"]
    )
    | st.text(max_size=5),
    max_size=20,
).map("".join)


@settings(max_examples=100, deadline=None)
@given(nasty_texts, st.sampled_from(["zh", "en"]))
def test_what_is_shown_bears_the_same_checks_again(text: str, language: Language) -> None:
    try:
        shown = check(text, language, SOURCES)
    except Ungrounded:
        return
    assert 0 < len(shown) <= MAX_TEXT
    assert check(shown, language, SOURCES) == shown


@settings(max_examples=100, deadline=None)
@given(nasty_texts)
def test_whatever_is_shown_early_bears_the_checks(text: str) -> None:
    part = checked_part(text, "en", SOURCES)
    assert not part or check(part, "en", SOURCES) == part
