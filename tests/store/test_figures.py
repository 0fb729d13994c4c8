"""Figures and names in running text."""

from __future__ import annotations

import pytest

from store.text.figures import find_figures, find_names, name_key


def figures(text: str) -> list[tuple[str, str]]:
    return [(figure.key, figure.unit) for figure in find_figures(text)]


def names(text: str, *, chinese: bool = False) -> list[str]:
    return [name.text for name in find_names(text, chinese=chinese)]


@pytest.mark.parametrize(
    ("text", "key", "unit"),
    [
        ("准确率达到90.5%。", "90.5%", "percent"),
        ("提高了12.0个点", "12.0个点", "percent"),
        ("快了185倍", "185倍", "multiple"),
        ("用时仅为1/20", "1/20", "fraction"),
        ("十分之一的羊", "十分之一", "fraction"),
        ("13 亿参数", "13亿", "size"),
        ("trained on 20k sheep", "20k", "size"),
        ("a score of 64.1", "64.1", "decimal"),
        ("共1,483个样本", "1483", "count"),
        ("seven farms", "seven", "count"),
        ("分成四个维度", "四个", "count"),
    ],
)
def test_a_figure_is_found_with_its_unit(text: str, key: str, unit: str) -> None:
    assert figures(text) == [(key, unit)]


@pytest.mark.parametrize("text", ["Sheep2.5-7B", "WOOL-500 的羊", "R1 grazes", "v2.0"])
def test_digits_inside_a_name_are_no_figure(text: str) -> None:
    assert figures(text) == []


def test_the_span_of_a_figure_holds_its_unit() -> None:
    text = "达到 90.5 % 的准确率"
    (figure,) = find_figures(text)
    assert text[figure.start : figure.end] == "90.5 %"


def test_words_with_capitals_or_digits_are_names() -> None:
    assert names("We feed WoolNet, wool2vec and pass@1 to the sheep.") == ["WoolNet", "wool2vec", "pass@1"]


def test_the_first_word_of_an_english_sentence_is_no_name_for_its_capital_alone() -> None:
    assert names("Sheep graze. Goats climb in Wales.") == ["Wales"]


def test_every_latin_word_of_a_chinese_text_is_a_name() -> None:
    assert names("用shearing工具给Woolly剪毛", chinese=True) == ["shearing", "Woolly"]


def test_a_name_has_one_key_in_all_its_spellings() -> None:
    assert {name_key(text) for text in ("Sheep2.5-7B", "sheep 2.5 7b", "ＳＨＥＥＰ2.5_7B")} == {"sheep257b"}
