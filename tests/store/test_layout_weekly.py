"""The weekly Markdown layout."""

from __future__ import annotations

from store.layouts.weekly import Weekly
from store.models import Entry, LoadWarning, Note

DIGEST = """\
## Counting Sheep with Language Models
[用语言模型数羊](https://arxiv.org/abs/2506.00001)

我们让大语言模型数羊。
准确率 ($\\alpha$1) 达到 8.4\\%，见 https://github.com/a/sheep。

## Sleeping at Test Time
[测试时睡觉](https://arxiv.org/abs/2506.00002v2)

我们让模型睡觉。

We let models sleep.

- 睡得更久
- 数得更准

代码：https://sleep.github.io
"""


def read(text: str) -> tuple[Entry, ...]:
    reading = Weekly().read(text)
    assert reading.warnings == ()
    return reading.entries


def entry(body: str) -> Entry:
    (only,) = read(f"## Counting Sheep\n[数羊的论文](https://arxiv.org/abs/2506.00001)\n\n{body}\n")
    return only


def test_a_whole_digest_is_read() -> None:
    assert read(DIGEST) == (
        Entry(
            line=1,
            title_en="Counting Sheep with Language Models",
            title_zh="用语言模型数羊",
            arxiv_id="2506.00001",
            summary_zh="我们让大语言模型数羊。\n准确率 (α1) 达到 8.4%，见 https://github.com/a/sheep。",
            code_url="https://github.com/a/sheep",
            links=("https://github.com/a/sheep",),
        ),
        Entry(
            line=7,
            title_en="Sleeping at Test Time",
            title_zh="测试时睡觉",
            arxiv_id="2506.00002",
            version=2,
            summary_en="We let models sleep.",
            summary_zh="我们让模型睡觉。",
            points=("睡得更久", "数得更准"),
            code_url="https://sleep.github.io",
            links=("https://sleep.github.io",),
        ),
    )


def test_its_sign_is_a_heading_with_an_arxiv_link_under_it() -> None:
    assert Weekly().recognises(DIGEST)
    assert Weekly().recognises("# 周报\n\n### [Sheep](https://arxiv.org/abs/2506.00001)\n")
    assert not Weekly().recognises("## Sheep\n\nText.\n\n[数羊](https://arxiv.org/abs/2506.00001)\n")
    assert not Weekly().recognises("## Sheep\n[home](https://sheep.org)\n")


def test_an_address_on_a_line_of_its_own_is_a_link_and_ends_the_sentence_before() -> None:
    found = entry("我们公开模型权重：\nhttps://huggingface.co/sheep/ram-7b")
    assert found.summary_zh == "我们公开模型权重：https://huggingface.co/sheep/ram-7b"
    assert found.code_url == "https://huggingface.co/sheep/ram-7b"


def test_titles_go_to_their_language_wherever_they_stand() -> None:
    (only,) = read("## 数羊的论文\n[Counting Sheep](https://arxiv.org/abs/2506.00001)\n\n我们数羊。\n")
    assert (only.title_en, only.title_zh) == ("Counting Sheep", "数羊的论文")


def test_a_link_that_names_only_itself_is_no_title() -> None:
    for name in ("Paper", "论文链接", "arXiv:2506.00001", "https://arxiv.org/abs/2506.00001"):
        (only,) = read(f"## 数羊的论文\n[{name}](https://arxiv.org/abs/2506.00001)\n\n我们数羊。\n")
        assert (only.title_en, only.title_zh, only.arxiv_id) == (None, "数羊的论文", "2506.00001")


def test_further_links_on_the_link_line_are_kept() -> None:
    (only,) = read(
        "## Counting Sheep\n[数羊的论文](https://arxiv.org/abs/2506.00001) | [主页](https://sheep.org) | "
        "[代码](https://github.com/a/sheep)\n\n我们数羊。\n"
    )
    assert only.title_zh == "数羊的论文"
    assert only.code_url == "https://github.com/a/sheep"
    assert only.links == ("https://github.com/a/sheep", "https://sheep.org")


def test_titles_lose_markdown_latex_and_numbers() -> None:
    (only,) = read(
        "## 3. **R$^2$Sheep**\\_v1: `Fast`\n[R$^2$Sheep：数羊的方法](https://arxiv.org/abs/2506.00001)\n\n数羊。\n"
    )
    assert (only.title_en, only.title_zh) == ("R²Sheep_v1: Fast", "R²Sheep：数羊的方法")


def test_a_link_with_brackets_in_its_text_is_read() -> None:
    (only,) = read("## Sheep\n[数羊[第二版]的论文](https://arxiv.org/abs/2506.00001)\n\n数羊。\n")
    assert only.title_zh == "数羊[第二版]的论文"


def test_figures_in_brackets_after_brackets_are_no_link() -> None:
    assert entry("数羊数羊的 F1 [Sheep](81.5%) 最高。").summary_zh == "数羊数羊的 F1 [Sheep](81.5%) 最高。"


def test_markup_goes_and_what_only_looks_like_it_stays() -> None:
    found = entry("**数羊**的 `code` 与 <b>粗体</b> &amp; <think> 标签，x<sup>2</sup>，a < b。\n\n```\n")
    assert found.summary_zh == "数羊的 code 与 粗体 & <think> 标签，x²，a < b。"


def test_a_line_that_stops_in_mid_sentence_goes_on_in_the_next() -> None:
    assert entry("我们让模型\n数羊。  \n第二段文字").summary_zh == "我们让模型数羊。\n第二段文字"


def test_two_spaces_at_a_lines_end_end_a_paragraph() -> None:
    assert entry("第一段文字  \n第二段文字").summary_zh == "第一段文字\n第二段文字"


def test_smaller_headings_begin_notes() -> None:
    found = entry("我们数羊。\n\n### 实验结果\n准确率90.5%。\n- 比基线高\n\n### 空的")
    assert found.notes == (Note(heading="实验结果", text="准确率90.5%。\n- 比基线高"),)
    assert found.points == ("比基线高",)
    assert found.summary_zh == "我们数羊。"


def test_headings_above_the_entries_are_not_entries() -> None:
    assert [found.line for found in read("# 本周论文\n\n前言在这里。\n\n" + DIGEST)] == [5, 11]


def test_the_entries_may_have_headings_of_another_level() -> None:
    text = "## 本周论文\n\n" + DIGEST.replace("## ", "### ")
    assert [found.title_en for found in read(text)] == ["Counting Sheep with Language Models", "Sleeping at Test Time"]


def test_an_entry_without_a_link_is_an_entry() -> None:
    found = read(DIGEST + "\n## Goats\n\nWe count goats.\n")[-1]
    assert found == Entry(line=19, title_en="Goats", summary_en="We count goats.")


def test_an_entry_without_a_heading_title_is_left_out_with_its_line() -> None:
    reading = Weekly().read(DIGEST.replace("## Sleeping at Test Time", "##"))
    assert [found.arxiv_id for found in reading.entries] == ["2506.00001"]
    assert reading.warnings == (LoadWarning.of(7, "no_title_in_heading"),)


def test_a_lost_heading_does_not_mix_two_entries() -> None:
    reading = Weekly().read(DIGEST.replace("## Sleeping at Test Time\n", ""))
    assert [(found.arxiv_id, found.summary_en, found.points) for found in reading.entries] == [("2506.00001", None, ())]
    assert reading.warnings == (LoadWarning.of(7, "no_heading"),)


def test_pictures_are_no_links() -> None:
    assert entry('我们数羊。\n![羊](https://sheep.org/a.png)\n<img src="https://sheep.org/b.png">').links == ()
