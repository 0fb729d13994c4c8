"""What the stand-in answers when it does not do what it was asked."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request Telegram would not carry out.

    `malformed` tells the two kinds apart: a request no well-made bot ever sends (broken HTML, a button
    with too much data), and one that depends on the world (a blocked chat, a message gone meanwhile).
    The first kind fails a test even where the bot swallows the error.
    """

    def __init__(
        self,
        status: int,
        description: str,
        *,
        malformed: bool = False,
        parameters: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.description = description
        self.malformed = malformed
        self.parameters = parameters

    def payload(self) -> dict[str, Any]:
        """The JSON body that goes with the status code."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def malformed(description: str) -> Refused:
    """400 for what no well-made bot sends."""
    return Refused(400, f"Bad Request: {description}", malformed=True)


def impossible(description: str) -> Refused:
    """400 for what cannot be done as things stand now."""
    return Refused(400, f"Bad Request: {description}")


def forbidden(description: str) -> Refused:
    """403 where a person or a group wants nothing of the bot."""
    return Refused(403, f"Forbidden: {description}")


def conflict(description: str) -> Refused:
    """409 for two ways of getting updates at once."""
    return Refused(409, f"Conflict: {description}")


def flooded(retry_after: int) -> Refused:
    """429 for a bot that sends too fast; `retry_after` in seconds."""
    return Refused(429, f"Too Many Requests: retry after {retry_after}", parameters={"retry_after": retry_after})
