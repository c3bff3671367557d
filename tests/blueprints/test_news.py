"""Banners: what a mail would say stands on the pages, with or without a mail server."""

from datetime import date, timedelta

import pytest

from portal import connections, people, registrations
from portal.mailing import mails
from portal.tables import Connection
from tests import calendar_make, make
from tests.browse import Browser
from tests.conftest import Portal

ADMIN_PAGES = ("/admin/account-settings", "/admin/people", "/admin/operations", "/admin/mail")


@pytest.fixture
def connected(portal: Portal) -> None:
    with portal.writing() as db:
        calendar_make.connected(db, "alice", now=portal.clock())


def change(portal: Portal, **values: object) -> None:
    with portal.writing() as db:
        row = db.query(Connection).one()
        for name, value in values.items():
            setattr(row, name, value)


def titles(browser: Browser, address: str) -> list[str]:
    return browser.get(address).texts("strong")


def test_a_lost_consent_stands_on_the_calendar_until_it_is_over(portal, alice, connected):
    change(portal, state=connections.NEEDS_CONSENT)
    page = alice.get("/calendar")
    change(portal, state=connections.CONNECTED)

    assert "Microsoft no longer accepts the permission you gave" in page.text
    assert page.link("Reconnect") == "/profile#integration"
    assert "no longer accepts" not in alice.get("/calendar").text


def test_a_connection_that_will_end_says_so_on_calendar_and_profile(portal, alice, connected):
    ends = portal.clock() + timedelta(days=3)
    change(portal, cut_off_at=ends, cut_off_why="domain")

    page, profile = alice.get("/calendar"), alice.get("/profile")

    assert "Your calendar will be cut off on 21 November 2026" in page.text
    assert "On 21 November 2026 at 10:00 your connection stops" in page.text
    assert "Your calendar stays connected until Saturday 21 November 2026, 10:00" in profile.text
    assert "will be cut off" not in profile.text


def test_nobody_reads_the_news_of_others(portal, bob, connected):
    change(portal, state=connections.NEEDS_CONSENT, held_at=portal.clock())

    assert "no longer accepts" not in bob.get("/calendar").text


def test_a_reminder_stands_there_until_the_calendar_is_connected(portal, alice):
    with portal.writing() as db:
        person = people.by_id(db, alice.person_id)
        mails.remind(db, person, by=make.person_id(db, "carol"), now=portal.clock())
    before = alice.get("/calendar").text
    with portal.writing() as db:
        calendar_make.connected(db, "alice", now=portal.clock())

    assert "Carol Chen asks you to connect" in before
    assert "asks you to connect" not in alice.get("/calendar").text


def test_an_old_reminder_is_over(portal, alice):
    with portal.writing() as db:
        person = people.by_id(db, alice.person_id)
        mails.remind(db, person, by=make.person_id(db, "carol"), now=portal.clock())
    portal.clock.advance(days=15)

    assert "asks you to connect" not in portal.signed_in("alice").get("/calendar").text


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2027, 1, 18), None),
        (date(2026, 12, 18), "ends in 30 days"),
        (date(2026, 11, 19), "ends tomorrow"),
        (date(2026, 11, 18), "ends today"),
        (date(2026, 11, 1), "has ended"),
    ],
)
def test_a_secret_that_ends_stands_on_every_page_of_administrators(portal, carol, on, says):
    with portal.writing() as db:
        registrations.current(db).expires_on = on

    for address in ADMIN_PAGES:
        said = carol.get(address).text
        assert ("client secret at Microsoft" in said) == (says is not None)
        assert (says or "") in said


def test_held_mailboxes_are_told_to_administrators_with_the_way_there(portal, carol, connected):
    change(portal, held_at=portal.clock(), state=connections.HELD)

    page = carol.get("/admin/people")

    assert "1 mailbox is held by the brake" in page.text
    assert page.link("Open Operations") == "/admin/operations"


def test_members_see_nothing_of_the_administrators_news(portal, alice):
    with portal.writing() as db:
        registrations.current(db).expires_on = date(2026, 11, 19)

    assert "client secret" not in alice.get("/calendar").text + alice.get("/profile").text
