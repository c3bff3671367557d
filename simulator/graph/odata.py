"""The query options of OData for lists and single answers of any type.

A type is described by `Things` (simulator/graph/things.py): its name, its properties, the fields
that filters and orders may name (accessors, or `by_path` for plain dictionaries), its expansions.

    THINGS = Things(
        "microsoft.graph.contact",
        frozenset({"id", "displayName", "emailAddresses"}),
        {
            "displayName": Field(lambda contact: contact.words["displayName"]),
            "emailAddresses": by_path(
                "emailAddresses", "members", {"address": by_path("address")}
            ),
        },
    )

    shown, notes = listed(call, THINGS, everything)  # $filter $search $orderby $top $skip $count
    value = [shaped(call, THINGS, each, wire(each)) for each in shown]  # $select and $expand
    return answer({"@odata.context": ..., **notes, "value": value})

`notes` are @odata.count and @odata.nextLink. `page` alone pages what needs no filter; `selected`
alone cuts down a dictionary. What a type has and is not simulated answers 501 naming itself; what
it does not have, or what nobody can read, 400.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from flask import request

from simulator.graph.call import MOST_PER_PAGE, Call
from simulator.graph.filters import compiled, seconds_of
from simulator.graph.things import Field, Things
from simulator.refused import Refused, bad_request

DEFAULT_PAGE = 10
OPTIONS = {
    "$select", "$expand", "$filter", "$orderby", "$search",
    "$top", "$skip", "$count", "$skiptoken", "$deltatoken", "$format",
}  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is paged: its default and its most, and whether its links hide the place.

    The directory pages by an opaque `$skiptoken` and knows no `$skip`.
    """

    default: int = DEFAULT_PAGE
    most: int = MOST_PER_PAGE
    opaque: bool = False


OUTLOOK = Paging()
DIRECTORY = Paging(default=100, most=999, opaque=True)


def invalid(message: str) -> Refused:
    """Graph's 400 for a query option."""
    return Refused(400, "BadRequest", message)


def moment_of(name: str) -> int:
    """A required date-time of the query as UTC seconds; without an offset it means UTC."""
    text = request.args.get(name)
    if text is None:
        raise bad_request(
            f"This request requires a value for the query option '{name}'.", "ErrorInvalidParameter"
        )
    try:
        return seconds_of(text)
    except (ValueError, OverflowError) as problem:
        raise bad_request(
            f"'{text}' is not a valid date and time.", "ErrorInvalidParameter"
        ) from problem


def listed(
    call: Call, things: Things, everything: Sequence[T], paging: Paging = OUTLOOK
) -> tuple[Sequence[T], dict[str, Any]]:
    """One page of what `$filter` and `$search` leave, in the order of `$orderby`."""
    check_options()
    found = searched(things, filtered(things, everything, request.args))
    return page(call, ordered(things, found, request.args), paging)


def check_options() -> None:
    """Refuse an option that OData does not have."""
    for name in request.args:
        if name.startswith("$") and name not in OPTIONS:
            raise invalid(f"The query parameter '{name}' is not supported.")


def filtered(things: Things, found: Sequence[T], options: Mapping[str, str]) -> Sequence[T]:
    """What `$filter` leaves."""
    text = options.get("$filter")
    if text is None:
        return found
    test = compiled(text, things)
    return [each for each in found if test(each)]


def searched(things: Things, found: Sequence[T]) -> Sequence[T]:
    """What `$search` leaves; refused for a type that cannot be searched."""
    text = request.args.get("$search")
    if text is None:
        return found
    if things.search is None:
        raise bad_request(
            f"The query option '$search' is not supported on '{things.type}'.",
            "ErrorInvalidUrlQuery",
        )
    test = things.search(text)
    return [each for each in found if test(each)]


def ordered(things: Things, found: Sequence[T], options: Mapping[str, str]) -> Sequence[T]:
    """Sorted by `$orderby`, whose last key counts least."""
    for key in reversed(split(options.get("$orderby", ""), ",")):
        path, _, direction = key.partition(" ")
        if direction.strip() not in ("", "asc", "desc"):
            raise invalid(f"Syntax error in '{key}' of the query option '$orderby'.")
        rank = _rank(things.field(path, "$orderby"))
        found = sorted(found, key=rank, reverse=direction.strip() == "desc")
    return found


def _rank(field: Field) -> Any:
    def rank(thing: Any) -> tuple[bool, Any]:
        value = field.read(thing)
        return value is not None, value.casefold() if isinstance(value, str) else value

    return rank


def _number(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not text.isdecimal():
        raise invalid(
            f"Invalid value '{text}' for {name} query option found. The {name} query option "
            "requires a non-negative integer value."
        )
    return int(text)


def _size(call: Call, paging: Paging) -> int:
    top = _number("$top")
    if top is None:
        return min(call.style.page_size or paging.default, paging.most)
    if not 1 <= top <= paging.most:
        raise invalid(
            f"The limit of '{paging.most}' for Top query has been exceeded. "
            f"The value from the incoming request is '{top}'."
        )
    return top


def _skipped(paging: Paging) -> int:
    if not paging.opaque:
        return _number("$skip") or 0
    if "$skip" in request.args:
        raise invalid("'$skip' is not supported by the service.")
    try:
        return int(urlsafe_b64decode(request.args.get("$skiptoken") or "MA=="))
    except ValueError as problem:
        raise invalid("The $skiptoken is not valid.") from problem


def page(
    call: Call, everything: Sequence[T], paging: Paging = OUTLOOK
) -> tuple[Sequence[T], dict[str, Any]]:
    """One page by `$top`, `$skip` and the wished page size, with the annotations of its answer."""
    size, skip = _size(call, paging), _skipped(paging)
    notes: dict[str, Any] = {}
    if request.args.get("$count", "").lower() == "true":
        notes["@odata.count"] = len(everything)
    follows = skip + size
    if follows < len(everything):
        token = urlsafe_b64encode(b"%08d" % follows).decode()
        place = {"$skiptoken": token} if paging.opaque else {"$skip": str(follows)}
        query = urlencode({**request.args.to_dict(), **place}, quote_via=quote, safe="$")
        notes["@odata.nextLink"] = f"{call.base}{quote(request.path)}?{query}"
    return everything[skip:follows], notes


def selected(
    wire: dict[str, Any],
    things: Things | None = None,
    text: str | None = None,
    always: tuple[str, ...] = ("id",),
) -> dict[str, Any]:
    """Only what `$select` names, and what always comes; `a/b` names a part of `a`."""
    text = request.args.get("$select") if text is None else text
    if not text or text == "*":
        return wire
    parts: dict[str, set[str]] = {name: set() for name in always}
    for path in split(text, ","):
        if things:
            things.check(path)
        name, _, rest = path.partition("/")
        parts.setdefault(name, set()).add(rest)
    return {
        key: _part(value, parts.get(key, set()))
        for key, value in wire.items()
        if key in parts or key.startswith("@")
    }


def _part(value: Any, names: set[str]) -> Any:
    if not names or "" in names or not isinstance(value, dict):
        return value
    return {key: each for key, each in value.items() if key in names}


def shaped(call: Call, things: Things, thing: Any, wire: dict[str, Any]) -> dict[str, Any]:
    """An answer cut down to `$select`, with what `$expand` asks for."""
    return {**selected(wire, things), **expanded(call, things, thing)}


def expanded(call: Call, things: Things, thing: Any) -> dict[str, Any]:
    """What `$expand` adds to one thing; options in parentheses belong to the expansion."""
    found: dict[str, Any] = {}
    for part in split(request.args.get("$expand", ""), ","):
        name, inner, rest = part.partition("(")
        if inner and not rest.endswith(")"):
            raise invalid(f"Syntax error in '{part}' of the query option '$expand'.")
        expand = things.expansion(name.strip())
        pairs = (each.partition("=") for each in split(rest[:-1], ";"))
        options = {key.strip(): value.strip() for key, _, value in pairs}
        found.update(expand(call, thing, options))
    return found


PIECES = re.compile(r"'(?:[^']|'')*'|[^'(),;]+|.", re.DOTALL)


def split(text: str, mark: str) -> list[str]:
    """The parts of a list, without regard to marks inside parentheses or quotes."""
    depth, parts = 0, [""]
    for piece in PIECES.findall(text):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == mark and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts if part.strip()]
