"""Whatever a file holds, reading it ends well: it is read, or refused with a sentence."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.arxiv import parse_arxiv
from store.layouts import Layout, UnreadableDigest, read_digest, registered
from store.layouts.links import clean_address
from store.models import Entry
from tests.store.test_read_digest import SAMPLES

LAYOUTS = registered()
# Lines as digests have them, and lines that only begin like them.
LINES = st.sampled_from(
    [
        *sorted({line for sample in SAMPLES.values() for line in sample.split("\n")}),
        *("##", "# ", "## a b", "**", "- ", "Authors:", "**Authors:a**", "[PDF](", "[PDF]() x", "1.", "2. 羊", "---"),
        *(
            "论文链接：",
            "摘要：",
            "**要点**",
            "点此查看论文截图",
            "```",
            "<details>",
            "</details>",
            "<ol>",
            "[[Paper](",
        ),
        *(
            "### ",
            "### 🌟",
            "中文标题",
            "2025-05-30 更新",
            "2025-99-99 更新",
            "代码：",
            "代码：https://a.org",
            "$",
            "\\",
        ),
        *("\x0c", "\u2028", "  ", "\t- x"),
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=30), max_size=30).map("\n".join)


def check(entry: Entry, text: str) -> None:
    """What holds for an entry of any layout."""
    assert 1 <= entry.line <= text.count("\n") + 1
    assert entry.title_en or entry.title_zh
    assert entry.arxiv_id is None or parse_arxiv(entry.arxiv_id) is not None
    assert entry.code_url is None or entry.code_url == entry.links[0]
    assert len(set(entry.links)) == len(entry.links)
    assert all(clean_address(link) == link for link in entry.links)
    assert all(point.strip() == point and point for point in entry.points)
    assert all(note.text.strip() for note in entry.notes)
    assert entry.summary_en is None or entry.summary_en.strip()
    assert entry.summary_zh is None or entry.summary_zh.strip()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@given(text=TEXTS)
@settings(max_examples=60)
def test_no_text_breaks_a_layout(layout: Layout, text: str) -> None:
    layout.recognises(text)
    reading = layout.read(text)
    for entry in reading.entries:
        check(entry, text)
    lines = [entry.line for entry in reading.entries]
    assert lines == sorted(set(lines))
    assert all(1 <= warning.line <= text.count("\n") + 1 and warning.text for warning in reading.warnings)


@given(text=TEXTS, name=st.text(max_size=20))
@settings(max_examples=60)
def test_a_text_is_read_or_refused_with_a_sentence(text: str, name: str) -> None:
    try:
        digest = read_digest(name, text.encode())
    except UnreadableDigest as refusal:
        assert str(refusal).startswith("The file ")
        assert str(refusal).endswith(".")
    else:
        assert digest.name == name
        assert digest.entries


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
@settings(max_examples=25)
def test_a_damaged_digest_is_read_or_refused(name: str, data: st.DataObject) -> None:
    lines = SAMPLES[name].split("\n")
    dropped = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=6))
    swapped = data.draw(st.permutations(range(3)))
    at = data.draw(st.integers(0, max(0, len(lines) - 3)))
    damaged = [line for number, line in enumerate(lines) if number not in dropped]
    damaged[at : at + 3] = [damaged[at + offset] for offset in swapped if at + offset < len(damaged)]
    text = "\n".join(damaged)
    try:
        digest = read_digest("a.txt", text.encode())
    except UnreadableDigest:
        return
    for entry in digest.entries:
        check(entry, text)


HOSTILE = [
    *(
        "$",
        "[",
        "(",
        "{",
        "\\",
        "`",
        "*",
        "<",
        "- a\n",
        "## a\n",
        "1. a\n\n",
        "T\nAuthors: a\n",
        "\\textbf{",
        "](",
        "\n",
        "a",
    ),
    *(
        "中",
        "http://",
        "github.com/a ",
        "论文链接：https://arxiv.org/abs/2501.00001\n",
        "### a\n",
        "$a ",
        "**a**\n",
        "&a",
        " ",
    ),
]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("unit", HOSTILE, ids=repr)
def test_a_hostile_file_is_read_in_proportion_to_its_length(name: str, unit: str) -> None:
    data = (SAMPLES[name] + unit * (300_000 // len(unit.encode()))).encode()
    started = time.process_time()
    read_digest("a.txt", data)
    assert time.process_time() - started < 2
