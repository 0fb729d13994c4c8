"""The papers' dense vectors: beside the index, in one file a generation, and the papers nearest to a text."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from store.ranking.documents import KEY_LENGTH
from store.ranking.files import TEMPORARY_SUFFIX, Array, UnreadableIndex, open_arrays, sync_folder, write_arrays
from store.semantic import Embedder

_PREFIX = "vectors-"
# Cosines that differ by less are equal: the last bits of a sum depend on where in the memory a row lies.
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Vectors:
    """A unit vector a paper, all by one model; zeros for a paper of whose text the model knows nothing.

    Shapes: ``ids`` and ``keys`` (ASCII bytes) (papers,), ``rows`` (papers, dimensions). Each id is there once.
    """

    ids: NDArray[np.int64]
    keys: NDArray[np.bytes_]
    rows: NDArray[np.float32]

    @classmethod
    def of(cls, ids: Iterable[int], keys: Iterable[str], rows: NDArray[np.float32]) -> Self:
        encoded = [key.encode("ascii") for key in keys]
        return cls(np.fromiter(ids, np.int64), np.array(encoded, f"S{KEY_LENGTH}"), rows)

    def __len__(self) -> int:
        return len(self.ids)

    def updated(self, changed: Self, removed: Iterable[int]) -> Vectors:
        """These vectors with ``changed`` ones added or replaced (by id) and those of ``removed`` ids gone."""
        gone = np.union1d(changed.ids, np.fromiter(removed, np.int64))
        kept = ~np.isin(self.ids, gone)
        return Vectors(
            np.concatenate([self.ids[kept], changed.ids]),
            np.concatenate([self.keys[kept], changed.keys]),
            # An archive without papers has no dimensions to fit.
            np.concatenate([self.rows[kept], changed.rows]) if kept.any() else changed.rows,
        )

    def nearest(self, vector: NDArray[np.float32], k: int, among: NDArray[np.int64] | None = None) -> list[str]:
        """The keys of the k papers with the greatest cosines to a unit vector (dimensions,), best first, ties by key.

        There are fewer where fewer cosines are positive. Of ``among``, an array of ids, only those are looked at.
        """
        if not vector.any():
            return []
        cosines = np.round(self.rows @ vector, _DECIMALS)
        if among is not None:
            cosines[~np.isin(self.ids, among)] = 0
        found = np.flatnonzero(cosines > 0)
        if len(found) > k:
            least = np.partition(cosines[found], len(found) - k)[len(found) - k]
            found = found[cosines[found] >= least]
        order = np.lexsort((self.keys[found], -cosines[found]))[:k]
        return [key.decode("ascii") for key in self.keys[found[order]].tolist()]


class Neighbours:
    """Finds the papers nearest to a text in one generation's vectors, which ``embedder`` made."""

    def __init__(self, embedder: Embedder, vectors: Vectors) -> None:
        self._embedder = embedder
        self._vectors = vectors

    def nearest(self, text: str, k: int, among: NDArray[np.int64] | None = None) -> list[str]:
        """The keys of at most k papers, nearest first; none where the model knows nothing of the text."""
        return self._vectors.nearest(self._embedder.embed([text])[0], k, among)


def write_vectors(folder: Path, generation: int, vectors: Vectors, fingerprint: str) -> None:
    """Write the vectors that the model with this fingerprint made, in one step."""
    arrays: dict[str, Array] = {
        "model": _mark(fingerprint),
        "ids": vectors.ids,
        "keys": vectors.keys,
        "rows": vectors.rows,
    }
    write_arrays(_path(folder, generation), arrays)
    sync_folder(folder)


def open_vectors(folder: Path, generation: int, fingerprint: str) -> Vectors | None:
    """A generation's vectors, memory-mapped; None where there are none by this model, or the file is damaged."""
    try:
        arrays = open_arrays(_path(folder, generation))
        if not np.array_equal(arrays["model"], _mark(fingerprint)):
            return None
        return Vectors(arrays["ids"], arrays["keys"], arrays["rows"])
    except (FileNotFoundError, UnreadableIndex, KeyError):
        return None


def remove_unused_vectors(folder: Path, keep: Collection[int]) -> None:
    """Delete the vectors of all generations but those of ``keep``, and what a load that was killed left behind."""
    kept = {_path(folder, generation) for generation in keep}
    for path in [*folder.glob(f"{_PREFIX}*"), *folder.glob(f".{_PREFIX}*{TEMPORARY_SUFFIX}")]:
        if path not in kept:
            path.unlink(missing_ok=True)


def _path(folder: Path, generation: int) -> Path:
    return folder / f"{_PREFIX}{generation}.arrays"


def _mark(fingerprint: str) -> NDArray[np.uint8]:
    return np.frombuffer(fingerprint.encode("ascii"), np.uint8)
