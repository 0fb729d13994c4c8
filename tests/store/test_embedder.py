"""Embedding models of model2vec, loaded from folders that model2vec wrote."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from store import Archive, ModelUnusable, load, load_embedder
from tests.conftest import write_digests
from tests.digests import weekly_digest, weekly_entry
from tests.embeddings import WordEmbedder, save_model


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model; shared: read only."""
    return save_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def own_model(model: Path, tmp_path: Path) -> Path:
    """A copy of the model that a test may change."""
    return Path(shutil.copytree(model, tmp_path / "model"))


def test_texts_become_unit_vectors_in_single_precision(model: Path) -> None:
    vectors = load_embedder(model).embed(["Ovine, unheard of", "奶和羊", "nothing it knows", ""])
    assert vectors.dtype == np.float32
    half = np.sqrt(np.float32(0.5))
    np.testing.assert_allclose(vectors, [[1, 0, 0], [half, half, 0], [0, 0, 0], [0, 0, 0]], atol=1e-6)


def test_a_long_text_is_read_to_its_end(model: Path) -> None:
    text = "sheep " * 1000 + "milk " * 1000
    np.testing.assert_allclose(load_embedder(model).embed([text])[0], [0.5**0.5, 0.5**0.5, 0], atol=1e-6)


def test_no_texts_are_no_vectors_but_have_dimensions(model: Path) -> None:
    assert load_embedder(model).embed([]).shape == (0, 3)


def test_the_fingerprint_is_that_of_the_files(own_model: Path) -> None:
    fingerprint = load_embedder(own_model).fingerprint
    assert fingerprint.isascii()
    (own_model / "README.md").write_text("another card", encoding="utf-8")
    shutil.move(own_model, own_model.with_name("moved"))
    assert load_embedder(own_model.with_name("moved")).fingerprint == fingerprint
    assert load_embedder(save_model(own_model, "sheep 羊", "milk", "wolf")).fingerprint != fingerprint


def test_an_archive_is_loaded_and_asked_with_it(model: Path, tmp_path: Path) -> None:
    entries = [
        weekly_entry("Milk", "牛奶", "2505.00002", "挤奶机器人每天挤奶。"),
        weekly_entry("Counting Sheep", "数羊", "2505.00001", "我们数羊，数了九十只。"),
    ]
    write_digests(tmp_path / "seeds", {"2025-05-weekly.md": weekly_digest(*entries)})
    load(tmp_path / "seeds", tmp_path / "data", embedder=load_embedder(model))
    with Archive.open(tmp_path / "data", load_embedder(model)) as archive:
        assert [hit.key for hit in archive.search("ovine").hits] == ["2505-00001"]
        assert [hit.key for hit in archive.search("lactic").hits] == ["2505-00002"]


def test_the_stand_in_of_the_other_tests_is_like_it(model: Path) -> None:
    texts = ["ovine", "奶和羊", "nothing it knows"]
    np.testing.assert_allclose(WordEmbedder().embed(texts), load_embedder(model).embed(texts), atol=1e-6)


def overwrite(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "tokenizer.json").unlink(), "Could not find expected model files"),
        (overwrite("tokenizer.json", b"{}"), "Model missing"),
        (overwrite("config.json", b"{"), "Expecting property name"),
        # What a clone without Git LFS leaves.
        (overwrite("model.safetensors", b"version https://git-lfs.github.com/spec/v1\nsize 512\n"), "header too large"),
    ],
)
def test_a_folder_without_a_whole_model_is_refused_in_one_sentence(
    own_model: Path, damage: Callable[[Path], object], reason: str
) -> None:
    damage(own_model)
    with pytest.raises(ModelUnusable) as raised:
        load_embedder(own_model)
    said = str(raised.value)
    assert said.startswith(f"{own_model} holds no static embedding model that can be loaded (")
    assert reason in said
    assert "\n" not in said


def test_a_tokenizer_of_another_model_is_refused(own_model: Path) -> None:
    path = own_model / "tokenizer.json"
    tokenizer = json.loads(path.read_text(encoding="utf-8"))
    tokenizer["model"]["vocab"]["goat"] = len(tokenizer["model"]["vocab"])
    path.write_text(json.dumps(tokenizer), encoding="utf-8")
    with pytest.raises(ModelUnusable, match="does not match number of vectors"):
        load_embedder(own_model)


def test_a_folder_that_is_not_there_is_no_name_of_a_model_to_download(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=f"^there is no folder {tmp_path / 'none'}$"):
        load_embedder(tmp_path / "none")


def test_without_the_extra_the_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "model2vec", None)
    with pytest.raises(ModuleNotFoundError) as raised:
        load_embedder(tmp_path)
    assert raised.value.name == "model2vec"
