"""calendarView/delta: rounds of pages, with the window frozen in opaque tokens."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote

import msgspec
from flask import Response, request

from simulator.graph.calendar.wire import event_wire, removed_wire, slim_wire
from simulator.graph.call import Call, answer
from simulator.graph.odata import DEFAULT_PAGE
from simulator.mailbox.changes import Removed, page_of
from simulator.mailbox.item import Instance, master_of
from simulator.mailbox.store import Calendar, Window
from simulator.refused import Refused, bad_request

UNSUPPORTED = ("$select", "$expand", "$filter", "$orderby", "$search", "$top")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a round stands: its window, what it began from and what it has sent."""

    epoch: int
    calendar: int
    low: int
    high: int
    since: int  # 0: everything
    until: int  # the state of the log when the round began
    after: int  # the last item sent; -1 once the round is over


def _seal(text: bytes) -> bytes:
    return sha256(b"simulated cursor" + text).digest()[:9]


def write_token(call: Call, place: Place) -> str:
    """An opaque token for nextLink and deltaLink."""
    text = msgspec.json.encode([call.person.id[:8], call.world.seed, *astuple(place)])
    return urlsafe_b64encode(_seal(text) + text).decode()


def read_token(call: Call, token: str) -> Place:
    """The place in a token; 410 when it is unknown, foreign or expired."""
    try:
        raw = urlsafe_b64decode(token)
        seal, text = raw[:9], raw[9:]
        if seal != _seal(text):
            raise ValueError("not ours")
        owner, seed, *numbers = msgspec.json.decode(text)
        place = Place(*numbers)
    except (ValueError, TypeError, msgspec.DecodeError) as problem:
        raise _dead() from problem
    mailbox = call.person.mailbox
    ours = (owner, seed, place.epoch) == (
        call.person.id[:8], call.world.seed, mailbox.token_epoch
    )  # fmt: skip
    if not ours or place.until > mailbox.seq:
        raise _dead()
    return place


def _dead() -> Refused:
    return Refused(
        410,
        "SyncStateNotFound",
        "The sync state generation is not found; continuing would result in missing changes.",
    )


def first_place(call: Call, calendar: Calendar, low: int, high: int) -> Place:
    """The beginning of a first round."""
    mailbox = call.person.mailbox
    return Place(mailbox.token_epoch, calendar.number, low, high, 0, mailbox.seq, 0)


def place_in_query(call: Call) -> Place | None:
    """The place a link names, or None for a first call."""
    unsupported = [name for name in UNSUPPORTED if name in request.args]
    if unsupported:
        raise bad_request(
            f"The query option {unsupported[0]} is not supported by change tracking.",
            "ErrorInvalidUrlQuery",
        )
    token = request.args.get("$skiptoken") or request.args.get("$deltatoken")
    if token is None:
        return None
    place, mailbox = read_token(call, token), call.person.mailbox
    if "$deltatoken" in request.args:
        place = replace(place, since=place.until, until=mailbox.seq, after=0)
    if place.since and place.since < mailbox.log.forgotten:
        raise _dead()
    return place


def round_answer(call: Call, place: Place) -> Response:
    """One page of a round, with exactly one link to what follows."""
    mailbox = call.person.mailbox
    window = Window(place.calendar, place.low, place.high)
    size = call.style.page_size or DEFAULT_PAGE
    entries, last = page_of(mailbox.round(window, place.since), place.after, size)
    follows = replace(place, after=last or -1)
    name = "$skiptoken" if last else "$deltatoken"
    link = f"{call.base}{quote(request.path)}?{name}={write_token(call, follows)}"
    return answer(
        {
            "@odata.context": f"{call.base}/v1.0/$metadata#Collection(event)",
            "@odata.nextLink" if last else "@odata.deltaLink": link,
            "value": _entries(call, entries),
        }
    )


def _entries(call: Call, entries: list[Instance | Removed]) -> list[dict[str, Any]]:
    person, style = call.person, call.style
    wires: list[dict[str, Any]] = []
    masters: dict[int, str] = {}
    for entry in entries:
        if isinstance(entry, Removed):
            wires.append(removed_wire(person, entry, style))
        elif entry.kind == "occurrence":
            number = entry.item.number
            if number not in masters:
                masters[number] = person.mailbox.id_of(
                    master_of(entry.item), immutable=style.immutable
                )
            wires.append(slim_wire(person, entry, style, masters[number]))
        else:
            kind = {"@odata.type": "#microsoft.graph.event"}
            wires.append({**kind, **event_wire(person, entry, style)})
    return wires
