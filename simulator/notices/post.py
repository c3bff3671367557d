"""Sending one POST to an address that somebody gave: time-outs, no redirects, no surprises."""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NamedTuple
from urllib.parse import urlsplit

# (url, content type, body) -> (status, content type, body). It raises TimeoutError when nobody
# answers in time, another OSError when nobody is there.
Post = Callable[[str, str, bytes], tuple[int, str, bytes]]

PATIENCE = 10  # seconds
MOST_READ = 64 * 1024


class Outcome(NamedTuple):
    """What came of it; status 0 without an answer."""

    status: int
    content_type: str = ""
    body: bytes = b""
    timed_out: bool = False


def plain_post(url: str, content_type: str, body: bytes) -> tuple[int, str, bytes]:
    """Over the network."""
    parts = urlsplit(url)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = connect(parts.hostname or "", parts.port, timeout=PATIENCE)
        try:
            connection.request("POST", target, body, {"Content-Type": content_type})
            answer = connection.getresponse()
            kind = answer.getheader("Content-Type", "")
            return answer.status, kind, answer.read(MOST_READ)
        finally:
            connection.close()
    except (HTTPException, ValueError) as problem:
        raise ConnectionError(str(problem)) from problem


def attempt(post: Post, url: str, content_type: str, body: bytes) -> Outcome:
    """Send it once. Nobody may hold the world's lock meanwhile: the address may ask back."""
    try:
        return Outcome(*post(url, content_type, body))
    except TimeoutError:
        return Outcome(0, timed_out=True)
    except OSError:
        return Outcome(0)
