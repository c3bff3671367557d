"""People and their connections in words, for administrators, who read of others."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from blueprints.connection_words import Brief, brief
from portal import connections, people
from portal.operations import standing
from portal.staff import people_list
from portal.staff.people_list import Line

ROLES = {people.MEMBER: "Member", people.ADMIN: "Administrator", people.OWNER: "Owner"}
MODES = {connections.OAUTH: "OAuth", connections.APPLICATION: "Application permissions"}
STATES: Mapping[str, str] = {
    connections.NEEDS_CONSENT: "Needs consent",
    connections.NEEDS_APPROVAL: "Waiting for approval",
    connections.NO_MAILBOX: "No mailbox",
    standing.HELD: "Held",
    standing.STALLED: "Stalled",
    standing.BLOCKED: "Blocked by policy",
    standing.DELAYED: "Delayed",
    standing.RETRYING: "Trying again",
    standing.PAUSED: "Paused",
    connections.CONNECTING: "Connecting",
    connections.CONNECTED: "Connected",
    connections.DISCONNECTED: "Disconnected",
    standing.NOT_SET_UP: "Not set up",
}
SORTS = {
    people_list.NAME: "Name",
    people_list.ADDRESS: "E-mail address",
    people_list.ROLE: "Role",
    people_list.STATE: "State, what needs help first",
    people_list.GOOD: "Last good round, oldest first",
    people_list.NEWEST: "Newest first",
}
# What the state means, and who ends it.
MEANINGS: Mapping[str, str] = {
    connections.NEEDS_CONSENT: "Microsoft no longer accepts the permission the person gave, so "
    "nothing moves until they connect again from their profile. What waits is kept.",
    connections.NEEDS_APPROVAL: "An administrator at Microsoft has to agree to this app first. "
    "Then the person connects again.",
    connections.NO_MAILBOX: "Microsoft has no mailbox for this account that the portal may open. "
    "It needs an Exchange Online licence; the portal looks once a day.",
    standing.HELD: "Many meetings vanished at about the same time, so nothing is cancelled and "
    "nothing written. The person decides about up to 20, an administrator about more.",
    standing.STALLED: "The calendar could not be read for hours. The portal goes on trying.",
    standing.BLOCKED: "A setting does not let this calendar be connected, so nothing moves either "
    "way. The connection is kept.",
    standing.DELAYED: "The last look that went well was a while ago. The portal goes on trying.",
    standing.RETRYING: "The last look did not succeed. The portal tries again by itself.",
    standing.PAUSED: "Nothing moves either way. What is changed meanwhile waits.",
    connections.CONNECTING: "The calendar is being read for the first time.",
    connections.CONNECTED: "The calendar is read and written.",
    connections.DISCONNECTED: "The person ended the connection. Their meetings stay, only here.",
    standing.NOT_SET_UP: "The person has not connected a calendar yet. They do so from their "
    "profile.",
}


def told(line: Line, zone: ZoneInfo) -> dict[str, Any]:
    """A line of the list as the pages show it."""
    stands = briefly(line, zone)
    live = line.connection if stands.live else None
    return {
        "person": line.person,
        "role": ROLES[line.person.role],
        "groups": line.groups,
        "state": line.state,
        "state_words": STATES.get(line.state, line.state),
        "stands": stands,
        "mailbox": "" if live is None else live.mailbox_address or live.username,
        "mode": "" if live is None else MODES[live.mode],
        "sync_version": line.version if live is not None else "",
    }


def briefly(line: Line, zone: ZoneInfo) -> Brief:
    asked = line.person.approval_asked_at
    return brief(line.state, line.connection, approval_asked_at=asked, zone=zone)
