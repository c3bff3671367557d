"""The query options of OData, as far as Exchange honours them for events."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask import request

from simulator.directory import Person
from simulator.graph.calendar.wire import Style, event_wire, occurrence_id
from simulator.graph.call import MOST_PER_PAGE, Call
from simulator.mailbox.item import Instance
from simulator.refused import Refused, bad_request, not_simulated

DEFAULT_PAGE = 10
EXTENDED = re.compile(
    r"singleValueExtendedProperties/any\(\s*(\w+)\s*:\s*\1/id eq '((?:[^']|'')*)'"
    r"(?:\s+and\s+\1/value eq '((?:[^']|'')*)')?\s*\)",
    re.IGNORECASE,
)
COMPARED = re.compile(r"([\w/]+)\s+(eq|ge|gt|le|lt)\s+('(?:[^']|'')*'|[\w:.+-]+)", re.IGNORECASE)
AND = re.compile(r"\s+and\s+(?![^(]*\))", re.IGNORECASE)
EXPANDED_ID = re.compile(r"id eq '((?:[^']|'')*)'", re.IGNORECASE)

Test = Callable[[Instance], bool]
T = TypeVar("T")


def moment_of(name: str) -> int:
    """A required date-time of the query as UTC seconds; without an offset it means UTC."""
    text = request.args.get(name)
    if text is None:
        raise bad_request(
            f"This request requires a value for the query option '{name}'.", "ErrorInvalidParameter"
        )
    return _seconds(text)


def _seconds(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise bad_request(
            f"'{text}' is not a valid date and time.", "ErrorInvalidParameter"
        ) from problem
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())


def filtered(person: Person, instances: Sequence[Instance]) -> list[Instance]:
    """What `$filter` leaves; a filter that is not simulated is refused by name."""
    text = request.args.get("$filter")
    if not text:
        return list(instances)
    tests = [_test(person, clause.strip()) for clause in AND.split(text)]
    return [each for each in instances if all(test(each) for test in tests)]


def _test(person: Person, clause: str) -> Test:
    extended = EXTENDED.fullmatch(clause)
    if extended:
        wanted, value = extended[2].replace("''", "'"), extended[3]
        return lambda each: _carries(each, wanted, value)
    compared = COMPARED.fullmatch(clause)
    if not compared:
        raise not_simulated(f"$filter={clause}")
    return _comparison(person, compared[1], compared[2].lower(), compared[3].strip("'"))


def _carries(instance: Instance, wanted: str, value: str | None) -> bool:
    held = instance.item.extended.get(wanted)
    # Graph compares the name with case and the value without.
    return held is not None and (value is None or held.lower() == value.replace("''", "'").lower())


def _comparison(person: Person, name: str, operator: str, value: str) -> Test:
    if name == "iCalUId" and operator == "eq":
        return lambda each: each.item.uid == value
    if name in ("subject", "type", "seriesMasterId") and operator == "eq":
        plain = Style()
        return lambda each: event_wire(person, each, plain)[name] == value.replace("''", "'")
    moments: dict[str, Callable[[Instance], int]] = {
        "start/dateTime": lambda each: each.starts,
        "end/dateTime": lambda each: each.ends,
        "lastModifiedDateTime": lambda each: int(each.item.modified.timestamp()),
        "createdDateTime": lambda each: int(each.item.created.timestamp()),
    }
    if name not in moments:
        raise not_simulated(f"$filter on {name} with {operator}")
    moment, limit, holds = moments[name], _seconds(value), ORDER[operator]
    return lambda each: holds(moment(each), limit)


ORDER: dict[str, Callable[[int, int], bool]] = {
    "eq": int.__eq__, "ge": int.__ge__, "gt": int.__gt__, "le": int.__le__, "lt": int.__lt__,
}  # fmt: skip
SORTS: dict[str, Callable[[Instance], Any]] = {
    "start/dateTime": lambda each: each.starts,
    "end/dateTime": lambda each: each.ends,
    "subject": lambda each: each.words.get("subject", ""),
    "createdDateTime": lambda each: each.item.created,
    "lastModifiedDateTime": lambda each: each.item.modified,
}


def ordered(instances: list[Instance]) -> list[Instance]:
    """Sorted by `$orderby`, whose last key counts least."""
    for key in reversed([key for key in request.args.get("$orderby", "").split(",") if key]):
        name, _, direction = key.strip().partition(" ")
        if name not in SORTS:
            raise not_simulated(f"$orderby={name}")
        instances = sorted(instances, key=SORTS[name], reverse=direction.strip() == "desc")
    return instances


def _count(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not text.isdecimal() or (name == "$top" and not 1 <= int(text) <= MOST_PER_PAGE):
        raise Refused(400, "BadRequest", f"Invalid value '{text}' for the query option '{name}'.")
    return int(text)


def page(call: Call, everything: Sequence[T]) -> tuple[Sequence[T], dict[str, Any]]:
    """One page by `$top`, `$skip` and the wished page size, with the annotations of its answer."""
    size = _count("$top") or call.style.page_size or DEFAULT_PAGE
    skip = _count("$skip") or 0
    notes: dict[str, Any] = {}
    if request.args.get("$count") == "true":
        notes["@odata.count"] = len(everything)
    if skip + size < len(everything):
        query = {**request.args.to_dict(), "$skip": str(skip + size)}
        encoded = urlencode(query, quote_via=quote, safe="$")
        notes["@odata.nextLink"] = f"{call.base}{quote(request.path)}?{encoded}"
    return everything[skip : skip + size], notes


def selected(wire: dict[str, Any]) -> dict[str, Any]:
    """Only what `$select` names; id and annotations always come."""
    text = request.args.get("$select")
    if not text:
        return wire
    names = {name.strip() for name in text.split(",")} | {"id"}
    return {key: value for key, value in wire.items() if key in names or key.startswith("@")}


def event_answer(call: Call, instance: Instance) -> dict[str, Any]:
    """A whole event with what `$expand` asks for, cut down to `$select`."""
    wire = event_wire(call.person, instance, call.style)
    if "cancelledOccurrences" in request.args.get("$select", "") and not instance.ordinal:
        wire["cancelledOccurrences"] = [
            occurrence_id(wire["id"], day) for day in sorted(instance.item.cancelled)
        ]
    return {**selected(wire), **_expanded(call, instance)}


def _expanded(call: Call, instance: Instance) -> dict[str, Any]:
    text = request.args.get("$expand", "")
    found: dict[str, Any] = {}
    for part in re.split(r",(?![^(]*\))", text) if text else ():
        name = part.partition("(")[0].strip()
        if name not in EXPANSIONS:
            raise not_simulated(f"$expand={name}")
        found.update(EXPANSIONS[name](call, instance, part))
    return found


def _extended_properties(call: Call, instance: Instance, part: str) -> dict[str, Any]:
    wanted = [each.replace("''", "'") for each in EXPANDED_ID.findall(part)]
    held = instance.item.extended
    values = [{"id": name, "value": held[name]} for name in wanted if name in held]
    return {"singleValueExtendedProperties": values} if values else {}


def _exceptions(call: Call, instance: Instance, part: str) -> dict[str, Any]:
    item = instance.item
    if instance.ordinal or not item.recurrence:
        return {}
    found = [item.occurrence(ordinal) for ordinal in sorted(item.exceptions)]
    return {"exceptionOccurrences": [event_wire(call.person, each, call.style) for each in found]}


def _calendar(call: Call, instance: Instance, part: str) -> dict[str, Any]:
    mailbox = call.person.mailbox
    calendar = mailbox.calendars[instance.item.calendar]
    return {"calendar": {"id": mailbox.calendar_id(calendar), "name": calendar.name}}


EXPANSIONS: dict[str, Callable[[Call, Instance, str], dict[str, Any]]] = {
    "singleValueExtendedProperties": _extended_properties,
    "exceptionOccurrences": _exceptions,
    "calendar": _calendar,
}
