"""The client of a language model: a stream read to its end, or one clear failure."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from bot.llm.client import MAX_BYTES, ChatClient
from bot.llm.prompt import Message
from bot.llm.writing import ModelFailed
from tests.bot.language_model import DONE, LanguageModel, chunk, event, running_model

KEY = "sk-sheep-0123456789"
MESSAGES: list[Message] = [{"role": "user", "content": "How many sheep are there?"}]


@pytest.fixture
def model() -> Iterator[LanguageModel]:
    with running_model() as running:
        yield running


async def read(client: ChatClient) -> list[str]:
    try:
        return [piece async for piece in client.stream(MESSAGES)]
    finally:
        await client.aclose()


async def failure(client: ChatClient) -> str:
    with pytest.raises(ModelFailed) as raised:
        await read(client)
    return str(raised.value)


async def test_the_pieces_of_a_completion(model: LanguageModel) -> None:
    model.will_say("Nine", "ty sheep", " 九十只羊")
    assert await read(ChatClient(model.url, "shepherd", KEY)) == ["Nine", "ty sheep", " 九十只羊"]


async def test_what_is_asked(model: LanguageModel) -> None:
    model.will_say("x")
    await read(ChatClient(model.url, "shepherd", KEY))
    [request] = model.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body == {"model": "shepherd", "messages": MESSAGES, "stream": True}


async def test_without_a_key_none_is_sent(model: LanguageModel) -> None:
    model.will_say("x")
    await read(ChatClient(model.url, "shepherd"))
    assert "Authorization" not in model.requests[0].headers


async def test_the_whole_address_may_be_given(model: LanguageModel) -> None:
    model.will_say("x")
    await read(ChatClient(f"{model.url}/chat/completions", "shepherd"))
    assert model.requests[0].path == "/v1/chat/completions"


async def test_one_client_asks_again_and_again(model: LanguageModel) -> None:
    model.will_say("one")
    model.will_say("two")
    client = ChatClient(model.url, "shepherd")
    assert [piece async for piece in client.stream(MESSAGES)] == ["one"]
    assert await read(client) == ["two"]


@pytest.mark.parametrize(
    "parts",
    [
        (chunk("sheep"), DONE),
        (chunk("sheep"), chunk(None, "stop")),
        (b": a comment\n\n", chunk("sheep"), event({"choices": [], "usage": {"total_tokens": 9}}), DONE),
        (chunk("sheep").replace(b"\n", b"\r\n"), DONE.replace(b"\n", b"\r\n")),
        (event({"choices": [{"delta": {"role": "assistant", "reasoning_content": "hm"}}]}), chunk("sheep"), DONE),
        tuple(bytes([byte]) for byte in chunk("sheep") + DONE),
    ],
    ids=["no finish reason", "no [DONE]", "comment and usage", "CRLF", "thoughts apart", "byte by byte"],
)
async def test_endpoints_differ_in_what_they_send_beside(model: LanguageModel, parts: tuple[bytes, ...]) -> None:
    model.will_send(*parts)
    assert await read(ChatClient(model.url, "shepherd")) == ["sheep"]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((), "its reply broke off"),
        ((chunk("sheep"),), "its reply broke off"),
        ((chunk("sheep")[:-9],), "its reply broke off"),
        ((b"data: {\n\n",), "its reply is not the protocol's"),
        ((b"data: [1, 2]\n\n",), "its reply is not the protocol's"),
        ((b"data: \xff\xfe\n\n",), "its reply is not the protocol's"),
        ((event({"error": {"message": "out of hay"}}),), "its reply is not the protocol's"),
        ((event({"choices": [{"delta": {"content": {"text": "sheep"}}}]}),), "its reply is not the protocol's"),
        ((chunk("sheep", "length"), DONE), "its reply ended before its end"),
        ((chunk(None, "tool_calls"), DONE), "its reply ended before its end"),
        ((chunk("sheep" * MAX_BYTES), DONE), "its reply is too long"),
        ((b"data: " + b"x" * 2 * MAX_BYTES,), "its reply is too long"),
        ((b": \n" * MAX_BYTES,), "its reply is too long"),
    ],
)
async def test_a_broken_stream_is_a_failure(model: LanguageModel, parts: tuple[bytes, ...], reason: str) -> None:
    model.will_send(*parts)
    assert await failure(ChatClient(model.url, "shepherd")) == reason


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status": 500}, "HTTP status 500"),
        ({"status": 401, "content_type": "application/json"}, "HTTP status 401"),
        ({"status": 302, "headers": (("Location", "http://127.0.0.1:1/"),)}, "HTTP status 302"),
        ({"content_type": "application/json"}, "its reply is no event stream"),
        ({"content_type": "text/html"}, "its reply is no event stream"),
    ],
)
async def test_what_is_no_stream_is_a_failure(model: LanguageModel, reply: dict[str, Any], reason: str) -> None:
    model.will_send(chunk("sheep"), DONE, **reply)
    assert await failure(ChatClient(model.url, "shepherd")) == reason


async def test_a_connection_that_breaks_is_a_failure(model: LanguageModel) -> None:
    model.will_send(chunk("sheep"), headers=(("Content-Length", "5000"),))
    assert await failure(ChatClient(model.url, "shepherd")) == "RemoteProtocolError"


async def test_a_compressed_reply_is_not_unpacked(model: LanguageModel) -> None:
    model.will_send(gzip.compress(chunk("sheep") + DONE), headers=(("Content-Encoding", "gzip"),))
    assert await failure(ChatClient(model.url, "shepherd")) == "its reply is compressed"


async def test_nobody_there_is_a_failure() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))  # bound and not listening: a connection is refused
        address = f"http://127.0.0.1:{reserved.getsockname()[1]}/v1"
        assert await failure(ChatClient(address, "shepherd")) == "ConnectError"


async def test_a_reader_that_leaves_is_not_waited_for(model: LanguageModel) -> None:
    model.will_send(chunk("sheep"), hangs=True)
    client = ChatClient(model.url, "shepherd")
    stream = client.stream(MESSAGES)
    assert await anext(stream) == "sheep"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await anext(stream)
    await stream.aclose()
    await client.aclose()


async def test_neither_key_nor_question_is_logged(model: LanguageModel, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    model.will_say("sheep")
    await read(ChatClient(model.url, "shepherd", KEY))
    model.will_send(json.dumps(MESSAGES).encode(), status=400)
    await failure(ChatClient(model.url, "shepherd", KEY))
    assert "127.0.0.1" in caplog.text
    assert KEY not in caplog.text
    assert "How many" not in caplog.text
