"""After a load changed entries: the papers they touch are merged anew, with all that is derived from them.

Everything a question needs later (sentences, topics, related papers, the index) is worked out here, once per changed
paper, and inside the load's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from store.concepts import fingerprint as concepts_fingerprint
from store.merge import Names, SourcedEntry, group, key_of, merge, other_keys
from store.models import Change, ChangeKind, Paper
from store.rows import entry_of, paper_row, to_json
from store.sentences import sentences_of, split_terms, to_column
from store.topics import topic_list, topics_of

# Raise this when files are to be read, merged or sorted by new rules: the next load then does everything again.
RULES = 2
_NAMES = ("arxiv_id", "title_en_key", "title_zh_key")  # the columns of entries that tell which paper is meant
_CHUNK = 500  # values in one IN (…); SQLite takes at least 999
_AT_ONCE = 100  # papers: freeing what was made of more of them at once holds up every other thread


def rules() -> str:
    """What the archive's derived data depend on besides the digest files."""
    return f"{RULES}:{topic_list().fingerprint}:{concepts_fingerprint()}"


@dataclass
class Updates:
    """What a load has changed so far.

    ``everything`` asks for all papers to be merged and derived again, ``preview`` for the papers alone, without what is
    derived from them. ``pulse`` is called now and then while the papers are written and derived; it may raise.
    """

    everything: bool = False
    preview: bool = False
    pulse: Callable[[], None] = lambda: None
    new_entries: list[int] = field(default_factory=list)
    papers: set[int] = field(default_factory=set)
    losing: set[int] = field(default_factory=set)  # papers that a digest no longer speaks of
    lost_from: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # by paper, those digests' names

    def forget(self, database: Database, entry_ids: Sequence[int]) -> None:
        """Note that these entries are about to go: their papers are to be merged without them.

        Others that go by the same names are looked at again as well, since those names may now mean them alone.
        """
        query = """SELECT DISTINCT paper_id, digests.name FROM entries JOIN digests ON digests.id = entries.digest_id
                   WHERE entries.id IN ({})"""
        for row in select(database, query, entry_ids):
            self.losing.add(row["paper_id"])
            self.lost_from[row["paper_id"]].add(row["name"])
        for column in _NAMES:
            query = f"""SELECT DISTINCT other.paper_id FROM entries JOIN entries AS other USING ({column})
                        WHERE entries.id IN ({{}}) AND {column} <> '' AND other.paper_id IS NOT NULL"""
            self.papers.update(row["paper_id"] for row in select(database, query, entry_ids))


@dataclass
class Outcome:
    """What became of the papers that a load touched: ``indexed`` are the ids of those whose words may be others."""

    changes: list[Change] = field(default_factory=list)
    indexed: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


def update_papers(database: Database, updates: Updates) -> Outcome:
    """Merge the papers that the load touches and write what came of it."""
    if updates.everything:
        updates.papers.update(row["id"] for row in database.query("SELECT id FROM papers"))
        _write_topics(database)
    read_now = frozenset(updates.new_entries)
    papers, entry_ids = _closure(database, updates)
    groups = group(_names(database, entry_ids))
    keys = [key_of(members) for members in groups]
    before = {
        row["id"]: row["key"] for row in select(database, "SELECT id, key FROM papers WHERE id IN ({})", sorted(papers))
    }
    of_papers = select(database, "SELECT id, paper_id FROM entries WHERE paper_id IN ({})", sorted(before))
    belonged = {row["id"]: row["paper_id"] for row in of_papers}
    rows = _rows_for(groups, keys, before, belonged)
    removed = before.keys() - set(rows)
    for members, row_id in zip(groups, rows, strict=True):
        for names in members:
            former = belonged.get(names.id)
            if former in removed:
                # Its sentences go with the paper that it belonged to.
                updates.new_entries.append(names.id)
            elif former is not None and former != row_id:
                updates.losing.add(former)
    outcome = Outcome()
    _remove_papers(database, sorted(removed), updates, outcome)
    for start in range(0, len(groups), _AT_ONCE):
        if start:
            updates.pulse()
        part = slice(start, start + _AT_ONCE)
        _write_papers(database, groups[part], keys[part], rows[part], read_now, updates, outcome)
    outcome.changes.sort(key=lambda change: (change.kind, change.key))
    return outcome


def _closure(database: Database, updates: Updates) -> tuple[set[int], set[int]]:
    """All papers and entries whose grouping the changed entries can alter.

    An entry can join papers that knew nothing of each other (it names the title of one and the id of the other), so
    names are followed from entry to paper to entry until nothing new turns up.
    """
    papers: set[int] = set()
    entries: set[int] = set()
    names: dict[str, set[str]] = {column: set() for column in _NAMES}
    new_papers, new_entries = updates.papers | updates.losing, set(updates.new_entries)
    while new_papers or new_entries:
        papers |= new_papers
        of_papers = select(database, "SELECT id FROM entries WHERE paper_id IN ({})", sorted(new_papers))
        new_entries |= {row["id"] for row in of_papers} - entries
        entries |= new_entries
        found: dict[str, set[str]] = {column: set() for column in names}
        columns = ", ".join(_NAMES)
        for row in select(database, f"SELECT {columns} FROM entries WHERE id IN ({{}})", sorted(new_entries)):
            for column in names:
                if row[column]:
                    found[column].add(row[column])
        new_papers, new_entries = set(), set()
        for column, values in found.items():
            # A Chinese title is as good as any; but a title in one language never equals one in the other.
            fresh = sorted(values - names[column])
            names[column] |= values
            query = f"SELECT id, paper_id FROM entries WHERE {column} IN ({{}})"
            for row in select(database, query, fresh):
                if row["paper_id"] is not None and row["paper_id"] not in papers:
                    new_papers.add(row["paper_id"])
                if row["id"] not in entries:
                    new_entries.add(row["id"])
    return papers, entries


def _names(database: Database, entry_ids: Iterable[int]) -> Iterator[Names]:
    query = """
        SELECT entries.id, entries.line, entries.arxiv_id, entries.title_en_key, entries.title_zh_key,
               digests.name AS file, digests.date
        FROM entries JOIN digests ON digests.id = entries.digest_id WHERE entries.id IN ({})
    """
    for row in select(database, query, sorted(entry_ids)):
        order = (row["date"] or "", row["file"], row["line"])
        yield Names(row["id"], order, row["arxiv_id"] or "", row["title_en_key"], row["title_zh_key"])


def sourced_entries(database: Database, entry_ids: Sequence[int]) -> dict[int, SourcedEntry]:
    """The entries with these ids, by id."""
    query = """
        SELECT entries.*, digests.name AS file, digests.date AS digest_date
        FROM entries JOIN digests ON digests.id = entries.digest_id WHERE entries.id IN ({})
    """
    return {
        row["id"]: SourcedEntry(row["id"], row["file"], row["digest_date"], entry_of(row))
        for row in select(database, query, entry_ids)
    }


def _rows_for(
    groups: Sequence[Sequence[Names]], keys: Sequence[str], before: Mapping[int, str], belonged: Mapping[int, int]
) -> list[int | None]:
    """Which row each paper takes: the one that has its key, else one its entries belonged to, else none (a new row).

    ``before`` are the keys of the papers by row, ``belonged`` the rows of the papers by entry.

    A paper that gets its arXiv id thus keeps its row, and what refers to the row goes on referring to the paper.
    """
    row_of_key = {key: row_id for row_id, key in before.items()}
    rows = [row_of_key.get(key) for key in keys]
    taken = set(rows)
    for place, members in enumerate(groups):
        if rows[place] is None:
            rows[place] = min({belonged[names.id] for names in members if names.id in belonged} - taken, default=None)
            taken.add(rows[place])
    return rows


def _remove_papers(database: Database, row_ids: Sequence[int], updates: Updates, outcome: Outcome) -> None:
    """Delete papers; before others are written, so that their keys and arXiv ids are free."""
    for row in select(database, "SELECT * FROM papers WHERE id IN ({})", row_ids):
        files = tuple(sorted(updates.lost_from.get(row["id"], ())))
        outcome.changes.append(Change(kind="removed", key=row["key"], title=_title(row), files=files))
        outcome.removed.append(row["id"])
        database.conn.execute("UPDATE entries SET paper_id = NULL WHERE paper_id = ?", [row["id"]])
        database.conn.execute("DELETE FROM papers WHERE id = ?", [row["id"]])


def _write_papers(
    database: Database,
    groups: Sequence[Sequence[Names]],
    keys: Sequence[str],
    rows: Sequence[int | None],
    read_now: Collection[int],
    updates: Updates,
    outcome: Outcome,
) -> None:
    known = [row for row in rows if row is not None]
    before = {row["id"]: row for row in select(database, "SELECT * FROM papers WHERE id IN ({})", known)}
    entries = sourced_entries(database, [names.id for members in groups for names in members])
    new_entries = set(updates.new_entries)
    for names, key, paper_id in zip(groups, keys, rows, strict=True):
        members = [entries[each.id] for each in names]
        paper = merge(key, members)
        row = paper_row(paper)
        old = before.get(paper_id) if paper_id is not None else None
        if paper_id is None:
            paper_id = int(database.table("papers").insert(row).last_pk or 0)
        elif old != {"id": paper_id, **row}:
            database.table("papers").update(paper_id, row)
        # Of an unchanged paper too: it may be the last that has a title which others had as well.
        _write_aliases(database, key, old["key"] if old else None, other_keys(names))
        sources_changed = _write_sources(database, paper_id, paper, members) or paper_id in updates.losing
        files = {each.file for each in members if each.id in read_now} | updates.lost_from.get(paper_id, set())
        changed = sources_changed or old != {"id": paper_id, **row}
        if changed:
            kind: ChangeKind = "added" if old is None else "changed"
            outcome.changes.append(Change(kind=kind, key=key, title=_title(row), files=tuple(sorted(files))))
        elif not updates.everything:
            continue
        if updates.preview:
            continue
        fresh = members if updates.everything else [each for each in members if each.id in new_entries]
        _write_sentences(database, paper_id, fresh)
        _write_paper_topics(database, paper_id, topics_of(paper))
        outcome.indexed.append(paper_id)


def _title(row: dict[str, Any]) -> str:
    return row["title_en"] or row["title_zh"] or ""


def _write_sources(database: Database, paper_id: int, paper: Paper, entries: Sequence[SourcedEntry]) -> bool:
    """Tie the entries to their paper; whether the digests or what they gave are others than before."""
    changed = False
    for entry, source in zip(entries, paper.sources, strict=True):
        fields = to_json(source.fields)
        cursor = database.conn.execute(
            "UPDATE entries SET paper_id = ?, fields = ? WHERE id = ? AND (paper_id IS NOT ? OR fields <> ?)",
            [paper_id, fields, entry.id, paper_id, fields],
        )
        if cursor.rowcount:
            changed = True
            database.conn.execute("UPDATE sentences SET paper_id = ? WHERE entry_id = ?", [paper_id, entry.id])
    return changed


def _write_aliases(database: Database, key: str, old_key: str | None, keys: set[str]) -> None:
    """Make every key the paper had or could have had resolve to it."""
    if old_key and old_key != key:
        keys = keys | {old_key}
        # Whatever resolved to the old key follows it.
        database.conn.execute("UPDATE aliases SET key = ? WHERE key = ?", [key, old_key])
    database.conn.executemany(
        "INSERT INTO aliases (alias, key) VALUES (?, ?) ON CONFLICT (alias) DO UPDATE SET key = excluded.key"
        " WHERE key <> excluded.key",
        [(alias, key) for alias in sorted(keys)],
    )


def _write_sentences(database: Database, paper_id: int, entries: Sequence[SourcedEntry]) -> None:
    for entry in entries:
        database.conn.execute("DELETE FROM sentences WHERE entry_id = ?", [entry.id])
        database.conn.executemany(
            "INSERT INTO sentences (paper_id, entry_id, field, language, text, terms) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (paper_id, entry.id, s.field, s.language, s.text, to_column(split_terms(s.text)))
                for s in sentences_of(entry.entry)
            ],
        )


def _write_topics(database: Database) -> None:
    """The topic list as it is now; a topic that is no longer listed takes its papers' places with it."""
    listed = topic_list().topics
    slugs = [topic.slug for topic in listed]
    marks = ", ".join("?" * len(slugs))
    database.conn.execute(f"DELETE FROM topics WHERE slug NOT IN ({marks})", slugs)
    for position, topic in enumerate(listed):
        database.conn.execute(
            """INSERT INTO topics (slug, position, name_en, name_zh) VALUES (?, ?, ?, ?)
               ON CONFLICT (slug) DO UPDATE SET
               position = excluded.position, name_en = excluded.name_en, name_zh = excluded.name_zh""",
            [topic.slug, position, topic.name_en, topic.name_zh],
        )


def _write_paper_topics(database: Database, paper_id: int, slugs: Sequence[str]) -> None:
    database.conn.execute("DELETE FROM paper_topics WHERE paper_id = ?", [paper_id])
    database.conn.executemany(
        "INSERT INTO paper_topics (paper_id, topic_id, position) SELECT ?, id, ? FROM topics WHERE slug = ?",
        [(paper_id, position, slug) for position, slug in enumerate(slugs)],
    )


def select(database: Database, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    """All rows of a query whose ``IN ({})`` is filled with the values, a chunk at a time."""
    rows: list[dict[str, Any]] = []
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        rows.extend(database.query(query.format(", ".join("?" * len(chunk))), list(chunk)))
    return rows
