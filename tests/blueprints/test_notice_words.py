"""How changes get here, as the profile says it."""

from datetime import timedelta

import pytest

from portal import subscriptions
from portal.tables import Connection, Subscription
from tests.cast import PORTAL


@pytest.fixture
def row(portal, stage, alice):
    """Alice's connection, and a subscription that has yet to be granted."""
    stage.connect(alice, "alice")
    stage.rest()
    with portal.writing() as db:
        connection_id = db.query(Connection).one().id
        return subscriptions.begin(
            db, connection_id, address=PORTAL, secret="hush", now=portal.clock()
        ).id


def said(portal, alice, row, **changes):
    with portal.writing() as db:
        for name, value in changes.items():
            setattr(db.get_one(Subscription, row), name, value)
    return alice.get("/profile").text


def test_microsoft_tells_and_was_heard(portal, alice, row):
    ends, heard = portal.clock() + timedelta(days=2), portal.clock()

    text = said(portal, alice, row, graph_id="7f0b", expires_at=ends, heard_at=heard)

    assert "At once: Microsoft tells of them until Friday 20 November 2026, 10:00" in text
    assert "last heard Wednesday 18 November 2026, 10:00" in text
    assert "Also every 5 minutes" in text


def test_microsoft_refused_and_is_asked_again(portal, alice, row):
    text = said(portal, alice, row, code="InvalidRequest", failures=3)

    assert "Every 5 minutes; Microsoft refused to tell (InvalidRequest)" in text


def test_nothing_is_asked_and_looking_does_it(portal, alice, row):
    with portal.writing() as db:
        subscriptions.forget(db, db.query(Connection).one().id)

    assert "Looks for changes Every 5 minutes" in alice.get("/profile").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"graph_id": "7f0b", "days": 2}, "tells of changes in 1 of 1 mailboxes."),
        ({"code": "InvalidRequest"}, "0 of 1 mailboxes. For others it refused (InvalidRequest)"),
        (None, "0 of 1 mailboxes. It is not asked: it can only call a public address"),
    ],
)
def test_administrators_see_of_how_many_mailboxes_microsoft_tells(
    portal, carol, row, changes, said
):
    with portal.writing() as db:
        kept = db.get_one(Subscription, row)
        if changes is None:
            db.delete(kept)
        else:
            days = changes.get("days", 0)
            kept.expires_at = portal.clock() + timedelta(days=days) if days else None
            kept.code = changes.get("code")

    assert said in carol.get("/admin/operations").text


def test_without_a_connected_calendar_there_is_nothing_to_tell(portal, carol):
    assert "No calendar is connected." in carol.get("/admin/operations").text
