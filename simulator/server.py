"""A small HTTP/1.1 server with kept connections: clients pool theirs, so the desk should too."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from flask import Flask

log = logging.getLogger(__name__)


class Server(ThreadingHTTPServer):
    """One thread for each connection."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, host: str, port: int, app: Flask) -> None:
        super().__init__((host, port), Handler)
        self.app = app

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, as the parent class would."""
        super(ThreadingHTTPServer, self).server_bind()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""
        if not isinstance(sys.exception(), ConnectionError):
            log.exception("request failed client=%s", client_address)


class Handler(BaseHTTPRequestHandler):
    """Hands each request to the application as WSGI."""

    protocol_version = "HTTP/1.1"
    server: Server
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 75

    def _answer(self) -> None:
        body = b"".join(self._chunks()) if self._is_chunked() else self._rest()
        head: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc: Any = None) -> Any:
            head[:] = [status, headers]
            return body.__class__

        answer = self.server.app.wsgi_app(self._environ(body), start)
        try:
            self._send(head, answer)
        finally:
            close = getattr(answer, "close", None)
            if close:
                close()

    def _is_chunked(self) -> bool:
        return self.headers.get("Transfer-Encoding", "").lower().strip() == "chunked"

    def _rest(self) -> bytes:
        length = self.headers.get("Content-Length", "0").strip()
        if length.isdecimal():
            return self.rfile.read(int(length))
        self.close_connection = True  # where this request ends, nobody knows
        return b""

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _send(self, head: list[Any], answer: Iterable[bytes]) -> None:
        # A body of known length goes out as it comes: a slow or broken one is so on the wire.
        status, headers = head
        code, _, reason = status.partition(" ")
        length = next((text for name, text in headers if name.lower() == "content-length"), None)
        if length is None:
            answer = [b"".join(answer)]
            length = str(len(answer[0]))
        self.send_response_only(int(code), reason)
        for name, value in headers:
            if name.lower() != "content-length":
                self.send_header(name, value)
        if int(code) not in (204, 304):
            self.send_header("Content-Length", length)
        self.end_headers()
        for piece in answer:
            if self.command != "HEAD":
                self.wfile.write(piece)
                self.wfile.flush()
        self.wfile.flush()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = _answer  # noqa: N815 - the parent's names

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        host, port = self.server.server_address[:2]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": query,
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": self.request_version,
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        # The body is whole by now, however it came.
        del self.headers["Transfer-Encoding"]
        for name, value in self.headers.items():
            key = f"HTTP_{name.upper().replace('-', '_')}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def log_message(self, format: str, *args: Any) -> None:
        """One line for each request, at debug level: paths carry ids."""
        log.debug("%s %s", self.address_string(), format % args)
