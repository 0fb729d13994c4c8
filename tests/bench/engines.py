"""The search engines a benchmark compares, each behind the same two calls: make it from a corpus, and ask it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from store.ranking import Document, InvertedIndex
from tests.bench.corpus import Corpus

Ask = Callable[[Sequence[str], int], Any]

GENERATION = 1


def documents(corpus: Corpus) -> Iterator[Document]:
    """The corpus as our index takes it."""
    for number, words in enumerate(corpus):
        yield Document(number, f"{number:08d}", Counter(words))


def ours(corpus: Corpus, folder: Path) -> Ask:
    index = InvertedIndex.build(documents(corpus)).write(folder, GENERATION)
    return index.top


def rank_bm25(corpus: Corpus, folder: Path) -> Ask:
    from rank_bm25 import BM25Okapi

    oracle = BM25Okapi(corpus)

    def ask(words: Sequence[str], k: int) -> Any:
        scores = oracle.get_scores(words)
        return np.argsort(-scores, kind="stable")[:k]

    return ask


def bm25s(corpus: Corpus, folder: Path) -> Ask:
    import bm25s as library
    from bm25s.tokenization import Tokenized

    known: dict[str, int] = {}
    ids = [[known.setdefault(word, len(known)) for word in words] for words in corpus]
    retriever = library.BM25()
    retriever.index(Tokenized(ids=ids, vocab=known), show_progress=False)

    def ask(words: Sequence[str], k: int) -> Any:
        return retriever.retrieve([list(words)], k=k, show_progress=False)

    return ask


def tantivy(corpus: Corpus, folder: Path) -> Ask:
    import tantivy as library

    builder = library.SchemaBuilder()
    builder.add_integer_field("number", stored=True)
    builder.add_text_field("text", stored=False, tokenizer_name="whitespace", index_option="freq")
    index = library.Index(builder.build())
    writer = index.writer(heap_size=500_000_000, num_threads=1)
    for number, words in enumerate(corpus):
        writer.add_document(library.Document(number=number, text=" ".join(words)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(words: Sequence[str], k: int) -> Any:
        return searcher.search(index.parse_query(" ".join(words), ["text"]), k, count=False).hits

    return ask


def fts5(corpus: Corpus, folder: Path) -> Ask:
    connection = sqlite3.connect(folder / "fts5.db")
    connection.execute("CREATE VIRTUAL TABLE papers USING fts5 (text, content='', tokenize='ascii')")
    rows = ((number, " ".join(words)) for number, words in enumerate(corpus))
    connection.executemany("INSERT INTO papers (rowid, text) VALUES (?, ?)", rows)
    connection.execute("INSERT INTO papers (papers) VALUES ('optimize')")
    connection.commit()

    def ask(words: Sequence[str], k: int) -> Any:
        query = " OR ".join(words)
        statement = "SELECT rowid, rank FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT ?"
        return connection.execute(statement, [query, k]).fetchall()

    return ask


ENGINES: dict[str, Callable[[Corpus, Path], Ask]] = {
    "ours": ours,
    "bm25s": bm25s,
    "tantivy": tantivy,
    "rank-bm25": rank_bm25,
    "FTS5": fts5,
}
# Those that take so long that fewer queries must do.
SLOW = frozenset({"rank-bm25", "FTS5"})
