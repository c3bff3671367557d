"""What the tests of this room stand on: answers that no healthy Microsoft gives, by hand."""

import json
from collections.abc import Callable
from typing import Any

import httpx2

from m365 import transport
from m365.graph import Graph

BASE = "http://graph.test/v1.0"
DATE = "Wed, 18 Nov 2026 09:00:00 GMT"
Handler = Callable[[httpx2.Request], httpx2.Response]


class Wire:
    """Answers in turn what it was given and keeps the requests it saw."""

    def __init__(self, *answers: httpx2.Response | Exception | Handler) -> None:
        self.answers = list(answers)
        self.seen: list[httpx2.Request] = []
        self.http = transport.client(httpx2.MockTransport(self._answer))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.seen.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx2.Response) else answer(request)

    def graph(self, mailbox: str = "me") -> Graph:
        ids = iter(f"00000000-0000-0000-0000-{n:012d}" for n in range(1000))
        return Graph(self.http, BASE, "a-token", request_id=lambda: next(ids), mailbox=mailbox)


def answer(status: int = 200, body: Any = None, **headers: str) -> httpx2.Response:
    """A JSON answer, or raw bytes. Header names with underscores for hyphens."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.Response(status, content=content, headers={"date": DATE} | named)


def error(status: int, code: str, **headers: str) -> httpx2.Response:
    said = {"code": code, "message": "Alice Ardent's secret lunch could not be found."}
    return answer(status, {"error": said}, request_id="6a3b-77", **headers)


def event(**changes: Any) -> dict[str, Any]:
    """A single event as Graph sends one; a None change is a null, `...` leaves the key out."""
    whole = {
        "@odata.etag": 'W/"key-1"',
        "id": "AAMk-1=",
        "changeKey": "key-1",
        "type": "singleInstance",
        "subject": "Lunch",
        "start": {"dateTime": "2026-11-20T11:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-11-20T12:00:00.0000000", "timeZone": "UTC"},
        "isAllDay": False,
        "originalStartTimeZone": "W. Europe Standard Time",
        "body": {"contentType": "html", "content": "<p>Soup</p>"},
        "showAs": "tentative",
        "lastModifiedDateTime": "2026-11-18T08:15:30.1234567Z",
    }
    return {key: value for key, value in (whole | changes).items() if value is not ...}


def delta(*items: Any, **links: str) -> httpx2.Response:
    named = {f"@odata.{name}": link for name, link in links.items()}
    return answer(200, {"value": list(items), **(named or {"@odata.deltaLink": f"{BASE}/d"})})
