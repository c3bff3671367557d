"""Answers of Graph, damaged on their way."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2

Item = dict[str, Any]
WRONG: tuple[Any, ...] = (7, -1.5, [[1]], [7, None])  # of no member's type
ENUMS = ("type", "showAs", "sensitivity")
# What may be lost or be of another type; the id is damaged by a kind of its own.
MEMBERS = ("type", "start", "end", "isAllDay", "subject", "location", "attendees", "organizer")
MEMBERS += ("originalStartTimeZone", "seriesMasterId", "recurrence", "responseStatus", "changeKey")
MEMBERS += ("isCancelled", "lastModifiedDateTime", "body", "onlineMeeting", "isOrganizer")
NAN = "<not a number>"  # until it is JSON
HALF = "Half \ud83d a character"


def _other_type(pick: random.Random, item: Item) -> None:
    item[pick.choice(MEMBERS)] = pick.choice(WRONG)


def _missing(pick: random.Random, item: Item) -> None:
    name = pick.choice(MEMBERS)
    if pick.random() < 0.5:
        item.pop(name, None)
    else:
        item[name] = None


def _new_member(pick: random.Random, item: Item) -> None:
    item[pick.choice(ENUMS)] = "unknownFutureValue"


def _year(pick: random.Random, item: Item) -> None:
    year = pick.choice(("0001", "9999", "0000", "10000"))
    at = pick.choice(("start", "end", "originalStart"))
    if isinstance(item.get(at), dict):
        item[at]["dateTime"] = f"{year}-01-01T00:00:00.0000000"
    else:
        item["start"] = {"dateTime": f"{year}-01-01T00:00:00.0000000", "timeZone": "UTC"}


def _half(pick: random.Random, item: Item) -> None:
    item["subject"] = HALF


def _crowd(pick: random.Random, item: Item) -> None:
    item["attendees"] = [
        {"emailAddress": {"name": f"Guest {n}", "address": f"g{n}@far.example"}}
        for n in range(1000)
    ]


def _backwards(pick: random.Random, item: Item) -> None:
    item["start"], item["end"] = item.get("end"), item.get("start")


def _not_a_number(pick: random.Random, item: Item) -> None:
    item[pick.choice((*MEMBERS, "importance"))] = NAN


def _other_id(pick: random.Random, item: Item) -> None:
    item["id"] = pick.choice((None, 7, "", "AAMkADk=", "x" * 5000, "ä", [item["id"]]))


def _numbers_as_text(pick: random.Random, item: Item) -> None:
    for name in ("isAllDay", "isCancelled", "isOrganizer", "reminderMinutesBeforeStart"):
        item[name] = str(item.get(name, 0)).lower()


OF_ONE: dict[str, Callable[[random.Random, Item], None]] = {
    "wrong type": _other_type,
    "member missing": _missing,
    "unknown member": _new_member,
    "year": _year,
    "half a character": _half,
    "a thousand invited": _crowd,
    "ends before it starts": _backwards,
    "not a number": _not_a_number,
    "another id": _other_id,
    "numbers as text": _numbers_as_text,
}
OF_ALL: dict[str, Callable[[random.Random, bytes], bytes]] = {
    "cut off": lambda pick, body: body[: pick.randrange(len(body))],
    "deep": lambda _pick, _body: b'{"value": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "page of a gateway": lambda _pick, _body: b"<html><body>Bad gateway</body></html>",
    "empty": lambda _pick, _body: b"",
    "not an object": lambda pick, _body: pick.choice((b"[]", b"7", b"null", b'"text"', b"{}")),
    "wrong list": lambda pick, _body: (
        b'{"value": ' + pick.choice((b"null", b"{}", b"[7, null]")) + b"}"
    ),
}
KINDS = (*OF_ONE, *OF_ALL)
# Such an answer is as good as any other: it is believed until the event changes again.
READABLE = ("member missing", "unknown member", "half a character", "a thousand invited")
READABLE += ("not a number", "numbers as text", "another id")


@dataclass(slots=True)
class Spoiler:
    """Damages answers by one kind, now and then; notes which."""

    pick: random.Random
    spares: Callable[[str], bool]  # by id: what is damaged only so that it cannot be read
    kind: str | None = None
    share: float = 0.5
    damaged: set[str] = field(default_factory=set)  # ids of single events
    whole: int = 0  # answers without any use
    times: int = 0

    def begin(self, kind: str, share: float) -> None:
        self.kind, self.share = kind, share
        self.damaged, self.whole = set(), 0

    def __call__(self, request: httpx2.Request, response: httpx2.Response) -> httpx2.Response:
        fits = self.kind is not None and response.status_code in (200, 201) and response.content
        if not fits or self.pick.random() > self.share:
            return response
        body = self._spoilt(request.method != "GET", response.content)
        return httpx2.Response(response.status_code, headers=_kept(response), content=body)

    def _spoilt(self, is_write: bool, body: bytes) -> bytes:
        assert self.kind is not None
        if self.kind in OF_ALL:
            self.whole, self.times = self.whole + 1, self.times + 1
            return OF_ALL[self.kind](self.pick, body)
        found = json.loads(body)
        listed = [one for one in found.get("value", [found]) if "start" in one]
        if self.kind in READABLE:
            listed = [] if is_write else [one for one in listed if not self.spares(one["id"])]
        if not listed:
            return body
        item = self.pick.choice(listed)
        self.damaged.add(item["id"])
        self.times += 1
        OF_ONE[self.kind](self.pick, item)
        return json.dumps(found).replace(f'"{NAN}"', "NaN").encode()


def _kept(response: httpx2.Response) -> dict[str, str]:
    names = ("date", "request-id", "retry-after")
    return {name: response.headers[name] for name in names if name in response.headers}
