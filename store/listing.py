"""Questions that want a list of papers ("哪些论文用了…", "recent papers on …"), and which papers are on it."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from store.concepts import MARK, locate_terms
from store.evidence import Statement
from store.mentions import PaperWords, names_of
from store.models import Language
from store.questions import Question, words_of
from store.snippets import join_spans
from store.text.figures import Name
from store.text.tokens import HAN, locate, tokenize

_PAPERS_ZH = "论文|文章|文献|综述|工作|研究|papers?"
_PAPERS_EN = "papers|articles|surveys|works|studies|reviews|publications"
_ASKS_LIST = re.compile(
    rf"(?:哪些|哪几篇|多少篇|几篇|列出|列举|所有|全部|有什么).{{0,16}}?(?:{_PAPERS_ZH})"
    rf"|(?:{_PAPERS_ZH}).{{0,8}}?(?:有哪些|有多少|有几篇)"
    rf"|^(?:请|帮我|给我|找|查|看看|推荐|一些|几篇)*(?:最近|最新|近期|近来|关于|有关).{{0,24}}(?:{_PAPERS_ZH})"
    r"[。？?！! ]*$"
    # With more between, or an action, "有没有…的论文" describes one paper; like this it names a subject.
    r"|^(?:请问|这里|库里)?有(?:没有|无)?(?:关于|有关|讲)?[^，。,让把使用能会]{0,8}?(?:论文|文章|文献|综述)(?:吗|呢|嘛)?"
    r"[。？?！! ]*$"
    rf"|\b(?:which|what|list|show|all|any|how many|recent|latest|newest|new)\b (?:[\w-]+ ){{0,5}}?(?:{_PAPERS_EN})\b"
    r"|^[^，。,.?!想求找有]{2,16}的(?:论文|文章|文献|综述)[。?! ]*$"
    rf"|^(?:{_PAPERS_EN}) (?:on|about|using|that|with|for|from|by|of)\b",
    re.IGNORECASE,
)
_NEWEST = re.compile(r"最近|最新|近期|近来|新出|\b(?:recent|latest|newest|new)\b", re.IGNORECASE)
_USES = re.compile(
    r"用|采用|提到|涉及|评测|\b(?:us(?:es?|ed|ing)|mentions?|evaluates?|reports?|train(?:s|ed)? on|tests?)\b",
    re.IGNORECASE,
)
_HAN = re.compile(f"[{HAN}]")
_SURVEYS = re.compile(r"综述|\b(?:surveys?|reviews?|overviews?)\b", re.IGNORECASE)
_SURVEY_TITLE = re.compile(r"综述|概览|survey|review|overview", re.IGNORECASE)
_LOOKS_FOR_ZH = re.compile(
    r"有没有|有无|想找|想看|想要|求|推荐|哪篇|有人|(?:论文|文章|工作|研究|方法|办法|综述|评测|基准)(?:吗|呢)?[？?。]*$"
)
_ASKS_EN = re.compile(
    r"(?:how|what|which|who|whom|whose|when|where|why|is|are|was|were|does|do|did|can|could|has|have)\b|.*\bwh(?:at|ich)\b",
    re.IGNORECASE,
)
# So many statements, and such a share of all, have what a paper is about.
_FEWEST_STATEMENTS = 2
_SMALLEST_SHARE = 0.08
# A subject of more words than this is a description: the nearest papers serve it better than a list.
_MOST_WORDS = 6


@dataclass(frozen=True)
class ListRequest:
    """What a list is to hold: papers that mention every name and have every word of the subject, or one of the concepts
    that it is as a whole. ``about`` asks for papers on it, not only with it."""

    language: Language
    subject: str = ""
    names: tuple[Name, ...] = ()
    words: tuple[str, ...] = ()
    concepts: frozenset[str] = frozenset()
    about: bool = False
    newest_first: bool = False
    surveys: bool = False


def read_list(question: Question) -> ListRequest | None:
    """The list that a question wants; None where it wants something else."""
    if not _ASKS_LIST.search(question.text):
        return None
    newest = _NEWEST.search(question.text) is not None
    surveys = _SURVEYS.search(question.text) is not None
    subject = [token for token in locate(question.text) if token.term not in _frame()]
    if not subject:
        return ListRequest(question.language, newest_first=newest, surveys=surveys) if surveys or newest else None
    start, end = min(token.start for token in subject), max(token.end for token in subject)
    raw = question.text[start:end]
    names = tuple(name for name in names_of(question) if start <= name.start and name.end <= end)
    named = {term for name in names for term in tokenize(name.text)}
    words = tuple(dict.fromkeys(token.term for token in subject if token.term not in named))
    if len(words) > _MOST_WORDS:
        return None
    return ListRequest(
        language=question.language,
        subject=raw,
        names=names,
        words=words,
        concepts=frozenset(
            token.term
            for token in locate_terms(raw)
            if token.term.startswith(MARK) and token.end - token.start == len(raw)
        ),
        about=_USES.search(question.text) is None,
        newest_first=newest,
        surveys=surveys,
    )


def wants_papers(question: Question) -> bool:
    """Whether a question describes a paper that somebody looks for, rather than asking something of one."""
    if question.language == "zh":
        return _LOOKS_FOR_ZH.search(question.text) is not None and not question.asks_figure
    return not question.text.rstrip().endswith("?") and _ASKS_EN.match(question.text) is None


def find_reason(
    request: ListRequest, statements: Sequence[Statement], others: Callable[[str], Iterable[str]]
) -> Statement | None:
    """What puts a paper on the list: the statement that tells best that the paper has all that is wanted.

    Args:
        others: the terms that stand for the same as a word.
    """
    if request.surveys and not any(each.is_title and _SURVEY_TITLE.search(each.text) for each in statements):
        return None
    paper = PaperWords(statements)
    if not all(paper.mentions(name) for name in request.names):
        return None
    fitting = [each for each in statements if _has_words(request, each, others)]
    naming = [each for each in fitting if _has_names(request, each)]
    if request.about and not _is_about(naming or fitting, statements):
        return None
    # A sentence says more than a title does, and best in the asker's language.
    return min(naming or fitting, key=lambda each: (each.is_title, each.language != request.language), default=None)


def spans_of(request: ListRequest, text: str) -> tuple[tuple[int, int], ...]:
    """Where a text has the names and words of a list's subject."""
    terms = {term for name in request.names for term in tokenize(name.text)} | set(request.words)
    return join_spans((token.start, token.end) for token in locate(text) if token.term in terms)


def _has_words(request: ListRequest, said: Statement, others: Callable[[str], Iterable[str]]) -> bool:
    """Whether a statement has the subject's words, or what stands for them in the other language, or for all of it."""
    if not request.concepts.isdisjoint(said.all_terms):
        return True
    return all(
        word in said.all_terms
        or (("zh" if _HAN.search(word) else "en") != said.language and not said.all_terms.isdisjoint(others(word)))
        for word in request.words
    )


def _has_names(request: ListRequest, said: Statement) -> bool:
    paper = PaperWords([said])
    return all(paper.mentions(name) for name in request.names)


def _is_about(fitting: Sequence[Statement], statements: Sequence[Statement]) -> bool:
    """Whether a paper is about what some of its statements have, rather than mentioning it."""
    if any(each.is_title for each in fitting):
        return True
    return len(fitting) >= max(_FEWEST_STATEMENTS, _SMALLEST_SHARE * len(statements))


@functools.cache
def _frame() -> frozenset[str]:
    return frozenset(term for word in words_of("list", "frame") for term in (word, *tokenize(word)))
