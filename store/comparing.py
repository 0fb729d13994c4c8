"""Questions that compare two papers: what each side is called, and on what they are compared."""

from __future__ import annotations

import re
from typing import NamedTuple

_AND_ZH = r"\s*(?:和|与|跟|同|以及|、|\bvs\b\.?)\s*"
_AND_EN = r"\s+(?:and|with|to|vs\.?|versus|against)\s+"
_PATTERNS = (
    re.compile(
        rf"(?:比较|对比)(?:一下|下)?\s*(?P<one>.+?){_AND_ZH}(?P<other>.+?)(?:在(?P<on>.+?)(?:上|方面).*|的(?P<of>.+))?$"
    ),
    re.compile(
        rf"^(?P<one>.+?){_AND_ZH}(?P<other>.+?)(?:在(?P<on>.+?)(?:上|方面))?(?:有什么|有何|有哪些|的|之间的?)+"
        r"(?:区别|差别|不同|差异|异同|对比|比较).*$"
    ),
    re.compile(
        rf"\b(?:compare|contrast)\s+(?P<one>.+?){_AND_EN}(?P<other>.+?)"
        r"(?:\s+(?:on|in terms of|regarding|with respect to|in)\s+(?P<on>.+))?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bdifferences?\s+between\s+(?P<one>.+?)\s+and\s+(?P<other>.+?)(?:\s+(?:on|in|regarding)\s+(?P<on>.+))?$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?P<one>.+?)\s+(?:vs\.?|versus)\s+(?P<other>.+?)(?:\s+on\s+(?P<on>.+)|[:：,，]\s*(?P<of>.+))?$",
        re.IGNORECASE,
    ),
)
_ENDS = " ,，。.？?！!的"


class Comparison(NamedTuple):
    """The two sides as the question calls them; ``aspect`` is what they are compared on, empty where it is not said."""

    one: str
    other: str
    aspect: str


def read_comparison(text: str) -> Comparison | None:
    """The comparison a question asks for; None where it asks for something else."""
    for pattern in _PATTERNS:
        if match := pattern.search(text.strip(_ENDS)):
            parts = match.groupdict()
            aspect = parts.get("on") or parts.get("of") or ""
            one, other = parts["one"].strip(_ENDS), parts["other"].strip(_ENDS)
            if one and other:
                return Comparison(one, other, aspect.strip(_ENDS))
    return None
