"""The stand-in over HTTP on the loopback interface, for a bot that runs as a process of its own."""

from __future__ import annotations

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.telegram.api import BotApi, Response
from tests.telegram.parameters import Upload
from tests.telegram.request import PATH, download
from tests.telegram.webhooks import WebhookCaller

PART_NAME = re.compile(r'\bname="([^"]*)"')
FILE_NAME = re.compile(r'\bfilename="([^"]*)"')


class Server:
    """Serves a `BotApi` at `url`, and calls the bot's webhook, while in use as a context manager.

    It may be stopped and started again (connections are refused meanwhile); the port stays the same.
    """

    def __init__(self, api: BotApi) -> None:
        self.api = api
        self._port = 0
        self._http: _HttpServer | None = None
        self._thread: threading.Thread | None = None
        self._caller: WebhookCaller | None = None

    @property
    def url(self) -> str:
        """The root, to be given as DIGESTBOT_API_URL."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self.api.reopen()
        self._http = _HttpServer(("127.0.0.1", self._port), self.api)
        self._port = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self._caller = WebhookCaller(self.api)
        self._caller.start()

    def stop(self) -> None:
        """Answers waiting getUpdates, breaks every connection, and listens no more."""
        if self._http is None or self._thread is None:
            return
        self.api.close()
        if self._caller:
            self._caller.stop()
        self._http.stop()
        self._thread.join()
        self._http = None

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], api: BotApi) -> None:
        super().__init__(address, _Handler)
        self.api = api
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override]
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        with self._lock:
            for connection in self._connections:
                _break(connection)
        # Joins the threads of all requests.
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _HttpServer
    # One packet an answer: without this, every one waits for the other side's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def handle(self) -> None:
        # A bot that is killed leaves its connections half way.
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def finish(self) -> None:
        try:
            super().finish()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test reads the calls from the `BotApi`."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        address = urlsplit(self.path)
        path = PATH.fullmatch(unquote(address.path))
        if path is None:
            self._send(Response(404, b'{"ok":false,"error_code":404,"description":"Not Found"}'))
        elif path["file"]:
            status, data = download(self.server.api, path["token"], path["name"])
            self._send(Response(status, data, "application/octet-stream"))
        else:
            raw, files = read_body(self.headers.get("Content-Type", ""), body)
            raw = {**dict(parse_qsl(address.query, keep_blank_values=True)), **raw}
            self._deliver(self.server.api.answer(path["token"], path["name"], raw, files))

    def _deliver(self, response: Response) -> None:
        if response.delivery == "silent":
            self.server.stopping.wait()
        if response.delivery != "answered":
            self.close_connection = True
            _break(self.connection)
            return
        self._send(response)

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)


def _break(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The other side was first.
        return


def read_body(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    """Parameters and files of a request: a form, a form in parts, or JSON."""
    kind, _, options = content_type.partition(";")
    if kind == "multipart/form-data":
        return _read_parts(options.partition("boundary=")[2].strip('" ').encode(), body)
    if kind == "application/json":
        values = json.loads(body or b"{}")
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in values.items()}, {}
    return dict(parse_qsl(body.decode(), keep_blank_values=True)), {}


def _read_parts(boundary: bytes, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    values: dict[str, str] = {}
    files: dict[str, Upload] = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
        header = head.decode()
        [name] = PART_NAME.findall(header)
        file_name = FILE_NAME.findall(header)
        if file_name:
            media_type = re.findall(r"(?i)^content-type:\s*(\S+)", header, re.M)
            files[name] = Upload(unquote(file_name[0]), content, (media_type or ["text/plain"])[0])
        else:
            values[name] = content.decode()
    return values, files
