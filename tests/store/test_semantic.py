"""An archive with dense vectors: what they change in a ranking, and how they follow the archive's loads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from store import Archive, Embedder, load
from store.fusion import WeightedRanking, reciprocal_rank_fusion
from store.vectors import Vectors, write_vectors
from tests.conftest import write_digests
from tests.digests import weekly_digest, weekly_entry
from tests.embeddings import WordEmbedder

SHEEP, MILK, WOLF = "2505-00001", "2505-00002", "2505-00003"
MAY = "2025-05-weekly.md"
ENTRIES = {
    SHEEP: weekly_entry("Counting Sheep", "数羊", "2505.00001", "我们数羊，一夜数了九十只。"),
    MILK: weekly_entry("Milk", "牛奶", "2505.00002", "挤奶机器人每天挤奶，一夜不停。"),
    WOLF: weekly_entry("Wolves", "狼来了", "2505.00003", "狼来了，没有一只羊相信，一夜无事。"),
}
FILES = {MAY: weekly_digest(*ENTRIES.values())}
QUERIES = ["ovine", "一夜", "counting", "挤奶机器人", "有哪些论文？", "sheep from:2025-05", '"一夜不停"', "-羊 一夜"]


def load_files(folder: Path, files: dict[str, str], embedder: Embedder | None = None) -> list[tuple[str, str]]:
    """Load these files and no others; what changed."""
    folder.mkdir(exist_ok=True)
    write_digests(folder / "seeds", files)
    return [(change.kind, change.key) for change in load(folder / "seeds", folder / "data", embedder=embedder).changes]


def found(folder: Path, query: str, embedder: Embedder | None = None) -> list[str]:
    """The keys that a search gives."""
    with Archive.open(folder / "data", embedder) as archive:
        return [hit.key for hit in archive.search(query).hits]


def vector_files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "data").glob("*vectors-*"))


def everything(folder: Path, embedder: Embedder | None = None) -> list[str]:
    """All that queries and questions give, to the last digit."""
    with Archive.open(folder / "data", embedder) as archive:
        found = [archive.search(query).model_dump_json() for query in QUERIES]
        return found + [archive.ask(query).model_dump_json() for query in QUERIES]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


class Failing(WordEmbedder):
    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise RuntimeError("out of words")


class TestRanking:
    def test_a_paper_is_found_by_what_no_digest_says_in_these_words(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        assert found(tmp_path, "ovine") == []
        # The paper on wolves speaks of them twice as often as of sheep.
        assert found(tmp_path, "ovine", WordEmbedder()) == [SHEEP, WOLF]

    def test_a_question_gets_the_nearest_papers_too(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        with Archive.open(tmp_path / "data", WordEmbedder()) as archive:
            assert [hit.key for hit in archive.ask("Something on ovine matters").papers] == [SHEEP, WOLF]

    def test_words_and_vectors_are_mixed_by_reciprocal_rank(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        by_words = found(tmp_path, "一夜 ovine")
        with Archive.open(tmp_path / "data", WordEmbedder()) as archive:
            hits = archive.search("一夜 ovine").hits
        assert sorted(by_words) == [SHEEP, MILK, WOLF]
        assert [(hit.key, hit.score) for hit in hits] == reciprocal_rank_fusion(
            [WeightedRanking(by_words), WeightedRanking([SHEEP, WOLF], 0.2)]
        )

    def test_the_nearest_comes_first_where_it_is_third_by_words_and_not_where_it_is_fourth(
        self, tmp_path: Path
    ) -> None:
        more = [weekly_entry(f"Night {n}", f"夜{n}", f"2505.0001{n}", "一夜。" * 9) for n in range(2)]
        for entries, first in ((more, SHEEP), ([*more, ENTRIES[MILK].replace("不停", "一夜")], "2505-00010")):
            files = {MAY: weekly_digest(*entries, ENTRIES[SHEEP])}
            load_files(tmp_path, files, WordEmbedder())
            assert found(tmp_path, "一夜 ovine").index(SHEEP) == len(entries)
            assert found(tmp_path, "一夜 ovine", WordEmbedder())[0] == first

    def test_filters_hold_for_near_papers(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        assert found(tmp_path, "ovine id:2505.00003", WordEmbedder()) == [WOLF]
        assert found(tmp_path, "ovine from:2025-06", WordEmbedder()) == []

    def test_a_question_that_says_nothing_but_that_it_asks_is_near_to_nothing(self, tmp_path: Path) -> None:
        asking = WordEmbedder("有哪些论文 羊")
        load_files(tmp_path, FILES, asking)
        assert found(tmp_path, "有哪些论文？", asking) == []


class TestOff:
    def test_the_vectors_change_nothing_for_who_has_no_model_or_another(self, tmp_path: Path) -> None:
        load_files(tmp_path / "plain", FILES)
        load_files(tmp_path / "embedded", FILES, WordEmbedder())
        plain = everything(tmp_path / "plain")
        assert everything(tmp_path / "embedded") == plain
        assert everything(tmp_path / "embedded", WordEmbedder("sheep wolf")) == plain
        assert everything(tmp_path / "plain", WordEmbedder()) == plain
        assert everything(tmp_path / "embedded", WordEmbedder()) != plain

    def test_a_query_of_which_the_model_knows_nothing_has_the_scores_of_words(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder("none"))
        assert everything(tmp_path, WordEmbedder("none")) == everything(tmp_path)

    def test_no_vectors_are_written_without_a_model(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES)
        assert vector_files(tmp_path) == []


class TestLoads:
    def test_titles_and_summaries_of_a_paper_are_one_text(self, tmp_path: Path) -> None:
        embedder = WordEmbedder()
        load_files(tmp_path, {MAY: weekly_digest(ENTRIES[SHEEP])}, embedder)
        assert embedder.embedded == ["Counting Sheep\n数羊\n我们数羊，一夜数了九十只。"]

    def test_only_changed_papers_are_embedded_again(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        embedder = WordEmbedder()
        files = {
            MAY: weekly_digest(ENTRIES[SHEEP], ENTRIES[WOLF].replace("没有一只羊相信", "奶也没有了")),
            "new.md": weekly_digest(weekly_entry("Clover", "三叶草", "2506.00001", "羊吃三叶草。")),
        }
        assert load_files(tmp_path, files, embedder) == [
            ("added", "2506-00001"), ("changed", WOLF), ("removed", MILK)
        ]  # fmt: skip
        assert sorted(embedder.embedded) == [
            "Clover\n三叶草\n羊吃三叶草。",
            "Wolves\n狼来了\n狼来了，奶也没有了，一夜无事。",
        ]
        assert found(tmp_path, "ovine", embedder) == [SHEEP, "2506-00001"]
        assert found(tmp_path, "lactic", embedder) == [WOLF]

    def test_a_load_that_changes_nothing_embeds_and_writes_nothing(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        embedder = WordEmbedder()
        load_files(tmp_path, FILES, embedder)
        assert (embedder.embedded, vector_files(tmp_path)) == ([], ["vectors-1.arrays"])

    def test_a_loaded_archive_gets_its_vectors_once_there_is_a_model(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES)
        assert load_files(tmp_path, FILES, WordEmbedder()) == []
        assert found(tmp_path, "ovine", WordEmbedder()) == [SHEEP, WOLF]

    def test_another_model_embeds_every_paper_anew(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        other = WordEmbedder("ovine 奶", "羊")
        assert load_files(tmp_path, FILES, other) == []
        assert len(other.embedded) == 3
        assert found(tmp_path, "ovine", other) == [MILK]

    @pytest.mark.parametrize("damage", [Path.unlink, cut_short])
    def test_lost_vectors_cost_the_near_papers_until_the_next_load(
        self, tmp_path: Path, damage: Callable[[Path], None]
    ) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        damage(tmp_path / "data" / "vectors-1.arrays")
        assert everything(tmp_path, WordEmbedder()) == everything(tmp_path)
        load_files(tmp_path, FILES, WordEmbedder())
        assert found(tmp_path, "ovine", WordEmbedder()) == [SHEEP, WOLF]

    def test_without_the_model_a_changed_archive_has_no_vectors(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        load_files(tmp_path, {MAY: weekly_digest(ENTRIES[SHEEP])})
        assert found(tmp_path, "ovine", WordEmbedder()) == []


class TestGenerations:
    def test_vectors_are_kept_for_the_generation_and_the_one_before(self, tmp_path: Path) -> None:
        for count in (1, 2, 3):
            load_files(tmp_path, {MAY: weekly_digest(*list(ENTRIES.values())[:count])}, WordEmbedder())
        assert vector_files(tmp_path) == ["vectors-2.arrays", "vectors-3.arrays"]

    def test_a_reader_goes_from_one_load_to_the_next_with_its_vectors(self, tmp_path: Path) -> None:
        load_files(tmp_path, {MAY: weekly_digest(ENTRIES[WOLF])}, WordEmbedder())
        with Archive.open(tmp_path / "data", WordEmbedder()) as archive:
            assert [hit.key for hit in archive.search("ovine").hits] == [WOLF]
            load_files(tmp_path, {MAY: weekly_digest(ENTRIES[SHEEP], ENTRIES[MILK])}, WordEmbedder())
            assert [hit.key for hit in archive.search("ovine").hits] == [SHEEP]

    def test_vectors_of_a_load_that_was_killed_are_not_used(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        wrong = Vectors.of([1, 2, 3], [WOLF, SHEEP, MILK], np.eye(3, dtype=np.float32))
        write_vectors(tmp_path / "data", 2, wrong, WordEmbedder().fingerprint)
        assert found(tmp_path, "ovine", WordEmbedder()) == [SHEEP, WOLF]
        load_files(tmp_path, {MAY: weekly_digest(ENTRIES[SHEEP], ENTRIES[MILK])}, WordEmbedder())
        assert found(tmp_path, "ovine", WordEmbedder()) == [SHEEP]

    def test_a_model_that_fails_in_a_load_leaves_everything_as_it_was(self, tmp_path: Path) -> None:
        load_files(tmp_path, FILES, WordEmbedder())
        before = everything(tmp_path, WordEmbedder())
        with pytest.raises(RuntimeError, match="out of words"):
            load_files(tmp_path, {MAY: weekly_digest(ENTRIES[SHEEP])}, Failing())
        assert everything(tmp_path, WordEmbedder()) == before
