"""Admin > Operations: health in counts, jobs, conflicts, held mailboxes, pausing everything."""

from datetime import timedelta

import pytest

from jobs.runs import Noted
from jobs.timetable import Timetable
from portal import connections, leases
from portal.operations import job_runs
from portal.tables import Audit, Conflict, Connection
from tests import calendar_make, make
from tests.browse import Browser
from tests.page import Page, words
from tests.rules import watched
from tests.stage import Stage

PAGE = "/admin/operations"


@pytest.fixture
def connected(stage: Stage, alice: Browser) -> Stage:
    stage.connect(alice, "alice")
    stage.rest()
    return stage


def part(page: Page, name: str) -> str:
    return words(page.by_id(name))


def states(page: Page) -> dict[str, str]:
    items = [words(one).rsplit(" ", 1) for one in page.one("ul", class_="counts")]
    return dict(items)


def test_health_counts_everybody_by_state(stage, alice, carol, portal):
    stage.connect(alice, "alice")
    stage.rest()
    with portal.writing() as db:
        bobs = calendar_make.connected(db, "bob", now=portal.clock()).connection
        bobs.state = connections.NEEDS_CONSENT

    page = carol.get(PAGE)

    assert states(page) == {"Needs your consent": "1", "Connected": "1", "Not set up": "3"}
    assert "2 in the last minute, 2 in the last hour" in part(page, "health")


def test_it_says_when_nobody_does_the_work(carol, portal):
    before = part(carol.get(PAGE), "health")
    with portal.writing() as db:
        leases.lead(db, "this process", now=portal.clock())

    assert "Nobody works" in before
    assert "At work" in part(carol.get(PAGE), "health")


def test_pausing_everything_stops_every_mailbox_and_says_so(connected, carol, alice):
    carol.submit(carol.get(PAGE), "Pause everything")
    connected.world.add_event("alice", "Made meanwhile", connected.now + timedelta(days=2))
    connected.clock.advance(hours=5)

    assert connected.rest() == 0
    assert "Made meanwhile" not in connected.titles()
    for address in ("/calendar", "/profile"):
        assert "An administrator has paused the sync for everybody" in alice.get(address).text
    assert states(carol.get(PAGE))["Paused"] == "1"


def test_letting_everything_go_on_brings_what_was_missed(connected, carol, alice):
    carol.submit(carol.get(PAGE), "Pause everything")
    connected.world.add_event("alice", "Made meanwhile", connected.now + timedelta(days=2))
    connected.clock.advance(hours=5)
    carol.submit(carol.get(PAGE), "Let everything go on")
    connected.rest()

    assert "Made meanwhile" in connected.titles()
    assert "paused the sync" not in alice.get("/calendar").text
    acts = [row.act for row in connected.rows(Audit) if row.act.startswith("everything")]
    assert acts == ["everything paused", "everything resumed"]


def test_who_connects_during_the_pause_waits_as_well(connected, carol, bob):
    carol.submit(carol.get(PAGE), "Pause everything")
    connected.connect(bob, "bob")

    assert connected.rest() == 0


def test_one_mailbox_can_be_tried_while_the_others_rest(connected, carol, bob):
    carol.submit(carol.get(PAGE), "Pause everything")
    connected.clock.advance(minutes=10)
    carol.post(f"/admin/people/{connected.person_id('alice')}/resume")

    assert connected.rest() > 0


def test_the_person_cannot_end_the_pause_of_everything(connected, carol, alice):
    carol.submit(carol.get(PAGE), "Pause everything")

    page = alice.post("/connection/resume")

    assert connected.rows(Connection)[0].paused_by == "everybody"
    assert "administrator" in page.text


def test_whoever_was_paused_before_stays_so_afterwards(connected, carol, alice):
    alice.submit(alice.get("/profile"), "Pause")
    carol.submit(carol.get(PAGE), "Pause everything")
    carol.submit(carol.get(PAGE), "Let everything go on")

    assert connected.rows(Connection)[0].paused_by == "person"


def test_after_a_long_pause_the_first_look_only_reads(connected, carol):
    carol.submit(carol.get(PAGE), "Pause everything")
    connected.clock.advance(hours=25)
    carol = connected.portal.signed_in("carol")
    carol.submit(carol.get(PAGE), "Let everything go on")

    row = connected.rows(Connection)[0]
    assert (row.only_reads, row.only_reads_why) == (True, connections.PAUSE)


def test_a_pressed_twice_button_changes_nothing_more(connected, carol):
    for _ in range(2):
        carol.post(f"{PAGE}/pause")
    for _ in range(2):
        carol.post(f"{PAGE}/resume")

    acts = [row.act for row in connected.rows(Audit) if row.act.startswith("everything")]
    assert acts == ["everything paused", "everything resumed"]


def test_a_held_mailbox_says_what_the_brake_stopped(connected, carol):
    for number in range(6):
        connected.schedule("alice", f"Private {number}")
    connected.rest()
    for event in connected.world.events("alice"):
        if str(event["subject"]).startswith("Private "):
            connected.world.delete_event("alice", event["id"])
    connected.look()

    page = carol.get(PAGE)

    assert "6 meetings gone in Outlook. Since Wednesday 18 November" in part(page, "held")
    assert "Private 0" not in page.body
    assert page.link("Approve or refuse") == f"/admin/writing/{connected.person_id('alice')}"


def test_conflicts_are_listed_by_number_with_what_stands(connected, carol, portal):
    meeting_id = connected.schedule("alice", "Private matter")
    with portal.writing() as db:
        db.add(
            Conflict(
                meeting_id=meeting_id, original_day=None, found_at=portal.clock(),
                taken_back_at=None, fields=["title"], ours={"title": "Private matter"},
                theirs={"title": "Private too"}, winner="outlook",
            )
        )  # fmt: skip

    page = carol.get(PAGE)

    said = part(page, "conflicts")
    assert f"Alice Ardent, meeting {meeting_id}" in said
    assert "Outlook's version stands (title)" in said
    assert "Private" not in page.body


def test_jobs_say_when_they_ran_and_how_it_ended(carol, portal):
    def broken() -> int:
        raise RuntimeError("a fault of ours")

    for name, work in ((job_runs.MAIL, lambda: 3), (job_runs.HOUSEKEEPING, broken)):
        Noted(name, work, portal.database, portal.outside, timedelta(minutes=1))()

    said = part(carol.get(PAGE), "jobs")

    assert "Well" in said
    assert "Then: 3 mails." in said
    assert "Next run Wednesday 18 November 2026, 10:01." in said
    assert "Broke" in said
    assert "The log has the reason." in said
    assert "Not run yet" in said


def test_the_timetable_writes_down_every_job_it_knows(portal):
    timetable = Timetable(portal.database, portal.outside, portal.gate)
    timetable.dispatcher.start()
    timetable.dispatcher.tick()
    for job in timetable._scheduler.get_jobs():
        if job.id != "dispatch":
            job.func()
    timetable.dispatcher.stop()

    with portal.reading() as db:
        ran = {row.name: row.outcome for row in job_runs.everything(db)}
    assert ran.keys() >= {job_runs.MAIL, job_runs.HOUSEKEEPING, job_runs.ROUNDS}
    assert set(ran.values()) == {job_runs.OK}


def test_the_page_asks_no_more_of_the_database_for_more_people(carol, portal):
    def statements() -> int:
        with watched(portal.app.extensions["lockstep"].database._readers) as seen:
            carol.get(PAGE)
        return len(seen)

    few = statements()
    with portal.writing() as db:
        for who in ("alice", "bob", "dave", "olivia"):
            row = calendar_make.connected(db, who, now=portal.clock()).connection
            row.held_at = portal.clock()
        assert make.person_id(db, "alice")

    assert statements() <= few + 3
