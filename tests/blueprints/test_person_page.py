"""Admin > People > a person: what holds for them and from where, the sync log, and the acts."""

import pytest

from portal import people, timeline
from portal.configuration import settings
from portal.configuration.settings import Level
from portal.signing_in import sessions
from portal.staff import groups
from portal.tables import Audit, Calendar, OutgoingMail, TimelineRow, Window
from tests import staff
from tests.blueprints.test_people_list import asked
from tests.cast import CAST
from tests.page import words

ALICE = CAST["alice"].name


def page_of(browser, person_id):
    return browser.get(f"/admin/people/{person_id}")


def setting(page, label):
    rows = [words(row) for row in page.by_id("settings").iter("tr")]
    return next(row for row in rows if row.startswith(label))


@pytest.fixture
def sales(portal, alice, carol):
    with portal.writing() as db:
        group = groups.add(db, "Sales", by=carol.person_id, now=portal.clock())
        person = people.by_id(db, alice.person_id)
        groups.join(db, group, person, by=carol.person_id, now=portal.clock())
        return group.id


def choose(portal, by, key, value, **level):
    with portal.writing() as db:
        settings.choose(db, key, value, level=Level(**level), by=by, now=portal.clock())


def test_every_setting_is_told_with_its_value_and_origin(carol, alice):
    page = page_of(carol, alice.person_id)

    told = [words(row) for row in page.by_id("settings").iter("th")][3:]
    assert told == [choice.label for choice in settings.CHOICES.values()]
    assert setting(page, "Coverage, months back") == "Coverage, months back 6 months Default"
    assert "All domains" in setting(page, "Restrict calendar")


def test_a_setting_says_who_chose_it_where_and_when(carol, alice, portal, sales):
    choose(portal, carol.person_id, "conflict_rule", "portal", group_id=sales)
    choose(portal, carol.person_id, "back_months", 1)
    choose(portal, alice.person_id, "bidirectional", False, person_id=alice.person_id)

    page = page_of(carol, alice.person_id)

    by_carol = "Set by Carol Chen, 18 November 2026, 10:00"
    assert setting(page, "When both").endswith(f"The portal wins Group Sales {by_carol}")
    assert setting(page, "Coverage, months back").endswith(f"1 month The whole account {by_carol}")
    assert "Off Their own choice Set by Alice Ardent" in setting(page, "Bidirectional")


def test_a_lock_says_where_by_whom_and_why(carol, alice, portal):
    with portal.writing() as db:
        settings.lock(
            db, "conflict_rule", reason="Audit of May", by=carol.person_id, now=portal.clock()
        )

    told = setting(page_of(carol, alice.person_id), "When both")

    assert "Locked for the whole account by Carol Chen, 18 November 2026" in told
    assert "Reason: Audit of May" in told


def test_the_rollout_says_that_it_has_not_reached_them(carol, alice, portal):
    choose(portal, carol.person_id, "rollout", "nobody")

    told = setting(page_of(carol, alice.person_id), "Bi-directional Calendar Sync")

    assert "Version 1.0 The rollout of 2.0 has not reached them" in told


def test_a_setting_outlives_who_chose_it(carol, olivia, alice, portal):
    choose(portal, olivia.person_id, "back_months", 1)
    choose(portal, carol.person_id, "forward_months", 2)
    olivia.post(f"/admin/people/{carol.person_id}/delete", {"address": CAST["carol"].address})

    told = setting(page_of(olivia, alice.person_id), "Coverage, months forward")

    assert f"Set by person {carol.person_id}, deleted since" in told


def test_the_log_tells_what_the_sync_did_and_no_title(stage, carol, alice, bob):
    stage.connect(alice, "alice")
    stage.rest()
    meeting = stage.schedule("alice", "Salary of Bob")
    stage.rest()

    page = page_of(carol, alice.person_id)

    log = words(page.by_id("log"))
    assert f"Written to Outlook. Meeting {meeting} · Here" in log
    assert f"Scheduled. Meeting {meeting} · Here" in log
    assert "Salary" not in page.body
    assert "Nothing in the last 30 days." in words(page_of(carol, bob.person_id).by_id("log"))


def test_what_one_did_oneself_is_told_of_another(carol, alice, stage):
    stage.connect(alice, "alice")
    stage.rest()
    with stage.database.writing() as db:
        calendar = db.query(Calendar).first()
        about = timeline.Subject(calendar_id=calendar.id, graph_id="an event")
        timeline.note(db, about, timeline.PORTAL, "answered", now=stage.now)

    log = words(page_of(carol, alice.person_id).by_id("log"))

    assert "They answered the invitation. An event · Here" in log
    assert stage.rows(TimelineRow) != []


def test_the_connection_is_told_with_cause_and_what_ends_it(stage, carol, alice):
    stage.connect(alice, "alice")
    stage.rest()
    stage.world.revoke("alice")
    stage.world.expire_access_tokens("alice")
    stage.look()

    page = page_of(carol, alice.person_id)

    told = words(page.by_id("connection"))
    assert told.startswith("Connection Pause calendar Needs consent")
    assert "AADSTS" in told
    assert "until they connect again from their profile" in told
    assert "Sync now" not in page.texts("button")


def test_sync_now_looks_everywhere(stage, carol, alice):
    stage.connect(alice, "alice")
    stage.rest()

    page = carol.submit(page_of(carol, alice.person_id), "Sync now")

    assert f"The portal is looking at the calendar of {ALICE} now." in page.notices
    assert {window.due_at for window in stage.rows(Window)} == {stage.now}
    assert acts(stage) == ["sync asked for"]


def test_no_sync_is_promised_that_cannot_run(carol, bob, portal):
    page = carol.post(f"/admin/people/{bob.person_id}/sync-now")

    assert any("cannot be read now" in said for said in page.notices)


def test_all_sessions_are_ended(carol, alice, portal, stage):
    page = carol.submit(page_of(carol, alice.person_id), "End all sessions")

    assert any("in 1 browser" in said for said in page.notices)
    assert alice.get("/profile").path == "/sign-in"
    assert acts(stage) == ["sessions ended"]
    with portal.reading() as db:
        assert sessions.live_of(db, alice.person_id, now=portal.clock()) == []


def test_somebody_is_reminded_to_connect_once_a_day(carol, alice, stage):
    stage.switch(on=True)

    page = carol.submit(page_of(carol, alice.person_id), "Remind to connect")
    again = carol.submit(page, "Remind to connect")

    assert f"{ALICE} is asked on their calendar page to connect their calendar." in page.notices
    assert any("was reminded within the last day" in said for said in again.notices)
    assert acts(stage) == ["reminder sent"]
    assert [mail.person_id for mail in stage.rows(OutgoingMail)] == [alice.person_id]


def test_nobody_is_reminded_of_what_they_cannot_do(carol, alice, stage):
    page = carol.post(f"/admin/people/{alice.person_id}/remind")

    assert f"{ALICE} has nothing to connect now." in page.notices
    assert "Remind to connect" not in page.texts("button")
    assert stage.rows(OutgoingMail) == []


def test_the_page_asks_no_more_where_there_are_more_people(carol, alice, portal):
    address = f"/admin/people/{alice.person_id}"
    few = asked(carol, portal, address)
    with portal.writing() as db:
        staff.hire(db, 100, now=portal.clock(), in_groups=50)

    assert asked(carol, portal, address) == few


def acts(stage):
    return [row.act for row in stage.rows(Audit) if row.subject.startswith("person")]
