"""Whom the settings let application permissions connect, and what Microsoft's refusals come to."""

import pytest

from portal import connections, enrolments
from portal.tables import Connection, Person
from simulator.registration import APP_ROLES, CONTOSO
from tests.blueprints import groups
from tests.blueprints.authorizing import (
    authorize,
    choose,
    connection_of,
    enrol,
    line,
    outcomes,
    place_of,
)


@pytest.fixture
def authorized(stage, carol):
    """The whole account; Olivia has no account at Microsoft, Dave one of another organisation."""
    authorize(stage, carol)
    return stage


def test_one_group_alone_is_connected_by_its_own_authorisation(stage, carol, portal):
    sales = groups.add(portal, "Sales", "alice", by=carol.person_id)
    authorize(stage, carol, sales)

    enrol(stage)

    assert outcomes(stage) == {"alice": "enrolled"}
    assert connection_of(stage, "bob") is None


def test_a_group_may_stay_with_oauth_where_the_account_does_not(stage, carol, portal):
    sales = groups.add(portal, "Sales", "alice", "olivia", by=carol.person_id)
    authorize(stage, carol)
    choose(stage, "setup_by", "oauth", group=sales)

    enrol(stage)

    assert "alice" not in outcomes(stage)
    assert connection_of(stage, "bob").mode == "application"


def test_the_list_of_a_group_names_its_own_people_only(authorized, carol, portal):
    sales = groups.add(portal, "Sales", "olivia", by=carol.person_id)
    enrol(authorized)

    place = f"{place_of(sales)}/people"

    assert line(carol, "Olivia Oak", place)
    assert line(carol, "Dave Dunn", place) == ""


@pytest.mark.parametrize(
    ("key", "value"), [("enabled", False), ("calendar_permission", "off"), ("setup_by", "oauth")]
)
def test_nobody_is_looked_for_while_a_setting_is_against_it(authorized, key, value):
    choose(authorized, key, value)

    assert (enrol(authorized), authorized.rows(Connection)) == (0, [])


def test_who_is_disabled_is_left_alone(authorized):
    with authorized.database.writing() as db:
        db.get_one(Person, authorized.person_id("bob")).disabled_at = authorized.now

    enrol(authorized)

    assert connection_of(authorized, "bob") is None


def test_the_list_forgets_those_it_no_longer_concerns(authorized):
    enrol(authorized)
    choose(authorized, "setup_by", "oauth")

    enrol(authorized)

    assert outcomes(authorized) == {}


def test_nothing_is_written_where_people_may_only_read(authorized):
    choose(authorized, "calendar_permission", "read")
    enrol(authorized)
    authorized.schedule("alice", "Planning")
    authorized.rest()

    assert "Planning" not in [one["subject"] for one in authorized.world.events("alice")]


def test_where_microsoft_asks_for_quiet_nobody_is_asked_for(authorized):
    authorized.world.fail_next(429, "TooManyRequests", retry_after="120", times=1)

    assert enrol(authorized) == 1
    assert list(outcomes(authorized).values()) == ["failed"]


def test_without_the_permission_to_look_up_the_list_says_so(authorized, carol):
    authorized.world.grant_roles([one for one in APP_ROLES if one != "User.Read.All"])

    enrol(authorized)

    assert set(outcomes(authorized).values()) == {"failed"}
    assert "may not look up accounts" in line(carol, "Alice Ardent")


def test_a_consent_that_was_withdrawn_and_given_again_needs_nobody(authorized):
    enrol(authorized)
    authorized.rest()
    authorized.world.remove_app()
    with authorized.database.writing() as db:
        row = connections.of_person(db, authorized.person_id("alice"))
        connections.set_state(row, connections.NEEDS_CONSENT, cause="AADSTS65001")
        row.due_at = None
    authorized.clock.advance(hours=1)
    enrol(authorized)
    without = outcomes(authorized)["alice"]
    authorized.world.grant_roles(APP_ROLES)
    authorized.clock.advance(hours=1)
    enrol(authorized)
    authorized.rest()

    assert (without, outcomes(authorized)["alice"]) == ("failed", "enrolled")
    assert connection_of(authorized, "alice").state == "connected"


def test_decided_otherwise_while_microsoft_was_asked_nobody_is_connected(authorized):
    with authorized.database.reading() as db:
        candidate = next(
            one
            for one in enrolments.plan(db, now=authorized.now).candidates
            if one.person_id == authorized.person_id("alice")
        )
    choose(authorized, "setup_by", "oauth")
    tie = connections.MicrosoftTie(CONTOSO, "x", "alice@contoso.example", "read", ())

    with authorized.database.writing() as db:
        enrolments.enrol(db, candidate, tie, None, now=authorized.now)

    assert (authorized.rows(Connection), outcomes(authorized)) == ([], {})
