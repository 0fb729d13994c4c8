"""The papers' vectors: the nearest ones, changes, and the file of a generation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from store.vectors import Vectors, open_vectors, remove_unused_vectors, write_vectors

MODEL = "a1b2"


def make_vectors(rows: dict[int, tuple[float, float]]) -> Vectors:
    """Vectors by paper id; the paper 7 has the key p7."""
    return Vectors.of(rows, [f"p{number}" for number in rows], np.array(list(rows.values()), np.float32).reshape(-1, 2))


def vector(x: float, y: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([x, y], np.float32)


VECTORS = make_vectors({3: (0, 1), 1: (1, 0), 2: (0.6, 0.8), 5: (-1, 0), 4: (0, 0)})


def contents(vectors: Vectors) -> dict[int, tuple[bytes, list[float]]]:
    return {
        number: (key, row)
        for number, key, row in zip(vectors.ids.tolist(), vectors.keys.tolist(), vectors.rows.tolist(), strict=True)
    }


def test_the_nearest_come_first_and_what_is_not_near_at_all_is_left_out() -> None:
    assert VECTORS.nearest(vector(1, 0), 5) == ["p1", "p2"]
    assert VECTORS.nearest(vector(0, 1), 5) == ["p3", "p2"]
    assert VECTORS.nearest(vector(0, 1), 1) == ["p3"]


def test_equally_near_ones_are_ordered_by_key_wherever_the_cut_is() -> None:
    equal = make_vectors(dict.fromkeys((9, 2, 7, 4, 5), (1.0, 0.0)))
    assert equal.nearest(vector(1, 0), 3) == ["p2", "p4", "p5"]


def test_only_those_among_the_given_ids_are_looked_at() -> None:
    assert VECTORS.nearest(vector(1, 0), 5, np.array([2, 3, 99])) == ["p2"]
    assert VECTORS.nearest(vector(1, 0), 5, np.array([], np.int64)) == []


def test_nothing_is_near_a_text_of_which_nothing_is_known() -> None:
    assert VECTORS.nearest(vector(0, 0), 5) == []


def test_changed_ones_are_replaced_or_added_and_removed_ones_go() -> None:
    changed = make_vectors({2: (0, 1), 6: (1, 0)})
    assert contents(VECTORS.updated(changed, [5, 4, 77])) == {
        3: (b"p3", [0, 1]),
        1: (b"p1", [1, 0]),
        2: (b"p2", [0, 1]),
        6: (b"p6", [1, 0]),
    }


def test_papers_come_to_an_archive_that_had_none() -> None:
    none = Vectors.of([], [], np.zeros((0, 0), np.float32))
    assert contents(none.updated(VECTORS, [])) == contents(VECTORS)
    assert len(VECTORS.updated(make_vectors({}), range(9))) == 0


def test_what_was_written_is_opened_memory_mapped(tmp_path: Path) -> None:
    write_vectors(tmp_path, 4, VECTORS, MODEL)
    opened = open_vectors(tmp_path, 4, MODEL)
    assert opened is not None
    assert contents(opened) == contents(VECTORS)
    assert not opened.rows.flags.writeable
    assert not opened.rows.flags.owndata


def test_vectors_of_another_model_or_generation_are_not_opened(tmp_path: Path) -> None:
    write_vectors(tmp_path, 4, VECTORS, MODEL)
    assert open_vectors(tmp_path, 4, "a1b3") is None
    assert open_vectors(tmp_path, 4, MODEL + "00") is None
    assert open_vectors(tmp_path, 5, MODEL) is None


@pytest.mark.parametrize("kept", [0, 1, 20, 200])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, kept: int) -> None:
    write_vectors(tmp_path, 4, VECTORS, MODEL)
    [path] = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:kept])
    assert open_vectors(tmp_path, 4, MODEL) is None


def test_other_generations_and_what_a_killed_load_left_are_deleted_and_nothing_else(tmp_path: Path) -> None:
    for generation in (3, 4, 5):
        write_vectors(tmp_path, generation, VECTORS, MODEL)
    for name in (".vectors-9.arrays.tmp", "archive.db", "ranking-3.json"):
        (tmp_path / name).touch()
    remove_unused_vectors(tmp_path, keep={4, 5})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "archive.db", "ranking-3.json", "vectors-4.arrays", "vectors-5.arrays"
    ]  # fmt: skip
