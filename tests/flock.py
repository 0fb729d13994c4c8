"""A small archive of made-up papers about sheep: seven with an arXiv id, one without, over two digests.

Every paper speaks of sheep and of 绵羊, and of one thing no other paper has: a shearing, a fence, a dog.
"""

from __future__ import annotations

from tests.digests import daily_digest, daily_entry, weekly_digest, weekly_entry

MAY = "2025-05-weekly.md"
FRIDAY = "2025-05-30-daily.txt"

# arXiv id, English title, Chinese title, Chinese summary, English summary
PAPERS = (
    (
        "2505.00001",
        "Woolly: Shearing Sheep with Language Models",
        "羊毛：用语言模型给绵羊剪毛",
        "Woolly让语言模型给绵羊剪毛，剪毛成功率达到90.5%。",
        "Woolly lets a language model shear sheep. It reaches a shearing rate of 90.5%.",
    ),
    (
        "2505.00002",
        "A Survey of Fences for Sheep",
        "绵羊围栏综述",
        "本文综述了绵羊围栏的做法。",
        "This survey reviews fences for sheep.",
    ),
    (
        "2505.00003",
        "Barking Up: A Dog that Counts Sheep",
        "向上吠叫：会数绵羊的牧羊犬",
        "一只牧羊犬学会了数绵羊。",
        "A dog learns to count sheep.",
    ),
    (
        "2505.00004",
        "Meadow: Where Sheep Graze",
        "草甸：绵羊吃草的地方",
        "草甸告诉绵羊去哪里吃草。",
        "Meadow tells sheep where to graze.",
    ),
    (
        "2505.00005",
        "Bellwether: Leading Sheep Home",
        "领头羊：带绵羊回家",
        "领头羊带着绵羊回家。",
        "Bellwether leads sheep home.",
    ),
    (
        "2505.00006",
        "Lullaby: Sheep that Count Themselves",
        "摇篮曲：自己数自己的绵羊",
        "绵羊自己数自己，牧人可以睡觉。",
        "Sheep count themselves, and the shepherd may sleep.",
    ),
    (
        "cs/0112017",
        "Old Wool: What Sheep Wore Before the Web",
        "旧羊毛：网络之前绵羊穿什么",
        "本文回顾了绵羊从前的毛衣。",
        "The pullovers that sheep wore long ago.",
    ),
)

WITHOUT_ID = "Nightwatch: Sheep in the Dark"


def weekly(*ids: str) -> str:
    """The weekly digest with the papers of these ids; with none given, with all."""
    return weekly_digest(
        *(
            weekly_entry(title_en, title_zh, arxiv_id, f"{summary_zh}\n\n{summary_en}")
            for arxiv_id, title_en, title_zh, summary_zh, summary_en in PAPERS
            if not ids or arxiv_id in ids
        )
    )


def daily() -> str:
    """The daily digest, of one paper without arXiv id and without Chinese title."""
    return daily_digest(
        daily_entry(
            WITHOUT_ID,
            authors="Ada Wong, Bo Li",
            abstract_en="A lantern watches sheep at night.",
            abstract_zh="一盏灯笼在夜里看守绵羊。",
            points=("灯笼整夜亮着", "没有丢一只绵羊"),
        ),
        date="2025-05-30",
    )


def files() -> dict[str, str]:
    """The digest files, by name."""
    return {MAY: weekly(), FRIDAY: daily()}
