"""A question to its answer: a fact, a list, a comparison, the nearest papers, or an honest "not in the archive"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from store.comparing import Comparison, read_comparison
from store.defining import favour_meaning, read_defined, tells_meaning
from store.evidence import Statement, judge
from store.following import is_follow_up
from store.library import Library, Study
from store.listing import ListRequest, find_reason, read_list, spans_of, wants_papers
from store.models import Answer, Evidence, Hit, Language
from store.particulars import Particular, read_particular
from store.passages import BETWEEN, MAX_COLUMNS, answer_text, choose_passages, evidence_of, make_evidence
from store.questions import Question, read_question
from store.refusal import is_lacking, lacks_nothing
from store.search import Ranked, ReadQuery
from store.snippets import mark
from store.text.columns import width
from store.topics import find_topics

# Characters of a question that are read.
MAX_QUESTION = 1_000
MAX_PAPERS = 10
MAX_EVIDENCE = 3
# Papers that are looked through for a list.
_LISTED = 100
# Of a topic, the newest ones that are looked through for surveys.
_SURVEYED = 1_000
# Nearest papers of which one must fit for the question to be answered.
_TRIED = 3
# A comparison's answer has a passage of each paper.
_HALF = (MAX_COLUMNS - width(BETWEEN)) // 2
# What a shortened text may have at its ends, in columns.
_ELLIPSES = 2


def answer_question(library: Library, text: str, about: str | None = None) -> Answer:
    """The answer to a question (its first 1,000 characters); ``about`` is the key of the paper spoken of last."""
    return _Asked(library).answer(text[:MAX_QUESTION], about).model_copy(update={"question": text})


class _Asked:
    """One question put to a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.searcher = library.searcher

    def answer(self, text: str, about: str | None) -> Answer:
        if about and is_follow_up(text) and (answer := self._about(text, about)):
            return answer
        query, ranked = self.searcher.rank(text, MAX_PAPERS)
        question = read_question(query.corrected or text)
        if (request := read_list(question)) and (answer := self._list(question, request)):
            return answer
        if (comparison := read_comparison(question.text)) and (answer := self._compare(question, comparison)):
            return answer
        hits = tuple(self.library.make_hit(each, query.weights, question.language) for each in ranked)
        if (term := read_defined(question.text)) and (answer := self._define(question, query, term, hits)):
            return answer
        if not hits:
            return Answer(question=text, answered=False)
        study = self.library.study(question, query, hits[0].key)
        if read_particular(question.text):
            # That a digest's text does not speak of authors or code says nothing.
            known = _is_named(study)
        else:
            others = (self.library.study(question, query, hit.key) for hit in hits[1:_TRIED])
            known = not all(is_lacking(each.signs) for each in chain([study], others))
        if known:
            return self._fact(question, hits[0], study, hits)
        if not read_particular(question.text) and lacks_nothing(study.signs):
            return self._fact(question, hits[0], study, hits).model_copy(update={"kind": "nearest"})
        return Answer(question=text, answered=False, papers=hits)

    def _fact(self, question: Question, hit: Hit, study: Study, papers: tuple[Hit, ...]) -> Answer:
        """What a paper says on the question, quoted."""
        if field := read_particular(question.text):
            return self._particular(question, field, hit, papers)
        passages = choose_passages(study.clauses, study.statements)
        return Answer(
            question=question.text,
            answered=True,
            answer=answer_text(passages),
            evidence=evidence_of(question, passages, study.statements, hit),
            papers=papers,
            kind="nearest" if wants_papers(question) or not passages else "fact",
        )

    def _about(self, text: str, key: str) -> Answer | None:
        """The answer from one paper; None where the archive has it no more."""
        allowed = self.library.index.mask(self.library.ids([key]))
        query, ranked = self.searcher.rank(text, 1, allowed)
        question = read_question(text)
        study = self.library.study(question, query, key)
        if not study.statements:
            return None
        best = ranked[0] if ranked else Ranked(key, 0.0)
        hit = self.library.make_hit(best, query.weights, question.language)
        return self._fact(question, hit, study, (hit,))

    def _particular(self, question: Question, field: Particular, hit: Hit, papers: tuple[Hit, ...]) -> Answer:
        """Who wrote a paper, where its code is or when it came out; no answer where no digest says."""
        told = self.library.particular(hit.key, field)
        if told is None:
            return Answer(question=question.text, answered=False, papers=papers)
        return Answer(
            question=question.text,
            answered=True,
            answer=mark(told.text, (), MAX_COLUMNS - _ELLIPSES).text,
            evidence=(make_evidence(hit, told, ()),),
            papers=papers,
        )

    def _define(self, question: Question, query: ReadQuery, term: str, hits: tuple[Hit, ...]) -> Answer | None:
        """What the nearest paper that tells it says a term means; None where none tells."""
        for hit in hits:
            statements = self.library.statements(hit.key)
            if not any(tells_meaning(term, each.text) for each in statements if not each.is_title):
                continue
            clauses = favour_meaning(term, judge(self.library.wanted(question, query), statements), statements)
            passages = choose_passages(clauses, statements)[:2]
            return Answer(
                question=question.text,
                answered=True,
                answer=answer_text(passages),
                evidence=evidence_of(question, passages, statements, hit),
                papers=(hit, *(other for other in hits if other is not hit)),
            )
        return None

    def _compare(self, question: Question, comparison: Comparison) -> Answer | None:
        """What both papers say on what they are compared on; None where a side is not one paper of the archive."""
        sides: list[tuple[ReadQuery, Hit]] = []
        studies: list[Study] = []
        for name in (comparison.one, comparison.other):
            called = f"{name} {comparison.aspect}".strip()
            query, ranked = self.searcher.rank(called, 1)
            if not ranked:
                return None
            sides.append((query, self.library.make_hit(ranked[0], query.weights, question.language)))
            # A side is no sentence: the capital of its first word tells a name.
            side = read_question(f"of {name}")
            studies.append(self.library.study(side, self.searcher.read(name), ranked[0].key))
        if sides[0][1].key == sides[1][1].key or not all(_is_known(study) for study in studies):
            return None
        if not any(_is_named(study) for study in studies):
            return None
        aspect = self.searcher.read(comparison.aspect)
        quoted: list[str] = []
        evidence: list[Evidence] = []
        for query, hit in sides:
            # The aspect alone is looked for in each paper; without one, what the question calls the paper.
            study = self.library.study(question, aspect if comparison.aspect else query, hit.key)
            passages = choose_passages(study.clauses, study.statements, _HALF)[:1]
            quoted.append(answer_text(passages))
            evidence.extend(evidence_of(question, passages, study.statements, hit))
        return Answer(
            question=question.text,
            answered=True,
            answer=BETWEEN.join(quoted),
            evidence=tuple(evidence),
            papers=tuple(hit for _, hit in sides),
            kind="comparison",
        )

    def _list(self, question: Question, request: ListRequest) -> Answer | None:
        """The papers that a list question wants; None where there is none."""
        topic = find_topics(request.subject).exact if request.subject else None
        # To be of the topic is enough.
        condition = replace(request, names=(), words=(), about=False) if topic else request
        keys = self._of_topic(condition, topic.slug) if topic else self._fitting(question, condition)
        if not keys:
            return None
        query = self.searcher.read(request.subject or question.text)
        hits = tuple(
            self.library.make_hit(Ranked(key, 0.0), query.weights, question.language) for key in keys[:MAX_PAPERS]
        )
        reasons = [(hit, self._reason(condition, hit.key)) for hit in hits[:MAX_EVIDENCE]]
        return Answer(
            question=question.text,
            answered=True,
            answer=_titles(hits, question.language),
            evidence=tuple(
                make_evidence(hit, reason, spans_of(request, reason.text)) for hit, reason in reasons if reason
            ),
            papers=hits,
            kind="list",
            total=len(keys),
        )

    def _of_topic(self, request: ListRequest, slug: str) -> list[str]:
        """The keys of a topic's papers, newest first; of surveys alone where these are wanted."""
        keys = self.library.keys_of_topic(slug)
        # There may be too many to read them all.
        return self._having_reason(request, keys[:_SURVEYED]) if request.surveys else keys

    def _fitting(self, question: Question, request: ListRequest) -> list[str]:
        """The keys of the papers that have what a list is to hold."""
        keys = [each.key for each in self.searcher.rank(request.subject or question.text, _LISTED).papers]
        return self._having_reason(request, self.library.newest_first(keys) if request.newest_first else keys)

    def _having_reason(self, request: ListRequest, keys: Sequence[str]) -> list[str]:
        return [key for key in keys if self._reason(request, key)]

    def _reason(self, request: ListRequest, key: str) -> Statement | None:
        """What puts a paper on a list; None where nothing does."""
        return find_reason(request, self.library.statements(key), self.library.knowledge().others)


def _is_named(study: Study) -> bool:
    """Whether a question says which paper it is about: by a name that the paper goes by, or by much of what it says."""
    return study.signs.own_name > 0 or not is_lacking(study.signs)


def _is_known(study: Study) -> bool:
    """Whether a paper has every name that it is called by."""
    return study.signs.nameless == study.signs.elsewhere == 0


def _titles(hits: Sequence[Hit], language: Language) -> str:
    """The titles in the asker's language as far as they fit."""
    text = ""
    for hit in hits:
        titles = (hit.title_zh, hit.title_en) if language == "zh" else (hit.title_en, hit.title_zh)
        title = titles[0] or titles[1] or hit.key
        longer = f"{text}; {title}" if text else mark(title, (), MAX_COLUMNS - _ELLIPSES).text
        if width(longer) > MAX_COLUMNS:
            break
        text = longer
    return text
