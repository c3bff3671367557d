"""Who may come in: permissions, whose mailbox, and the policies of an administrator."""

from __future__ import annotations

import json
from base64 import b64encode

from simulator.current import base_address, current_world
from simulator.directory import Person
from simulator.entra.grants import Access
from simulator.faults.wire import LOST_STORE
from simulator.graph.address import BASIC, READ, Address
from simulator.graph.calendar.shared import may_be_shared
from simulator.graph.call import require
from simulator.refused import Refused, access_denied

BLOCKED = (
    "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy "
    "settings."
)
GRAPH_ID = "00000003-0000-0000-c000-000000000000"
NOT_YOURS = "Access is denied to the requested resource."
NO_MAILBOX = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
# Position of access.withdrawn -> how the names of the permissions begin that tokens lost.
WITHDRAWN = {
    "calendars": ("Calendars.",),
    "contacts": ("Contacts.",),
    "settings": ("MailboxSettings.",),
    "everything": ("",),
}


def owner_of(user: str | None, access: Access) -> Person:
    """Whose mailbox or profile /me (None) or /users/{user} means."""
    world = current_world()
    if user is None:
        if access.person is None:
            raise Refused(
                400, "BadRequest",
                "/me request is only valid with delegated authentication flow.",
            )  # fmt: skip
        return world.people[access.person]
    known = "@" in user or user in world.people
    person = world.find_person(user) if known else None
    if person is None or person.tenant.id != access.tenant:
        raise Refused(404, "Request_ResourceNotFound", f"Resource '{user}' does not exist.")
    return person


def check(address: Address, access: Access, person: Person | None) -> None:
    """Refuse a call that the token, the mailbox or a policy does not allow."""
    held = access.permissions
    if current_world().switches.chosen:
        held = _as_switched(address, access, person)
    if address.kind != "mailbox" or person is None:
        require(held, *address.any_of, code="Authorization_RequestDenied")
        return
    _check_reach(address, access, person, held)
    if not person.has_mailbox:
        raise Refused(404, "MailboxNotEnabledForRESTAPI", NO_MAILBOX)


def reads_basics(access: Access) -> bool:
    """Does the token let its bearer read calendars, but no more than the basics?"""
    return not access.permissions.isdisjoint(BASIC) and access.permissions.isdisjoint(READ)


def _check_reach(address: Address, access: Access, person: Person, held: frozenset[str]) -> None:
    if access.person is not None:
        require(held, *address.any_of)
        # What is shared is judged once the calendar is known.
        if access.person != person.id and not may_be_shared(address):
            raise access_denied(NOT_YOURS)
        return
    if _in_scope(address, access, person):
        return
    require(held, *address.any_of)
    limited_to = person.tenant.access_policy.get(access.client_id)
    if limited_to is not None and person.id not in limited_to:
        raise access_denied(BLOCKED)


def _in_scope(address: Address, access: Access, person: Person) -> bool:
    # Exchange grants these itself and adds them to what the token carries.
    roles = person.tenant.mailbox_scopes.get(access.client_id, {})
    return any(person.id in roles.get(each, ()) for each in address.any_of)


def _as_switched(address: Address, access: Access, person: Person | None) -> frozenset[str]:
    """What the switches leave of the token's permissions, unless they refuse the call."""
    board, who = current_world().switches, person.id if person else access.person
    if board.strikes("access.challenge", who):
        raise _challenged()
    if address.kind == "mailbox":
        if board.strikes("access.policy", who):
            raise access_denied(BLOCKED)
        if board.strikes("access.burst", who):
            raise access_denied(LOST_STORE)
        if board.strikes("access.no_mailbox", who):
            raise Refused(404, "MailboxNotEnabledForRESTAPI", NO_MAILBOX)
    gone = WITHDRAWN.get(str(board.strikes("access.withdrawn", who)))
    return frozenset(one for one in access.permissions if not gone or not one.startswith(gone))


def _challenged() -> Refused:
    """The 401 of Continuous Access Evaluation: a token issued from now on is wanted."""
    since = str(int(current_world().now().timestamp()))
    claims = {"access_token": {"nbf": {"essential": True, "value": since}}}
    encoded = b64encode(json.dumps(claims, separators=(",", ":")).encode()).decode()
    return Refused(
        401, "InvalidAuthenticationToken",
        "Continuous access evaluation resulted in challenge with result: InteractionRequired "
        "and code: TokenIssuedBeforeRevocationTimestamp",
        challenge=f'Bearer realm="", authorization_uri="{base_address()}/common/oauth2/authorize", '
        f'client_id="{GRAPH_ID}", '
        f'error="insufficient_claims", claims="{encoded}"',
    )  # fmt: skip
