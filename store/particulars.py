"""Questions for what a digest states of a paper outside its text: who wrote it, where its code is, when it came out."""

from __future__ import annotations

import re
from typing import Literal

Particular = Literal["authors", "code_url", "published"]

_ASKED: dict[Particular, re.Pattern[str]] = {
    "authors": re.compile(
        r"作者(?:都?是谁|都?有谁|都?有哪些|名单)|谁写的?|哪些作者"
        r"|\bwho (?:wrote|authored|(?:is|are) the authors?)\b|\bauthors? of\b",
        re.IGNORECASE,
    ),
    "code_url": re.compile(
        r"(?:代码|源码|仓库|github).{0,6}(?:哪|地址|链接|网址|公开|开源|有吗)|有(?:没有)?(?:代码|源码)|开源了?[吗没]"
        r"|\bwhere .{0,30}\b(?:code|repo|repository)\b|\b(?:code|repo|repository|github) (?:link|url|available)\b"
        r"|\blink to the code\b|\bis there (?:any )?code\b",
        re.IGNORECASE,
    ),
    "published": re.compile(
        r"(?:什么时候|哪一?年|何时|几月).{0,6}(?:发表|发布|提出|公开|出)|发表(?:时间|日期)"
        r"|\bwhen (?:was|were|did) .+(?:published|released|come out|appear)",
        re.IGNORECASE,
    ),
}


def read_particular(question: str) -> Particular | None:
    """Which field of a paper a question asks for; None where it asks for something that the text tells."""
    return next((field for field, pattern in _ASKED.items() if pattern.search(question)), None)
