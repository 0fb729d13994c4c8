"""The archive of digests: a plain synchronous library, usable without the bot.

>>> from pathlib import Path
>>> from store import Archive, load
>>> load(Path("seeds"), Path("data"))              # doctest: +SKIP
>>> archive = Archive.open(Path("data"))           # doctest: +SKIP
>>> archive.ask("GRPO 是什么？").answer              # doctest: +SKIP
"""

from store.archive import Archive, ArchiveMissing
from store.arxiv import abs_url, month, parse_arxiv, pdf_url, title_search_url
from store.database import open_for_writing, writing
from store.loading import LoadError, Progress, load
from store.models import (
    Answer,
    Change,
    DigestInfo,
    Evidence,
    FileReport,
    Hit,
    Language,
    LoadReport,
    LoadWarning,
    Lookup,
    Note,
    Paper,
    Results,
    Source,
    Topic,
)
from store.search import has_words
from store.text.languages import language_of
from store.text.sentences import split_sentences
from store.topics import find_topics

__all__ = [
    "Answer",
    "Archive",
    "ArchiveMissing",
    "Change",
    "DigestInfo",
    "Evidence",
    "FileReport",
    "Hit",
    "Language",
    "LoadError",
    "LoadReport",
    "LoadWarning",
    "Lookup",
    "Note",
    "Paper",
    "Progress",
    "Results",
    "Source",
    "Topic",
    "abs_url",
    "find_topics",
    "has_words",
    "language_of",
    "load",
    "month",
    "open_for_writing",
    "parse_arxiv",
    "pdf_url",
    "split_sentences",
    "title_search_url",
    "writing",
]
