"""Embedding models for tests: words that mean the same have the same direction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from store.semantic import unit_vectors

# Each begins with a word that no digest has.
MEANINGS = ("ovine 羊 sheep", "lactic 奶 milk", "lupine 狼 wolf")


class WordEmbedder:
    """Knows some words: those of one text in ``meanings`` have the same direction. Remembers what it embedded."""

    def __init__(self, *meanings: str) -> None:
        self._meanings = [meaning.split() for meaning in meanings or MEANINGS]
        self.embedded: list[str] = []

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr(self._meanings).encode()).hexdigest()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        counts = [[sum(text.lower().count(word) for word in words) for words in self._meanings] for text in texts]
        return unit_vectors(np.array(counts, np.float32).reshape(len(texts), len(self._meanings)))


def save_model(folder: Path, *meanings: str) -> Path:
    """Save a static model that knows the same, made and written by model2vec itself; English words, Han characters.

    The test is skipped where the extra is not installed.
    """
    pytest.importorskip("model2vec", reason="the extra digestbot[semantic] is not installed")
    from model2vec import StaticModel
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    known = [meaning.split() for meaning in meanings or MEANINGS]
    vocabulary = {word: number for number, word in enumerate(["[UNK]", *chain.from_iterable(known)])}
    vectors = np.zeros((len(vocabulary), len(known)), np.float32)
    for direction, words in enumerate(known):
        # Longer than 1, since a model's vectors need not be unit vectors.
        vectors[[vocabulary[word] for word in words], direction] = 3
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    StaticModel(vectors, tokenizer).save_pretrained(folder)
    return folder
