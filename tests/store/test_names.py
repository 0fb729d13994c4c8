"""Names in titles, and mistyped ones set right."""

from __future__ import annotations

import pytest

from store.names import names_in_title
from tests.digests import weekly_digest, weekly_entry
from tests.store.conftest import MakeArchive

FILES = {
    "a.md": weekly_digest(
        weekly_entry("WoolFormer: Shearing Sheep with Attention", "羊毛变形器", "2505.00001"),
        weekly_entry("Sheep-R1 Technical Report", "绵羊报告", "2505.00002"),
        weekly_entry("Goats", "山羊", "2505.00003"),
    )
}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("WoolFormer: Shearing Sheep", {"WoolFormer"}),
        ("Heidi: a goat model", {"Heidi"}),
        ("Counting Sheep: Methods and Herds", set()),
        ("Training GPT-4o on 20 Sheep", {"GPT-4o"}),
        ("Shearing with SHN and Wool2.5", {"SHN", "Wool2.5"}),
    ],
)
def test_names_are_words_with_capitals_or_digits_and_what_stands_before_the_colon(title: str, names: set[str]) -> None:
    assert set(names_in_title(title)) == names


@pytest.mark.parametrize("typed", ["WoolFomer", "woolfromer", "Wolformer", "WoolFormmer"])
def test_a_mistyped_name_is_set_right_visibly(make_archive: MakeArchive, typed: str) -> None:
    results = make_archive(FILES).search(f"{typed} shearing")
    assert results.corrected == "WoolFormer shearing"
    assert results.hits[0].key == "2505-00001"


@pytest.mark.parametrize(("typed", "corrected"), [("WLOF", "WOLF"), ("WOLP", None), ("OWLF", None)])
def test_of_a_name_of_four_letters_only_two_that_changed_places_are_set_right(
    make_archive: MakeArchive, typed: str, corrected: str | None
) -> None:
    archive = make_archive({"a.md": weekly_digest(weekly_entry("WOLF: Keeping Sheep", "狼", "2505.00001"))})
    assert archive.search(typed).corrected == corrected


@pytest.mark.parametrize("typed", ["WoolFormer", "wool former", "woolformer", "shearing", "Sheep-R2", "formers", "xyz"])
def test_other_words_are_left_as_they_are(make_archive: MakeArchive, typed: str) -> None:
    assert make_archive(FILES).search(typed).corrected is None


def test_a_name_in_any_spelling_finds_its_paper(make_archive: MakeArchive) -> None:
    archive = make_archive(FILES)
    for spelling in ("WoolFormer", "wool former", "Wool-Former", "ＷｏｏｌＦｏｒｍｅｒ"):
        assert archive.search(spelling).hits[0].key == "2505-00001"
    for spelling in ("Sheep-R1", "sheep r1", "SheepR1"):
        assert archive.search(spelling).hits[0].key == "2505-00002"
