"""A tap on the wire to Microsoft: counts what is sent, and lets a story reach in between."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import msgspec

Deed = Callable[[], object]
Rewrite = Callable[[dict[str, Any]], None]


class Killed(BaseException):
    """The process ended here. Not an error, so that nothing in the program can catch it."""


def kill() -> None:
    raise Killed


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it left."""

    method: str
    path: str  # with its query
    headers: httpx2.Headers
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        found: dict[str, Any] = msgspec.json.decode(self.body)
        return found


@dataclass(slots=True)
class _Trap:
    method: str
    part: str
    deed: Callable[[httpx2.Response | None], object]
    afterwards: bool
    skip: int


class Tap(httpx2.BaseTransport):
    """Passes everything on to the simulator. `advance` moves the clock `takes` per request."""

    def __init__(self, inner: httpx2.BaseTransport, advance: Callable[[timedelta], None]) -> None:
        self._inner, self._advance = inner, advance
        self.takes = timedelta(0)
        self.sent: list[Sent] = []
        self._traps: list[_Trap] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode()
        self.sent.append(Sent(request.method, path, request.headers, request.read()))
        self._advance(self.takes)
        self._spring(request.method, path, None)
        response = self._inner.handle_request(request)
        response.read()
        return self._spring(request.method, path, response) or response

    def before(self, method: str, part: str, deed: Deed, *, skip: int = 0) -> None:
        """Once, before the first such request (after `skip` others) reaches Microsoft."""
        self._traps.append(_Trap(method, part, lambda _: deed(), afterwards=False, skip=skip))

    def after(self, method: str, part: str, deed: Deed, *, skip: int = 0) -> None:
        """Once, when such a request has had its effect and its answer is on the way back."""
        self._traps.append(_Trap(method, part, lambda _: deed(), afterwards=True, skip=skip))

    def rewrite(self, method: str, part: str, change: Rewrite) -> None:
        """Once: the answer says something else."""

        def rewritten(response: httpx2.Response | None) -> httpx2.Response:
            assert response is not None
            found = msgspec.json.decode(response.content)
            change(found)
            return httpx2.Response(response.status_code, content=msgspec.json.encode(found))

        self._traps.append(_Trap(method, part, rewritten, afterwards=True, skip=0))

    def _spring(
        self, method: str, path: str, response: httpx2.Response | None
    ) -> httpx2.Response | None:
        for trap in self._traps:
            fits = trap.method == method and trap.part in path
            if not fits or trap.afterwards != (response is not None):
                continue
            if trap.skip:
                trap.skip -= 1
                continue
            self._traps.remove(trap)
            found = trap.deed(response)
            return found if isinstance(found, httpx2.Response) else None
        return None

    @property
    def graph(self) -> list[Sent]:
        """Requests to Graph, without those for tokens."""
        return [one for one in self.sent if one.path.startswith("/v1.0/")]

    @property
    def writes(self) -> list[Sent]:
        return [one for one in self.graph if one.method != "GET"]

    @property
    def refreshes(self) -> list[Sent]:
        return [one for one in self.sent if b"grant_type=refresh_token" in one.body]

    def clear(self) -> None:
        """From here on is counted."""
        self.sent.clear()
