"""Admin > Tenant doctor: what it looks at, in words, with a letter, and how it runs."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from jobs.checking import check
from portal import application_access, connections, enrolments, registrations
from portal.configuration import settings
from portal.operations import checkups
from portal.tables import Checkup, Connection, Subscription
from simulator.registration import CONTOSO
from tests import calendar_make
from tests.browse import Browser
from tests.conftest import Portal
from tests.page import Page, words
from tests.stage import Stage

PAGE = "/admin/doctor"


def look(portal: Portal, browser: Browser) -> Page:
    browser.submit(browser.get(PAGE), "Look again" if checked(portal) else "Look now")
    assert check(portal.gate) is not None
    return browser.get(PAGE)


def checked(portal: Portal) -> bool:
    with portal.reading() as db:
        return checkups.latest_ended(db) is not None


def wrong(page: Page) -> str:
    return " | ".join(words(one) for one in page.all("li", class_="is-danger"))


@pytest.fixture
def connected(stage: Stage, alice: Browser) -> Stage:
    stage.connect(alice, "alice")
    stage.rest()
    return stage


def test_before_the_first_look_the_page_says_what_it_does(carol):
    page = carol.get(PAGE)

    assert "Nobody has looked yet" in page.text
    assert "Look now" in page.texts("button")


def test_where_all_is_well_every_part_is_named(portal, carol, connected):
    page = look(portal, carol)

    # The tests' own address is no https, and Microsoft takes no other but localhost.
    assert wrong(page).startswith("Redirect address")
    assert " | " not in wrong(page)
    for part in ("Client id and secret", "Clock of this machine", "Admin consent", "Mailboxes",
                 "Permissions people gave", "Allowed domains", "Public address"):  # fmt: skip
        assert part in page.text
    assert "Looked 18 November 2026" in page.text
    assert "asked by Carol Chen" in page.text
    assert "Text to send" not in page.text


def test_a_wrong_secret_is_explained_with_a_letter(portal, carol, world):
    with portal.writing() as db:
        registrations.current(db).client_secret = "not-the-secret-of-the-app"

    page = look(portal, carol)

    assert "AADSTS7000215" in wrong(page)
    assert "Make a new client secret in Entra" in wrong(page)
    letter = page.by_id("doctor-letter").text
    assert "AADSTS7000215" in letter
    assert f"http://portal.localhost{registrations.CALLBACK}" in letter
    assert "not-the-secret-of-the-app" not in page.body


@pytest.mark.parametrize(
    ("on", "says"),
    [(date(2026, 11, 1), "ended on 1 November 2026"), (date(2026, 11, 18), "in 0 days")],
)
def test_a_secret_that_has_ended_is_found(portal, carol, world, on, says):
    with portal.writing() as db:
        registrations.current(db).expires_on = on

    assert says in wrong(look(portal, carol))


def test_a_clock_that_is_wrong_is_found(portal, carol, world, clock):
    world.now = lambda: clock() + timedelta(minutes=9)

    assert "540 seconds behind Microsoft's" in wrong(look(portal, carol))


def test_a_permission_that_was_not_granted_is_named(portal, carol, connected):
    with portal.writing() as db:
        row = db.query(Connection).one()
        row.scopes = [one for one in row.scopes if one != "Calendars.ReadWrite"]

    found = wrong(look(portal, carol))

    assert "Permission Calendars.ReadWrite" in found
    assert "Alice Ardent" in found


@pytest.mark.parametrize(
    ("state", "kind", "code", "says"),
    [
        ("no_mailbox", "NoMailbox", "MailboxNotEnabledForRESTAPI", "no Microsoft 365 mailbox"),
        ("connected", "Forbidden", "ErrorAccessDenied", "does not let us into this calendar"),
        ("needs_approval", "AdminApprovalNeeded", "AADSTS90094", "has to approve this app"),
        ("needs_consent", "NeedsConsent", "AADSTS50173", "has ended the permission"),
    ],
)
def test_mailboxes_in_trouble_are_named_with_the_code_explained(
    portal, carol, world, state, kind, code, says
):
    with portal.writing() as db:
        row = calendar_make.connected(db, "bob", now=portal.clock()).connection
        connections.set_state(row, state, cause=code, kind=kind)

    found = wrong(look(portal, carol))

    assert "Bob Brook" in found
    assert says in found
    assert code in found


def test_mailboxes_outside_the_domains_are_counted(portal, carol, connected):
    with portal.writing() as db:
        by = connected.person_id("carol")
        settings.choose(db, "allowed_domains", ["fabrikam.example"], by=by, now=portal.clock())

    assert "1 connected mailbox is outside" in wrong(look(portal, carol))


def test_notices_that_microsoft_could_not_deliver_are_found(portal, carol, connected):
    object.__setattr__(portal.gate, "notices", True)
    with portal.writing() as db:
        row = db.query(Connection).one()
        db.add(
            Subscription(
                connection_id=row.id, client_state="x", address="x", renew_at=portal.clock(),
                failures=1, code="ValidationError",
            )
        )  # fmt: skip

    assert "could not reach the public address" in wrong(look(portal, carol))


def test_another_address_than_the_kept_one_is_found(portal, world):
    elsewhere = Browser(portal.app, "http://other.localhost")
    carol = portal.signed_in("carol")
    elsewhere.client, elsewhere.person_id = carol.client, carol.person_id
    with portal.writing() as db:
        checkups.ask(db, by=1, seen_as="http://other.localhost", now=portal.clock())
    check(portal.gate)

    assert "opened as http://other.localhost" in wrong(carol.get(PAGE))


def test_microsoft_being_away_is_a_finding_and_no_crash(portal, carol, world):
    with portal.writing() as db:
        registrations.current(db).tenant = "nowhere.example"

    assert "does not know this organisation" in wrong(look(portal, carol))


def test_asking_twice_is_one_look_with_its_progress(portal, carol, world):
    first = carol.submit(carol.get(PAGE), "Look now")
    carol.post(PAGE)

    with portal.reading() as db:
        assert len(db.query(Checkup).all()) == 1
    assert "Waiting for the jobs to begin" in first.text
    assert first.by_id("doctor").get("hx-get") == PAGE
    assert check(portal.gate) is not None
    assert check(portal.gate) is None
    assert carol.get(PAGE, htmx=True).by_id("doctor").get("hx-get") is None


def test_a_look_whose_process_died_can_be_asked_for_again(portal, carol, world):
    with portal.writing() as db:
        checkups.ask(db, by=None, seen_as="", now=portal.clock())
        checkups.begin(db, steps=9, now=portal.clock())
    portal.clock.advance(minutes=6)

    assert "Looked" in look(portal, carol).text


def test_it_looks_by_itself_once_a_day_and_keeps_ten(portal, world):
    for _ in range(12):
        portal.clock.advance(days=1, minutes=1)
        assert check(portal.gate) is not None
        assert check(portal.gate) is None

    with portal.reading() as db:
        assert len(db.query(Checkup).all()) == 10


def authorised(portal: Portal, *findings: tuple[str, bool | None, str]) -> None:
    with portal.writing() as db:
        by, now = 1, portal.clock()
        told: dict[str, Any] = {"group_id": None, "tenant_id": CONTOSO, "by": by, "now": now}
        access = application_access.authorize(db, **told)
        if findings:
            found = [{"name": name, "ok": ok, "code": code} for name, ok, code in findings]
            application_access.note_probe(
                db, access, reached="a@x", refused="b@x", findings=found, by=by, now=now
            )


@pytest.mark.parametrize(
    ("findings", "says", "is_wrong"),
    [
        ([], "It was not probed yet what they reach", False),
        ([("Calendars.Read", True, "")], "Everything that was probed is as it must be", False),
        ([("Calendars.Read", False, "ErrorAccessDenied")], "Calendars.Read is refused", True),
        ([("outsider", False, "")], "the narrowing does not hold", True),
        ([("outsider", None, "timeout")], "Of the refusal it could not be told", False),
    ],
)
def test_application_permissions_are_told_as_the_probe_found_them(
    portal, carol, connected, findings, says, is_wrong
):
    authorised(portal, *findings)

    page = look(portal, carol)

    assert says in page.text
    assert ("Application permissions" in wrong(page)) == is_wrong


def test_whose_mailbox_was_not_found_is_counted(portal, carol, bob, connected):
    authorised(portal)
    with portal.writing() as db:
        told = {"address": None, "again": timedelta(hours=1), "now": portal.clock()}
        enrolments.note(db, bob.person_id, enrolments.NOT_FOUND, **told)

    assert "1 person has no mailbox by application permissions" in wrong(look(portal, carol))


def test_a_log_changed_past_the_portal_is_found(portal, carol, connected):
    assert "rows are as they were written" in look(portal, carol).text
    with portal.writing() as db:
        db.execute(text("DROP TRIGGER audit_no_update"))
        db.execute(text("UPDATE audit SET subject = 'person 9' WHERE id = 2"))

    assert "Row 2 is not as it was written" in wrong(look(portal, carol))
