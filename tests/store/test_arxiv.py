"""arXiv identifiers: reading them and what follows from them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.arxiv import ArxivId, abs_url, find_arxiv, month, paper_key, parse_arxiv, pdf_url, title_search_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2504.13837", ArxivId("2504.13837")),
        ("2504.13837v2", ArxivId("2504.13837", 2)),
        ("arXiv:2504.13837", ArxivId("2504.13837")),
        ("arxiv: 2504.13837v12", ArxivId("2504.13837", 12)),
        ("arXiv:2504.13837v1 [cs.AI]", ArxivId("2504.13837", 1)),
        ("  <2504.13837>  ", ArxivId("2504.13837")),
        ("[2504.13837]", ArxivId("2504.13837")),
        ("“2504.13837”。", ArxivId("2504.13837")),
        ("２５０４．１３８３７ｖ３", ArxivId("2504.13837", 3)),
        ("arXiv：2504.13837", ArxivId("2504.13837")),
        ("0704.0001", ArxivId("0704.0001")),
        ("https://arxiv.org/abs/2504.13837", ArxivId("2504.13837")),
        ("http://www.arxiv.org/abs/2504.13837v2", ArxivId("2504.13837", 2)),
        ("arxiv.org/pdf/2504.13837", ArxivId("2504.13837")),
        ("https://arxiv.org/pdf/2504.13837v3.pdf", ArxivId("2504.13837", 3)),
        ("https://arxiv.org/html/2504.13837v1#S1", ArxivId("2504.13837", 1)),
        ("https://export.arxiv.org/abs/2504.13837?context=cs", ArxivId("2504.13837")),
        ("https://huggingface.co/papers/2504.13837", ArxivId("2504.13837")),
        ("https://doi.org/10.48550/arXiv.2504.13837", ArxivId("2504.13837")),
        ("cs/0112017", ArxivId("cs/0112017")),
        ("arXiv:cs/0112017v1", ArxivId("cs/0112017", 1)),
        ("https://arxiv.org/abs/hep-th/9901001", ArxivId("hep-th/9901001")),
        ("HEP-TH/9901001", ArxivId("hep-th/9901001")),
    ],
)
def test_an_id_is_read_in_every_way_people_write_it(text: str, expected: ArxivId) -> None:
    assert parse_arxiv(text) == expected


def test_the_subject_class_is_no_part_of_an_old_id() -> None:
    assert parse_arxiv("math.GT/0309136") == ArxivId("math/0309136")
    assert parse_arxiv("math/0309136") == ArxivId("math/0309136")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GRPO",
        "2504",
        "2504.138",
        "2504.138371",
        "2513.13837",  # there is no 13th month
        "2500.13837",
        "pi is 3.14159",
        "2504.13837 and 2504.13838",
        "see 2504.13837",
        "foo/0112017",
        "cs/0113017",
        "https://example.org/abs/2504.13837",
        "2504.13837" * 100,
    ],
)
def test_anything_else_is_no_id(text: str) -> None:
    assert parse_arxiv(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("论文链接：https://arxiv.org/abs/2504.13837", ArxivId("2504.13837")),
        ("[PDF](http://arxiv.org/abs/2504.13837v2) 27 pages", ArxivId("2504.13837", 2)),
        ("[[Paper](http://arxiv.org/pdf/2504.13837v1)]", ArxivId("2504.13837", 1)),
        ("as in arXiv:2504.13837, and arXiv:2504.13838", ArxivId("2504.13837")),
        ("(arXiv：cs/0112017)", ArxivId("cs/0112017")),
        ("accuracy of 2504.13837 points", None),
        ("https://github.com/foo/2504.13837", None),
        ("nothing here", None),
    ],
)
def test_an_id_is_found_in_running_text_only_in_a_link_or_after_arxiv(text: str, expected: ArxivId | None) -> None:
    assert find_arxiv(text) == expected


@pytest.mark.parametrize(
    ("arxiv_id", "expected"),
    [
        ("2504.13837", "2025-04"),
        ("0704.0001", "2007-04"),
        ("cs/0112017", "2001-12"),
        ("hep-th/9108028", "1991-08"),
        ("math/0703001", "2007-03"),
    ],
)
def test_an_id_tells_its_month(arxiv_id: str, expected: str) -> None:
    assert month(arxiv_id) == expected


def test_what_is_no_id_has_no_month() -> None:
    with pytest.raises(ValueError, match="not an arXiv identifier"):
        month("sheep")


def test_links_are_made_of_an_id_or_a_title() -> None:
    assert abs_url("2504.13837") == "https://arxiv.org/abs/2504.13837"
    assert pdf_url("cs/0112017") == "https://arxiv.org/pdf/cs/0112017"
    assert title_search_url("Sheep & Goats: 数羊") == (
        "https://arxiv.org/search/?query=Sheep+%26+Goats%3A+%E6%95%B0%E7%BE%8A&searchtype=title"
    )


def test_a_papers_key_is_its_id_without_dots_and_slashes() -> None:
    assert paper_key("2504.13837", "Sheep") == "2504-13837"
    assert paper_key("cs/0112017", None) == "cs-0112017"


def test_without_an_id_the_key_comes_from_the_title_however_it_is_written() -> None:
    key = paper_key(None, "R$^2$GRPO: Counting Sheep")
    assert re.fullmatch("t[0-9a-f]{12}", key)
    assert paper_key(None, "r²grpo — counting  sheep!") == key
    assert paper_key(None, "Counting Goats") != key


def test_titles_of_nothing_but_signs_have_keys_of_their_own() -> None:
    assert paper_key(None, "???") != paper_key(None, "!!!")


@pytest.mark.parametrize("title", [None, "", "  "])
def test_a_key_needs_an_id_or_a_title(title: str | None) -> None:
    with pytest.raises(ValueError, match="needs an arXiv id or a title"):
        paper_key(None, title)


new_ids = st.builds("{:02}{:02}.{:05}".format, st.integers(7, 90), st.integers(1, 12), st.integers(0, 99_999))
versions = st.none() | st.integers(1, 999)


@given(new_ids, versions, st.sampled_from(["", "arXiv:", "https://arxiv.org/abs/", "http://arxiv.org/pdf/"]))
@settings(max_examples=100)
def test_what_is_written_is_read_again(arxiv_id: str, version: int | None, prefix: str) -> None:
    written = prefix + arxiv_id + (f"v{version}" if version else "")
    assert parse_arxiv(written) == ArxivId(arxiv_id, version)
    assert re.fullmatch("[A-Za-z0-9_-]{1,24}", paper_key(arxiv_id, None))


@given(st.text(max_size=400))
@settings(max_examples=100)
def test_no_text_breaks_the_reading(text: str) -> None:
    for found in (parse_arxiv(text), find_arxiv(text)):
        assert found is None or month(found.id)
