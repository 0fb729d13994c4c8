"""Asking Telegram and others, once and without patience, so that what is wrong can be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic import BaseModel, ValidationError

TIMEOUT = 10.0  # seconds


class NoAnswer(Exception):
    """A server gave no answer, or none that makes sense; the message completes "it …", without any address."""


class Refused(Exception):
    """Telegram said no; the message is its reason."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


class _Reply(BaseModel):
    """The envelope of every answer of the Bot API."""

    ok: bool
    result: Any = None
    description: str = ""


class Web:
    """Plain requests over HTTP; ``transport`` takes the place of the network in tests."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._transport = transport

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Raises NoAnswer."""
        return self._request("GET", url, headers=headers)

    def date(self, url: str) -> datetime | None:
        """What time the server says it is; None where it says nothing. Raises NoAnswer."""
        try:
            return parsedate_to_datetime(self.get(url).headers.get("date", ""))
        except ValueError:
            return None

    def ask_telegram(self, api_url: str, token: str, method: str, **parameters: object) -> Any:
        """The result of a method of the Bot API.

        Raises:
            NoAnswer: Telegram was not reached.
            Refused: Telegram refused.
        """
        response = self._request("POST", f"{api_url}/bot{token}/{method}", json=parameters)
        try:
            reply = _Reply.model_validate_json(response.content)
        except ValidationError:
            raise NoAnswer(
                f"answers with something else than the Bot API (HTTP status {response.status_code})"
            ) from None
        if not reply.ok:
            raise Refused(response.status_code, reply.description)
        return reply.result

    def _request(self, method: str, url: str, **options: Any) -> httpx.Response:
        try:
            with httpx.Client(timeout=TIMEOUT, transport=self._transport) as client:
                return client.request(method, url, **options)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # The text of some names the address, and that the token.
            raise NoAnswer(f"does not answer ({type(error).__name__})") from None
        except (ValueError, OSError, ImportError):
            raise NoAnswer("cannot be asked: HTTPS_PROXY, ALL_PROXY or SSL_CERT_FILE is wrong") from None
