"""The numbered weekly layout."""

from __future__ import annotations

from store.layouts.numbered import Numbered
from store.models import Entry, LoadWarning

DIGEST = """\
 1. 数羊团队：大模型会数羊

研究表明，大语言模型在数羊任务上的表现一直不好，这里的文字写满了一整行，所以在行
末被折断了。

团队提出了 SheepRL，在 SheepBench 上的胜率达到 62%，超过了基线（53. 6%）和 GPT-
4（35.6%）。

论文链接：https://arxiv.org/abs/2504.00001

2. SleepTime：睡眠时数羊


睡眠时计算（sleep-time
compute）有效。

论文链接：https://arxiv.org/abs/2504.00002v3
"""


def read(text: str) -> tuple[Entry, ...]:
    reading = Numbered().read(text)
    assert reading.warnings == ()
    return reading.entries


def entry(body: str, head: str = "1. 数羊", link: str = "论文链接：https://arxiv.org/abs/2504.00001") -> Entry:
    (only,) = read(f"{head}\n\n{body}\n\n{link}\n")
    return only


def test_a_whole_digest_is_read() -> None:
    assert read(DIGEST) == (
        Entry(
            line=1,
            title_zh="数羊团队：大模型会数羊",
            arxiv_id="2504.00001",
            summary_zh=(
                "研究表明，大语言模型在数羊任务上的表现一直不好，这里的文字写满了一整行，所以在行末被折断了。\n"
                "团队提出了 SheepRL，在 SheepBench 上的胜率达到 62%，超过了基线（53.6%）和 GPT-4（35.6%）。"
            ),
        ),
        Entry(
            line=11,
            title_zh="SleepTime：睡眠时数羊",
            arxiv_id="2504.00002",
            version=3,
            summary_zh="睡眠时计算（sleep-time compute）有效。",
        ),
    )


def test_its_signs_are_a_number_and_a_labelled_link() -> None:
    assert Numbered().recognises(DIGEST)
    assert not Numbered().recognises("1. 数羊\n\n数羊。\n")
    assert not Numbered().recognises("论文链接：https://arxiv.org/abs/2504.00001\n")


def test_a_paragraph_broken_by_a_page_is_joined() -> None:
    full = "这一行写满了整整一页的宽度，而且没有写完就到了页面的末尾，所以要接到下一页去看"
    assert entry(f"{full}\n\n\n12\n\n那里的文字。").summary_zh == f"{full}那里的文字。"


def test_a_short_line_without_a_full_stop_is_a_paragraph() -> None:
    body = "主要贡献\n\n这一行写满了整整一页的宽度，而且没有写完就到了页面的末尾，所以要接着往\n下看。"
    assert entry(body).summary_zh == (
        "主要贡献\n这一行写满了整整一页的宽度，而且没有写完就到了页面的末尾，所以要接着往下看。"
    )


def test_a_title_may_be_wrapped() -> None:
    (only,) = read(
        "1. 数羊团队提出一个非常长的标题，长到一行写不下，于是\n折到了第二行\n\n正文在这里。\n\n"
        "论文链接：https://arxiv.org/abs/2504.00001\n"
    )
    assert only.title_zh == "数羊团队提出一个非常长的标题，长到一行写不下，于是折到了第二行"
    assert only.summary_zh == "正文在这里。"


def test_text_directly_under_the_title_is_text() -> None:
    (only,) = read("1. 数羊\n正文在这里。\n论文链接：https://arxiv.org/abs/2504.00001\n")
    assert (only.title_zh, only.summary_zh) == ("数羊", "正文在这里。")


def test_the_second_language_bullets_code_and_the_english_title_are_read() -> None:
    body = (
        "我们让模型数羊。\n\nWe count sheep.\n\n- 准确率90.5%\n- 只需3个样本\n\n代码：https://github.com/a/sheep。\n\n"
        "论文题目：Counting Sheep"
    )
    assert entry(body) == Entry(
        line=1,
        title_en="Counting Sheep",
        title_zh="数羊",
        arxiv_id="2504.00001",
        summary_en="We count sheep.",
        summary_zh="我们让模型数羊。",
        points=("准确率90.5%", "只需3个样本"),
        code_url="https://github.com/a/sheep",
        links=("https://github.com/a/sheep",),
    )


def test_a_bullet_may_be_wrapped() -> None:
    assert entry("数羊数羊。\n\n- 准确率达到\n  90.5%\n- 第二点").points == ("准确率达到90.5%", "第二点")


def test_a_dash_within_a_sentence_is_no_bullet() -> None:
    assert (
        entry("模型的准确率达到了最高\n- 远超基线 - 的水平。").summary_zh
        == "模型的准确率达到了最高- 远超基线 - 的水平。"
    )


def test_code_after_the_link_belongs_to_the_entry_above() -> None:
    text = DIGEST.replace("2504.00001\n", "2504.00001\n代码：https://github.com/a/sheep\n")
    assert [found.code_url for found in read(text)] == ["https://github.com/a/sheep", None]


def test_a_list_within_an_entry_begins_no_entry() -> None:
    summary = entry("方法如下：\n\n1. 先数白羊\n\n2. 再数黑羊\n\n3. 最后睡觉").summary_zh
    assert summary == "方法如下：\n1. 先数白羊\n2. 再数黑羊\n3. 最后睡觉"


def test_an_entry_without_a_link_is_found_by_its_number() -> None:
    text = (
        "1. 甲羊甲羊\n\n内容。\n\n论文链接：https://arxiv.org/abs/2504.00001\n\n2. 乙羊乙羊\n\n内容。\n\n"
        "3. 丙羊丙羊\n\n内容。\n\n论文链接：https://arxiv.org/abs/2504.00003\n\n4. 丁羊丁羊\n\n"
        "论文链接：https://arxiv.org/abs/2504.00004\n\n5. 戊羊戊羊\n\n内容。\n\n6. 己羊己羊\n\n内容。\n"
    )
    assert [(found.title_zh, found.arxiv_id) for found in read(text)] == [
        ("甲羊甲羊", "2504.00001"),
        ("乙羊乙羊", None),
        ("丙羊丙羊", "2504.00003"),
        ("丁羊丁羊", "2504.00004"),
        ("戊羊戊羊", None),
        ("己羊己羊", None),
    ]


def test_a_table_of_contents_is_not_read_as_entries() -> None:
    contents = "本周论文\n\n1. 大模型会数羊\n2. 睡眠时数羊\n\n"
    assert [found.title_zh for found in read(contents + DIGEST)] == ["数羊团队：大模型会数羊", "SleepTime：睡眠时数羊"]


def test_numbers_are_written_in_several_ways() -> None:
    for head in ("1、数羊", "1．数羊", "1) 数羊", "**1. 数羊**", "## 1. 数羊", "1\\. 数羊"):
        assert entry("数羊数羊。", head).title_zh == "数羊"


def test_a_decimal_number_begins_no_entry() -> None:
    assert entry("准确率达到了\n53.6% 的水平。").summary_zh == "准确率达到了53.6% 的水平。"


def test_the_link_may_stand_under_its_label() -> None:
    found = entry("数羊数羊。", link="论文链接：\nhttps://arxiv.org/abs/2504.00009v1")
    assert (found.arxiv_id, found.version) == ("2504.00009", 1)


def test_an_entry_without_a_title_is_left_out_with_its_line() -> None:
    reading = Numbered().read(DIGEST.replace("2. SleepTime：睡眠时数羊", "2."))
    assert [found.arxiv_id for found in reading.entries] == ["2504.00001"]
    assert reading.warnings == (LoadWarning.of(11, "no_title_after_number"),)
