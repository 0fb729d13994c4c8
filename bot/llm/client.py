"""An OpenAI-compatible endpoint, asked for a chat completion as a stream of server-sent events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

import httpx
from httpx_sse import EventSource, SSEError
from pydantic import BaseModel, ValidationError

from bot.llm.prompt import Message
from bot.llm.writing import ModelFailed

MAX_BYTES = 1_000_000  # of one reply, events and all
_COMPLETIONS = "/chat/completions"
_DONE = "[DONE]"
# The whole reply has its own limit (see `Writer`); these find out earlier that nobody answers.
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Chunk(BaseModel):
    """One event of the stream; the last may have no choices but count tokens."""

    choices: list[_Choice]


class ChatClient:
    """A model behind ``url``, the address that ``/chat/completions`` is added to.

    It is asked with nothing but the model's name, the messages and ``stream``, which is what all endpoints know.

    Raises:
        ValueError, OSError, ImportError: the address, or the environment's proxies or certificates cannot be used.
    """

    def __init__(self, url: str, model: str, key: str | None = None, *, timeout: httpx.Timeout = _TIMEOUT) -> None:
        try:
            self._url = httpx.URL(url.removesuffix(_COMPLETIONS) + _COMPLETIONS)
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from None
        self._model = model
        self._headers = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._http = httpx.AsyncClient(timeout=timeout)

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """The completion, piece by piece as it comes.

        Raises:
            ModelFailed: there was none, or it broke off.
        """
        request = {"model": self._model, "messages": list(messages), "stream": True}
        try:
            async with self._http.stream("POST", self._url, json=request, headers=self._headers) as response:
                _check_head(response)
                response.stream = _Bounded(response.stream)
                async with aclosing(_contents(response)) as contents:
                    async for content in contents:
                        yield content
        except httpx.HTTPError as error:
            # Its text may quote what was sent; its name tells what an operator has to know.
            raise ModelFailed(type(error).__name__) from None

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


class _Bounded(httpx.AsyncByteStream):
    """A response's body that ends with ModelFailed where it is longer than any answer."""

    def __init__(self, body: object) -> None:
        if not isinstance(body, httpx.AsyncByteStream):
            raise TypeError("only the body of an asynchronous response can be bounded")
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MAX_BYTES
        async for chunk in self._body:
            left -= len(chunk)
            if left < 0:
                raise ModelFailed("its reply is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()


def _check_head(response: httpx.Response) -> None:
    if response.status_code != httpx.codes.OK:
        raise ModelFailed(f"HTTP status {response.status_code}")
    # Nobody asked for compression, and a small body could unpack to a very large one.
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ModelFailed("its reply is compressed")


async def _contents(response: httpx.Response) -> AsyncGenerator[str, None]:
    finished = False
    try:
        async with aclosing(EventSource(response).aiter_sse()) as events:
            async for event in events:
                if event.data == _DONE:
                    finished = True
                    break
                if not event.data:
                    continue
                for choice in _Chunk.model_validate_json(event.data).choices[:1]:
                    if choice.delta.content:
                        yield choice.delta.content
                    if choice.finish_reason:
                        # Cut off, filtered, or a call of a tool that nobody offered.
                        if choice.finish_reason != "stop":
                            raise ModelFailed("its reply ended before its end")
                        finished = True
    except SSEError:
        raise ModelFailed("its reply is no event stream") from None
    except ValidationError:
        raise ModelFailed("its reply is not the protocol's") from None
    if not finished:
        raise ModelFailed("its reply broke off")
