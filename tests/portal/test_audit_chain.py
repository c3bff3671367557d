"""The chain over the audit log: whole as long as only the portal writes, broken by anybody else."""

import pytest
from sqlalchemy import text

from portal import audit, audit_chain
from portal.configuration import settings
from portal.tables import Audit

# Whoever can write to the database can take the triggers away, too.
OPENED = ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete")


def note(portal, count=1, **told):
    with portal.writing() as db:
        for number in range(count):
            row = {"by": 1, "act": "person enabled", "subject": f"person {number}", **told}
            audit.record(db, now=portal.clock(), **row)


def broken_by(portal, statement):
    with portal.writing() as db:
        for one in (*OPENED, statement):
            db.execute(text(one))
    return audit_chain.check(portal.database)


def test_what_the_portal_writes_is_whole(portal):
    note(portal, 3, before=("a", 1), after={2: "ü", "1": [None, True, 1.5]})
    note(portal, before=2.0, after=1.5)
    note(portal, before="2.0", after=True)
    with portal.writing() as db:
        audit.record(db, by=None, act="database restored", subject="account", now=portal.clock())
        notes = [("member added", f"person {one}", "Sales") for one in range(5)]
        audit.record_all(db, notes, by=1, group_id=1, now=portal.clock())
        settings.choose(db, "back_months", 2, by=1, now=portal.clock())

    checked = audit_chain.check(portal.database)

    assert (checked.rows, checked.broken) == (12, None)
    with portal.reading() as db:
        assert checked.seal == db.get_one(Audit, checked.last).hash


def test_an_empty_log_is_whole(portal):
    assert audit_chain.check(portal.database) == audit_chain.Checked(0, 0, "", None)


@pytest.mark.parametrize(
    "change",
    [
        "person_id = 2",
        "act = 'person disabled'",
        "subject = 'person 9'",
        "group_id = 7",
        "at = '2020-01-01 00:00:00.000000'",
        "at = 'yesterday'",
        "before = '1'",
        "after = '{not json'",
        "after = 'true', before = '2'",
        "hash = 'x'",
    ],
)
def test_a_changed_row_shows(portal, change):
    note(portal, 6)

    checked = broken_by(portal, f"UPDATE audit SET {change} WHERE id = 4")  # noqa: S608

    assert (checked.last, checked.broken) == (3, 4)


def test_a_row_that_was_taken_out_shows(portal):
    note(portal, 6)

    assert broken_by(portal, "DELETE FROM audit WHERE id = 1").broken == 2


def test_rows_that_changed_places_show(portal):
    note(portal, 6)

    checked = broken_by(portal, "UPDATE audit SET id = 100 WHERE id = 3")

    assert (checked.last, checked.broken) == (2, 4)


def test_what_is_rolled_back_leaves_no_gap(portal):
    note(portal, 2)
    with portal.writing() as db:
        audit.record(db, by=1, act="person enabled", subject="person 8", now=portal.clock())
        db.rollback()
    note(portal, 2)

    checked = audit_chain.check(portal.database)

    assert (checked.rows, checked.broken) == (4, None)
