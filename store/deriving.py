"""What a load works out: the index, names, synonyms, the glossary, the related papers and dense vectors."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from sqlite_utils import Database

from store.abbreviations import find_pairs, terms_of_expression
from store.glossary import SAMPLE, Told, mine
from store.indexing import Said, document, open_index, write_index
from store.names import name_key, names_in_title
from store.ranking import Document, InvertedIndex
from store.rows import from_json
from store.semantic import Embedder
from store.updating import Outcome, Updates, select
from store.vectors import Vectors, open_vectors, remove_unused_vectors, write_vectors

RELATED = 10
# A paper looks for its like by its weightiest words; the most frequent ones are kept while the index is built.
_FREQUENT_TERMS = 96
_RELATED_TERMS = 20
_CHUNK = 100  # papers: freeing what was read of more of them at once holds up every other thread
# Papers embedded at a time: whoever asks meanwhile waits for as many.
_EMBEDDED = 100

# Terms and how often each is there.
_Frequent = tuple[tuple[str, ...], tuple[int, ...]]


def next_generation(database: Database) -> int:
    """The number that this load gives the archive: one more than any load ever had."""
    rows = database.query("SELECT seq FROM sqlite_sequence WHERE name = 'loads'")
    return int(next((row["seq"] for row in rows), 0)) + 1


def is_derived(data: Path, generation: int, embedder: Embedder | None) -> bool:
    """Whether all that lies beside the database is there for a generation, its vectors by this very model."""
    if open_index(data, generation) is None:
        return False
    return embedder is None or open_vectors(data, generation, embedder.fingerprint) is not None


def derive(
    database: Database,
    data: Path,
    generation: int,
    outcome: Outcome,
    updates: Updates,
    *,
    embedder: Embedder | None = None,
) -> None:
    """Bring all that is worked out up to date and write the files for ``generation``: the index and, where there is
    something that makes them, vectors.

    Only changed papers are indexed, embedded and find their related papers anew, unless there is nothing to change: no
    index, or no vectors by this model.
    """
    old = None if updates.everything else open_index(data, generation - 1)
    paper_ids = _all_ids(database) if old is None else sorted(set(outcome.indexed))
    frequent: dict[int, _Frequent] = {}
    documents = _remembering(_documents(database, paper_ids, updates.pulse), frequent)
    index = InvertedIndex.build(documents) if old is None else old.apply(documents, outcome.removed)
    _write_related(database, index, frequent, updates.pulse)
    _write_glossary(database)
    write_index(data, generation, index)
    if embedder:
        _write_vectors(database, data, generation, outcome, embedder, updates)
    remove_unused_vectors(data, keep={generation, generation - 1})


def _all_ids(database: Database) -> list[int]:
    return [row["id"] for row in database.query("SELECT id FROM papers ORDER BY id")]


def _documents(database: Database, paper_ids: Sequence[int], pulse: Callable[[], None]) -> Iterator[Document]:
    """The papers as the index takes them; on the way, their names and synonyms are written."""
    for start in range(0, len(paper_ids), _CHUNK):
        if start:
            pulse()
        chunk = paper_ids[start : start + _CHUNK]
        papers = {
            row["id"]: row for row in select(database, "SELECT id, key, authors FROM papers WHERE id IN ({})", chunk)
        }
        said: dict[int, list[Said]] = defaultdict(list)
        query = "SELECT paper_id, field, language, text, terms FROM sentences WHERE paper_id IN ({}) ORDER BY id"
        for row in select(database, query, chunk):
            sentence = Said(row["field"], row["language"], row["text"], row["terms"].split())
            said[row["paper_id"]].append(sentence)
        for paper_id in chunk:
            _write_names(database, paper_id, said[paper_id])
            _write_synonyms(database, paper_id, said[paper_id])
            paper = papers[paper_id]
            yield document(paper_id, paper["key"], from_json(paper["authors"]), said[paper_id])


def _write_names(database: Database, paper_id: int, said: Iterable[Said]) -> None:
    titles = (sentence.text for sentence in said if sentence.is_title)
    names = sorted({name for title in titles for name in names_in_title(title)})
    database.conn.execute("DELETE FROM names WHERE paper_id = ?", [paper_id])
    database.conn.executemany(
        "INSERT INTO names (paper_id, key, name) VALUES (?, ?, ?)",
        [(paper_id, name_key(name), name) for name in names if name_key(name)],
    )


def _write_synonyms(database: Database, paper_id: int, said: Iterable[Said]) -> None:
    written = (pair for sentence in said for pair in find_pairs(sentence.text))
    pairs = {tuple(map(terms_of_expression, pair)) for pair in written}
    both_ways = pairs | {(other, one) for one, other in pairs}
    database.conn.execute("DELETE FROM synonyms WHERE paper_id = ?", [paper_id])
    database.conn.executemany(
        "INSERT INTO synonyms (paper_id, expression, synonym) VALUES (?, ?, ?)",
        [(paper_id, one, other) for one, other in sorted(both_ways) if one and other and one != other],
    )


def _write_glossary(database: Database) -> None:
    """Mine the glossary anew: it is about all papers together, of which a few thousand tell enough."""
    database.conn.execute("DELETE FROM glossary")
    database.conn.executemany(
        "INSERT INTO glossary (term, translation, weight) VALUES (?, ?, ?)", mine(_told_in_both(database))
    )


def _told_in_both(database: Database) -> Iterator[Told]:
    """What is said of the papers that are told in both languages, the longest known first."""
    query = """
        SELECT paper_id FROM sentences WHERE field NOT LIKE 'title%' GROUP BY paper_id
        HAVING count(*) FILTER (WHERE language = 'en') >= 2 AND count(*) FILTER (WHERE language = 'zh') >= 2
        ORDER BY paper_id LIMIT ?
    """
    for row in list(database.query(query, [SAMPLE])):
        terms: dict[str, set[str]] = {"en": set(), "zh": set()}
        said = database.query("SELECT language, terms FROM sentences WHERE paper_id = ?", [row["paper_id"]])
        for sentence in said:
            terms[sentence["language"]].update(sentence["terms"].split())
        yield Told(frozenset(terms["en"]), frozenset(terms["zh"]))


def _remembering(documents: Iterable[Document], frequent: dict[int, _Frequent]) -> Iterator[Document]:
    """The documents as they pass, their most frequent terms put aside (all of them would fill the memory)."""
    for each in documents:
        commonest = Counter(each.frequencies).most_common(_FREQUENT_TERMS)
        # Interned, since the same words are in most papers, and no pairs, since there may be ten million.
        frequent[each.id] = tuple(sys.intern(term) for term, _ in commonest), tuple(count for _, count in commonest)
        yield each


def _write_related(
    database: Database, index: InvertedIndex, frequent: dict[int, _Frequent], pulse: Callable[[], None]
) -> None:
    """For each paper, those that score best when its own weightiest words are the query."""
    keys = {
        row["id"]: row["key"] for row in select(database, "SELECT id, key FROM papers WHERE id IN ({})", list(frequent))
    }
    for done, (paper_id, (terms, counts)) in enumerate(frequent.items(), start=1):
        if done % _CHUNK == 0:
            pulse()
        weights = {
            term: count * weight
            for term, count in zip(terms, counts, strict=True)
            if index.document_frequency(term) > 1 and (weight := index.idf(term)) > 0
        }
        heaviest = dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_RELATED_TERMS])
        ranked = index.top(heaviest, RELATED + 1) if heaviest else []
        nearest = [key for key, _ in ranked if key != keys[paper_id]][:RELATED]
        database.conn.execute("DELETE FROM related WHERE paper_id = ?", [paper_id])
        database.conn.executemany(
            "INSERT INTO related (paper_id, position, related_id) SELECT ?, ?, id FROM papers WHERE key = ?",
            [(paper_id, position, key) for position, key in enumerate(nearest)],
        )


def _write_vectors(
    database: Database, data: Path, generation: int, outcome: Outcome, embedder: Embedder, updates: Updates
) -> None:
    old = None if updates.everything else open_vectors(data, generation - 1, embedder.fingerprint)
    if old is None:
        vectors = _embedded(database, embedder, _all_ids(database))
    else:
        vectors = old.updated(_embedded(database, embedder, sorted(set(outcome.indexed))), outcome.removed)
    write_vectors(data, generation, vectors, embedder.fingerprint)


def _embedded(database: Database, embedder: Embedder, paper_ids: Sequence[int]) -> Vectors:
    """The papers' vectors: each of its titles and summaries as one text."""
    query = "SELECT id, key, title_en, title_zh, summary_en, summary_zh FROM papers WHERE id IN ({})"
    ids: list[int] = []
    keys: list[str] = []
    rows = [embedder.embed([])]
    for start in range(0, len(paper_ids), _EMBEDDED):
        papers = [tuple(row.values()) for row in select(database, query, paper_ids[start : start + _EMBEDDED])]
        ids += [paper_id for paper_id, *_ in papers]
        keys += [key for _, key, *_ in papers]
        rows.append(embedder.embed(["\n".join(filter(None, texts)) for _, _, *texts in papers]))
    return Vectors.of(ids, keys, np.concatenate(rows))
