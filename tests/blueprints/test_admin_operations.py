"""Admin > Operations: what does not get through, whose it is, and the buttons that help."""

from datetime import timedelta

import pytest

from portal.tables import Audit, Change, Meeting
from tests import calendar_make as make
from tests import make as people
from tests.browse import Browser
from tests.conftest import Portal

PAGE = "/admin/operations"


@pytest.fixture
def waits(portal: Portal) -> int:
    """A private matter of Alice's that Microsoft does not take; the change's id."""
    now = portal.clock()
    with portal.writing() as db:
        calendar = make.connected(db, "alice", now=now)
        meeting = make.meeting(db, "alice", "Private matter", now + timedelta(days=1), now=now)
        make.in_step(db, meeting, calendar, now=now)
        change = make.change(
            db, meeting, calendar, "update", now=now, code="ErrorAccessDenied", attempts=3,
            due_at=now + timedelta(hours=1),
        )  # fmt: skip
        return change.id


def row(portal: Portal, change_id: int) -> Change:
    with portal.reading() as db:
        return db.get_one(Change, change_id)


def fail(portal: Portal, change_id: int) -> None:
    with portal.writing() as db:
        change = db.get_one(Change, change_id)
        change.outcome, change.done_at = "failed", portal.clock()


def test_with_nothing_amiss_the_page_says_so(carol: Browser) -> None:
    page = carol.get(PAGE)

    assert page.h1 == "Operations"
    assert page.text.count("None") == 9


def test_what_waits_is_listed_without_a_word_of_the_meeting(carol: Browser, waits: int) -> None:
    page = carol.get(PAGE)

    assert "Alice" in page.text
    assert "does not let the portal write" in page.text
    assert "tried 3 times" in page.text
    assert "Next try" in page.text
    assert "Private matter" not in page.body


def test_what_the_portal_itself_puts_off_is_not_laid_at_microsofts_door(
    alice: Browser, portal: Portal, waits: int
) -> None:
    with portal.writing() as db:
        change = db.get_one(Change, waits)
        change.code, meeting_id = "series_changed", change.meeting_id

    page = alice.get(f"/meetings/{meeting_id}")

    assert "It did not get through yet, after 3 tries." in page.text
    assert "The series was changed in Outlook, and that is read first." in page.text
    assert "Microsoft" not in page.text


def test_what_was_refused_is_listed_until_a_later_change_has_made_up_for_it(
    carol: Browser, portal: Portal, waits: int
) -> None:
    fail(portal, waits)
    before = carol.get(PAGE)

    with portal.writing() as db:
        change = db.get_one(Change, waits)
        calendar = make.calendar(db, make.connected(db, "bob", now=portal.clock()).connection, "X")
        make.change(
            db, change.meeting, calendar, "update", now=portal.clock(),
            outcome="done", done_at=portal.clock(),
        )  # fmt: skip
    after = carol.get(PAGE)

    assert before.text.count("Alice") == 1
    assert "Alice" not in after.text


@pytest.mark.parametrize("failed", [True, False])
def test_it_can_be_tried_at_once(carol: Browser, portal: Portal, waits: int, failed: bool) -> None:
    if failed:
        fail(portal, waits)

    page = carol.submit(carol.get(PAGE), "Try now")

    change = row(portal, waits)
    assert "tried again" in page.text
    assert (change.outcome, change.due_at, change.attempts) == (None, portal.clock(), 0)


def test_it_can_be_dropped_and_the_audit_says_who_did(
    carol: Browser, portal: Portal, waits: int
) -> None:
    page = carol.submit(carol.get(PAGE), "Drop")

    with portal.reading() as db:
        told = db.query(Audit).order_by(Audit.id.desc()).first()
        carol_id = people.person_id(db, "carol")
    change = row(portal, waits)
    assert "may differ" in page.text
    assert (change.outcome, change.code) == ("given up", "dropped")
    assert told is not None
    assert (told.act, told.person_id) == ("change dropped", carol_id)


@pytest.mark.parametrize("number", ["", "0", "x", "7777", "9" * 30])
@pytest.mark.parametrize("deed", ["retry", "drop"])
def test_a_change_that_is_not_there_cannot_be_acted_on(
    carol: Browser, deed: str, number: str
) -> None:
    assert carol.post(f"{PAGE}/{deed}", {"change": number}).status == 404


def test_the_person_is_offered_the_same_on_the_page_of_the_meeting(
    alice: Browser, portal: Portal, waits: int
) -> None:
    address = f"/meetings/{row(portal, waits).meeting_id}"
    before = alice.get(address)

    page = alice.submit(before, "Do not send")

    assert "does not let the portal write" in before.text
    assert "Not in Outlook yet" not in page.text
    assert "two differ" in page.text


def test_a_stopped_event_goes_on_at_a_click(alice: Browser, portal: Portal, waits: int) -> None:
    address = f"/meetings/{row(portal, waits).meeting_id}"
    with portal.writing() as db:
        link = db.get_one(Change, waits).meeting.link
        assert link is not None
        link.frozen_at, link.writes = portal.clock(), [portal.clock().isoformat()] * 7
    before = alice.get(address)

    page = alice.submit(before, "Go on")

    with portal.reading() as db:
        held = db.get_one(Meeting, row(portal, waits).meeting_id).link
        assert held is not None
        assert (held.frozen_at, held.writes) == (None, [])
    assert "stopped" in before.text
    assert "writes to this event again" in page.text
