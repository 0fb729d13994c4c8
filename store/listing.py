"""Questions that want a list of papers ("哪些论文用了…", "recent papers on …"), and which papers are on it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from store.evidence import Statement
from store.mentions import PaperWords, names_of
from store.questions import Question, words_of
from store.snippets import join_spans
from store.text.figures import Name
from store.text.tokens import locate, tokenize

_PAPERS_ZH = "论文|文章|文献|综述|工作|研究|papers?"
_PAPERS_EN = "papers|articles|surveys|works|studies|reviews|publications"
_ASKS_LIST = re.compile(
    rf"(?:哪些|哪几篇|多少篇|几篇|列出|列举|所有|全部|有什么).{{0,16}}?(?:{_PAPERS_ZH})"
    rf"|(?:{_PAPERS_ZH}).{{0,8}}?(?:有哪些|有多少|有几篇)"
    rf"|^(?:请|帮我|给我|找|查|看看|推荐|一些|几篇)*(?:最近|最新|近期|近来|关于|有关).{{0,24}}(?:{_PAPERS_ZH})"
    r"[。？?！! ]*$"
    rf"|\b(?:which|what|list|show|all|any|how many|recent|latest|newest|new)\b (?:[\w-]+ ){{0,5}}?(?:{_PAPERS_EN})\b"
    rf"|^(?:{_PAPERS_EN}) (?:on|about|using|that|with|for)\b",
    re.IGNORECASE,
)
_NEWEST = re.compile(r"最近|最新|近期|近来|新出|\b(?:recent|latest|newest|new)\b", re.IGNORECASE)
_SURVEYS = re.compile(r"综述|\b(?:surveys?|reviews?|overviews?)\b", re.IGNORECASE)
_SURVEY_TITLE = re.compile(r"综述|概览|survey|review|overview", re.IGNORECASE)
_LOOKS_FOR_ZH = re.compile(
    r"有没有|有无|想找|想看|想要|求|推荐|哪篇|有人|(?:论文|文章|工作|研究|方法|办法|综述|评测|基准)(?:吗|呢)?[？?。]*$"
)
_ASKS_EN = re.compile(
    r"(?:how|what|which|who|whom|whose|when|where|why|is|are|was|were|does|do|did|can|could|has|have)\b|.*\bwh(?:at|ich)\b",
    re.IGNORECASE,
)
# A subject of more words than this is a description: the nearest papers serve it better than a list.
_MOST_WORDS = 6


@dataclass(frozen=True)
class ListRequest:
    """What a list is to hold: papers that mention every name and have every word of the subject."""

    subject: str
    names: tuple[Name, ...]
    words: tuple[str, ...]
    newest_first: bool
    surveys: bool


def read_list(question: Question) -> ListRequest | None:
    """The list that a question wants; None where it wants something else."""
    if not _ASKS_LIST.search(question.text):
        return None
    frame = _frame()
    subject = [token for token in locate(question.text) if token.term not in frame]
    surveys = _SURVEYS.search(question.text) is not None
    if not subject:
        return ListRequest("", (), (), _newest(question), surveys) if surveys or _newest(question) else None
    names = tuple(names_of(question))
    named = {term for name in names for term in tokenize(name.text)}
    words = tuple(dict.fromkeys(token.term for token in subject if token.term not in named))
    if len(words) > _MOST_WORDS:
        return None
    raw = question.text[min(token.start for token in subject) : max(token.end for token in subject)]
    return ListRequest(raw, tuple(name for name in names if name.text in raw), words, _newest(question), surveys)


def wants_papers(question: Question) -> bool:
    """Whether a question describes a paper that somebody looks for, rather than asking something of one."""
    if question.language == "zh":
        return _LOOKS_FOR_ZH.search(question.text) is not None and not question.asks_figure
    return not question.text.rstrip().endswith("?") and _ASKS_EN.match(question.text) is None


def find_reason(
    request: ListRequest, statements: Sequence[Statement], others: Callable[[str], Iterable[str]]
) -> Statement | None:
    """What puts a paper on the list: the statement that has all the words, in a paper that mentions all the names.

    Args:
        others: the terms that stand for the same as a word.
    """
    if request.surveys and not any(
        statement.is_title and _SURVEY_TITLE.search(statement.text) for statement in statements
    ):
        return None
    paper = PaperWords(statements)
    if not all(paper.mentions(name) for name in request.names):
        return None
    wanted = [{word, *others(word)} for word in request.words]
    fitting = [each for each in statements if all(not words.isdisjoint(each.all_terms) for words in wanted)]
    # A sentence says more than a title does; one with a name says why it is there.
    fitting.sort(key=lambda each: (not _names(request, each), each.is_title))
    return fitting[0] if fitting else None


def spans_of(request: ListRequest, text: str) -> tuple[tuple[int, int], ...]:
    """Where a text has the names and words of a list's subject."""
    terms = {term for name in request.names for term in tokenize(name.text)} | set(request.words)
    return join_spans((token.start, token.end) for token in locate(text) if token.term in terms)


def _names(request: ListRequest, statement: Statement) -> bool:
    paper = PaperWords([statement])
    return all(paper.mentions(name) for name in request.names)


def _newest(question: Question) -> bool:
    return _NEWEST.search(question.text) is not None


@functools.cache
def _frame() -> frozenset[str]:
    return frozenset(term for word in words_of("list", "frame") for term in (word, *tokenize(word)))
