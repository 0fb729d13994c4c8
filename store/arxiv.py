"""arXiv identifiers: reading them out of text, and what follows from one (links, month, a paper's key).

Two schemes exist. Since April 2007 an id is ``YYMM.NNNN`` or ``YYMM.NNNNN``; before that it was ``archive/YYMMNNN``,
sometimes written with a subject class (``math.GT/0309136``). The subject class is no part of the identifier, so
``math.GT/0309136`` and ``math/0309136`` are one paper and both are read as ``math/0309136``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote_plus

from store.text.titles import title_key

_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "econ eess funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics "
    "plasm-ph q-alg q-bio q-fin quant-ph solv-int stat supr-con"
).split()

_MONTH = r"(?:0[1-9]|1[0-2])"
_NEW_ID = rf"(?P<new>\d{{2}}{_MONTH}\.\d{{4,5}})(?!\d)"
_OLD_ID = (
    rf"(?P<archive>{'|'.join(sorted(_ARCHIVES, key=len, reverse=True))})"
    rf"(?:\.[a-z]{{2}}(?:-?[a-z]{{2,9}})?)?/(?P<number>\d{{2}}{_MONTH}\d{{3}})(?!\d)"
)
_ID = rf"(?:{_NEW_ID}|{_OLD_ID})(?:v(?P<version>\d{{1,3}})(?!\d))?"

# Places whose links name a paper by its arXiv id.
_LINK = (
    r"(?:(?:[a-z]{2,12}\.)?arxiv\.org/(?:abs|pdf|html|format|ps|src|e-print)/(?:arxiv:)?"
    r"|doi\.org/10\.48550/arxiv\."
    r"|(?:www\.)?alphaxiv\.org/(?:abs|pdf|overview)/"
    r"|huggingface\.co/papers/"
    r"|papers\.cool/arxiv/)"
)

_WHOLE = re.compile(
    rf"(?:(?:https?://)?{_LINK}|10\.48550/arxiv\.|arxiv\s{{0,3}}[:.]\s{{0,3}})?{_ID}"
    r"(?:\.pdf)?/?(?:[?#]\S*)?(?:\s*\[[\w.\-]+\])?",
    re.IGNORECASE,
)
_INSIDE = re.compile(rf"(?:{_LINK}|\barxiv\s{{0,3}}[:：]\s{{0,3}}){_ID}", re.IGNORECASE)

# A digest's line can be megabytes long; a link or an id someone types is not.
_LONGEST_ID_TEXT = 300


class ArxivId(NamedTuple):
    """An arXiv identifier without its version, and the version where the text names one."""

    id: str
    version: int | None = None


def parse_arxiv(text: str) -> ArxivId | None:
    """Read ``text`` as one arXiv id or link and nothing else; None where it is anything else.

    Full-width characters count as their ordinary forms, and brackets, quotes and a full stop around the id are ignored.
    """
    if len(text) > _LONGEST_ID_TEXT:
        return None
    folded = unicodedata.normalize("NFKC", text).strip().strip("<>()[]{}\"'“”‘’「」《》【】`,;。.、 \t\r\n")
    match = _WHOLE.fullmatch(folded)
    if match is None:
        # "[2504.13837] Title" loses its bracket above; an id followed by "[cs.CL" loses its last one.
        match = _WHOLE.fullmatch(folded + "]")
    return _from_match(match) if match else None


def find_arxiv(text: str) -> ArxivId | None:
    """The first arXiv id that stands in a link or after ``arXiv:`` in running text; None where there is none."""
    if "/" not in text and ":" not in text and "：" not in text:
        return None
    match = _INSIDE.search(text)
    return _from_match(match) if match else None


def _from_match(match: re.Match[str]) -> ArxivId:
    version = int(match["version"] or 0) or None
    if match["new"]:
        # \d also matches digits of other scripts.
        return ArxivId(unicodedata.normalize("NFKC", match["new"]), version)
    return ArxivId(f"{match['archive'].lower()}/{match['number']}", version)


def abs_url(arxiv_id: str) -> str:
    """The paper's page."""
    return f"https://arxiv.org/abs/{arxiv_id}"


def pdf_url(arxiv_id: str) -> str:
    """The paper's PDF, newest version."""
    return f"https://arxiv.org/pdf/{arxiv_id}"


def title_search_url(title: str) -> str:
    """A search of arXiv's titles, for papers whose id is not known."""
    return f"https://arxiv.org/search/?query={quote_plus(title)}&searchtype=title"


def month(arxiv_id: str) -> str:
    """The month in which the paper first appeared, as ``YYYY-MM``: ``2504.13837`` is of ``2025-04``.

    Raises ValueError where ``arxiv_id`` is not an arXiv identifier.
    """
    parsed = parse_arxiv(arxiv_id)
    if parsed is None:
        raise ValueError(f"not an arXiv identifier: {arxiv_id!r}")
    digits = parsed.id.rpartition("/")[2]
    year = int(digits[:2])
    # The first papers are of 1991, and old-style ids ended in 2007.
    century = 1900 if "/" in parsed.id and year >= 91 else 2000
    return f"{century + year}-{digits[2:4]}"


def paper_key(arxiv_id: str | None, title: str | None) -> str:
    """The key under which the archive knows a paper: at most 24 characters of ``[A-Za-z0-9_-]``.

    With an arXiv id it is the id with ``.`` and ``/`` as ``-``; without one, ``t`` and 12 hex digits of the title.
    Raises ValueError where there is neither.
    """
    if arxiv_id:
        return re.sub(r"[./]", "-", arxiv_id)
    if not title or not title.strip():
        raise ValueError("a paper needs an arXiv id or a title to have a key")
    return "t" + hashlib.sha256(title_key(title).encode()).hexdigest()[:12]
