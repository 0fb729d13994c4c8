"""Requests to Telegram whose failures tell whether the request was carried out.

python-telegram-bot raises the same NetworkError for a refused connection, for a reply lost after Telegram had acted,
and for a proxy's page. Only the first may be tried again: what was perhaps sent must not be sent twice. Inside a
request the difference is known, so it is told here, by :class:`NotSent`.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

# Failures before the first byte of a request could go out: no route, no name, no handshake, no free connection.
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_TOO_MANY_REQUESTS, _SERVER_ERROR = 429, 500


class NotSent(NetworkError):
    """Proven not to have been carried out: Telegram was not reached, or said itself that it failed."""


class Transport(BaseRequest):
    """Another request with failures told apart.

    Raises, from the other's failures and answers:
        NotSent: no connection, a name that does not resolve, a 429 without a time to wait, a 5xx in the Bot API's own
            JSON.
        TimedOut, NetworkError: it is unknown whether Telegram acted: the reply was late, lost, or somebody else's
            page.
    Everything else (a refusal, a flood with its time to wait, an answer) is python-telegram-bot's to read.
    """

    def __init__(self, inner: BaseRequest) -> None:
        self._inner = inner

    @property
    def read_timeout(self) -> float | None:
        return self._inner.read_timeout

    async def initialize(self) -> None:
        await self._inner.initialize()

    async def shutdown(self) -> None:
        await self._inner.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """As the other request's, which python-telegram-bot calls."""
        timeouts = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        try:
            status, payload = await self._inner.do_request(url, method, request_data, *timeouts)
        except NetworkError as error:
            if isinstance(error.__cause__, _BEFORE_SENDING):
                raise NotSent(str(error)) from error
            raise
        if "/file/" not in url:  # a file's bytes are no answer of the Bot API
            _check(status, payload)
        return status, payload


def _check(status: int, payload: bytes) -> None:
    answer = _read(payload)
    if status == _TOO_MANY_REQUESTS and not _retry_after(answer):
        raise NotSent(f"Too many requests ({status})")
    if answer is None:
        # Also with a status of success: a page that asks to log in to a hotel's network is no message sent.
        raise NetworkError(f"Not the Bot API's answer ({status}, {len(payload)} bytes)")
    if status >= _SERVER_ERROR:
        raise NotSent(f"{answer.get('description', 'Server error')} ({status})")


def _read(payload: bytes) -> dict[str, Any] | None:
    """The Bot API's answer; None where this is none."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and isinstance(answer.get("ok"), bool) else None


def _retry_after(answer: dict[str, Any] | None) -> bool:
    parameters = (answer or {}).get("parameters")
    return isinstance(parameters, dict) and bool(parameters.get("retry_after"))
