"""Listening: a socket that is there or ends the start with one sentence, and a server on it."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream
from tornado.web import Application, HTTPError, RequestHandler

from bot.exits import NoAddress
from bot.settings import Listen

# Seconds: for the rest of a request to come, and for the next one on a connection that is kept open. The second is
# longer than reverse proxies keep one (nginx a minute), so that it is they who end it, and no request meets the end.
_BODY, _IDLE = 10, 120
# Connections at the same time; Telegram and a reverse proxy make a few dozen. Were there no limit, whoever opens
# thousands would leave no file to open for anything else, and the accepting of the next would fail without end.
MAX_CONNECTIONS = 200


class _Server(HTTPServer):
    """Closes what is more than :data:`MAX_CONNECTIONS` at once."""

    def initialize(self, *arguments: Any, **options: Any) -> None:
        super().initialize(*arguments, **options)
        self._open = 0

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        """A connection came."""
        if self._open >= MAX_CONNECTIONS:
            stream.close()
            return
        self._open += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: object) -> None:
        """A connection that was taken has ended."""
        self._open -= 1
        super().on_close(server_conn)


class Quiet(RequestHandler):
    """Tells nothing of itself: no server's name, no page with an error."""

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.clear_header("Content-Type")

    def write_error(self, status_code: int, **about: object) -> None:
        self.finish()


class NotHere(Quiet):
    """Every path that is nobody's."""

    def prepare(self) -> None:
        raise HTTPError(404)

    def log_exception(self, *error: object) -> None:
        """Nothing: whoever looks around fills no log."""


@contextmanager
def bound(listen: Listen, setting: str) -> Iterator[socket.socket]:
    """A socket that listens at an address; connections wait in it until somebody serves them.

    Raises:
        NoAddress: it cannot be had; the sentence names the setting.
    """
    try:
        found = _bind(listen)
    except OSError as error:
        raise NoAddress(_why_not(listen, setting, error)) from None
    with found:
        yield found


@asynccontextmanager
async def serving(application: Application, listening: socket.socket) -> AsyncIterator[None]:
    """Answer at a socket; at the end no connection is taken any more, and those that are there are closed."""
    server = _Server(application, body_timeout=_BODY, idle_connection_timeout=_IDLE)
    server.add_socket(listening)
    try:
        yield
    finally:
        server.stop()
        await server.close_all_connections()


def address(listening: socket.socket) -> Listen:
    """Where a socket listens, with the port it was given."""
    host, port = listening.getsockname()[:2]
    return Listen(host, port)


def _bind(listen: Listen) -> socket.socket:
    # Of a name's addresses the first, IPv4 before IPv6: what stands before the bot is told one of them.
    found = socket.getaddrinfo(listen.host, listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, place = min((family, place) for family, _, _, _, place in found)
    both = family == socket.AF_INET6 and listen.host == "::" and socket.has_dualstack_ipv6()
    listening = socket.create_server(place[:2], family=family, dualstack_ipv6=both)
    listening.setblocking(False)
    return listening


def _why_not(listen: Listen, setting: str, error: OSError) -> str:
    # What is no error of the system's is one of a name that leads nowhere.
    why = os.strerror(error.errno) if error.errno and error.errno > 0 else (error.strerror or str(error))
    return (
        f"The address {listen} of {setting} cannot be listened at ({why}): stop whatever has it, or set {setting} to "
        "another one."
    )
