"""What applications hang on an event: extended properties and open extensions.

Both travel with the item and never with invitations to others.
"""

from __future__ import annotations

import re
from typing import Any

from simulator.mailbox.checks import invalid, listed, misfit, text
from simulator.refused import Refused, bad_request

EXTENSION_TYPE = "#microsoft.graph.openTypeExtension"
EXTENSION_PREFIX = "Microsoft.OutlookServices.OpenTypeExtension."
TYPES = "String|Integer|Short|Long|Double|Float|Currency|Boolean|SystemTime|CLSID|Guid|Binary"
GUID = r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
NAMED = rf"(\{{{GUID}\}} (Name \S.*|Id 0x[0-9A-Fa-f]{{1,8}})|0x[0-9A-Fa-f]{{1,8}})"
SINGLE_ID = re.compile(rf"^(?:{TYPES}) {NAMED}$", re.IGNORECASE)
MULTI_ID = re.compile(rf"^(?:{TYPES})Array {NAMED}$", re.IGNORECASE)

# id -> one value, or several where the property is a collection
Extended = dict[str, str | list[str]]


def read_extended(wire: dict[str, Any]) -> Extended:
    """The extended properties of a request body, single ones and collections."""
    found: Extended = {}
    for each in _given(wire, "singleValueExtendedProperties", SINGLE_ID):
        found[each["id"]] = _single(each.get("value"))
    for each in _given(wire, "multiValueExtendedProperties", MULTI_ID):
        found[each["id"]] = [_single(one) for one in listed("value", each.get("value"))]
    return found


def _given(wire: dict[str, Any], name: str, form: re.Pattern[str]) -> list[dict[str, Any]]:
    properties = listed(name, wire.get(name, []))
    for each in properties:
        if not isinstance(each, dict):
            raise misfit(name, "an extended property")
        if not form.match(text("id", each.get("id"))):
            raise bad_request("The extended property id is not valid.", "ErrorInvalidProperty")
    return properties


def _single(value: Any) -> str:
    if not isinstance(value, str):
        raise misfit("value", "Edm.String")
    return value


def read_extensions(wire: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The open extensions of a create, by name."""
    found: dict[str, dict[str, Any]] = {}
    for each in listed("extensions", wire.get("extensions", [])):
        name, values = read_extension(each)
        if name in found:
            raise already_there()
        found[name] = values
    return found


def read_extension(wire: Any) -> tuple[str, dict[str, Any]]:
    """Name and values of one open extension; what begins with @ is no value."""
    if not isinstance(wire, dict):
        raise misfit("extensions", "microsoft.graph.openTypeExtension")
    kind = str(wire.get("@odata.type", EXTENSION_TYPE)).lstrip("#").lower()
    if kind != EXTENSION_TYPE[1:].lower():
        raise invalid("Only open type extensions can be written here.")
    name = wire.get("extensionName")
    if not isinstance(name, str) or not name.strip() or "/" in name:
        raise invalid("An open extension needs an extensionName.")
    return short_name(name), values_in(wire)


def values_in(wire: dict[str, Any]) -> dict[str, Any]:
    """The values of an extension, without its names."""
    skipped = ("id", "extensionName")
    return {key: each for key, each in wire.items() if key not in skipped and "@" not in key}


def short_name(name: str) -> str:
    """The name an application chose, also where the whole id was given."""
    return name.removeprefix(EXTENSION_PREFIX)


def full_name(name: str) -> str:
    """The id of the extension of this name."""
    return f"{EXTENSION_PREFIX}{name}"


def extension_wire(name: str, values: dict[str, Any]) -> dict[str, Any]:
    """An open extension as Graph answers it."""
    return {
        "@odata.type": EXTENSION_TYPE,
        "id": full_name(name),
        "extensionName": name,
        **values,
    }


def already_there() -> Refused:
    """The refusal of a second extension of one name."""
    return Refused(409, "ExtensionError", "An extension already exists with given id.")
