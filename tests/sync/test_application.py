"""Mailboxes that the portal reaches by application permissions: one token for a whole tenant."""

import pytest

from m365.errors import MicrosoftError
from portal import connections, eligibility
from portal.tables import Connection
from simulator.registration import APP_ROLES, CONTOSO
from tests.sync.desk import Desk

BY_CLIENT = b"grant_type=client_credentials"


@pytest.fixture
def desk(connected: Desk) -> Desk:
    """Alice, connected by herself, has passed over to application permissions."""
    connected.world.grant_roles(APP_ROLES)
    connected.choose("setup_by", "application")
    with connected.database.writing() as db:
        row = db.get_one(Connection, connected.connection().id)
        connections.reach_by(db, row, connections.APPLICATION, now=connected.now)
    connected.look()
    connected.tap.clear()
    return connected


def app_tokens(desk: Desk) -> int:
    return sum(BY_CLIENT in one.body for one in desk.tap.sent)


def test_meetings_travel_both_ways_and_every_address_names_the_mailbox(desk: Desk) -> None:
    meeting_id = desk.settled("Planning")
    desk.world.rename_event("alice", desk.outlook_id(meeting_id), "Planning, moved")

    desk.look()

    assert desk.meeting(meeting_id).title == "Planning, moved"
    assert desk.in_step()
    mailbox = f"/v1.0/users/{desk.connection().object_id}"
    assert all(one.path.startswith(mailbox) for one in desk.tap.graph)


def test_one_token_serves_the_tenant_until_it_ends(desk: Desk) -> None:
    desk.look()
    early = app_tokens(desk)

    desk.look(hours=2)

    assert (early, app_tokens(desk)) == (0, 1)


def test_a_token_that_microsoft_refuses_is_replaced_once(desk: Desk) -> None:
    desk.world.fail_next(401, "InvalidAuthenticationToken", times=1)
    desk.world.add_event("alice", "In time", desk.now)

    desk.look()

    assert app_tokens(desk) == 1
    assert len(desk.cached("In time")) == 1


def test_without_the_permission_the_connection_says_so_and_nothing_is_lost(desk: Desk) -> None:
    meeting_id = desk.settled("Planning")
    desk.world.grant_roles([])
    desk.look(hours=2)

    assert desk.connection().cause is not None
    assert desk.outlook(meeting_id) is not None
    desk.world.grant_roles(APP_ROLES)
    desk.look(hours=2)
    assert desk.connection().state == connections.CONNECTED


def test_a_mailbox_can_be_tried_before_anybody_is_connected_to_it(desk: Desk) -> None:
    bob = desk.world.person("bob")

    found = desk.gate.of_the_app(CONTOSO, bob.address).me()
    with pytest.raises(MicrosoftError):
        desk.gate.of_the_app(CONTOSO, "nobody@contoso.example").me()

    assert found.object_id == bob.id


def test_a_blocked_mailbox_is_not_asked_and_comes_back_by_itself(desk: Desk) -> None:
    desk.choose("grace_days", 0)
    desk.choose("allowed_domains", ["elsewhere.example"])
    desk.look()
    blocked = desk.connection()
    desk.tap.clear()
    desk.look()
    asked = len(desk.tap.sent)

    desk.choose("allowed_domains", [])
    with desk.database.writing() as db:
        eligibility.review_all(db, now=desk.now)
    desk.look()

    assert (blocked.state, blocked.cause, asked) == (connections.BLOCKED, eligibility.DOMAIN, 0)
    assert desk.connection().state == connections.CONNECTED


def test_the_first_round_reads_nothing_of_a_mailbox_outside_the_domains(desk: Desk) -> None:
    with desk.database.writing() as db:
        row = db.get_one(Connection, desk.connection().id)
        row.username, row.mailbox_address = "alice@allowed.example", None
        row.described_at = row.good_at = None
        db.flush()
    desk.choose("grace_days", 0)
    desk.choose("allowed_domains", ["allowed.example"])
    desk.tap.clear()

    desk.look()

    assert not [one for one in desk.tap.graph if "calendarView" in one.path]
    assert desk.connection().state == connections.BLOCKED


def test_the_way_back_to_ones_own_consent_keeps_links(desk: Desk) -> None:
    meeting_id = desk.settled("Planning")

    desk.connect()
    desk.look()
    desk.world.rename_event("alice", desk.outlook_id(meeting_id), "Planning, moved")
    desk.look()

    assert desk.connection().mode == connections.OAUTH
    assert desk.meeting(meeting_id).title == "Planning, moved"
    assert (desk.in_step(), len(desk.titled("Planning, moved"))) == (True, 1)
