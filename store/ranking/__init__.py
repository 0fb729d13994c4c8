"""An inverted index over the papers' words with the scores of rank-bm25's BM25Okapi."""

from store.ranking.documents import Document
from store.ranking.files import UnreadableIndex
from store.ranking.index import InvertedIndex
from store.ranking.storage import remove_unused

__all__ = ["Document", "InvertedIndex", "UnreadableIndex", "remove_unused"]
