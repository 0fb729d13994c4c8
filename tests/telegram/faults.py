"""Troubles a test asks for: refusals, gateways that answer in HTML, replies that never arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.telegram.errors import Refused, flooded

Delivery = Literal["answered", "lost", "unreachable", "silent"]
BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    b"<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request.

    accepted: whether Telegram carried the request out all the same. delivery: what becomes of the reply:
    `lost` (the connection breaks), `unreachable` (no connection at all), `silent` (nothing until the
    caller gives up). status and body: the answer where there is one and it was not carried out.
    """

    accepted: bool = False
    delivery: Delivery = "answered"
    status: int = 502
    body: bytes = BAD_GATEWAY
    content_type: str = "text/html"
    refusal: Refused | None = None

    @classmethod
    def refused(cls, status: int, description: str) -> Fault:
        """An error answer in the Bot API's JSON."""
        return cls(refusal=Refused(status, description))

    @classmethod
    def flood(cls, retry_after: int) -> Fault:
        """429 with `retry_after` seconds."""
        return cls(refusal=flooded(retry_after))

    @classmethod
    def bad_gateway(cls, *, accepted: bool = False) -> Fault:
        """A proxy's 502 page; nobody knows what happened behind it (`accepted` says)."""
        return cls(accepted=accepted)

    @classmethod
    def lost_reply(cls) -> Fault:
        """Carried out, but the connection breaks before the reply."""
        return cls(accepted=True, delivery="lost")

    @classmethod
    def unreachable(cls) -> Fault:
        """No connection; in process only (over HTTP, stop the server)."""
        return cls(delivery="unreachable")

    @classmethod
    def silence(cls, *, accepted: bool = True) -> Fault:
        """No reply until the caller gives up (in process that is at once)."""
        return cls(accepted=accepted, delivery="silent")
