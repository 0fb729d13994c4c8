"""Telegram's HTML, written safely: plain text is escaped the moment it becomes markup.

Every helper takes plain text or `Markup` and gives `Markup`, so whatever a digest says shows as it stands and
what is written is always well nested.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote as percent_encode
from urllib.parse import urlsplit

from bot.views.text import DANGLING, ELLIPSIS, clean, cut, may_break, units

MAX_MESSAGE = 4096  # UTF-16 units of a message's text after entities are parsed
MAX_ENTITIES = 100
MAX_URL = 1024

_TAG = re.compile(r"<[^>]*>")
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.IGNORECASE)
# What may stay unencoded in an address: RFC 3986's reserved characters, and % of what is encoded already.
_URL_SAFE = "/:?#[]@!$&()*+,;=%~"


class Markup(str):
    """HTML that is safe to send as it stands."""

    __slots__ = ()


def escape(content: str) -> Markup:
    """``content`` as markup: `Markup` as it is, plain text cleaned and escaped."""
    if isinstance(content, Markup):
        return content
    return Markup(html.escape(clean(content), quote=False))


def join(parts: Iterable[str], separator: str = "") -> Markup:
    """The non-empty ``parts``, each escaped unless it is markup, with ``separator`` between them."""
    return Markup(escape(separator).join(filter(None, map(escape, parts))))


def bold(content: str) -> Markup:
    return _wrap("b", content)


def italic(content: str) -> Markup:
    return _wrap("i", content)


def code(text: str) -> Markup:
    """Monospaced text, which clients copy at a tap; nothing may nest in it."""
    return _wrap("code", text)


def pre(text: str, language: str = "") -> Markup:
    """A block of code; ``language`` is a name such as ``bibtex``."""
    if not language:
        return _wrap("pre", text)
    return Markup(f'<pre><code class="language-{html.escape(language)}">{escape(text)}</code></pre>')


def quote(content: str, *, expandable: bool = False) -> Markup:
    """A block quotation; an expandable one shows its first lines until it is tapped. Quotes must not nest."""
    inner = escape(content)
    if not inner.strip():
        return Markup("")
    return Markup(f"<blockquote{' expandable' if expandable else ''}>{inner}</blockquote>")


def link(content: str, url: str | None) -> Markup:
    """``content`` linked to ``url``, or only ``content`` where the address is not a sound web address."""
    address = safe_url(url)
    inner = escape(content)
    if address is None or not inner.strip():
        return inner
    return Markup(f'<a href="{html.escape(address)}">{inner}</a>')


def highlight(text: str, spans: Sequence[tuple[int, int]], limit: int, *, most: int = 10) -> Markup:
    """``text`` on one line within ``limit`` units, its (start, end) ``spans`` bold.

    Spans may overlap, be out of order or reach beyond the text. Of a text too long, the passage around the
    first span is shown. At most ``most`` spans become bold, to spare the message's entities.
    """
    marked = _marked(text, spans)
    line = "".join(char for char, _ in marked)
    start = 0
    if units(line) > limit:
        first = next((index for index, (_, hit) in enumerate(marked) if hit), 0)
        if units(line[: first + 20]) > limit:
            start = _passage_start(line, first, limit // 3)
    room = limit - (1 if start else 0)
    whole = units(line[start:]) <= room
    end = len(line)
    if not whole:
        end = start + len(line[start : start + cut(line[start:], room - 1)].rstrip(DANGLING))
    parts: list[str] = [ELLIPSIS] if start else []
    for run, hit in _runs(marked[start:end]):
        if hit and most > 0 and run.strip():
            most -= 1
            parts += [run[: len(run) - len(run.lstrip())], bold(run.strip()), run[len(run.rstrip()) :]]
        else:
            parts.append(run)
    if not whole:
        parts.append(ELLIPSIS)
    return join(parts)


def safe_url(url: str | None) -> str | None:
    """``url`` as Telegram accepts it in links and buttons; None if it is no sound http or https address."""
    if not url or len(url) > MAX_URL or any(char.isspace() or char in '<>"\\^`{|}' for char in url):
        return None
    try:
        address = percent_encode(url, safe=_URL_SAFE)
        parts = urlsplit(address)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:  # urlsplit on "http://[", a port beyond 65535; quote on a lone surrogate
        return None
    host = parts.hostname or ""
    # A name before "@" can dress a stranger's host up as a known one.
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or not port_is_sound:
        return None
    if len(address) > MAX_URL or len(host) > 253 or _HOST.fullmatch(host) is None:
        return None
    return address


def plain_text(markup: Markup) -> str:
    """What a reader sees of ``markup``, before Telegram trims it."""
    return html.unescape(_TAG.sub("", markup))


def length(markup: Markup) -> int:
    """The length of ``markup`` after entities, in UTF-16 units."""
    return units(plain_text(markup))


def entities(markup: Markup) -> int:
    """How many entities Telegram finds in ``markup`` at most."""
    return len(re.findall(r"<[a-z]", markup))


def fits(markup: Markup) -> bool:
    """Whether ``markup`` can be sent as one message."""
    return length(markup) <= MAX_MESSAGE and entities(markup) <= MAX_ENTITIES


def _wrap(tag: str, content: str) -> Markup:
    inner = escape(content)
    return Markup(f"<{tag}>{inner}</{tag}>") if inner.strip() else Markup("")


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The characters of ``text`` on one line, each with whether a span covers it."""
    covered = bytearray(len(text))
    for start, end in spans:
        start, end = max(start, 0), min(end, len(text))
        if start < end:
            covered[start:end] = b"\x01" * (end - start)
    marked: list[tuple[str, bool]] = []
    for char, hit in zip(text, covered, strict=True):
        shown = " " if char.isspace() else clean(char)
        if shown and not (shown == " " and (not marked or marked[-1][0] == " ")):
            marked.append((shown, bool(hit)))
    while marked and marked[-1][0] == " ":
        marked.pop()
    return marked


def _runs(marked: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    runs: list[tuple[str, bool]] = []
    for char, hit in marked:
        if runs and runs[-1][1] == hit:
            runs[-1] = (runs[-1][0] + char, hit)
        else:
            runs.append((char, hit))
    return runs


def _passage_start(line: str, first: int, room: int) -> int:
    """Where to begin to have at most ``room`` units before ``first``, at a word's beginning if possible."""
    earliest = first
    while earliest > 0 and units(line[earliest - 1 : first]) <= room:
        earliest -= 1
    breaks = (at for at in range(max(earliest, 1), first + 1) if may_break(line, at) and not line[at].isspace())
    return next(breaks, earliest)
