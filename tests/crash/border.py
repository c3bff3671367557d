"""The borders that a crash may fall on: around every request and around every commit."""

import os
import signal

import httpx2
from sqlalchemy import event
from sqlalchemy.orm import Session


class Border:
    """Counts the borders a process crosses, and ends it -9 at one of them."""

    def __init__(self, end_at: int | None) -> None:
        self._end_at = end_at
        self.crossed: list[str] = []

    def cross(self, name: str) -> None:
        self.crossed.append(name)
        if len(self.crossed) == self._end_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_commits(self) -> None:
        """Of every session of this process; a session that only read does not commit."""
        event.listen(Session, "before_commit", lambda _: self.cross("before commit"))
        event.listen(Session, "after_commit", lambda _: self.cross("after commit"))


class Wire(httpx2.BaseTransport):
    """The network, with a border before each request and one after each answer."""

    def __init__(self, border: Border) -> None:
        self._border, self._inner = border, httpx2.HTTPTransport()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode().partition("?")[0]
        self._border.cross(f"before {request.method} {path}")
        response = self._inner.handle_request(request)
        response.read()
        self._border.cross(f"after {request.method} {path}")
        return response
