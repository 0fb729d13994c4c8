"""Which addresses Telegram opens from a link or a button."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.telegram.errors import malformed

MAX_LINK = 2048


def checked_link(url: str, what: str) -> str:
    """The address as Telegram keeps it; refuses one it does not open.

    `what` names the place in the refusal ("inline keyboard button URL"). An address without a scheme
    counts as http, and one without a path gets `/`.
    """

    def refusal(reason: str) -> Exception:
        return malformed(f"{what} '{url}' is invalid: {reason}")

    if not url:
        raise refusal("URL host is empty")
    if len(url) > MAX_LINK or any(character.isspace() or character < " " for character in url):
        raise refusal("Wrong HTTP URL")
    if "://" not in url:
        if url.startswith(("tg:", "mailto:", "tel:", "javascript:", "data:")):
            raise refusal("Unsupported URL protocol")
        whole = f"http://{url}"
    else:
        whole = url
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
    except ValueError as error:
        raise refusal("Wrong HTTP URL") from error
    scheme = parts.scheme.lower()
    if scheme == "tg":
        return url
    if scheme not in ("http", "https"):
        raise refusal("Unsupported URL protocol")
    if not host:
        raise refusal("URL host is empty")
    if "." not in host.strip("."):
        raise refusal("Wrong HTTP URL")
    netloc = re.sub(re.escape(host), host, parts.netloc, flags=re.IGNORECASE)
    return parts._replace(scheme=scheme, netloc=netloc, path=parts.path or "/").geturl()
