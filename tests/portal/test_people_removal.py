"""Deleting a person: no row of theirs is left, whatever tables there are; others keep theirs."""

import pytest
from sqlalchemy import select, update

from portal import people
from portal.staff import people_removal
from portal.tables import Audit, Change, Meeting
from tests import every_row, make
from tests.cast import CAST, Role


def remove(portal, person_id, *, by):
    with portal.writing() as db:
        people_removal.remove(db, people.by_id(db, person_id), by=by, now=portal.clock())


def add(portal, name):
    with portal.writing() as db:
        role = Role(name, f"{name.lower()}@contoso.example", "member")
        return make.person(db, role, password_hash="", now=portal.clock()).id


def test_no_row_of_any_table_is_left(portal, olivia):
    """Every table is filled from what it says of itself, so a new one is met here as well."""
    erin = add(portal, "Erin")
    with portal.reading() as db:
        before = every_row.counts(db)
    with portal.writing() as db:
        every_row.fill(db, erin)
    with portal.reading() as db:
        filled = every_row.counts(db)

    remove(portal, erin, by=olivia.person_id)

    assert {name for name in filled if filled[name] == before[name]} == set()
    with portal.reading() as db:
        assert every_row.counts(db) == before
        assert people.by_address(db, "erin@contoso.example") is None


def test_the_audit_log_keeps_the_number_and_no_number_is_given_twice(portal, olivia):
    erin = add(portal, "Erin")
    with portal.writing() as db:
        people.disable(db, people.by_id(db, olivia.person_id + 1), by=erin, now=portal.clock())

    remove(portal, erin, by=olivia.person_id)

    assert add(portal, "Frank") > erin
    with portal.reading() as db:
        rows = db.scalars(select(Audit).order_by(Audit.id)).all()
        assert [(row.person_id, row.act) for row in rows[-2:]] == [
            (erin, "person disabled"),
            (olivia.person_id, "person deleted"),
        ]
        assert people.names(db, {erin}) == {erin: f"person {erin}, deleted since"}


def test_what_they_changed_for_others_stays_a_persons_change(stage, alice, olivia):
    stage.connect(alice, "alice")
    stage.rest()
    meeting = stage.schedule("alice")
    erin = add(stage.portal, "Erin")
    with stage.database.writing() as db:
        db.execute(update(Change).values(made_by=erin))

    remove(stage.portal, erin, by=olivia.person_id)

    [change] = stage.rows(Change)
    assert (change.meeting_id, change.made_by) == (meeting, alice.person_id)


def test_the_others_keep_everything(stage, alice, bob, olivia):
    for who, browser in (("alice", alice), ("bob", bob)):
        stage.connect(browser, who)
        stage.rest()
        stage.schedule(who, f"Of {who}")
    stage.rest()

    remove(stage.portal, alice.person_id, by=olivia.person_id)

    assert [meeting.title for meeting in stage.rows(Meeting)] == ["Of bob"]
    stage.look()
    assert bob.get("/calendar").status == 200


@pytest.mark.parametrize("role", ["owner", "member"])
def test_the_last_owner_stays(portal, olivia, role):
    with portal.writing() as db:
        other = people.by_address(db, CAST["bob"].address)
        other.role, other.disabled_at = role, portal.clock()

    with pytest.raises(people.LastOwner):
        remove(portal, olivia.person_id, by=olivia.person_id)

    with portal.reading() as db:
        assert people.find(db, olivia.person_id) is not None
