"""A connection that exists: what the profile says in each state, its calendars, sync now."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.tables import Calendar, Change, Connection, Link, SessionRow, Window
from tests.browse import Browser
from tests.page import Page
from tests.stage import Stage

SECTION = "integration-room"


def section(browser: Browser) -> str:
    page = browser.get("/profile")
    return " ".join(page.by_id(SECTION).itertext())


def connected(stage: Stage, browser: Browser, who: str) -> None:
    stage.connect(browser, who)
    stage.rest()


def consent_lost(stage: Stage, browser: Browser, who: str) -> None:
    connected(stage, browser, who)
    stage.world.revoke(who)
    stage.world.expire_access_tokens(who)
    stage.look()


def test_the_first_sync_shows_a_bar_and_then_none(stage: Stage, alice: Browser) -> None:
    page = stage.connect(alice, "alice")
    assert page.all("progress")
    assert page.by_id(SECTION).get("hx-trigger") == "every 1s"

    stage.rest()

    page = alice.get("/profile")
    assert not page.all("progress")
    assert page.by_id(SECTION).get("hx-trigger") is None
    assert "kept in step" in page.text


def test_the_bar_counts_quarters(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")
    stage.rest()
    third, *_ = [window.id for window in stage.rows(Window)][2:]
    with stage.portal.writing() as db:
        db.execute(update(Window).where(Window.id > third).values(filled_at=None))

    bar = alice.get("/live/progress", htmx=True).one("progress")

    assert (bar.get("value"), bar.get("max")) == ("3", "9")


def test_a_page_that_looks_again_gets_the_whole_section(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")

    fragment = alice.get("/live/connection", htmx=True)

    assert fragment.by_id(SECTION).get("hx-get") == "/live/connection"
    assert "Connecting" in fragment.text


def test_a_page_left_open_does_not_prolong_the_session(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")
    before = [row.seen_at for row in stage.rows(SessionRow)]
    stage.portal.clock.advance(hours=1)

    alice.get("/live/progress", htmx=True)
    alice.get("/live/connection", htmx=True)

    assert [row.seen_at for row in stage.rows(SessionRow)] == before


def test_a_lost_consent_is_said_and_reconnecting_mends_it(stage: Stage, alice: Browser) -> None:
    consent_lost(stage, alice, "alice")
    before = [(row.id, row.graph_id) for row in stage.rows(Calendar)]
    page = alice.get("/profile")
    assert "Needs your consent" in page.text
    assert "Sync now" not in page.text

    permissions = alice.follow(page, "Reconnect")
    assert permissions.h1 == "What you allow"
    stage.connect(alice, "alice")
    stage.rest()

    assert "kept in step" in section(alice)
    assert [(row.id, row.graph_id) for row in stage.rows(Calendar)] == before


def test_reconnecting_keeps_meetings_and_their_events_tied(stage: Stage, alice: Browser) -> None:
    connected(stage, alice, "alice")
    stage.schedule("alice")
    stage.rest()
    (before,) = stage.rows(Link)
    stage.world.withdraw_consent("alice")
    stage.world.expire_access_tokens("alice")
    stage.look()

    connected(stage, alice, "alice")

    (after,) = stage.rows(Link)
    assert (after.id, after.graph_id) == (before.id, before.graph_id)
    subjects = [event["subject"] for event in stage.world.events("alice")]
    assert subjects.count("Planning") == 1


def test_after_a_reconnect_nobody_gets_mail_before_the_person_agrees(
    stage: Stage, alice: Browser
) -> None:
    consent_lost(stage, alice, "alice")
    stage.schedule("alice", "Review", invitees=["bob@contoso.example"])
    connected(stage, alice, "alice")
    page = alice.get("/profile")
    assert "1 waiting change would mail 1 person" in page.text
    assert stage.world.mails == []

    alice.submit(page, "Send them now")
    stage.rest()

    assert [mail.to for mail in stage.world.mails] == ["bob@contoso.example"]
    assert "Waiting for you" not in section(alice)


def test_what_waits_cannot_be_sent_before_the_first_look(stage: Stage, alice: Browser) -> None:
    consent_lost(stage, alice, "alice")
    stage.schedule("alice", "Review", invitees=["bob@contoso.example"])
    stage.connect(alice, "alice")

    alice.post("/connection/send-waiting")

    assert stage.rows(Connection)[0].only_reads


def test_permission_only_to_see_ends_what_waits_to_be_written(stage: Stage, alice: Browser) -> None:
    connected(stage, alice, "alice")
    stage.schedule("alice", "Review")

    stage.connect(alice, "alice", calendar_access="read")
    stage.rest()

    assert [change.outcome for change in stage.rows(Change)] == ["given up"]
    assert "Review" not in [event["subject"] for event in stage.world.events("alice")]
    assert "Only see" in section(alice)


def test_a_person_without_mailbox_is_told_so(stage: Stage, alice: Browser) -> None:
    stage.world.take_mailbox("alice")

    connected(stage, alice, "alice")

    assert "has no mailbox" in section(alice)


@pytest.mark.parametrize(("hours", "badge"), [(1, "Delayed"), (3, "Stalled")])
def test_a_calendar_that_was_not_read_for_long_says_so(
    stage: Stage, alice: Browser, hours: int, badge: str
) -> None:
    connected(stage, alice, "alice")

    stage.portal.clock.advance(hours=hours)

    assert badge in section(alice)


def test_a_first_reading_that_does_not_begin_is_not_called_connecting_for_ever(
    stage: Stage, alice: Browser
) -> None:
    stage.connect(alice, "alice")

    stage.portal.clock.advance(hours=3)

    assert "Stalled" in section(alice)


def test_switched_off_the_connection_stays_and_the_section_says_so(
    stage: Stage, alice: Browser
) -> None:
    connected(stage, alice, "alice")

    stage.switch(on=False)
    stage.look()

    page = alice.get("/profile")
    assert "Blocked by policy" in page.text
    assert "Your connection is kept" in page.text
    assert "Sync now" not in page.text
    assert page.link("Disconnect")


def test_sync_now_makes_every_window_due(stage: Stage, alice: Browser) -> None:
    connected(stage, alice, "alice")
    stage.world.add_event("alice", "Lunch", stage.now + timedelta(days=1))

    page = alice.submit(alice.get("/profile"), "Sync now")
    stage.rest()

    assert "looking at your calendar now" in page.notices[0]
    assert "Lunch" in stage.titles()


def test_sync_now_promises_nothing_where_no_round_can_run(stage: Stage, alice: Browser) -> None:
    consent_lost(stage, alice, "alice")

    page = alice.post("/connection/sync-now")

    assert "cannot be read now" in page.notices[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/connection/sync-now"),
        ("POST", "/connection/send-waiting"),
        ("POST", "/connection/calendars"),
        ("GET", "/connection/disconnect"),
        ("POST", "/connection/disconnect"),
    ],
)
def test_without_a_connection_of_ones_own_there_is_nothing_here(
    stage: Stage, alice: Browser, bob: Browser, method: str, path: str
) -> None:
    connected(stage, alice, "alice")

    page = bob.get(path) if method == "GET" else bob.post(path)

    assert page.status == 404


def test_a_meeting_made_before_connecting_can_be_sent_afterwards(
    stage: Stage, alice: Browser
) -> None:
    meeting = stage.schedule("alice", "Review", invitees=["bob@contoso.example"])
    connected(stage, alice, "alice")
    page = alice.get(f"/meetings/{meeting}")
    assert "Only here" in page.text

    alice.submit(page, "Send")
    stage.rest()

    assert "Review" in [event["subject"] for event in stage.world.events("alice")]
    assert [mail.to for mail in stage.world.mails] == ["bob@contoso.example"]


def test_nobody_learns_of_other_peoples_connections(
    stage: Stage, alice: Browser, dave: Browser
) -> None:
    connected(stage, alice, "alice")

    pages: list[Page] = [dave.get("/profile"), dave.get("/live/connection", htmx=True)]

    assert all("alice@contoso.example" not in page.body for page in pages)
