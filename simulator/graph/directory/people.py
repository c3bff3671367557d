"""/me, /users/{id}, /users: profiles, as far as the caller may see them."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, request

from simulator.graph.call import Call, answer
from simulator.graph.directory.fields import USERS
from simulator.graph.directory.settings import settings_wire
from simulator.graph.directory.wire import BASIC, SINGLE, USUAL, user_wire
from simulator.graph.odata import DIRECTORY, check_options, expanded, listed, selected, split
from simulator.graph.throttle import charge_directory, directory_units
from simulator.refused import Refused, access_denied, not_simulated

EVERYBODY = {"User.Read.All", "User.ReadWrite.All", "Directory.Read.All"}
EVERYBODY_BASIC = {"User.ReadBasic.All", *EVERYBODY}
QUOTED = re.compile(r"'(?:[^']|'')*'")
ADVANCED = re.compile(r"\b(ne|not)\b|endswith\s*\(", re.IGNORECASE)
COST = 2


def show(call: Call) -> Response:
    """One profile: the own one whole, somebody else's as far as the permissions reach."""
    check_options()
    costs = _charge(call)
    wire = _shaped(call, user_wire(call.person), own=call.access.person == call.person.id)
    if "mailboxSettings" in _named():
        wire["mailboxSettings"] = _settings(call)
    context = f"{call.base}/v1.0/$metadata#users/$entity"
    return answer({"@odata.context": context, **wire}, headers=costs)


def collection(call: Call) -> Response:
    """The people of the tenant, filtered or searched, in pages of 100."""
    costs = _charge(call)
    _may_list(call)
    _refuse_simple()
    if set(_named()) & set(SINGLE):
        raise not_simulated("$select=mailboxSettings of many users")
    tenant = call.access.tenant
    everyone = [user_wire(each) for each in call.world.people.values() if each.tenant.id == tenant]
    shown, notes = listed(call, USERS, everyone, DIRECTORY)
    if request.headers.get("ConsistencyLevel", "").lower() != "eventual":
        notes.pop("@odata.count", None)
    value = [_shaped(call, each, own=each["id"] == call.access.person) for each in shown]
    context = f"{call.base}/v1.0/$metadata#users"
    return answer({"@odata.context": context, **notes, "value": value}, headers=costs)


def _named() -> list[str]:
    return list(split(request.args.get("$select", ""), ","))


def _shaped(call: Call, wire: dict[str, Any], *, own: bool) -> dict[str, Any]:
    """What was selected, or the usual; refused where the permissions do not reach that far."""
    held, named = call.access.permissions, _named()
    whole = bool(held & EVERYBODY) or (own and "User.Read" in held)
    if not whole and (not held & EVERYBODY_BASIC or set(named) - set(BASIC)):
        raise denied()
    usual = USUAL if whole else BASIC
    shown = selected(wire, USERS, ",".join(named or usual), always=())
    return {**shown, **expanded(call, USERS, wire)}


def _may_list(call: Call) -> None:
    held = call.access.permissions
    asked = {name for name in USERS.fields if name not in BASIC and name in _filter_words()}
    if not held & EVERYBODY_BASIC or (asked and not held & EVERYBODY):
        raise denied()


def _filter_words() -> set[str]:
    text = f"{request.args.get('$filter', '')} {request.args.get('$orderby', '')}"
    return set(re.findall(r"\w+", QUOTED.sub("", text)))


def _refuse_simple() -> None:
    """What only the index answers needs the header that admits the index may be late."""
    if request.headers.get("ConsistencyLevel", "").lower() == "eventual":
        return
    if "$search" in request.args:
        raise unsupported(
            "Request with $search query parameter only works through MSGraph with a special "
            "request header: 'ConsistencyLevel: eventual'"
        )
    text = QUOTED.sub("", request.args.get("$filter", ""))
    if ADVANCED.search(text) or (text and "$orderby" in request.args):
        raise unsupported("Unsupported or invalid query filter clause specified.")


def unsupported(message: str) -> Refused:
    """The directory's 400 for a query it could only answer with more ado, or not at all."""
    return Refused(400, "Request_UnsupportedQuery", message)


def denied() -> Refused:
    """The directory's 403."""
    return Refused(
        403,
        "Authorization_RequestDenied",
        "Insufficient privileges to complete the operation.",
    )


def _settings(call: Call) -> dict[str, Any]:
    if not call.access.permissions & {"MailboxSettings.Read", "MailboxSettings.ReadWrite"}:
        raise access_denied()
    return settings_wire(call.world, call.person)


def _charge(call: Call) -> dict[str, str]:
    """What the query costs, as headers; refused once the tenant has used up what it has."""
    asked = request.args
    top = asked.get("$top", "")
    units = directory_units(
        COST,
        select="$select" in asked,
        expand="$expand" in asked,
        top=int(top) if top.isdecimal() else None,
    )
    return charge_directory(call.world, call.access, units)
