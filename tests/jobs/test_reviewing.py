"""The job that ends notices on time, though nothing else is due."""

from jobs.reviewing import review
from portal import connections
from portal.tables import Audit, Connection
from tests.blueprints import settled
from tests.rules import watched


def job(stage):
    """Runs it, and gives what it wrote."""
    with watched(stage.database.write_engine) as written:
        review(stage.database, stage.outside)
    return written


def noticed(stage, alice):
    stage.connect(alice, "alice")
    stage.rest()
    settled.choose(stage, "allowed_domains", ["fabrikam.example"])


def test_it_writes_nothing_while_there_is_nothing_to_end(stage, alice):
    noticed(stage, alice)

    assert job(stage) == []


def test_it_ends_what_is_over_although_the_calendar_is_paused(stage, alice):
    noticed(stage, alice)
    alice.submit(alice.get("/profile"), "Pause")
    stage.clock.advance(days=8)

    job(stage)

    assert stage.rows(Connection)[0].state == connections.BLOCKED


def test_it_sees_a_change_that_nobody_reviewed(stage, alice):
    """Such as somebody who came into a group whose settings end a connection."""
    noticed(stage, alice)
    settled.choose_alone(stage, "allowed_domains", [])

    job(stage)

    assert stage.rows(Connection)[0].cut_off_at is None


def told(stage):
    """What the portal did to connections, as the log has it."""
    rows = [row for row in stage.rows(Audit) if row.subject.startswith("connection")]
    return [(row.person_id, row.act, row.after) for row in rows]


def test_notice_and_end_and_going_on_are_in_the_log(stage, alice, carol):
    noticed(stage, alice)
    stage.clock.advance(days=8)
    job(stage)
    job(stage)
    settled.choose(stage, "allowed_domains", [])

    notice = {"why": "domain", "until": "2026-11-25"}
    assert told(stage) == [
        (None, "connection given notice", notice),
        (None, "connection blocked", "domain"),
        (None, "connection unblocked", None),
    ]
    page = stage.portal.signed_in("carol").get("/admin/audit")
    assert "The portal cut the calendar of Alice Ardent off, by the settings." in page.text


def test_a_notice_that_is_taken_back_is_in_the_log(stage, alice):
    noticed(stage, alice)
    settled.choose(stage, "allowed_domains", [])

    assert [act for _, act, _ in told(stage)] == ["connection given notice", "notice taken back"]
