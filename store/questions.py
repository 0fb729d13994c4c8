"""What a question asks for: a figure with its unit, a name, a reason; and which words say so."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from store.concepts import terms_of
from store.models import Language
from store.text.figures import Unit, find_figures, find_names, name_key
from store.text.languages import count_han
from store.text.tokens import HAN, form_of

_FEWEST_HAN = 2

# A figure is asked for by the first of these alone, by the second unless the question asks which or what.
_ASKS_FIGURE = {
    "zh": re.compile(r"多少|几[个种项类条倍分步轮层次篇大维张台块]|百分之|多大|多长|多高|多快|多久|第几"),
    "en": re.compile(
        r"how (?:many|much|long|large|big|fast|often|far|high)|by how|(?:what|which) (?:\w+ ){0,2}"
        r"(?:percent|percentage|accuracy|score|fraction|share|size|rate|gain|improvement|reduction|speedup|multiple)\b"
        r"|what (?:is|was) the [\w -]*\b(?:gain|accuracy|score|improvement|reduction|speed|size|rate|number)\b"
    ),
}
_NAMES_FIGURE = re.compile(r"准确率|得分|分数|胜率|提升|参数量|回报|降幅|涨幅")
_ASKS_WHICH = re.compile(r"什么|哪|谁|啥|为何|怎")
_UNITS: dict[Unit, re.Pattern[str]] = {
    "percent": re.compile(
        r"百分|比例|占比|准确率|精度|召回|得分|分数|胜率|成功率|提升|提高|降低|减少|涨|下降|多高|高多少"
        r"|percent|accuracy|precision|recall|share|gain|improve|reduc|rate|score|pass@|pass\^|\bf1\b|\bauc\b"
    ),
    "multiple": re.compile(r"倍|how many times|factor|faster|speed"),
    "fraction": re.compile(r"几分之|多大比例|fraction|share"),
    "size": re.compile(r"参数|规模|多大|多少条|样本|数据|size|parameters|samples|examples"),
    "count": re.compile(r"几[个种项类条层步轮篇]|多少[个种项类条层步轮篇]|how many"),
    "decimal": re.compile(r"得分|分数|成绩|score|\bf1\b|\bbleu\b"),
}
_ASKING = re.compile(r"多少|几|什么|哪|谁|啥|怎|何|\b(?:how|what|which|who|whom|whose|where|when|why)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(rf"[。?!;]|[,.:](?=\s|$|[{HAN}])|\s[—–-]\s")
# With fewer terms than this, the part that asks does not say about what.
_FEWEST_TERMS = 3


@dataclass(frozen=True)
class Question:
    """A question as it is read. ``text`` is in simplified characters; ``focus`` are the index terms of the part that
    asks (the rest only says of which paper); ``names`` and ``figures`` are the keys of those it states itself: an
    answer holds others.
    """

    text: str
    language: Language
    focus: frozenset[str]
    asks_figure: bool
    units: frozenset[Unit]
    names: frozenset[str]
    name_text: str
    figures: frozenset[str]
    evidence_words: tuple[re.Pattern[str], ...]


def read_question(text: str) -> Question:
    """Read a question in Chinese or English (or both; two Han characters make it Chinese)."""
    text = simplified(text)
    language: Language = "zh" if count_han(text) >= _FEWEST_HAN else "en"
    low = text.lower()
    asks_figure = _ASKS_FIGURE[language].search(low) is not None
    if language == "zh" and not asks_figure:
        asks_figure = _NAMES_FIGURE.search(low) is not None and _ASKS_WHICH.search(low) is None
    focus = _focus(text)
    return Question(
        text=text,
        language=language,
        focus=frozenset(terms_of(focus)),
        asks_figure=asks_figure,
        units=frozenset(unit for unit, pattern in _UNITS.items() if pattern.search(low)),
        names=frozenset(name.key for name in find_names(text, chinese=language == "zh")),
        name_text=name_key(text),
        figures=frozenset(figure.key for figure in find_figures(text)),
        evidence_words=_evidence_words(focus) or _evidence_words(text),
    )


def simplified(text: str) -> str:
    """The text in NFKC and simplified characters, its capitals kept (they tell names)."""
    return form_of(text).text


def _focus(text: str) -> str:
    """The part of a question from the last clause that asks on; all of it where that part says too little."""
    parts = [part for part in _CLAUSE_END.split(text) if part.strip()]
    asking = [number for number, part in enumerate(parts) if _ASKING.search(part)]
    focus = " ".join(parts[asking[-1] :]) if asking else text
    return focus if len(set(terms_of(focus))) >= _FEWEST_TERMS else text


def _evidence_words(text: str) -> tuple[re.Pattern[str], ...]:
    return tuple(evidence for asked, evidence in _asked() if asked.search(text))


def asked_words() -> list[str]:
    """Every word that asks for something, of questions.toml."""
    return [word for entry in _words()["asked"].values() for word in entry["question"]]


def words_of(section: str, key: str) -> list[str]:
    """A list of words of questions.toml."""
    return str(_words()[section][key]).split()


@functools.cache
def _asked() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((_any_of(entry["question"]), _any_of(entry["evidence"])) for entry in _words()["asked"].values())


@functools.cache
def _words() -> dict[str, Any]:
    return tomllib.loads(resources.files("store").joinpath("questions.toml").read_text("utf-8"))


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    parts = (rf"\b{re.escape(word)}" if word.isascii() else re.escape(word) for word in words)
    return re.compile("|".join(parts), re.IGNORECASE)
