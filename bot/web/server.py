"""Listening: a socket that is there or ends the start with one sentence, and a server on it."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from tornado.httpserver import HTTPServer
from tornado.web import Application, HTTPError, RequestHandler

from bot.exits import NoAddress
from bot.settings import Listen

# Seconds: for the rest of a request to come, and for the next one on a connection that is kept open. The second is
# longer than reverse proxies keep one (nginx a minute), so that it is they who end it, and no request meets the end.
_BODY, _IDLE = 10, 120


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
    server = HTTPServer(application, body_timeout=_BODY, idle_connection_timeout=_IDLE)
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
