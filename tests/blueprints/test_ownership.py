"""Nobody reaches what is another person's, by whichever address and whatever their role."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from portal.tables import Calendar, Link, SessionRow
from tests import calendar_make as make
from tests.every_route import every_route
from tests.make import identity

# Administrators act on people and groups as such, which test_every_route asks about; ways of
# signing in and invitations are nobody's.
NOBODYS = {"admin", "sso", "invitation_links", "ways.link"}
WITH_ID = [one for one in every_route() if one.arguments and not NOBODYS & {one.room, one.endpoint}]
# Longer than the largest number a row can have, and longer than Python reads as a number.
NO_ROW = ["0", "999999999999999999", "9" * 19, "9" * 5000]


@pytest.fixture
def hers(portal, alice, stage):
    """One of each thing with a number that Alice owns."""
    now = portal.clock()
    soon = now + timedelta(hours=1)
    with portal.writing() as db:
        calendar = make.connected(db, "alice", now=now)
        unticked = make.calendar(db, calendar.connection, "Private", ticked=False)
        event = make.event(db, calendar, "Dentist", soon)
        repeats = make.repeating(soon.date(), ends=3)
        meeting = make.meeting(db, "alice", "Appraisal", soon, now=now, recurrence=repeats)
        make.in_step(db, meeting, calendar, now=now)
        session = db.query(SessionRow).filter_by(person_id=alice.person_id).one()
        ids = {"event_id": event.id, "meeting_id": meeting.id, "session_id": session.id}
        ids["day"] = soon.date().isoformat()
        ids["conflict_id"] = make.conflict(db, meeting, now=now).id
        ids["identity_id"] = identity(db, "alice", now=now).id
        ids["change_id"] = make.change(db, meeting, calendar, "update", now=now, code="x").id
        return SimpleNamespace(ids=ids, calendar_id=calendar.id, unticked_id=unticked.id)


def answers(browser, route, **ids):
    """What each method of the route answers to this browser."""
    address, fragment = route.filled(**ids), route.address.startswith("/live")
    found = []
    for method in route.methods:
        ask = browser.get if method == "GET" else browser.post
        found.append(ask(address, follow=False, htmx=fragment).status)
    return found


@pytest.mark.parametrize("route", WITH_ID, ids=str)
def test_what_is_somebody_elses_is_not_there(route, hers, alice, bob, carol, olivia, dave):
    assert set(route.arguments) <= set(hers.ids), "say in `hers` what this number belongs to"

    for other in (bob, carol, olivia, dave):
        assert answers(other, route, **hers.ids) == [404] * len(route.methods)

    assert 404 not in answers(alice, route, **hers.ids)


@pytest.mark.parametrize("number", NO_ROW, ids=lambda number: f"{number[0]}x{len(number)}")
def test_a_number_that_no_row_can_have_leads_nowhere(number, carol):
    """405 where the longest number of an address that is a form's alone is not even looked at."""
    for route in every_route():
        if route.arguments:
            numbers = dict.fromkeys(route.arguments, number)
            assert set(answers(carol, route, **numbers)) <= {404, 405}, route


def test_numbers_in_a_form_reach_only_what_is_ones_own(portal, stage, hers, bob):
    with portal.writing() as db:
        make.connected(db, "bob", now=portal.clock())

    bob.post("/connection/calendars", {"ticked": [hers.unticked_id], "target": hers.unticked_id})
    bob.post("/connection/disconnect", {"delete": [hers.ids["meeting_id"]]})

    theirs = {calendar.id: calendar for calendar in stage.rows(Calendar)}
    assert not theirs[hers.unticked_id].ticked
    assert theirs[hers.calendar_id].is_target
    assert [link.meeting_id for link in stage.rows(Link)] == [hers.ids["meeting_id"]]
