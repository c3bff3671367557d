"""What the profile says of a connection in trouble, and the buttons that pause and end it."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal import pauses
from portal.tables import Connection, Window
from tests.browse import Browser
from tests.page import Page
from tests.stage import Stage


@pytest.fixture
def hers(stage: Stage, alice: Browser) -> Stage:
    """Alice's calendar is connected and read to its end."""
    stage.connect(alice, "alice")
    stage.rest()
    return stage


def section(browser: Browser) -> str:
    page = browser.get("/profile")
    return " ".join(page.by_id("integration-room").itertext())


def later(stage: Stage, **by: float) -> None:
    """Time passes, with a turn at the mailbox when one is due."""
    stage.clock.advance(**by)
    stage.turn()


def test_a_look_that_failed_is_said_at_once_with_its_cause(hers: Stage, alice: Browser) -> None:
    hers.world.fail_next(503, "serviceNotAvailable", times=50)

    later(hers, minutes=6)

    said = section(alice)
    assert "kept in step" not in said
    assert "Trying again" in said
    assert "Microsoft is not well right now" in said


def test_a_mailbox_blocked_by_a_policy_is_not_called_in_step(hers: Stage, alice: Browser) -> None:
    hers.world.turn("access.policy", True)

    later(hers, minutes=6)
    later(hers, seconds=75)

    assert "kept in step" not in section(alice)


def test_what_waits_for_outlook_is_not_in_step(hers: Stage, alice: Browser) -> None:
    hers.schedule("alice", "Review")
    waiting = section(alice)
    hers.rest()

    assert "on their way to Outlook" in waiting
    assert "kept in step" in section(alice)


def test_a_look_longer_ago_than_it_should_be_is_said(hers: Stage, alice: Browser) -> None:
    hers.clock.advance(minutes=16)

    assert "looked at longer ago than they should be" in section(alice)


def test_a_first_look_that_is_refused_says_that_consent_may_take_a_while(
    stage: Stage, alice: Browser
) -> None:
    stage.connect(alice, "alice")
    stage.world.turn("access.policy", True)
    stage.turn()

    said = section(alice)

    assert "has not let the portal into your calendar yet" in said
    assert "ErrorAccessDenied" in said


def test_pausing_stops_everything_until_it_is_resumed(hers: Stage, alice: Browser) -> None:
    page = alice.submit(alice.get("/profile"), "Pause")
    paused = section(alice)
    alice.submit(page, "Resume")

    assert "You paused your calendar" in paused
    assert "Sync now" not in paused
    hers.rest()
    assert "kept in step" in section(alice)


def test_a_meeting_changed_in_a_pause_says_what_it_waits_for(hers: Stage, alice: Browser) -> None:
    meeting = hers.schedule("alice", "Review")
    hers.rest()
    alice.submit(alice.get("/profile"), "Pause")

    hers.schedule("alice", "Waits")
    page = alice.get(f"/meetings/{meeting + 1}")

    assert "It waits until your calendar is resumed" in page.text


def test_a_person_cannot_end_an_administrators_pause(hers: Stage, alice: Browser) -> None:
    with hers.database.writing() as db:
        [row] = db.query(Connection).all()
        pauses.pause(db, row, by=pauses.ADMIN, who=row.person_id, now=hers.now)
    page = alice.get("/profile")

    refused = alice.post("/connection/resume")

    assert "An administrator of this portal paused" in page.text
    assert "Resume" not in page.texts("button")
    assert "only an administrator resumes it" in refused.notices[0]
    assert hers.rows(Connection)[0].paused_by == pauses.ADMIN


def test_the_backfill_is_paused_and_goes_on(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")
    stage.rest()
    first = [one.id for one in stage.rows(Window)][:2]
    with stage.database.writing() as db:
        db.execute(update(Window).where(Window.id.in_(first)).values(filled_at=None))

    page = alice.submit(alice.get("/profile"), "Pause reading the past")
    resumed = alice.submit(page, "Go on reading the past")

    assert "2 quarters of the past not yet read" in page.text
    assert not page.all("progress")
    assert resumed.all("progress")


def test_the_bar_names_the_time_left_once_it_was_measured(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")
    stage.rest()
    held = [one.id for one in stage.rows(Window)]
    with stage.database.writing() as db:
        for place, window_id in enumerate(held):
            at = stage.now - timedelta(seconds=20 * place) if place < 5 else None
            db.execute(update(Window).where(Window.id == window_id).values(filled_at=at))

    bar: Page = alice.get("/live/progress", htmx=True)

    assert "5 of 9 quarters" in bar.text
    assert "about 2 minutes left" in bar.text


def test_after_disconnecting_the_section_says_what_comes_of_it(hers: Stage, alice: Browser) -> None:
    alice.submit(alice.get("/connection/disconnect"), "Disconnect")

    said = section(alice)

    assert "Disconnected" in said
    assert "your meetings find their events in Outlook" in said
