"""Texts as dense vectors, by a static embedding model that lies in a folder: no GPU, no torch, nothing is downloaded.

Only :func:`load_embedder` needs the extra ``digestbot[semantic]``; whatever else gives vectors can take its place.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from model2vec import StaticModel

_MODEL_FILES = ("*.json", "*.safetensors")


class ModelUnusable(Exception):
    """The folder holds no model that could be used; the message is one sentence that says why."""


class Embedder(Protocol):
    """What makes texts comparable by meaning. May be called from several threads at a time."""

    @property
    def fingerprint(self) -> str:
        """Another one means that vectors made before cannot be compared with those made now; ASCII."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector a text, (texts, dimensions); zeros for a text that the model knows nothing of."""


class StaticEmbedder:
    """A model2vec model. ``load_embedder`` makes one."""

    def __init__(self, model: StaticModel, fingerprint: str) -> None:
        self._model = model
        self._fingerprint = fingerprint
        # Encoding sets the tokenizer's truncation, which another thread may be using.
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self._model.dim), np.float32)
        with self._lock:
            vectors = self._model.encode(list(texts), max_length=None, normalize=False, use_multiprocessing=False)
        return unit_vectors(vectors)


def load_embedder(folder: Path) -> StaticEmbedder:
    """The static embedding model in ``folder``, as model2vec or sentence-transformers saves one.

    Raises:
        ModelUnusable: there is no such folder, or no such model in it.
        ModuleNotFoundError: the extra ``digestbot[semantic]`` is not installed.
    """
    # Imported here, since all but this works without the extra.
    from model2vec import StaticModel

    # model2vec takes the name of a folder that is not there for that of a model to download.
    if not folder.is_dir():
        raise ModelUnusable(f"there is no folder {folder}")
    try:
        embedder = StaticEmbedder(StaticModel.from_pretrained(folder), _fingerprint(folder))
        # A model whose parts do not fit each other shows only when it is used.
        embedder.embed(["digest"])
    # The libraries that read the files raise Exception itself.
    except Exception as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ModelUnusable(f"{folder} holds no static embedding model that can be loaded ({reason})") from error
    return embedder


def unit_vectors(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows (n, d) of length 1 in single precision; zeros where a row has no direction."""
    rows = vectors.astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    sound = np.isfinite(lengths) & (lengths > 0)
    units: NDArray[np.float32] = np.divide(rows, lengths, out=np.zeros_like(rows), where=sound)
    return units


def _fingerprint(folder: Path) -> str:
    """The SHA-256 of the model's files: a model that was exchanged in its folder is another one."""
    digest = hashlib.sha256()
    for path in sorted(path for pattern in _MODEL_FILES for path in folder.rglob(pattern)):
        digest.update(f"{path.relative_to(folder).as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
