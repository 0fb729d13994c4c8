"""Digest files for tests, a few lines each, in the layouts that ship."""

from __future__ import annotations


def weekly_entry(
    title_en: str = "Counting Sheep with Language Models",
    title_zh: str = "用语言模型数羊",
    arxiv_id: str = "2505.00001",
    body: str = "我们让模型数羊，准确率达到90.5%。",
) -> str:
    """One entry of the weekly layout."""
    return f"## {title_en}\n[{title_zh}](https://arxiv.org/abs/{arxiv_id})\n\n{body}\n"


def weekly_digest(*entries: str) -> str:
    """A file of the weekly layout; with no entries given, one."""
    return "\n".join(entries or (weekly_entry(),))


def daily_entry(
    title_en: str = "Counting Sheep with Language Models",
    authors: str = "Ada Wong, Bo Li",
    abstract_en: str = "We let a model count sheep, and it finds 90.5% of them in the dark.",
    abstract_zh: str = "我们让模型数羊，它在夜里数出了其中的90.5%。",
    points: tuple[str, ...] = ("夜里也能数羊", "准确率90.5%"),
) -> str:
    """One entry of the daily layout, without an arXiv id."""
    bullets = "\n".join(f"- {point}" for point in points)
    return (
        f"{title_en}\nAuthors:{authors}\n{abstract_en}\n{abstract_zh}\n"
        f"论文及项目相关链接\nKey Takeaways\n{bullets}\n点此查看论文截图\n\n"
    )


def daily_digest(*entries: str, date: str = "2025-05-30") -> str:
    """A file of the daily layout; with no entries given, one."""
    return f"{date} 更新\n" + "".join(entries or (daily_entry(),))
