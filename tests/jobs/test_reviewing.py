"""The job that ends notices on time, though nothing else is due."""

from jobs.reviewing import review
from portal import connections
from portal.tables import Connection
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
