"""One request to Graph: its headers, its deadline, and what its answer means."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec
import stamina

from m365.errors import BadAnswer, Unreachable, from_graph, printable
from m365.transport import CALL_DEADLINE, Answer, Http, ask

# The same on every request: ids that survive a move, times in UTC, pages of fifty (1 and 1000
# both made Microsoft time out, says its tracker).
PREFERENCES = 'IdType="ImmutableId", outlook.timezone="UTC", odata.maxpagesize=50'

MOST_PAGES = 500  # of one listing; more is Microsoft repeating itself
T = TypeVar("T")


class Caller:
    """Sends for one mailbox with one token. Safe to share between threads."""

    def __init__(
        self,
        http: Http,
        base: str,
        token: str,
        *,
        request_id: Callable[[], str],
        deadline: float = CALL_DEADLINE,
    ) -> None:
        self._http = http
        self.base = base.rstrip("/")
        self._token = token
        self._request_id = request_id
        self._deadline = deadline
        self.last_request_id = ""  # Microsoft's, of the last answer; its support asks for it

    def get(self, address: str, *, following: bool = False) -> Answer:
        """Ask. A connection that broke is tried twice more at once: a GET changes nothing.

        Nothing else is retried here: after a 429 the gate keeps everybody quiet.
        """
        until = time.monotonic() + self._deadline
        for attempt in stamina.retry_context(
            on=_broke,
            attempts=3,
            wait_initial=0.05,
            wait_max=0.3,
            wait_jitter=0.1,
            timeout=self._deadline,
        ):
            with attempt:
                return self._send("GET", address, until=until, following=following)
        raise Unreachable("connection_lost")

    def gathered(
        self,
        first: str,
        reading: Callable[[Answer], tuple[list[T], str | None]],
        *,
        most: int = MOST_PAGES,
    ) -> list[T]:
        """All of a list in pages, at most `most`. `reading` gives a page and the next link."""
        found: list[T] = []
        link: str | None = first
        for _ in range(most):
            if link is None:
                return found
            page, link = reading(self.get(link))
            found += page
        raise BadAnswer("endless_pages")

    def post(self, address: str, fields: Mapping[str, Any]) -> Answer:
        return self._send("POST", address, fields=fields)

    def patch(self, address: str, fields: Mapping[str, Any], *, if_match: str | None) -> Answer:
        return self._send("PATCH", address, fields=fields, if_match=if_match)

    def delete(self, address: str, *, if_match: str | None) -> Answer:
        return self._send("DELETE", address, if_match=if_match)

    def _send(
        self,
        method: str,
        address: str,
        *,
        fields: Mapping[str, Any] | None = None,
        if_match: str | None = None,
        until: float | None = None,
        following: bool = False,
    ) -> Answer:
        headers = self._headers()
        if fields is not None:
            headers["Content-Type"] = "application/json"
        if if_match is not None:
            headers["If-Match"] = f'W/"{if_match}"'
        answer = ask(
            self._http,
            method,
            address,
            within=self.base,
            headers=headers,
            body=None if fields is None else msgspec.json.encode(fields),
            until=time.monotonic() + self._deadline if until is None else until,
        )
        self.last_request_id = printable(answer.headers.get("request-id", ""))
        if not 200 <= answer.status < 300:
            raise from_graph(answer.status, answer.headers, answer.body, following=following)
        return answer

    def _headers(self) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {self._token}",
            "Prefer": PREFERENCES,
            "client-request-id": self._request_id(),
            "return-client-request-id": "true",
        }


def address(base: str, *steps: str, query: Mapping[str, str] | None = None) -> str:
    """An address under `base`; each step is one path segment.

    Graph ids hold `=` and, older ones, `/` and `+`.
    """
    path = "/".join(quote(step, safe="") for step in steps)
    asked = urlencode(query or {}, safe="$", quote_via=quote)
    return f"{base}/{path}" + (f"?{asked}" if asked else "")


def named(answer: Answer, error: BadAnswer) -> BadAnswer:
    """The same complaint with the status and the request id it is about."""
    found = answer.headers.get("request-id", "")
    return BadAnswer(error.code, status=answer.status, request_id=found)


def _broke(error: Exception) -> bool:
    return isinstance(error, Unreachable) and error.code in {"connection_lost", "not_connected"}
