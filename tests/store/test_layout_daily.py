"""The daily layout, as plain text and as Markdown."""

from __future__ import annotations

import pytest

from store.layouts.daily import Daily, split_authors
from store.models import Entry, LoadWarning, Note

PLAIN = """\
⚠️ 内容由模型生成
🔴 请注意
2025-05-30 更新
Counting Sheep with Language Models
Authors:Ada Wong, Bo Li
We count sheep and reach 90.5%. Code: https://github.com/a/sheep.
我们让模型数羊，准确率达到90.5%。
论文及项目相关链接
PDF 27 pages
Summary
本文让模型数羊。
Key Takeaways
- 准确率90.5%
- 只需3个样本
点此查看论文截图



Sleeping at Test Time
Authors:Cy Xu
We let models sleep.
我们让模型睡觉睡觉。
论文及项目相关链接
Summary:本文让模型睡觉。
Key Takeaways:
- 睡得更久
点此查看论文截图
"""

HOUSE = """\
2025-05-30 更新
Counting Sheep with Language Models
Authors:Ada Wong, Bo Li
We count sheep and reach 90.5%.
我们让模型数羊，准确率达到90.5%。
论文及项目相关链接
[PDF](https://arxiv.org/abs/2505.00001) https://github.com/a/sheep
中文标题
用语言模型数羊
Key Takeaways
- 准确率90.5%
"""

MARKDOWN = """\

---
title: LLM
date: 2025-05-29 06:15:48
description: Authors and more
---

>⚠️ 内容由 [Model](https://model.org) 生成

# 2025-05-30 更新


## Counting Sheep   with Language Models

**Authors:Ada Wong, Bo Li**

We count sheep and reach 90.5\\%, as in arXiv:2401.99999.

>我们让模型数羊，准确率达到90.5%。

**论文及项目相关链接**

[PDF](http://arxiv.org/abs/2505.00001v2) Accepted by SheepConf

**摘要**
本文让模型数羊。

**主要要点**

* 准确率90.5%
2. 只需3个样本

**[ChatPaperFree](https://huggingface.co/spaces/tool/tool)**

<ol>
<li>
<p>Title: 数羊</p>
</li>
<li>
<p>Urls: https://arxiv.org/abs/2302.11111 , Github: https://github.com/a/sheep</p>
</li>
</ol>
<p>（1）：提高12.5% &lt;think&gt;</p>

<details>
  <summary>点此查看论文截图</summary>
<img src="https://pic.org/a.jpg" align="middle">
</details>




## Sleeping at Test Time

**Authors:Cy Xu**

We let models sleep.

[PDF](http://arxiv.org/abs/2505.00002v1)

**Summary**
本文让模型睡觉。
"""


def read(text: str) -> tuple[Entry, ...]:
    reading = Daily().read(text)
    assert reading.warnings == ()
    return reading.entries


def entry(body: str) -> Entry:
    (only,) = read(f"Counting Sheep\nAuthors:Ada Wong\n{body}\n")
    return only


def test_plain_text_is_read() -> None:
    assert read(PLAIN) == (
        Entry(
            line=4,
            title_en="Counting Sheep with Language Models",
            authors=("Ada Wong", "Bo Li"),
            summary_en="We count sheep and reach 90.5%. Code: https://github.com/a/sheep.",
            summary_zh="我们让模型数羊，准确率达到90.5%。",
            points=("准确率90.5%", "只需3个样本"),
            notes=(Note(heading="PDF", text="27 pages"), Note(heading="Summary", text="本文让模型数羊。")),
            code_url="https://github.com/a/sheep",
            links=("https://github.com/a/sheep",),
        ),
        Entry(
            line=19,
            title_en="Sleeping at Test Time",
            authors=("Cy Xu",),
            summary_en="We let models sleep.",
            summary_zh="我们让模型睡觉睡觉。",
            points=("睡得更久",),
            notes=(Note(heading="Summary", text="本文让模型睡觉。"),),
        ),
    )


def test_a_chinese_title_an_id_and_the_code_are_read() -> None:
    assert read(HOUSE) == (
        Entry(
            line=2,
            title_en="Counting Sheep with Language Models",
            title_zh="用语言模型数羊",
            authors=("Ada Wong", "Bo Li"),
            arxiv_id="2505.00001",
            summary_en="We count sheep and reach 90.5%.",
            summary_zh="我们让模型数羊，准确率达到90.5%。",
            points=("准确率90.5%",),
            code_url="https://github.com/a/sheep",
            links=("https://github.com/a/sheep",),
        ),
    )


def test_markdown_is_read() -> None:
    assert read(MARKDOWN) == (
        Entry(
            line=13,
            title_en="Counting Sheep with Language Models",
            authors=("Ada Wong", "Bo Li"),
            arxiv_id="2505.00001",
            version=2,
            summary_en="We count sheep and reach 90.5%, as in arXiv:2401.99999.",
            summary_zh="我们让模型数羊，准确率达到90.5%。",
            points=("准确率90.5%", "只需3个样本"),
            notes=(
                Note(heading="PDF", text="Accepted by SheepConf"),
                Note(heading="摘要", text="本文让模型数羊。"),
                Note(
                    heading="ChatPaperFree",
                    text=(
                        "Title: 数羊\nUrls: https://arxiv.org/abs/2302.11111 , Github: https://github.com/a/sheep\n"
                        "（1）：提高12.5% <think>"
                    ),
                ),
            ),
            code_url="https://github.com/a/sheep",
            links=("https://github.com/a/sheep",),
        ),
        Entry(
            line=53,
            title_en="Sleeping at Test Time",
            authors=("Cy Xu",),
            arxiv_id="2505.00002",
            version=1,
            summary_en="We let models sleep.",
            summary_zh="本文让模型睡觉。",
        ),
    )


@pytest.mark.parametrize("text", [PLAIN, HOUSE, MARKDOWN])
def test_its_signs_are_authors_and_a_section(text: str) -> None:
    assert Daily().recognises(text)


def test_authors_alone_are_no_sign() -> None:
    assert not Daily().recognises("Counting Sheep\nAuthors: Ada Wong\nWe count sheep.\n")


@pytest.mark.parametrize(
    "heading",
    ["Key Takeaways", "Key Takeaways:", "**Key Takeaways**", "关键见解", "关键要点：", "**要点**", "主要要点"],
)
def test_key_points_have_many_headings(heading: str) -> None:
    assert entry(f"We count.\n{heading}\n- 甲\n• 乙\n3. 丙").points == ("甲", "乙", "丙")


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("Summary", "Summary\n"),
        ("Summary", "Summary:"),
        ("摘要", "**摘要**："),
        ("摘要", "摘要\n"),
        ("Summary", "## Summary\n"),
    ],
)
def test_the_summary_is_a_note_where_there_is_an_abstract(heading: str, written: str) -> None:
    found = entry(f"We count.\n我们数羊数羊。\n{written}本文让模型数羊。")
    assert found.notes == (Note(heading=heading, text="本文让模型数羊。"),)


def test_the_summary_stands_in_for_a_missing_abstract() -> None:
    found = entry("We count.\nSummary\n本文让模型数羊。")
    assert (found.summary_en, found.summary_zh, found.notes) == ("We count.", "本文让模型数羊。", ())


def test_an_id_is_taken_only_from_the_papers_own_link() -> None:
    assert entry("We count as in https://arxiv.org/abs/2401.00001.\nSummary\n本文让模型数羊。").arxiv_id is None


def test_a_remark_that_is_only_an_address_is_the_code_and_no_note() -> None:
    found = entry("We count.\n论文及项目相关链接\nPDF https://github.com/a/sheep.git")
    assert (found.code_url, found.notes) == ("https://github.com/a/sheep.git", ())


def test_an_abstract_may_begin_with_the_word_pdf() -> None:
    assert entry("PDF documents hold sheep.\nSummary\n本文让模型数羊。").summary_en == "PDF documents hold sheep."


def test_unknown_headings_begin_notes() -> None:
    assert entry("We count.\n**创新点**\n数得更快12%。\nKey Takeaways\n- 甲").notes == (
        Note(heading="创新点", text="数得更快12%。"),
    )


def test_text_after_the_screenshots_is_not_lost() -> None:
    found = entry("We count.\nSummary\n本文让模型数羊。\n点此查看论文截图\n提高了7.5%。")
    assert found.notes == (Note(heading="备注", text="提高了7.5%。"),)


def test_an_entry_without_a_title_is_left_out_with_its_line() -> None:
    for text, line in [
        (PLAIN.replace("Sleeping at Test Time\n", ""), 19),
        (HOUSE + "\nAuthors:Cy Xu\nWe let models sleep.\n", 13),
        (MARKDOWN.replace("## Sleeping at Test Time", "##"), 53),
    ]:
        reading = Daily().read(text)
        assert [found.title_en for found in reading.entries] == ["Counting Sheep with Language Models"]
        assert reading.warnings == (LoadWarning.of(line, "no_title_before_authors"),)
        assert reading.entries[0].summary_en is not None
        assert "sleep" not in reading.entries[0].summary_en


def test_a_heading_may_be_the_papers_link() -> None:
    linked = MARKDOWN.replace(
        "## Sleeping at Test Time", "## [Sleeping at Test Time](http://arxiv.org/abs/2505.00002v4)"
    )
    found = read(linked.replace("[PDF](http://arxiv.org/abs/2505.00002v1)\n", ""))[1]
    assert (found.title_en, found.arxiv_id, found.version) == ("Sleeping at Test Time", "2505.00002", 4)


def test_a_paper_may_have_a_thousand_authors() -> None:
    names = [f"Sheep Number{number}" for number in range(1000)]
    (only,) = read(PLAIN.split("Sleeping")[0].replace("Ada Wong, Bo Li", ", ".join(names)))
    assert only.authors == tuple(names)


def test_in_markdown_an_entry_needs_no_authors() -> None:
    found = read(MARKDOWN.replace("**Authors:Cy Xu**\n", ""))
    assert [(one.title_en, one.authors) for one in found][1] == ("Sleeping at Test Time", ())


def test_entries_of_several_days_are_dated_each() -> None:
    text = PLAIN + "\n2025-05-29 更新\nGoats\nAuthors:Di Wu\nWe count goats.\n"
    assert [found.published for found in read(text)] == ["2025-05-30", "2025-05-30", "2025-05-29"]
    assert [found.published for found in read(PLAIN)] == [None, None]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("Ada Wong, Bo Li", ("Ada Wong", "Bo Li")),
        ("Ada Wong,Bo Li, and Cy Xu", ("Ada Wong", "Bo Li", "Cy Xu")),
        ("Ada Wong (MIT, USA); 李波、徐", ("Ada Wong (MIT, USA)", "李波", "徐")),
        (r"Poincar\'e, ...", ("Poincaré",)),
        ("Pedro M. Sheep Jr.**", ("Pedro M. Sheep Jr.",)),
        ("", ()),
    ],
)
def test_authors_are_separated(names: str, expected: tuple[str, ...]) -> None:
    assert split_authors(names) == expected
