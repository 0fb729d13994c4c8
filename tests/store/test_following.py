"""Questions that go on about the paper spoken of last."""

from __future__ import annotations

import pytest

from store.following import is_follow_up


@pytest.mark.parametrize(
    "question",
    [
        "它用了什么数据集？",
        "那它在WoolBench上的成绩呢",
        "这篇论文的代码在哪？",
        "該方法有什麼缺點？",
        "代码在哪",
        "作者是谁？",
        "结果怎么样",
        "what dataset does it use?",
        "and the limitations?",
        "which datasets?",
        "How many GPUs?",
        "is its code released?",
    ],
)
def test_a_question_without_a_subject_of_its_own_goes_on(question: str) -> None:
    assert is_follow_up(question)


@pytest.mark.parametrize(
    "question",
    [
        "Woolly用了什么数据集？",
        "牧羊犬怎么在夜里数羊？",
        "有个方法让绵羊自己数自己，它在山坡上的准确率提升了多少？",
        "What does Bellwether cost?",
        "a model that leads sheep home, and its training recipe for steep hills",
        "最近关于绵羊的论文",
        "",
    ],
)
def test_a_question_with_a_subject_of_its_own_does_not(question: str) -> None:
    assert not is_follow_up(question)
