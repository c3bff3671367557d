"""An address on this machine that takes notifications, as an application would have one."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Received(HTTPServer):
    """What arrived, in order."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.notifications: queue.Queue[dict[str, Any]] = queue.Queue()

    @property
    def address(self) -> str:
        """Where to send them."""
        return f"http://127.0.0.1:{self.server_port}/hooks"


class _Handler(BaseHTTPRequestHandler):
    server: Received

    def do_POST(self) -> None:
        """Answers a validation with its token, and keeps everything else."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = parse_qs(urlsplit(self.path).query).get("validationToken")
        answer = token[0].encode() if token else b""
        self.send_response(200 if token else 202)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        for each in () if token else json.loads(body)["value"]:
            self.server.notifications.put(each)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing to say."""


@contextmanager
def receiving() -> Iterator[Received]:
    """Takes notifications meanwhile."""
    server = Received()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
