"""Web addresses in a digest's text: found, cleaned of what clings to them, and the code among them."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Only the signs an address is made of: Chinese text, braces and quotation marks after it end it.
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]++|\\(?=[_%#&~])){1,50}"
    r"|(?<![\w./@\-])(?:www\.)?(?:github\.com|gitlab\.com|huggingface\.co)/[A-Za-z0-9\-._~/]+",
    re.IGNORECASE,
)
_HAS_HOST = re.compile(r"https?://[^/?#]*[A-Za-z0-9]\.[A-Za-z0-9]", re.IGNORECASE)
_AUTHORITY_END = re.compile(r"[/?#]")
_TRAILING = ".,;:!?'*~&=#$("
_ARXIV_HOST = re.compile(r"(?:^|\.)arxiv\.org$")
_FORGES = ("github.com", "gitlab.com", "gitee.com", "bitbucket.org", "codeberg.org")
_HUBS = ("huggingface.co", "modelscope.cn", "hf.co")
_PAGES = re.compile(r"\.(?:github|gitlab)\.io$")


def find_addresses(text: str) -> list[str]:
    """Every web address in ``text``, cleaned, in order, each once.

    Addresses of GitHub, GitLab and Hugging Face are found without ``https://`` as well, and get it.
    """
    if "/" not in text:
        return []
    return unique(clean_address(match[0]) for match in _ADDRESS.finditer(text))


def clean_address(address: str) -> str:
    """The address without what clings to it: ``…/x}{https://…``, a bracket never opened, a full stop.

    Empty where nothing is left of it.
    """
    match = _ADDRESS.match(address.strip())
    if match is None:
        return ""
    cleaned = _cut_at_unopened(match[0].replace("\\", "")).rstrip(_TRAILING)
    if not cleaned.lower().startswith("http"):
        cleaned = "https://" + cleaned
    return cleaned if _HAS_HOST.match(cleaned) else ""


def is_address_only(text: str) -> bool:
    """Whether ``text`` holds one or more addresses and no word besides."""
    rest, count = _ADDRESS.subn("", text) if "/" in text else (text, 0)
    return count > 0 and not any(ch.isalnum() for ch in rest)


def unique(addresses: Iterable[str]) -> list[str]:
    """The addresses in order, each once; ``https``, ``www.``, ``.git`` and a final slash do not tell two apart."""
    seen: dict[str, str] = {}
    for address in addresses:
        if address:
            seen.setdefault(_identity(address), address)
    return list(seen.values())


def is_arxiv(address: str) -> bool:
    """Whether the address is arXiv's own (its DOIs too): the paper's id says as much."""
    if "arxiv" not in address.lower():
        return False
    return _ARXIV_HOST.search(host_of(address)) is not None or "doi.org/10.48550/arxiv" in address.lower()


def code_among(addresses: Iterable[str]) -> str | None:
    """The address most likely to be the code: the first on a code host, else on a model hub, else a project page."""
    best: tuple[int, str] | None = None
    for address in addresses:
        rank = _code_rank(address)
        if rank is not None and (best is None or rank < best[0]):
            best = (rank, address)
    return best[1] if best else None


def host_of(address: str) -> str:
    """The host name of an address in lower case; empty where it has none."""
    rest = address.partition("://")[2]
    authority = _AUTHORITY_END.split(rest, maxsplit=1)[0]
    return authority.rpartition("@")[2].partition(":")[0].lower()


def _code_rank(address: str) -> int | None:
    host = host_of(address)
    path = address.split(host, 1)[-1].strip("/") if host else ""
    name = host.removeprefix("www.")
    if name in _FORGES and path:
        return 0
    if name in _HUBS and path and not path.startswith("papers/"):
        return 1
    return 2 if _PAGES.search(name) else None


def _identity(address: str) -> str:
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{path}".rstrip("/").removesuffix(".git") if scheme else address


def _cut_at_unopened(address: str) -> str:
    if ")" not in address and "]" not in address:
        return address
    depth = {")": 0, "]": 0}
    for at, sign in enumerate(address):
        if sign == "(":
            depth[")"] += 1
        elif sign == "[":
            depth["]"] += 1
        elif sign in depth:
            depth[sign] -= 1
            if depth[sign] < 0:
                return address[:at]
    return address
