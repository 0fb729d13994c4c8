"""A question to its answer: a fact, a list, a comparison, the nearest papers, or an honest "not in the archive"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from store.comparing import Comparison, read_comparison
from store.defining import favour_meaning, read_defined, tells_meaning
from store.evidence import Statement, Wanted, judge
from store.following import is_follow_up
from store.listing import ListRequest, find_reason, read_list, spans_of
from store.models import Answer, Evidence, Hit
from store.particulars import Particular, read_particular
from store.passages import BETWEEN, MAX_COLUMNS, Passage, answer_text, choose_passages, evidence_of
from store.questions import Question, read_question
from store.ranking import InvertedIndex
from store.refusal import Knowledge, Signs, doubt, read_signs
from store.rows import from_json
from store.search import Ranked, ReadQuery, Searcher
from store.sentences import from_column
from store.snippets import mark
from store.text.columns import width
from store.topics import find_topics

MAX_PAPERS = 10
MAX_EVIDENCE = 3
# Papers that are looked through for a list.
_LISTED = 100
# Nearest papers of which one must fit for the question to be answered.
_TRIED = 3

MakeHit = Callable[[Ranked, dict[str, float]], Hit]


@dataclass
class Asker:
    """Answers questions from one load's archive, inside one read transaction."""

    database: Database
    index: InvertedIndex
    searcher: Searcher
    make_hit: MakeHit
    _statements: dict[str, list[Statement]] = field(default_factory=dict)

    def ask(self, text: str, about: str | None = None) -> Answer:
        """The answer to a question; ``about`` is the key of the paper that was spoken of last."""
        if about and is_follow_up(text) and (answer := self._about(text, about)):
            return answer
        query, ranked = self.searcher.rank(text, MAX_PAPERS)
        question = read_question(query.corrected or text)
        if (request := read_list(question)) and (answer := self._list(question, request)):
            return answer
        if (comparison := read_comparison(question.text)) and (answer := self._compare(question, comparison)):
            return answer
        hits = tuple(self.make_hit(each, query.weights) for each in ranked)
        if (term := read_defined(question.text)) and (answer := self._define(question, query, term, hits)):
            return answer
        fitting = (hit for hit in hits[:_TRIED] if self._doubt(question, query, hit.key) <= 0)
        best = next(fitting, None)
        if best is None:
            return Answer(question=text, answered=False, papers=hits)
        papers = (best, *(hit for hit in hits if hit is not best))
        return self._fact(question, query, best, papers).model_copy(update={"question": text})

    def _fact(self, question: Question, query: ReadQuery, hit: Hit, hits: tuple[Hit, ...]) -> Answer:
        if field := read_particular(question.text):
            return self._particular(question, field, hit, hits)
        passages, evidence = self._quote(question, query, hit, MAX_COLUMNS)
        return Answer(
            question=question.text,
            answered=True,
            answer=answer_text(passages),
            evidence=evidence,
            papers=hits,
            kind="fact" if passages else "nearest",
        )

    def _about(self, text: str, key: str) -> Answer | None:
        """The answer from one paper; None where the archive has it no more."""
        allowed = self.index.mask(row["id"] for row in self._paper_rows([key]))
        query, ranked = self.searcher.rank(text, 1, allowed)
        statements = self.statements(key)
        if not statements:
            return None
        hit = self.make_hit(ranked[0] if ranked else Ranked(key, 0.0), query.weights)
        question = read_question(text)
        return self._fact(question, query, hit, (hit,))

    def _quote(
        self, question: Question, query: ReadQuery, hit: Hit, columns: int
    ) -> tuple[list[Passage], tuple[Evidence, ...]]:
        statements = self.statements(hit.key)
        wanted = self.wanted(question, query)
        passages = choose_passages(judge(wanted, statements), statements, columns)
        return passages, evidence_of(question, passages, statements, hit)

    def _particular(self, question: Question, field: Particular, hit: Hit, hits: tuple[Hit, ...]) -> Answer:
        """Who wrote a paper, where its code is or when it came out; no answer where no digest says."""
        rows = self.database.query(
            f"""SELECT papers.{field} AS value, digests.name AS file FROM papers
                JOIN entries ON entries.paper_id = papers.id JOIN digests ON digests.id = entries.digest_id
                WHERE papers.key = ? AND papers.{field} NOT IN ('', '[]')
                ORDER BY entries.{field} IS NULL, entries.{field} = '[]', digests.date, digests.name LIMIT 1""",
            [hit.key],
        )
        row = next(iter(rows), None)
        if row is None:
            return Answer(question=question.text, answered=False, papers=hits)
        value = ", ".join(from_json(row["value"])) if field == "authors" else str(row["value"])
        said = Statement(field, "en", value, row["file"], ())
        return Answer(
            question=question.text,
            answered=True,
            answer=mark(value, (), MAX_COLUMNS - 2).text,
            evidence=(_evidence(hit, said, ()),),
            papers=hits,
        )

    def _define(self, question: Question, query: ReadQuery, term: str, hits: tuple[Hit, ...]) -> Answer | None:
        """What the nearest paper that tells it says a term means; None where none tells."""
        for hit in hits:
            statements = self.statements(hit.key)
            if not any(tells_meaning(term, each.text) for each in statements if not each.field.startswith("title")):
                continue
            clauses = favour_meaning(term, judge(self.wanted(question, query), statements), statements)
            passages = choose_passages(clauses, statements)[:2]
            return Answer(
                question=question.text,
                answered=True,
                answer=answer_text(passages),
                evidence=evidence_of(question, passages, statements, hit),
                papers=(hit, *(other for other in hits if other is not hit)),
            )
        return None

    # Comparisons

    def _compare(self, question: Question, comparison: Comparison) -> Answer | None:
        """What both papers say on what they are compared on; None where a side is not one paper of the archive."""
        sides: list[tuple[ReadQuery, Hit]] = []
        for name in (comparison.one, comparison.other):
            called = f"{name} {comparison.aspect}".strip()
            query, ranked = self.searcher.rank(called, 1)
            if not ranked or self._doubt(read_question(called), query, ranked[0].key) > 0:
                return None
            sides.append((query, self.make_hit(ranked[0], query.weights)))
        if sides[0][1].key == sides[1][1].key:
            return None
        aspect = self.searcher.rank(comparison.aspect or question.text, 1).query
        texts: list[str] = []
        evidence: list[Evidence] = []
        for query, hit in sides:
            # The aspect alone is looked for in each paper; without one, what the question calls the paper.
            passages, quoted = self._quote(question, aspect if comparison.aspect else query, hit, _half())
            texts.append(answer_text(passages[:1]))
            evidence.extend(quoted[:2] if hit is sides[0][1] else quoted[:1])
        return Answer(
            question=question.text,
            answered=True,
            answer=BETWEEN.join(texts),
            evidence=tuple(evidence),
            papers=tuple(hit for _, hit in sides),
            kind="comparison",
        )

    # Lists

    def _list(self, question: Question, request: ListRequest) -> Answer | None:
        """The papers that a list question wants; None where there is none."""
        reasons = self._listed(question, request)
        if not reasons:
            return None
        keys = list(reasons)
        query = self.searcher.read(request.subject or question.text)
        hits = tuple(self.make_hit(Ranked(key, 0.0), query.weights) for key in keys[:MAX_PAPERS])
        return Answer(
            question=question.text,
            answered=True,
            answer=_titles(hits, question.language),
            evidence=tuple(
                _evidence(hit, reasons[hit.key], spans_of(request, reasons[hit.key].text))
                for hit in hits[:MAX_EVIDENCE]
            ),
            papers=hits,
            kind="list",
            total=len(keys),
        )

    def _listed(self, question: Question, request: ListRequest) -> dict[str, Statement]:
        """The papers of a list by key, in its order, each with what puts it there."""
        topic = find_topics(request.subject).exact if request.subject else None
        if topic:
            keys = self._keys_of_topic(topic.slug)
            request = replace(request, names=(), words=())
        else:
            wanted = request.subject or question.text
            keys = [each.key for each in self.searcher.rank(wanted, _LISTED).papers]
        if request.newest_first:
            published = {row["key"]: row["published"] or "" for row in self._paper_rows(keys)}
            keys.sort(key=lambda key: (published[key], key), reverse=True)
        others = self.knowledge().others
        reasons = ((key, find_reason(request, self.statements(key), others)) for key in keys)
        return {key: reason for key, reason in reasons if reason}

    def _keys_of_topic(self, slug: str) -> list[str]:
        rows = self.database.query(
            """SELECT papers.key FROM papers JOIN paper_topics ON paper_topics.paper_id = papers.id
               JOIN topics ON topics.id = paper_topics.topic_id WHERE topics.slug = ?
               ORDER BY papers.published DESC, papers.key DESC""",
            [slug],
        )
        return [row["key"] for row in rows]

    # What the archive has

    def wanted(self, question: Question, query: ReadQuery) -> Wanted:
        return Wanted(question, query.own, query.widened, self.knowledge().rarity)

    def knowledge(self) -> Knowledge:
        return Knowledge(
            papers=len(self.index),
            frequency=self.index.document_frequency,
            others=lambda word: self.searcher.read(word).widened,
            english=1.0,
        )

    def statements(self, key: str) -> list[Statement]:
        """Everything that the digests say of a paper, in order; empty for an unknown key."""
        if key not in self._statements:
            rows = self.database.query(
                """SELECT sentences.field, sentences.language, sentences.text, sentences.terms, digests.name AS file
                   FROM sentences JOIN entries ON entries.id = sentences.entry_id
                   JOIN digests ON digests.id = entries.digest_id
                   WHERE sentences.paper_id = (SELECT id FROM papers WHERE key = ?) ORDER BY sentences.id""",
                [key],
            )
            self._statements[key] = [Statement(**{**row, "terms": from_column(row["terms"])}) for row in rows]
        return self._statements[key]

    def signs(self, text: str) -> list[Signs]:
        """What speaks for and against the archive's having the answer, for each of the nearest papers."""
        query, ranked = self.searcher.rank(text, _TRIED)
        question = read_question(query.corrected or text)
        keys = [each.key for each in ranked] or [""]
        return [read_signs(question, query.own, self.knowledge(), self.statements(key)) for key in keys]

    def _doubt(self, question: Question, query: ReadQuery, key: str) -> float:
        return doubt(read_signs(question, query.own, self.knowledge(), self.statements(key)))

    def _paper_rows(self, keys: Sequence[str]) -> list[dict[str, Any]]:
        marks = ", ".join("?" * len(keys))
        return list(self.database.query(f"SELECT id, key, published FROM papers WHERE key IN ({marks})", list(keys)))


def _evidence(hit: Hit, statement: Statement, matches: tuple[tuple[int, int], ...]) -> Evidence:
    return Evidence(
        key=hit.key,
        arxiv_id=hit.arxiv_id,
        sentence=statement.text,
        language=statement.language,
        title_en=hit.title_en,
        title_zh=hit.title_zh,
        file=statement.file,
        matches=matches,
    )


def _half() -> int:
    return (MAX_COLUMNS - width(BETWEEN)) // 2


def _titles(hits: Sequence[Hit], language: str) -> str:
    """The titles in the asker's language as far as they fit."""
    text = ""
    for hit in hits:
        first, second = (hit.title_zh, hit.title_en) if language == "zh" else (hit.title_en, hit.title_zh)
        longer = f"{text}; {first or second}" if text else (first or second or hit.key)
        if width(longer) > MAX_COLUMNS:
            break
        text = longer
    return text
