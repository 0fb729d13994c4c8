"""Every paper of the archive in a few words: what choosing among all of them needs, read at once."""

from __future__ import annotations

from typing import NamedTuple

from sqlite_utils import Database

from store.rows import from_json


class Brief(NamedTuple):
    """A paper's names, topics and date. ``published`` is ``YYYY-MM[-DD]``."""

    key: str
    arxiv_id: str | None
    title_en: str | None
    title_zh: str | None
    published: str | None
    topics: tuple[str, ...]


def read_briefs(database: Database) -> tuple[Brief, ...]:
    """All papers, newest first."""
    rows = database.query(
        """SELECT key, arxiv_id, title_en, title_zh, published,
             (SELECT json_group_array(slug) FROM
               (SELECT slug FROM paper_topics JOIN topics ON topics.id = topic_id
                WHERE paper_id = papers.id ORDER BY paper_topics.position)) AS topics
           FROM papers ORDER BY published DESC, key DESC"""
    )
    return tuple(Brief(**{**row, "topics": from_json(row["topics"])}) for row in rows)
