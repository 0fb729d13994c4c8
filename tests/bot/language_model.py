"""A language model for tests: an OpenAI-compatible endpoint on the loopback address that says what a test tells it."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Nobody waits longer for a reply that never comes, whatever goes wrong in a test.
PATIENCE = 10.0
DONE = b"data: [DONE]\n\n"


def event(data: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def chunk(content: str | None, finish_reason: str | None = None) -> bytes:
    """An event with the next piece of the completion."""
    return event({"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish_reason}]})


def spoken(*pieces: str) -> tuple[bytes, ...]:
    """The events of a completion in these pieces, as a sound endpoint sends them."""
    return (chunk(""), *map(chunk, pieces), chunk(None, "stop"), DONE)


@dataclass(frozen=True)
class Reply:
    """What comes back for one request: a status, and the parts of a body; one that hangs never ends."""

    parts: Sequence[bytes] = ()
    status: int = 200
    content_type: str = "text/event-stream"
    headers: tuple[tuple[str, str], ...] = ()
    hangs: bool = False


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class LanguageModel:
    """The endpoint: replies in turn, and the requests that came."""

    url: str
    replies: deque[Reply] = field(default_factory=deque)
    requests: list[Request] = field(default_factory=list)

    def will_say(self, *pieces: str) -> None:
        """The next completion comes in these pieces."""
        self.replies.append(Reply(spoken(*pieces)))

    def will_send(self, *parts: bytes, **reply: Any) -> None:
        """The next reply has a body of these parts (see `Reply`)."""
        self.replies.append(Reply(parts, **reply))


@contextmanager
def running_model() -> Iterator[LanguageModel]:
    """An endpoint that listens until the context is left."""
    leaving = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.requests.append(Request(self.path, dict(self.headers), body))
            reply = model.replies.popleft()
            self.send_response(reply.status)
            for name, value in (("Content-Type", reply.content_type), *reply.headers):
                self.send_header(name, value)
            self.end_headers()
            try:
                for part in reply.parts:
                    self.wfile.write(part)
                    self.wfile.flush()
            except (BrokenPipeError, ConnectionResetError):
                return  # the bot has heard enough
            if reply.hangs:
                leaving.wait(PATIENCE)

        def log_message(self, format: str, *values: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        model = LanguageModel(f"http://127.0.0.1:{server.server_port}/v1")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield model
        finally:
            leaving.set()
            server.shutdown()
            thread.join(PATIENCE)
