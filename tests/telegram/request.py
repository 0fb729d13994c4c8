"""The stand-in behind python-telegram-bot, in process and without a network."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from tests.telegram.api import BotApi, Response
from tests.telegram.parameters import Upload

PATH = re.compile(r"/(?P<file>file/)?bot(?P<token>[^/]*)/(?P<name>.+)$")


class StandInRequest(BaseRequest):
    """Hands requests to a `BotApi`, encoded and decoded as they would be on the wire."""

    def __init__(self, api: BotApi) -> None:
        self.api = api

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        self.api.reopen()

    async def shutdown(self) -> None:
        self.api.close()

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
        path = PATH.search(unquote(urlsplit(url).path))
        if path is None:
            raise ValueError(f"no Bot API address: {url}")
        if path["file"]:
            return download(self.api, path["token"], path["name"])
        raw = dict(request_data.json_parameters) if request_data else {}
        files = uploads(request_data)
        if path["name"].lower() == "getupdates":
            # This one may wait; a thread of its own leaves the event loop free meanwhile.
            response = await self._polled(path["token"], path["name"], raw)
        else:
            response = self.api.answer(path["token"], path["name"], raw, files)
        return _delivered(response)

    async def _polled(self, token: str, name: str, raw: dict[str, str]) -> Response:
        try:
            return await asyncio.to_thread(self.api.answer, token, name, raw)
        except asyncio.CancelledError:
            self.api.close()
            raise


def download(api: BotApi, token: str, path: str) -> tuple[int, bytes]:
    """Status and body of a file's address."""
    upload = api.documents.get(api.file_paths.get(path, ""))
    if token != api.token:
        return 401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}'
    if upload is None:
        return 404, b'{"ok":false,"error_code":404,"description":"Not Found"}'
    return 200, upload.data


def uploads(request_data: RequestData | None) -> dict[str, Upload]:
    """The files of a request, by the name of their part."""
    if request_data is None or not request_data.contains_files:
        return {}
    found = {}
    for part, (name, content, media_type) in request_data.multipart_data.items():
        data = content if isinstance(content, bytes) else content.read()
        found[part] = Upload(name, data, media_type)
    return found


def _delivered(response: Response) -> tuple[int, bytes]:
    """The response, or the exceptions `HTTPXRequest` raises where there is none."""
    if response.delivery == "lost":
        problem = httpx.RemoteProtocolError("Server disconnected without sending a response.")
        raise NetworkError(f"httpx.RemoteProtocolError: {problem}") from problem
    if response.delivery == "unreachable":
        refusal = httpx.ConnectError("All connection attempts failed")
        raise NetworkError(f"httpx.ConnectError: {refusal}") from refusal
    if response.delivery == "silent":
        raise TimedOut from httpx.ReadTimeout("")
    return response.status, response.body
