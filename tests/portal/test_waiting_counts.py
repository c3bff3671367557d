"""The numbers of a list of mailboxes: those that their whole plans come to."""

from datetime import UTC, datetime

import pytest

from portal import waiting_plan
from portal.operations import waiting_counts
from tests import calendar_make as make

TEN = datetime(2026, 11, 30, 9, tzinfo=UTC)
TWO = {"bob@contoso.example": "Bob", "eve@contoso.example": "Eve"}
NEW = {"invite": ["eve@contoso.example", "fay@contoso.example"], "uninvite": []}


def told(db, calendar):
    """Counted for the list, and by the plan."""
    found = waiting_counts.of_connections(db, [calendar.connection_id])[calendar.connection_id]
    whole = waiting_plan.of_connection(db, calendar.connection_id)
    return (
        (found.writes, found.ends, found.mails),
        (whole.writes, whole.removals, whole.mails),
    )


def changed(db, own, kind, *, now, title="Choir", **differs):
    """A meeting with two guests that Outlook has; then `title` is given to it, and this waits."""
    meeting = make.meeting(db, "alice", "Choir", TEN, invitees=TWO, now=now)
    make.in_step(db, meeting, own, now=now)
    meeting.title = title
    make.change(db, meeting, own, kind, now=now, **differs)
    return meeting


@pytest.mark.parametrize(
    ("kind", "differs", "counts"),
    [
        ("create", {}, (1, 0, 2)),
        ("cancel", {}, (1, 1, 2)),
        ("update", {}, (1, 0, 0)),
        ("update", {"title": "Band"}, (1, 0, 2)),
        ("update", {"intent": NEW}, (1, 0, 2)),
        ("update", {"intent": NEW, "title": "Band"}, (1, 0, 3)),
    ],
)
def test_a_change_counts_as_in_the_plan(portal, kind, differs, counts):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        changed(db, own, kind, now=portal.clock(), **differs)

        assert told(db, own) == (counts, counts)


def test_a_meeting_gone_in_outlook_ends_and_is_no_write(portal):
    with portal.writing() as db:
        own = make.connected(db, "alice", now=portal.clock())
        meeting = changed(db, own, "update", now=portal.clock())
        meeting.link.gone_at = portal.clock()

        assert told(db, own) == ((1, 1, 0), (1, 1, 0))


def test_each_mailbox_has_its_own_and_together_they_are_all(portal):
    with portal.writing() as db:
        now = portal.clock()
        own = [make.connected(db, who, now=now) for who in ("alice", "bob")]
        for calendar, kinds in zip(own, (("create", "update"), ("cancel",)), strict=True):
            for kind in kinds:
                changed(db, calendar, kind, now=now)

        found = waiting_counts.of_connections(db, [one.connection_id for one in own])

        assert [found[one.connection_id].writes for one in own] == [2, 1]
        total = waiting_counts.together(found.values())
        assert (total.writes, total.ends, total.mails) == (3, 1, 4)
