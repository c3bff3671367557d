"""The rollout of version 2.0 in words."""

from typing import Any
from zoneinfo import ZoneInfo

from blueprints import ending_words
from blueprints.connection_words import cause_words
from portal import policy
from portal.configuration import resolution
from portal.configuration.choices import EVERYONE, GROUPS, NOBODY, PERCENT
from portal.configuration.rollout import SHOWN, Failed, Preview, Why
from portal.operations.standing import BLOCKED
from portal.policy import InForce

_SPLITS = "Whom a percentage reaches is settled by the person: the same people at every visit."


def people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def effect(found: Preview) -> list[str]:
    """What saving does, a sentence or two for each direction; empty where nobody changes."""
    said = []
    if found.to_two:
        said.append(_passes(found.to_two, "2.0", "Their whole calendar is read, newest first."))
    if found.to_one:
        less = "They see meetings of the next 30 days only; in Outlook nothing changes."
        said.append(_passes(found.to_one, "1.0", less))
    if found.connected:
        said.append(
            f"Of these, {people(found.connected)} {'has' if found.connected == 1 else 'have'} a "
            "connected calendar. The first look afterwards writes nothing: where mail would go "
            "out, each person is asked first."
        )
    return said


def _passes(names: tuple[str, ...], version: str, means: str) -> str:
    shown, more = ", ".join(names[:SHOWN]), len(names) - SHOWN
    rest = f" and {more} more" if more > 0 else ""
    verb = "changes" if len(names) == 1 else "change"
    return f"{people(len(names))} {verb} to version {version}: {shown}{rest}. {means}"


def saved(found: Preview) -> str:
    if not found.people:
        return "Saved. Nobody changes version."
    return f"Saved. {people(found.people)} {'changes' if found.people == 1 else 'change'} version."


def failed(one: Failed, zone: ZoneInfo) -> dict[str, Any]:
    row = one.connection
    cause = cause_words(row)
    if row.state == policy.BLOCKED:
        cause = ending_words.in_short(row.cause, None, is_over=True, zone=zone)
    elif one.state == BLOCKED:
        cause = "The integration is switched off."
    code = "" if one.state == BLOCKED else row.cause or ""
    return {
        "person_id": one.person_id,
        "person": one.person,
        "state": one.state,
        "cause": cause,
        "code": code,
    }


def why(one: Why) -> dict[str, Any]:
    """The answer to "why has she 1.0?"."""
    return {
        "person": one.person,
        "version": one.version.value,
        "reason": _by_rollout(one) if _is_of_the_rollout(one) else _by_setting(one.version),
        "last_round": _last_round(one),
    }


def _is_of_the_rollout(one: Why) -> bool:
    return one.version.value == "2.0" or one.version.origin == resolution.ROLLOUT


def _last_round(one: Why) -> str:
    if one.last_round is None:
        return "No calendar has been read yet."
    if one.last_round == one.version.value:
        return f"The last round was one of {one.last_round}."
    return f"The last round was one of {one.last_round}; the next one is of {one.version.value}."


def _by_setting(version: InForce) -> str:
    where = f"the group {version.group}" if version.group else "the whole account"
    by = f" by {version.set_by}" if version.set_by else ""
    if version.locked_in is None:
        return f"Version 1.0 is chosen for {where}{by}, which the rollout does not change."
    reason = f" Reason: {version.lock_reason.rstrip('.')}." if version.lock_reason else ""
    locked = f" by {version.locked_by}" if version.locked_by else ""
    return f"Version 1.0 is locked for {where}{locked}, and a lock wins over the rollout.{reason}"


def _by_rollout(one: Why) -> str:
    has_two = one.version.value == "2.0"
    if one.rollout["rollout_paused"]:
        if has_two:
            return "The rollout is paused, and whoever has 2.0 keeps it."
        if _would_reach(one):
            return "The rollout is paused, so it reaches nobody new. Resuming it gives them 2.0."
    reached, percent = one.rollout["rollout"], one.rollout["rollout_percent"]
    if reached == PERCENT:
        least = f"The rollout reaches {percent} %"
        if has_two:
            return f"{least}, and their place is {one.place + 1} of 100. {_SPLITS}"
        return (
            f"{least}, and their place is {one.place + 1} of 100: from {one.place + 1} % on they "
            f"have 2.0. {_SPLITS}"
        )
    if reached == GROUPS:
        member = "They are in a group" if has_two else "They are in no group"
        return f"{member} that the rollout reaches."
    return "The rollout reaches everyone." if has_two else "The rollout reaches nobody."


def _would_reach(one: Why) -> bool:
    chosen = one.rollout["rollout"]
    return {
        EVERYONE: True,
        NOBODY: False,
        GROUPS: one.is_in_groups,
        PERCENT: one.place < one.rollout["rollout_percent"],
    }[chosen]
