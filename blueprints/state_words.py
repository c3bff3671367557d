"""On the pages of settings: where a value comes from, who locked it and why."""

from blueprints.edge import moment
from portal.policy import ACCOUNT, GROUP, InForce


def origin(one: InForce) -> str:
    """Whose choice it is, and since when."""
    if one.set_at is None:
        return "Not changed from the default"
    where = {ACCOUNT: "Set for the account", GROUP: f"Set for {one.group}"}
    said = where.get(one.origin, "Set")
    return f"{said} by {one.set_by or 'the operator'}, {moment(one.set_at)}"


def lock(one: InForce) -> str:
    """Empty where it is not locked."""
    if one.locked_in is None or one.locked_at is None:
        return ""
    where = "the whole account" if one.locked_in == ACCOUNT else (one.group or "the group")
    said = f"Locked for {where} by {one.locked_by or 'the operator'}, {moment(one.locked_at)}"
    return f"{said}. Reason: {one.lock_reason}" if one.lock_reason else said
