"""The archive of digests: a plain synchronous library, usable without the bot.

>>> from pathlib import Path
>>> from store import Archive, load
>>> load(Path("seeds"), Path("data"))              # doctest: +SKIP
>>> archive = Archive.open(Path("data"))           # doctest: +SKIP
>>> archive.ask("GRPO 是什么？").answer              # doctest: +SKIP
"""

from store.archive import Archive, ArchiveMissing
from store.arxiv import abs_url, month, parse_arxiv, pdf_url, title_search_url
from store.briefs import Brief
from store.database import file_identity, open_for_writing, writing
from store.examining import examine_files
from store.filenames import DIGEST_SUFFIXES, safe_name
from store.highlights import Highlight, main_result
from store.intake import IncomingFile, Intake, Refusal, take_in
from store.layouts.decoding import MAX_DIGEST_BYTES
from store.loading import LoadError, Progress, load, preview
from store.models import (
    Answer,
    Change,
    ChangeCounts,
    DigestInfo,
    Evidence,
    FileReport,
    Hit,
    Language,
    LoadReport,
    LoadSummary,
    LoadWarning,
    Lookup,
    Note,
    Paper,
    Results,
    Source,
    Topic,
)
from store.problems import Problem, ProblemValue
from store.query import QueryError, parse_query
from store.ranking.files import sync_folder
from store.search import has_words
from store.semantic import Embedder, ModelUnusable, load_embedder
from store.shelf import UPLOADS_FOLDER, Shelf
from store.text.languages import language_of
from store.text.sentences import split_sentences
from store.text.titles import title_key
from store.topics import find_topics
from store.watching import Waited

__all__ = [
    "DIGEST_SUFFIXES",
    "MAX_DIGEST_BYTES",
    "UPLOADS_FOLDER",
    "Answer",
    "Archive",
    "ArchiveMissing",
    "Brief",
    "Change",
    "ChangeCounts",
    "DigestInfo",
    "Embedder",
    "Evidence",
    "FileReport",
    "Highlight",
    "Hit",
    "IncomingFile",
    "Intake",
    "Language",
    "LoadError",
    "LoadReport",
    "LoadSummary",
    "LoadWarning",
    "Lookup",
    "ModelUnusable",
    "Note",
    "Paper",
    "Problem",
    "ProblemValue",
    "Progress",
    "QueryError",
    "Refusal",
    "Results",
    "Shelf",
    "Source",
    "Topic",
    "Waited",
    "abs_url",
    "examine_files",
    "file_identity",
    "find_topics",
    "has_words",
    "language_of",
    "load",
    "load_embedder",
    "main_result",
    "month",
    "open_for_writing",
    "parse_arxiv",
    "parse_query",
    "pdf_url",
    "preview",
    "safe_name",
    "split_sentences",
    "sync_folder",
    "take_in",
    "title_key",
    "title_search_url",
    "writing",
]
