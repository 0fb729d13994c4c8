"""A real nginx with the site that ships, under a folder of the test's own, and Telegram's side of TLS."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.conftest import ROOT

SITE = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
HOST = "bot.example.org"
MAIN = """
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def nginx() -> str | None:
    """Where nginx is; it is not in everybody's PATH."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass
class Certificate:
    """A certificate for the host's name that is its own authority."""

    chain: Path
    key: Path

    @classmethod
    def make(cls, folder: Path) -> Certificate:
        made = cls(folder / "fullchain.pem", folder / "privkey.pem")
        subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
        kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "1"]
        files = ["-keyout", str(made.key), "-out", str(made.chain)]
        subprocess.run(
            ["openssl", "req", "-x509", *kind, *subject, *files], check=True, capture_output=True, timeout=30
        )
        return made

    def trusted(self) -> ssl.SSLContext:
        """For whoever believes this certificate and no other."""
        return ssl.create_default_context(cafile=str(self.chain))


def substituted(site: str, *changes: tuple[str, str]) -> str:
    """The site with each first text, which must be there, as the second."""
    for old, new in changes:
        assert old in site, f"deploy/nginx.conf has no {old!r}"
        site = site.replace(old, new)
    return site


@contextmanager
def running_nginx(folder: Path, certificate: Certificate, upstream: str, site: str = SITE) -> Iterator[str]:
    """nginx in the foreground with the site that ships, in front of `upstream` (`host:port`); gives its address.

    It takes over a socket that listens already, so that nobody has to wait for it.
    """
    binary = nginx()
    assert binary
    # As root, its worker would be somebody who may not enter the folder.
    user = "user root;" if os.geteuid() == 0 else ""
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        site = substituted(
            site,
            ("    listen [::]:443 ssl;\n", ""),
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            (f"/etc/letsencrypt/live/{HOST}/fullchain.pem", str(certificate.chain)),
            (f"/etc/letsencrypt/live/{HOST}/privkey.pem", str(certificate.key)),
            ("127.0.0.1:8080", upstream),
        )
        (folder / "site.conf").write_text(site, encoding="utf-8")
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user), encoding="utf-8")
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [binary, "-p", str(folder), "-c", "nginx.conf"],
                pass_fds=[listening.fileno()],
                env={"PATH": os.environ["PATH"], "NGINX": f"{listening.fileno()};"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@dataclass
class Recorder:
    """A server that takes everything and remembers what came: (method, path, secret header, length of the body)."""

    requests: list[tuple[str, str, str | None, int]] = field(default_factory=list)

    @contextmanager
    def serving(self) -> Iterator[str]:
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _take(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                secret = self.headers.get("X-Telegram-Bot-Api-Secret-Token")
                requests.append((self.command, self.path, secret, len(body)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = _take

            def log_message(self, format: str, *arguments: object) -> None:
                """Nothing: the requests are remembered."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
