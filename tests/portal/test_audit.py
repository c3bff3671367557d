"""The audit log: what is written stays."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.staff import groups
from portal.tables import Audit


@pytest.fixture
def noted(portal):
    with portal.writing() as db:
        audit.record(db, by=None, act="database restored", subject="account", now=portal.clock())


@pytest.mark.parametrize("act", [update(Audit).values(act="nothing"), delete(Audit)], ids=str)
def test_the_database_refuses_to_change_or_delete_a_row(act, noted, portal):
    with pytest.raises(IntegrityError, match="append-only"), portal.writing() as db:
        db.execute(act)

    with portal.reading() as db:
        assert db.scalars(select(Audit.act)).all() == ["database restored"]


def test_the_number_of_a_group_that_is_gone_is_never_anothers(portal, carol):
    by, now = carol.person_id, portal.clock()
    with portal.writing() as db:
        first = groups.add(db, "Sales", by=by, now=now)
        groups.remove(db, first, by=by, now=now)

        assert groups.add(db, "Berlin", by=by, now=now).id > first.id
