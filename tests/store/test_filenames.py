"""A name that a stranger gave a file becomes one that can be written and shown anywhere."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import safe_name
from store.filenames import numbered, with_suffix


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("digest.txt", "digest.txt"),
        ("2025-05-30 每日速递.md", "2025-05-30 每日速递.md"),
        ("a (1).TXT", "a (1).txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\digests\\a.txt", "a.txt"),
        ("C:a.txt", "C-a.txt"),
        ("a.txt:stream", "a.txt-stream"),
        ("周报：大模型.md", "周报-大模型.md"),
        ("a／b＼c∕d.md", "a-b-c-d.md"),
        ('<a>|"b"?*.md', "a-b-.md"),
        (".hidden.md", "hidden.md"),
        ("...", "digest.txt"),
        (".txt", "digest.txt"),
        ("", "digest.txt"),
        (" \t\n.md ", "digest.md"),
        ("-rf.txt", "rf.txt"),
        ("a.txt...  ", "a.txt"),
        ("a\x00b\x1b[31m.txt", "ab[31m.txt"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("a\u200b\ufeff\u2066b.txt", "ab.txt"),
        ("one\ntwo\u2028three.txt", "one two three.txt"),
        ("e\u0301.txt", "é.txt"),
        ("half \ud83d.txt", "half.txt"),
        ("NUL", "digest-NUL"),
        ("con.md", "digest-con.md"),
        ("COM1.tar.txt", "digest-COM1.tar.txt"),
        ("console.md", "console.md"),
        ("v1.5 notes of the week", "v1.5 notes of the week"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_is_cut_and_keeps_its_suffix() -> None:
    assert safe_name("a" * 500 + ".txt") == "a" * 76 + ".txt"
    assert safe_name("羊" * 500 + ".md") == "羊" * 65 + ".md"  # 198 bytes


def test_a_name_of_a_million_accents_is_made_safe_at_once() -> None:
    assert len(safe_name("a" + "\u0301\u0323" * 500_000 + ".txt")) <= 80


@given(st.text(max_size=120) | st.text(st.sampled_from("a.羊 /\\:-\u202e\u0301\ud83dCONnulX"), max_size=300))
def test_whatever_the_name_the_safe_one_is_safe(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 80
    assert len(safe.encode("utf-8")) <= 200
    assert not set(safe) & set('/\\:<>"|?*')
    assert not safe.startswith((".", " ", "-"))
    assert not safe.endswith((".", " "))
    assert not {unicodedata.category(ch) for ch in safe} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert unicodedata.is_normalized("NFC", safe)
    assert safe_name(safe) == safe


def test_a_taken_name_is_counted_on() -> None:
    assert numbered("a.txt", ()) == "a.txt"
    assert numbered("a.txt", ["a.txt"]) == "a-2.txt"
    assert numbered("a.txt", ["a.txt", "A-2.TXT"]) == "a-3.txt"


@given(st.text(max_size=120), st.integers(1, 12))
def test_a_counted_name_is_safe_and_free(name: str, count: int) -> None:
    taken: list[str] = []
    for _ in range(count):
        free = numbered(safe_name(name), taken)
        assert safe_name(free) == free
        assert free.casefold() not in {each.casefold() for each in taken}
        taken.append(free)


@given(st.text(max_size=120))
def test_a_name_with_another_suffix_is_safe(name: str) -> None:
    changed = with_suffix(safe_name(name + ".pdf"), ".txt")
    assert changed.endswith(".txt")
    assert safe_name(changed) == changed
