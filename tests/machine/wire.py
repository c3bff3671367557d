"""The wire to Microsoft, on which connections break, processes die, and every call is noted."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2

from tests.sync.tap import Killed

Clock = Callable[[], datetime]
Spoils = Callable[[httpx2.Request, httpx2.Response], httpx2.Response]


@dataclass(frozen=True, slots=True)
class Call:
    """One request to Graph as it left, and the status it was answered with (0: none came)."""

    who: str | None
    method: str
    path: str  # with its query
    body: bytes
    status: int


@dataclass(slots=True)
class Blow:
    """Strikes once, at the call after `skip` others: before its effect or after it."""

    skip: int
    afterwards: bool
    kills: bool
    method: str | None  # of the calls it waits for; None: any


class Wire(httpx2.BaseTransport):
    """Passes everything on to the simulator, or does not."""

    def __init__(
        self, inner: httpx2.BaseTransport, clock: Clock, whose: Callable[[str], str | None]
    ) -> None:
        self._inner, self._clock, self._whose = inner, clock, whose
        self.calls: list[Call] = []
        self.counts: Counter[str] = Counter()
        self.broken: list[str] = []  # what no engine may do
        self.spoils: Spoils | None = None  # what becomes of answers on their way
        self._blows: list[Blow] = []
        self._quiet_until: dict[str, datetime] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.raw_path.decode()
        if not path.startswith("/v1.0/"):
            return self._inner.handle_request(request)
        who = self._whose(request.headers.get("authorization", "").removeprefix("Bearer "))
        self._hold_to_pause(who, path)
        blow = self._next_blow(request.method)
        if blow is not None and not blow.afterwards:
            self._note(who, request, path, 0)
            self._strike(blow)
        response = self._inner.handle_request(request)
        response.read()
        self._note(who, request, path, response.status_code)
        if blow is not None:
            self._strike(blow)
        self._learn_pause(who, response)
        return response if self.spoils is None else self.spoils(request, response)

    def _note(self, who: str | None, request: httpx2.Request, path: str, status: int) -> None:
        self.calls.append(Call(who, request.method, path, request.read(), status))
        self.counts[request.method] += 1

    def _next_blow(self, method: str) -> Blow | None:
        blow = next((one for one in self._blows if one.method in (None, method)), None)
        if blow is None:
            return None
        if blow.skip:
            blow.skip -= 1
            return None
        self._blows.remove(blow)
        return blow

    def _strike(self, blow: Blow) -> None:
        if blow.kills:
            raise Killed
        raise httpx2.ReadError("the connection broke")

    def _hold_to_pause(self, who: str | None, path: str) -> None:
        until = self._quiet_until.get(who or "")
        if until is not None and self._clock() < until:
            self.broken.append(f"invariant 17: {who} was called in the pause: {path[:60]}")

    def _learn_pause(self, who: str | None, response: httpx2.Response) -> None:
        wait = response.headers.get("retry-after", "")
        if response.status_code == 429 and who and wait.isdigit():
            self._quiet_until[who] = self._clock() + timedelta(seconds=int(wait))

    def breaks(
        self, skip: int, *, afterwards: bool, kills: bool, method: str | None = None
    ) -> None:
        """The call after `skip` others loses its connection, or kills the process."""
        self._blows.append(Blow(skip, afterwards, kills, method))

    def calm(self) -> None:
        """No blow waits any more."""
        self._blows.clear()

    @property
    def writes(self) -> list[Call]:
        return [one for one in self.calls if one.method != "GET"]
