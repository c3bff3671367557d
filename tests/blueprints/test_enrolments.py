"""People get a connection without doing anything, or stand on a list with the reason."""

import pytest

from portal import people
from portal.tables import Connection
from tests.blueprints import groups
from tests.blueprints.authorizing import (
    PEOPLE,
    audited,
    authorize,
    choose,
    connection_of,
    enrol,
    line,
    outcomes,
)


@pytest.fixture
def authorized(stage, carol):
    """The whole account; Olivia has no account at Microsoft, Dave one of another organisation."""
    authorize(stage, carol)
    return stage


def test_everybody_whose_mailbox_is_found_is_connected(authorized):
    looked = enrol(authorized)
    authorized.rest()

    assert looked == 5
    assert outcomes(authorized) == {
        "alice": "enrolled",
        "bob": "enrolled",
        "carol": "enrolled",
        "olivia": "not_found",
        "dave": "not_found",
    }
    alice = connection_of(authorized, "alice")
    assert (alice.mode, alice.state, alice.calendar_access) == (
        "application",
        "connected",
        "read_write",
    )
    assert (alice.object_id, alice.access_token) == (authorized.world.person("alice").id, None)


def test_a_meeting_of_somebody_connected_so_reaches_outlook(authorized):
    enrol(authorized)
    authorized.rest()

    authorized.schedule("alice", "Planning")
    authorized.rest()

    assert "Planning" in [one["subject"] for one in authorized.world.events("alice")]


def test_a_second_run_asks_and_changes_nothing(authorized):
    enrol(authorized)
    authorized.rest()
    before = [one.connected_at for one in authorized.rows(Connection)]
    authorized.clock.advance(minutes=30)

    assert enrol(authorized) == 0
    assert [one.connected_at for one in authorized.rows(Connection)] == before
    assert len(audited(authorized, "mailbox connected")) == 3


def test_who_is_not_connected_stands_on_the_list_with_what_to_do(authorized, carol):
    enrol(authorized)

    assert "No account at Microsoft has this address" in line(carol, "Olivia Oak")
    assert "Correct the address" in line(carol, "Olivia Oak")
    assert line(carol, "Alice Ardent") == ""
    assert "3 people are connected by application permissions, 2 are not" in carol.get(PEOPLE).text


def test_somebody_new_is_found_at_the_next_look(authorized):
    enrol(authorized)
    with authorized.database.writing() as db:
        people.add(
            db,
            address="erin@contoso.example",
            name="Erin Ellis",
            role="member",
            zone="UTC",
            password_hash="",
            must_change_password=False,
            now=authorized.now,
        )

    assert enrol(authorized) == 1
    assert len(authorized.rows(Connection)) == 4


def test_what_was_not_found_is_looked_for_every_hour(authorized):
    enrol(authorized)
    authorized.world.add_person("Olivia Oak", "olivia@contoso.example")
    authorized.clock.advance(minutes=59)
    early = enrol(authorized)
    authorized.clock.advance(minutes=2)

    assert (early, enrol(authorized)) == (0, 2)
    assert outcomes(authorized)["olivia"] == "enrolled"


def test_the_button_looks_at_once(authorized, carol):
    enrol(authorized)
    authorized.world.add_person("Olivia Oak", "olivia@contoso.example")

    carol.submit(carol.get(PEOPLE), "Look again now")

    assert enrol(authorized) == 2
    assert outcomes(authorized)["olivia"] == "enrolled"


def test_the_domains_keep_out_who_lies_outside_and_a_change_lets_them_in(authorized, carol):
    choose(authorized, "allowed_domains", ["elsewhere.example"])
    first = enrol(authorized)
    said = line(carol, "Alice Ardent")
    authorized.clock.advance(seconds=15)
    choose(authorized, "allowed_domains", ["contoso.example"])

    enrol(authorized)

    assert first == 0
    assert "outside the domains" in said
    assert outcomes(authorized)["alice"] == "enrolled"
    assert outcomes(authorized)["dave"] == "outside_domains"


def test_the_address_of_the_mailbox_must_lie_inside_too(authorized):
    authorized.world.person("alice").profile["mail"] = "alice@elsewhere.example"
    choose(authorized, "allowed_domains", ["contoso.example"])

    enrol(authorized)

    assert outcomes(authorized)["alice"] == "outside_domains"
    assert connection_of(authorized, "alice") is None


def test_a_mailbox_is_found_by_its_mail_address_as_well(authorized):
    person = authorized.world.add_person("Oona", "o.oak@contoso.example")
    person.profile["mail"] = "olivia@contoso.example"

    enrol(authorized)

    assert outcomes(authorized)["olivia"] == "enrolled"
    assert connection_of(authorized, "olivia").object_id == person.id


def test_two_accounts_that_fit_are_not_chosen_between(authorized, carol):
    other = authorized.world.add_person("Another Alice", "a.ardent@contoso.example")
    other.profile["mail"] = "alice@contoso.example"

    enrol(authorized)

    assert outcomes(authorized)["alice"] == "ambiguous"
    assert "Two accounts at Microsoft fit" in line(carol, "Alice Ardent")


def test_an_account_without_mailbox_is_named_and_found_once_it_has_one(authorized, carol):
    authorized.world.take_mailbox("bob")
    enrol(authorized)
    said = line(carol, "Bob Brook")
    authorized.world.person("bob").has_mailbox = True
    authorized.clock.advance(hours=1)
    enrol(authorized)

    assert "has no mailbox that can be opened" in said
    assert outcomes(authorized)["bob"] == "enrolled"


def test_a_mailbox_that_exchange_keeps_closed_is_named(authorized, carol):
    authorized.world.limit_app(["alice"])

    enrol(authorized)

    assert outcomes(authorized)["alice"] == "enrolled"
    assert "Exchange does not let the portal into this mailbox" in line(carol, "Bob Brook")


def test_a_mailbox_somebody_else_is_connected_to_stays_theirs(stage, bob, carol):
    stage.connect(bob, "alice")
    authorize(stage, carol)

    enrol(stage)

    assert outcomes(stage)["alice"] == "taken"
    assert connection_of(stage, "bob").object_id == stage.world.person("alice").id
    assert "Another person of this portal" in line(carol, "Alice Ardent")


def test_another_account_of_ones_own_is_replaced_only_when_an_administrator_says_so(
    stage, bob, carol
):
    stage.connect(bob, "alice")
    authorize(stage, carol)
    enrol(stage)
    before = outcomes(stage)["bob"]

    carol.submit(carol.get(PEOPLE), "Replace")
    enrol(stage)

    assert (before, outcomes(stage)["bob"]) == ("other_account", "enrolled")
    assert connection_of(stage, "bob").object_id == stage.world.person("bob").id
    assert audited(stage, "another account replaced") == [(carol.person_id, None)]


def test_what_needs_no_replacing_is_not_replaced(authorized, carol):
    enrol(authorized)

    page = carol.post(f"{PEOPLE}/{authorized.person_id('alice')}/replace")

    assert "no other account to replace" in page.notices[0]


def test_a_long_list_comes_in_pages(authorized, carol, portal):
    groups.crowd(portal, 60, domain="nowhere.example")
    enrol(authorized)

    first, second = carol.get(PEOPLE), carol.get(f"{PEOPLE}?page=2")

    assert "Page 1 of 2" in first.text
    assert "Page 2 of 2" in second.text
    assert "Person 0001" in first.text + second.text
    assert carol.get(f"{PEOPLE}?page=99").status == 200


def test_everybody_well_is_said_so(authorized, carol):
    assert "Nobody is left out" in carol.get(PEOPLE).text
