"""What a load works out from the whole collection: the index and the related papers."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sqlite_utils import Database

from store.indexing import document, open_index, write_index
from store.ranking import Document, InvertedIndex
from store.updating import Outcome, select, sourced_entries

RELATED = 10
# A paper looks for its like by its weightiest words; the most frequent ones are kept while the index is built.
_FREQUENT_TERMS = 48
_RELATED_TERMS = 12
_CHUNK = 500

_Frequent = list[tuple[str, int]]


def next_generation(database: Database) -> int:
    """The number that this load gives the archive: one more than any load ever had."""
    rows = database.query("SELECT seq FROM sqlite_sequence WHERE name = 'loads'")
    return int(next((row["seq"] for row in rows), 0)) + 1


def derive(database: Database, data: Path, generation: int, outcome: Outcome, *, everything: bool) -> None:
    """Bring the index and the related papers up to date and write the index's files for ``generation``.

    Only changed papers are indexed and find their related papers anew, unless there is no index to change.
    """
    old = None if everything else open_index(data, generation - 1)
    if old is None:
        paper_ids = [row["id"] for row in database.query("SELECT id FROM papers ORDER BY id")]
    else:
        paper_ids = sorted(set(outcome.indexed))
    frequent: dict[int, _Frequent] = {}
    documents = _remembering(_documents(database, paper_ids), frequent)
    index = InvertedIndex.build(documents) if old is None else old.apply(documents, outcome.removed)
    _write_related(database, index, frequent)
    write_index(data, generation, index)


def _documents(database: Database, paper_ids: Sequence[int]) -> Iterator[Document]:
    for start in range(0, len(paper_ids), _CHUNK):
        chunk = paper_ids[start : start + _CHUNK]
        keys = {
            row["id"]: row["key"]
            for row in select(database, "SELECT id, key FROM papers WHERE id IN ({})", chunk)
        }
        owners: dict[int, list[int]] = defaultdict(list)
        for row in select(
            database, "SELECT id, paper_id FROM entries WHERE paper_id IN ({}) ORDER BY id", chunk
        ):
            owners[row["paper_id"]].append(row["id"])
        entries = sourced_entries(database, [entry_id for own in owners.values() for entry_id in own])
        for paper_id in chunk:
            yield document(paper_id, keys[paper_id], [entries[entry_id] for entry_id in owners[paper_id]])


def _remembering(documents: Iterable[Document], frequent: dict[int, _Frequent]) -> Iterator[Document]:
    """The documents as they pass, their most frequent terms put aside (all of them would fill the memory)."""
    for each in documents:
        # Interned, since the same words are in most papers.
        frequent[each.id] = [
            (sys.intern(term), count)
            for term, count in Counter(each.frequencies).most_common(_FREQUENT_TERMS)
        ]
        yield each


def _write_related(database: Database, index: InvertedIndex, frequent: dict[int, _Frequent]) -> None:
    """For each paper, those that score best when its own weightiest words are the query."""
    keys = {
        row["id"]: row["key"]
        for row in select(database, "SELECT id, key FROM papers WHERE id IN ({})", list(frequent))
    }
    for paper_id, terms in frequent.items():
        weights = {
            term: count * weight
            for term, count in terms
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
