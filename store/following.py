"""Whether a question goes on about the paper that was spoken of last."""

from __future__ import annotations

import functools
import re

from store.questions import asked_words, simplified, words_of
from store.text.figures import find_names
from store.text.languages import count_han
from store.text.tokens import tokenize

_BEGINS = re.compile(
    r"^(?:那么?|所以|然后|还有|另外|请问|and|so|then|also|but|what about|how about)?[\s,，]*"
    r"(?:它们?|他们|她们|这篇|该|此|这个(?:方法|模型|工作|框架|数据集|基准)|上面|上述|刚才|作者|其(?!他|它|中)"
    r"|it\b|its\b|they\b|their\b|this (?:paper|work|method|model|one)\b|the (?:paper|authors?)\b|that (?:paper|one)\b)",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"它|这篇|该(?:文|论文|方法|模型|工作)|这个(?:方法|模型|工作|框架)|作者"
    r"|\b(?:it|its|they|their|this (?:paper|work|method|model|one)|the (?:paper|authors?|method|model))\b",
    re.IGNORECASE,
)
# With more words of its own than this a question has a subject of its own.
_MOST_WORDS = 6


def is_follow_up(question: str) -> bool:
    """Whether a question has no subject of its own: it points back ("它用了什么数据集？", "what does it cost?") or only
    says what it asks for ("代码在哪？", "which datasets?")."""
    text = simplified(question).strip()
    if _BEGINS.match(text):
        return True
    names = find_names(text, chinese=count_han(text) > 1)
    if not all(_asking_terms().issuperset(tokenize(name.text)) for name in names):
        return False
    terms = set(tokenize(text))
    if _POINTS_BACK.search(text):
        return len(terms) <= _MOST_WORDS
    return bool(terms) and terms <= _asking_terms()


@functools.cache
def _asking_terms() -> frozenset[str]:
    return frozenset(term for word in (*words_of("follow_up", "asking"), *asked_words()) for term in tokenize(word))
