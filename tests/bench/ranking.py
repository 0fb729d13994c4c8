"""Our index beside rank-bm25, bm25s, tantivy and SQLite's FTS5, in one run: ``python -m tests.bench.ranking``.

Needs the extra ``bench``. Engines take turns, so that a busy machine slows all of them alike; read the ratios.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from store.ranking import Document, InvertedIndex
from tests.bench.corpus import Corpus
from tests.bench.engines import ENGINES, GENERATION, SLOW, Ask

KINDS = ("running", "distinct", "rare")
RESULTS = 10
SLOW_QUERIES = 10


@click.command()
@click.option("--papers", default=10_000, show_default=True, help="How many synthetic papers.")
@click.option("--queries", default=200, show_default=True, help="How many queries of each kind.")
@click.option("--rounds", default=3, show_default=True, help="How often each query is asked.")
@click.option("--engine", "names", multiple=True, type=click.Choice(list(ENGINES)), help="Only these (with ours).")
def main(papers: int, queries: int, rounds: int, names: Sequence[str]) -> None:
    """Print how long each engine takes for a query, and how many times as long as ours that is."""
    corpus = Corpus(papers)
    chosen = [name for name in ENGINES if not names or name in names or name == "ours"]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        engines: dict[str, Ask] = {}
        for name in chosen:
            started = time.perf_counter()
            engines[name] = ENGINES[name](corpus, folder)
            click.echo(f"{name}: made in {time.perf_counter() - started:.1f} s", err=True)
        _echo_size(corpus, folder)
        for kind in KINDS:
            _compare(engines, kind, corpus.queries(kind, queries), rounds)


def _echo_size(corpus: Corpus, folder: Path) -> None:
    """How large our index is, and how long it takes to open it and to change a hundredth of it."""
    size = sum(path.stat().st_size for path in folder.glob("ranking-*"))
    started = time.perf_counter()
    index = InvertedIndex.open(folder, GENERATION)
    opened = time.perf_counter()
    changed = [
        Document(number * 100, f"{number * 100:08d}", Counter(words))
        for number, words in enumerate(Corpus(max(corpus.papers // 100, 1), seed=2))
    ]
    prepared = time.perf_counter()
    index.apply(changed).write(folder, GENERATION + 1)
    written = time.perf_counter()
    click.echo(
        f"{corpus.papers:,} papers: {size / corpus.papers:,.0f} bytes a paper, opened in {opened - started:.3f} s, "
        f"1 % changed and written in {written - prepared:.2f} s"
    )


def _compare(engines: dict[str, Ask], kind: str, queries: Sequence[Sequence[str]], rounds: int) -> None:
    """Print a table for one kind of queries; the first round is told apart, since our index learns in it."""
    times: dict[str, list[float]] = {name: [] for name in engines}
    first: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, ask in engines.items():
            asked = queries[:SLOW_QUERIES] if name in SLOW else queries
            taken = [_seconds(ask, query) for query in asked]
            first.setdefault(name, taken)
            times[name] += taken
    click.echo(f"\n{kind} words   p50 ms (first)   p95 ms (first)   p50 and p95 as multiples of ours")
    own = np.percentile(times["ours"], [50, 95])
    for name in engines:
        early, late = np.percentile(first[name], [50, 95]), np.percentile(times[name], [50, 95])
        cells = [f"{a * 1000:9.3f} ({b * 1000:.3f})" for a, b in zip(late, early, strict=True)]
        click.echo(f"{name:10s} {' '.join(cells)}   {late[0] / own[0]:9.2f} {late[1] / own[1]:9.2f}")


def _seconds(ask: Ask, query: Sequence[str]) -> float:
    started = time.perf_counter()
    ask(query, RESULTS)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
