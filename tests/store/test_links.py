"""Web addresses in a digest's text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.layouts.links import clean_address, code_among, find_addresses, host_of, is_address_only, is_arxiv, unique


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("https://github.com/a/sheep", "https://github.com/a/sheep"),
        ("https://github.com/a/sheep.", "https://github.com/a/sheep"),
        ("https://github.com/a/sheep.git.", "https://github.com/a/sheep.git"),
        ("https://github.com/a/sheep}{https://github.com/a/sheep}.", "https://github.com/a/sheep"),
        ("https://sheep.github.io/run/}{this", "https://sheep.github.io/run/"),
        ("https://sheep.org/a_(b)", "https://sheep.org/a_(b)"),
        ("https://sheep.org/a)", "https://sheep.org/a"),
        ("https://sheep.org/a)]", "https://sheep.org/a"),
        (r"https://sheep.org/a\_b", "https://sheep.org/a_b"),
        ("https://sheep.org/a?b=c&d=e#f", "https://sheep.org/a?b=c&d=e#f"),
        ("https://sheep.org/a。支持复现", "https://sheep.org/a"),
        ("https://sheep.org/a中找到", "https://sheep.org/a"),
        ("https://sheep.org/a**", "https://sheep.org/a"),
        ("github.com/a/sheep", "https://github.com/a/sheep"),
        ("https://", ""),
        ("http://localhost", ""),
        ("sheep", ""),
        ("", ""),
    ],
)
def test_an_address_is_freed_of_what_clings_to_it(written: str, cleaned: str) -> None:
    assert clean_address(written) == cleaned


def test_addresses_are_found_in_order_each_once() -> None:
    text = (
        "见https://github.com/a/sheep。See (https://sheep.org/), http://github.com/a/sheep/ and "
        "www.github.com/b/ram, me@github.com/c."
    )
    assert find_addresses(text) == ["https://github.com/a/sheep", "https://sheep.org/", "https://www.github.com/b/ram"]


def test_one_address_in_several_spellings_is_one() -> None:
    assert unique(["https://A.org/x/", "http://a.org/x", "https://www.a.org/x.git", "https://a.org/X", ""]) == [
        "https://A.org/x/",
        "https://a.org/X",
    ]


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("https://sheep.org/a。", True),
        ("<https://sheep.org/a>, (https://sheep.org/b)", True),
        ("代码 https://sheep.org/a", False),
        ("", False),
        ("sheep", False),
    ],
)
def test_a_line_may_be_nothing_but_addresses(text: str, only: bool) -> None:
    assert is_address_only(text) is only


@pytest.mark.parametrize(
    ("address", "arxiv"),
    [
        ("https://arxiv.org/abs/2504.00001", True),
        ("https://www.arxiv.org/pdf/2504.00001", True),
        ("https://doi.org/10.48550/arXiv.2504.00001", True),
        ("https://notarxiv.org/abs/1", False),
        ("https://github.com/arxiv.org/x", False),
    ],
)
def test_arxivs_own_addresses_are_known(address: str, arxiv: bool) -> None:
    assert is_arxiv(address) is arxiv


@pytest.mark.parametrize(
    ("addresses", "code"),
    [
        (["https://sheep.github.io", "https://github.com/a/sheep"], "https://github.com/a/sheep"),
        (["https://sheep.github.io", "https://huggingface.co/a/sheep"], "https://huggingface.co/a/sheep"),
        (["https://sheep.github.io", "https://sheep.org"], "https://sheep.github.io"),
        (["https://huggingface.co/papers/2504.00001", "https://github.com"], None),
        (["https://sheep.org"], None),
        ([], None),
    ],
)
def test_the_code_is_on_a_code_host_a_hub_or_a_project_page(addresses: list[str], code: str | None) -> None:
    assert code_among(addresses) == code


def test_a_host_is_told_in_small_letters() -> None:
    assert host_of("https://me@WWW.Sheep.org:8080/a@b") == "www.sheep.org"
    assert host_of("sheep") == ""


@given(st.text(alphabet="htps:/.()[]{}\\_a%&。 ", max_size=80))
@settings(max_examples=100)
def test_what_is_found_is_clean(text: str) -> None:
    for address in find_addresses(text):
        assert clean_address(address) == address
        assert " " not in address
