"""The layout of notes on a BibTeX file's papers."""

from __future__ import annotations

from store.layouts.bib_notes import BibNotes
from store.models import Entry, LoadWarning, Note

DIGEST = """\
# Paper List from BIB File: sheep.bib
- [25/05] **O$^2$-Sheep: Counting "Open" Sheep?**
[[Paper](http://arxiv.org/pdf/2505.00001v2)] [[Code/Page](https://github.com/a/sheep}{https://github.com/a/sheep}.)] \
[[TLDR/Notes](#o$^2$-sheep--counting--open--sheep-)]

- [25/04] **Goats**
[[Paper](https://arxiv.org/abs/2504.00002)] [[Code/Page]()] [[TLDR/Notes](#goats)]



# TLDR/Notes
## o$^2$-sheep--counting--open--sheep-
### Abstract
We count open sheep and reach \\textbf{80.6\\%}, see
the state-of-
the-art.
### 🌟 论文解读 | “开放数羊：让模型数得更准”

### 📌 背景痛点/本文动机
模型不会数羊。

### 🚀 核心方法（介绍本文的几个创新点）
💡 创新点1
本文提出**开放数羊**。

### 📈 实验结果
准确率提高12.1%。

### 💬 可借鉴之处
值得借鉴：
- 数据公开
- 方法简单

## goats
### Abstract
We count goats.
### 🌟 论文解读 | 数山羊的方法
山羊比绵羊难数。

### 💬 可借鉴之处
- 山羊也能数
"""


def read(text: str) -> tuple[Entry, ...]:
    reading = BibNotes().read(text)
    assert reading.warnings == ()
    return reading.entries


def entry(notes: str, item: str = "- [25/04] **Goats**  ") -> Entry:
    (only,) = read(
        f"{item}\n[[Paper](http://arxiv.org/pdf/2504.00002v1)] [[Code/Page]()] [[TLDR/Notes](#goats)]\n\n"
        f"# TLDR/Notes\n## goats\n{notes}\n"
    )
    return only


def test_a_whole_digest_is_read() -> None:
    assert read(DIGEST) == (
        Entry(
            line=2,
            title_en='O²-Sheep: Counting "Open" Sheep?',
            title_zh="开放数羊：让模型数得更准",
            arxiv_id="2505.00001",
            version=2,
            published="2025-05",
            summary_en="We count open sheep and reach 80.6%, see the state-of-the-art.",
            summary_zh="模型不会数羊。\n💡 创新点1\n本文提出开放数羊。\n准确率提高12.1%。",
            points=("数据公开", "方法简单"),
            notes=(
                Note(heading="📌 背景痛点/本文动机", text="模型不会数羊。"),
                Note(heading="🚀 核心方法（介绍本文的几个创新点）", text="💡 创新点1\n本文提出开放数羊。"),
                Note(heading="📈 实验结果", text="准确率提高12.1%。"),
                Note(heading="💬 可借鉴之处", text="值得借鉴：\n- 数据公开\n- 方法简单"),
            ),
            code_url="https://github.com/a/sheep",
            links=("https://github.com/a/sheep",),
        ),
        Entry(
            line=5,
            title_en="Goats",
            title_zh="数山羊的方法",
            arxiv_id="2504.00002",
            published="2025-04",
            summary_en="We count goats.",
            summary_zh="山羊比绵羊难数。",
            points=("山羊也能数",),
            notes=(Note(heading="💬 可借鉴之处", text="- 山羊也能数"),),
        ),
    )


def test_its_sign_is_a_link_in_double_brackets() -> None:
    assert BibNotes().recognises(DIGEST)
    assert not BibNotes().recognises("## goats\n### Abstract\nWe count [goats](https://goats.org).\n")


def test_fences_around_the_notes_are_dropped() -> None:
    found = entry(
        "### Abstract\nWe count goats.\n```markdown\n### 🌟 论文解读 | 数山羊的方法\n### 📈 实验结果\n# 提高5%\n```"
    )
    assert found.title_zh == "数山羊的方法"
    assert found.notes == (Note(heading="📈 实验结果", text="# 提高5%"),)


def test_headings_of_the_notes_may_have_any_level() -> None:
    found = entry(
        "### Abstract\nWe count goats.\n## 🌟 论文解读 | 数山羊的方法\n###### 📈 实验结果\n提高5%。\n## 更多\n没有。"
    )
    assert found.title_zh == "数山羊的方法"
    assert found.notes == (Note(heading="📈 实验结果", text="提高5%。"), Note(heading="更多", text="没有。"))


def test_numbered_lists_bold_latex_and_addresses_in_notes_become_plain_lines() -> None:
    found = entry(
        '### Abstract\nIt is na\\"ive.\n### 💬 可借鉴之处\n1. **甲**：提高$5\\%$\n2. 见\\url{https://goats.org/a}'
    )
    assert found.summary_en == "It is naïve."
    assert found.notes == (Note(heading="💬 可借鉴之处", text="1. 甲：提高5%\n2. 见https://goats.org/a"),)
    assert found.links == ("https://goats.org/a",)


def test_a_dash_that_begins_a_wrapped_line_is_no_bullet() -> None:
    found = entry("### Abstract\nWe find gains\n- far below claims - and sheep.\n- A real point\n  goes on.")
    assert found.summary_en == "We find gains - far below claims - and sheep."
    assert found.points == ("A real point goes on.",)


def test_a_blank_or_indented_line_begins_a_paragraph_of_the_abstract() -> None:
    found = entry("### Abstract\nOne paragraph\ngoes on.\n  Two begins.\n\nThree.")
    assert found.summary_en == "One paragraph goes on.\nTwo begins.\nThree."


def test_paragraphs_go_to_the_summary_of_their_language() -> None:
    found = entry(
        "### Abstract\nWe count goats.\n\n我们数山羊。\n### 🌟 论文解读 | 数山羊的方法\nThey are hard.\n山羊很难数。"
    )
    assert found.summary_en == "We count goats.\nThey are hard."
    assert found.summary_zh == "我们数山羊。\n山羊很难数。"


def test_a_headline_that_is_not_chinese_is_a_note() -> None:
    found = entry("### Abstract\nWe count goats.\n### 🌟 论文解读 | GoatBench")
    assert found.title_zh is None
    assert found.notes == (Note(heading="🌟 论文解读", text="GoatBench"),)


def test_quotation_marks_go_only_where_they_wrap_the_whole_headline() -> None:
    for written, expected in [
        ("《数山羊的方法》", "数山羊的方法"),
        ('"“数山羊的方法”"', "数山羊的方法"),
        ("“数羊”与“睡觉”", "“数羊”与“睡觉”"),
        ("“数羊”的新方法", "“数羊”的新方法"),
    ]:
        assert entry(f"### Abstract\nA.\n### 🌟 论文解读 | {written}").title_zh == expected


def test_a_month_nobody_knows_is_none() -> None:
    for item in ("- [YY/MM] **Goats**", "- [25/13] **Goats**", "- [] **Goats**"):
        assert entry("### Abstract\nWe count goats.", item).published is None


def test_a_title_may_be_wrapped_or_followed_by_its_links() -> None:
    assert entry("### Abstract\nA.", "- [25/04] **Counting\nGoats**").title_en == "Counting Goats"
    (only,) = read("- [25/04] **V*: Goats** [[Paper](http://arxiv.org/pdf/2504.00002v1)]\n")
    assert (only.title_en, only.arxiv_id) == ("V*: Goats", "2504.00002")


def test_slugs_need_not_be_the_same_sign_by_sign() -> None:
    (only,) = read(
        "- [25/04] **V*: Goats**\n[[Paper](http://arxiv.org/pdf/2504.00002v1)] [[TLDR/Notes](#v*--goats)]\n\n"
        "# TLDR/Notes\n## v--goats\n### Abstract\nWe count goats.\n"
    )
    assert only.summary_en == "We count goats."


def test_an_entry_only_in_the_list_is_an_entry() -> None:
    (only,) = read("- [25/04] **Goats**\n[[Paper](http://arxiv.org/pdf/2504.00002v1)] [[TLDR/Notes](#goats)]\n")
    assert only == Entry(line=1, title_en="Goats", arxiv_id="2504.00002", version=1, published="2025-04")


def test_a_section_nobody_lists_is_left_out_with_its_line() -> None:
    reading = BibNotes().read(DIGEST + "\n## lost-sheep\n### Abstract\nLost.\n")
    assert len(reading.entries) == 2
    assert reading.warnings == (LoadWarning.of(42, "not_in_list", slug="lost-sheep"),)


def test_a_list_entry_without_a_title_is_left_out_with_its_line() -> None:
    reading = BibNotes().read(DIGEST.replace("**Goats**", "****"))
    assert [found.arxiv_id for found in reading.entries] == ["2505.00001"]
    assert reading.warnings == (LoadWarning.of(5, "no_title_in_list"),)


def test_two_lists_in_one_file_are_both_read() -> None:
    second = "# Paper List\n- [25/03] **Rams**\n[[Paper](http://arxiv.org/pdf/2503.00003v1)] [[TLDR/Notes](#rams)]\n"
    assert [found.title_en for found in read(DIGEST + "\n" + second)][1:] == ["Goats", "Rams"]
    assert read(DIGEST + "\n" + second)[1].points == ("山羊也能数",)
