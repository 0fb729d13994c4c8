"""The one sentence of a paper that tells its main result, for where there is room for no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from store.models import Language, Paper
from store.text.columns import width
from store.text.languages import language_of
from store.text.sentences import split_sentences

# A figure that says how much: a percentage, a factor, a number with a unit. Years and names' numbers are not.
_FIGURE = re.compile(
    r"""(?<![A-Za-z0-9_.])(?:
        \d+(?:[.,]\d+)*\s?(?:%|％|×|x\b|倍|pp\b|个?百分点|个点|percent\b|percentage\ points?\b|points?\b|times\b|fold\b)
      | \d+(?:\.\d+)?-?fold\b
      | \d+\.\d+(?![A-Za-z0-9_.])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_RESULT = re.compile(
    r"""outperform|surpass|exceed|achiev|attain|\breach|improv|state[- ]of[- ]the[- ]art|\bsota\b|reduc|\bbeat
      | \bgains?\b|boost|faster|speed-?up|match(?:es|ing)|\bresults?\b
      | experiments?\ (?:show|demonstrate)|we\ (?:find|show)
      | 超过|超越|优于|胜过|达到|取得|提升|提高|改进|降低|减少|缩短|加速|领先|最优|最佳|最先进|刷新|媲美
      | 实验(?:结果)?(?:表明|显示|证明)
      | 结果(?:表明|显示)|发现""",
    re.VERBOSE | re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:code|data|model|project)s?\b.*(?:available|released|open)|https?://|github|代码|开源地址|项目主页|已开源",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"\b(?:propos|introduc|present)(?:e|es|ed|ing)\b|\bwe\b|this (?:paper|work|survey|study|review)|the authors?\b"
    r"|提出|介绍|推出|引入|构建|设计|本文|我们|作者|该(?:方法|框架|模型|工作|研究)",
    re.IGNORECASE,
)
# How what others did before is introduced: their figures are not this paper's.
_BACKGROUND = re.compile(
    r"近年|随着|目前|当前|传统|现有|以往|过去|虽然|尽管|然而|但是?|\W*(?:recent|existing|previous|prior|current|traditional"
    r"|conventional|however|but|despite|while|although|large language models|as )",
    re.IGNORECASE,
)
_FIGURE_WORTH, _SECOND_FIGURE_WORTH, _RESULT_WORTH, _POINT_WORTH, _BACKGROUND_COST = 3.0, 0.5, 2.0, 0.25, 4.0
# Columns (a Chinese character takes two): shorter ones say too little alone, longer ones must be cut.
_SHORT, _LONG, _TOO_LONG = 16, 180, 320


class Highlight(NamedTuple):
    """A sentence, and the (start, end) characters of its figures."""

    text: str
    matches: tuple[tuple[int, int], ...] = ()


def main_result(paper: Paper, language: Language) -> Highlight | None:
    """The sentence in ``language`` that most looks like the paper's main result: figures, and words such as "exceeds".

    Where none does, the first one that tells what the paper does; None where the digests say nothing in the language.
    """
    summary = split_sentences((paper.summary_zh if language == "zh" else paper.summary_en) or "")
    notes = (sentence for note in paper.notes for sentence in split_sentences(note.text))
    said = [*((text, 0.0) for text in summary), *((text, _POINT_WORTH) for text in (*paper.points, *notes))]
    worth = [(text, _worth(text) + extra) for text, extra in said if text.strip() and language_of(text) == language]
    if not worth:
        return None
    best, most = max(worth, key=lambda each: each[1])
    if most < _RESULT_WORTH:
        telling = [text for text, _ in worth if not _BACKGROUND.match(text)] or [text for text, _ in worth]
        best = next((text for text in telling if _DOES.search(text)), telling[0])
    return Highlight(best, tuple(match.span() for match in _FIGURE.finditer(best)))


def _worth(sentence: str) -> float:
    columns = width(sentence)
    if _ASIDE.search(sentence) or columns < _SHORT:
        return 0.0
    figures = sum(1 for _ in _first_figures(sentence))
    worth = _FIGURE_WORTH + _SECOND_FIGURE_WORTH * (figures - 1) if figures else 0.0
    if _RESULT.search(sentence):
        worth += _RESULT_WORTH
    if _BACKGROUND.match(sentence):
        worth -= _BACKGROUND_COST
    if columns > _LONG:
        worth -= 1.0
    return worth - 1.0 if columns > _TOO_LONG else worth


def _first_figures(sentence: str) -> Iterator[re.Match[str]]:
    """The first three figures: a table in words is no better for having twenty."""
    for number, match in enumerate(_FIGURE.finditer(sentence)):
        if number == 3:
            return
        yield match
