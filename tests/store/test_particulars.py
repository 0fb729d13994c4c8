"""Questions for what a digest states of a paper outside its text."""

from __future__ import annotations

import pytest

from store.particulars import read_particular


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("Woolly的作者是谁？", "authors"),
        ("Who wrote the paper on fences?", "authors"),
        ("Woolly的代码在哪里", "code_url"),
        ("Where can I find the code of Woolly?", "code_url"),
        ("Woolly是什么时候发表的？", "published"),
        ("When was Woolly published?", "published"),
    ],
)
def test_the_field_asked_for_is_read(question: str, field: str) -> None:
    assert read_particular(question) == field


@pytest.mark.parametrize("question", ["谁在夜里数羊？", "Woolly生成代码的准确率是多少？", "How is the code tested?"])
def test_what_the_text_tells_is_no_particular(question: str) -> None:
    assert read_particular(question) is None
