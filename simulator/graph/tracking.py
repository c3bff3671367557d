"""Change tracking of any kind of thing: rounds of pages, with what was asked frozen in tokens.

A kind of thing offers a `Source`: its present state, and the units (what a page never splits)
that are there or have changed since. `tracked` does the rest: tokens, pages, links, 410, and the
ways in which rounds misbehave.

    def contacts(call: Call, folder: str | None = None) -> Response:
        number = call.person.mailbox.contacts.folder_of(folder).number
        return tracked(call, Track("contacts", lambda: (number,), Contacts, selects=True))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Protocol
from urllib.parse import quote

from flask import Response, request

from simulator.graph.call import Call, Wire, answer
from simulator.graph.odata import DEFAULT_PAGE, selected
from simulator.graph.tokens import Place, Scope, read_token, write_token
from simulator.mailbox.changes import Unit, page_of
from simulator.refused import Refused, bad_request

UNSUPPORTED = ("$select", "$expand", "$filter", "$orderby", "$search", "$top", "$skip", "$count")
DEAD = "The sync state generation is not found; continuing would result in missing changes."
BAD_REQUESTS = ("InvalidDeltaToken", "ErrorInvalidUrlQuery")


class Source(Protocol):
    """What a round draws from."""

    context: str  # the end of @odata.context
    seq: int  # the last change a reader sees
    newest: int  # the last change of all
    forgotten: int  # the last change that the log no longer has

    def units(self, since: int, after: int) -> Iterator[Unit]:
        """What changed later than `since` (0: everything), by number, those above `after`."""

    def wires(self, unit: Unit) -> list[Wire]:
        """The entries of a unit as an answer shows them."""

    def address(self) -> str:
        """The query of a first call, for whoever has to begin again."""


@dataclass(frozen=True, slots=True)
class Track:
    """One kind of change tracking: what a first call asks for, and the source behind it.

    `source` gets the call and the scope of a token, and refuses a scope of another place.
    """

    kind: str
    begin: Callable[[], Scope]
    source: Callable[[Call, Scope], Source]
    selects: bool = False  # a first call may carry $select


def tracked(call: Call, track: Track) -> Response:
    """One page of a round, with exactly one link to what follows."""
    unsupported = [
        name
        for name in UNSUPPORTED
        if name in request.args and not (track.selects and name == "$select")
    ]
    if unsupported:
        raise bad_request(
            "The following parameters are not supported with change tracking over the "
            f"'{track.kind}' resource: '{', '.join(unsupported)}'.",
            "ErrorInvalidUrlQuery",
        )
    place, source = _stand(call, track)
    further = "$skiptoken" in request.args
    if further and call.world.switches.strikes("delta.timeout", call.person.id):
        raise Refused(504, "UnknownError", "")
    return _answered(call, source, *_page(call, source, place))


def _turned(call: Call, switch: str) -> int:
    """Where a flag or a number stands for the mailbox."""
    return int(call.world.switches.position(switch, call.person.id))


def _stand(call: Call, track: Track) -> tuple[Place, Source]:
    mailbox = call.person.mailbox
    token = request.args.get("$skiptoken") or request.args.get("$deltatoken")
    if token is None:
        scope = track.begin()
        source = track.source(call, scope)
        mailbox.rounds_begun += 1
        return _first(call, track.kind, scope, source), source
    place = read_token(call, token)
    if place is None or place.kind != track.kind or not _alive(call, place):
        raise dead(call)
    source = track.source(call, place.scope)
    begins = place.until if place.finished else place.since
    if place.until > source.newest or 0 < begins < source.forgotten:
        raise dead(call, source)
    if call.world.switches.strikes("delta.dead", call.person.id):
        raise dead(call, source)
    if place.finished:
        mailbox.rounds_begun += 1
        place = _next_round(call, place, source)
    return place, source


def _first(call: Call, kind: str, scope: Scope, source: Source) -> Place:
    mailbox = call.person.mailbox
    return Place(
        kind=kind,
        scope=scope,
        epoch=mailbox.token_epoch,
        begun=mailbox.rounds_begun,
        until=source.seq,
        select=request.args.get("$select", ""),
    )


def _alive(call: Call, place: Place) -> bool:
    mailbox = call.person.mailbox
    if place.epoch != mailbox.token_epoch or place.finished != ("$deltatoken" in request.args):
        return False
    age = _turned(call, "delta.link_age")
    return not age or mailbox.rounds_begun - place.begun <= age


def dead(call: Call, source: Source | None = None) -> Refused:
    """The refusal of a token that is unknown, foreign or too old."""
    code = str(call.world.switches.position("delta.dead_code", call.person.id))
    if code in BAD_REQUESTS:
        return bad_request("The delta token is not valid.", code)
    headers = {}
    if source and _turned(call, "delta.location"):
        headers["Location"] = f"{call.base}{quote(request.path)}{source.address()}"
    return Refused(410, code, DEAD, headers=headers)


def _next_round(call: Call, place: Place, source: Source) -> Place:
    replays = place.fresh and _turned(call, "delta.replays")
    return Place(
        kind=place.kind,
        scope=place.scope,
        epoch=place.epoch,
        begun=call.person.mailbox.rounds_begun,
        since=max(place.fresh if replays else place.until, source.forgotten),
        fresh=place.until,
        until=max(place.until, source.seq),
        select=place.select,
    )


def _page(call: Call, source: Source, place: Place) -> tuple[list[Unit], Place]:
    """The units of this page, and where the next one stands."""
    if place.after and place.blank < _turned(call, "delta.empty_pages"):
        return [], replace(place, blank=place.blank + 1)
    size = _turned(call, "delta.page_size") or call.style.page_size or DEFAULT_PAGE
    units, more = page_of(source.units(place.since, place.after), size)
    if _again(call, place):
        return units, replace(place, lap=place.lap + 1)
    last = units[-1].number if units else place.after
    shown = [*_known(call, source, place), *units]
    return shown, replace(place, after=last, before=place.after, lap=0, finished=not more)


def _again(call: Call, place: Place) -> bool:
    if call.world.switches.strikes("delta.loop", call.person.id):
        return True
    return place.lap < _turned(call, "delta.identical_pages")


def _known(call: Call, source: Source, place: Place) -> list[Unit]:
    """What was sent before and comes again, where a switch wants it."""
    if place.after and _turned(call, "delta.repeats"):
        earlier = source.units(place.since, place.before)
        return list(takewhile(lambda unit: unit.number <= place.after, earlier))
    unchanged = _turned(call, "delta.unchanged")
    if unchanged and place.since and not place.after:
        return page_of(source.units(0, 0), unchanged)[0]
    return []


def _answered(call: Call, source: Source, units: list[Unit], follows: Place) -> Response:
    wires = [wire for unit in units for wire in source.wires(unit)]
    if follows.select:
        wires = [selected(wire, text=follows.select) for wire in wires]
    name = "$deltatoken" if follows.finished else "$skiptoken"
    link = f"{call.base}{quote(request.path)}?{name}={write_token(call, follows)}"
    return answer(
        {
            "@odata.context": f"{call.base}/v1.0/$metadata#{source.context}",
            "@odata.deltaLink" if follows.finished else "@odata.nextLink": link,
            "value": wires,
        }
    )
