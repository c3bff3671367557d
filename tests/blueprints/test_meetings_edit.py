from datetime import UTC, datetime, timedelta

import pytest

from portal.tables import Calendar, Change, Meeting
from tests import calendar_make as make

TEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def own(portal):
    """Alice's default calendar."""
    with portal.writing() as db:
        return make.connected(db, "alice", now=portal.clock())


@pytest.fixture
def address(portal, own):
    """The page of a meeting of Alice's that is in step with Outlook."""
    with portal.writing() as db:
        meeting = make.meeting(
            db,
            "alice",
            "Plan",
            TEN,
            now=portal.clock(),
            has_link=True,
            invitees={"bob@contoso.example": "Bob"},
        )
        make.in_step(db, meeting, own, now=portal.clock())
        return f"/meetings/{meeting.id}"


def change_rows(portal):
    with portal.reading() as db:
        return db.query(Change).order_by(Change.id).all()


def moved_in_outlook(portal, **differs):
    with portal.writing() as db:
        meeting = db.query(Meeting).one()
        meeting.changed_at = portal.clock() + timedelta(minutes=1)
        for name, value in differs.items():
            setattr(meeting, name, value)


def test_the_form_shows_the_meeting_as_it_is(alice, address):
    page = alice.get(f"{address}/edit")

    shown = [page.value(name) for name in ("title", "day", "start", "end", "invitees")]
    assert shown == ["Plan", "2026-11-20", "10:00", "11:00", "Bob <bob@contoso.example>"]
    assert "bob@contoso.example" in page.notices[0]


def test_a_moved_meeting_is_sent_to_outlook(portal, alice, address):
    page = alice.submit(alice.get(f"{address}/edit"), "Save", day="2026-11-23", start="15:00",
                        end="16:00")  # fmt: skip

    assert "Monday 23 November 2026, 15:00 – 16:00" in page.text
    assert "Sending" in page.text
    assert [row.kind for row in change_rows(portal)] == ["create", "update"]


def test_saving_without_a_difference_sends_nothing(portal, alice, address):
    page = alice.submit(alice.get(f"{address}/edit"), "Save")

    assert "Nothing was different" in page.notices[0]
    assert [row.kind for row in change_rows(portal)] == ["create"]


def test_a_form_from_before_an_outlook_change_does_not_overwrite_it_unseen(portal, alice, address):
    stale = alice.get(f"{address}/edit")
    moved_in_outlook(portal, starts_at=TEN + timedelta(hours=4), ends_at=TEN + timedelta(hours=5))

    refused = alice.submit(stale, "Save", title="Plan B")
    saved = alice.submit(refused, "Save")

    assert refused.status == 422
    assert "changed elsewhere" in refused.text
    assert "2026-11-20 14:00 Europe/Berlin" in refused.text
    assert refused.value("title") == "Plan B"
    assert saved.h1 == "Plan B"


def test_a_wrong_edit_is_refused_and_stores_nothing(portal, alice, address):
    page = alice.submit(alice.get(f"{address}/edit"), "Save", end="09:00")

    assert page.status == 422
    assert "after the start" in page.errors["end"]
    assert [row.kind for row in change_rows(portal)] == ["create"]


def test_a_past_meeting_keeps_its_time_when_its_words_are_mended(portal, alice, address):
    portal.clock.advance(days=9)
    alice = portal.signed_in("alice")
    form = alice.get(f"{address}/edit")

    mended = alice.submit(form, "Save", description="Minutes")
    moved = alice.submit(alice.get(f"{address}/edit"), "Save", start="09:00")

    assert "Minutes" in mended.text
    assert moved.errors["day"] == "This day has passed."


def test_cancelling_says_who_gets_mail_and_takes_the_note(portal, alice, address):
    page = alice.get(address)

    gone = alice.submit(page, "Cancel meeting", note="We meet next week")

    assert "1 person gets mail from Outlook: Bob." in page.text
    assert "on its way to Outlook" in gone.text
    assert change_rows(portal)[-1].intent["note"] == "We meet next week"
    assert "Edit" not in gone.text


def test_a_note_that_is_too_long_cancels_nothing(portal, alice, address):
    page = alice.submit(alice.get(address), "Cancel meeting", note="x" * 1001)

    assert page.status == 422
    assert "longer than 1000" in page.notices[0]
    assert page.value("note") == "x" * 1001
    assert [row.kind for row in change_rows(portal)] == ["create"]


def test_nobody_gets_mail_about_a_meeting_that_was_never_sent(portal, own, alice):
    with portal.writing() as db:
        invited = {"bob@contoso.example": "Bob"}
        unsent = make.meeting(db, "alice", "Plan", TEN, now=portal.clock(), invitees=invited).id

    page = alice.get(f"/meetings/{unsent}")

    assert "Nobody gets mail." in page.text
    assert "A message to those invited" not in page.text


def test_a_cancelled_meeting_cannot_be_edited_or_cancelled_again(portal, alice, address):
    form, page = alice.get(f"{address}/edit"), alice.get(address)
    alice.submit(page, "Cancel meeting")

    for answer in (
        alice.get(f"{address}/edit"),
        alice.submit(form, "Save", title="Plan B"),
        alice.submit(page, "Cancel meeting"),
    ):
        assert answer.h1 == "Plan"
        assert "was cancelled before" in answer.notices[0]
    assert [row.kind for row in change_rows(portal)] == ["create", "cancel"]


def test_what_outlook_changed_arrives_on_a_page_left_open(portal, alice, address):
    part = alice.get(address).by_id("meeting-part").get("hx-get")
    unchanged = alice.get(part, htmx=True)
    moved_in_outlook(portal, starts_at=TEN + timedelta(hours=4), ends_at=TEN + timedelta(hours=5))

    changed = alice.get(part, htmx=True)

    assert unchanged.status == 204
    assert "14:00 – 15:00" in changed.text


def test_a_meeting_deleted_in_outlook_says_so(portal, alice, address):
    moved_in_outlook(portal, cancelled_at=portal.clock(), cancelled_in="outlook")

    assert "cancelled or deleted in Outlook" in alice.get(address).text


def test_disconnecting_is_told_on_the_meetings_page(portal, own, alice, address):
    with portal.writing() as db:
        db.merge(own).connection.state = "disconnected"

    page = alice.get(address)

    assert "Not connected" in page.text
    assert "does not reach the copy in Outlook" in page.text


@pytest.mark.parametrize(
    ("path", "said"), [("", "A message to those invited"), ("/edit", "This sends mail")]
)
def test_who_gets_mail_is_said_while_there_is_no_calendar_for_new_meetings(
    portal, alice, address, path, said
):
    with portal.writing() as db:
        db.query(Calendar).update({"is_target": False})

    page = alice.get(f"{address}{path}")

    assert said in page.text
    assert "nobody is told" not in page.text
