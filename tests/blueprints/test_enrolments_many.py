"""Two thousand people: what it costs does not grow with them."""

from portal import enrolments
from tests.blueprints import groups
from tests.blueprints.authorizing import PEOPLE, authorize, enrol
from tests.rules import watched


def statements(stage, act):
    with watched(stage.database._readers) as seen:
        act()
    return len(seen)


def test_a_plan_asks_the_database_as_often_for_many_as_for_few(stage, carol, portal):
    authorize(stage, carol)

    def plan():
        with stage.database.reading() as db:
            enrolments.plan(db, now=stage.now)

    few = statements(stage, plan)
    groups.crowd(portal, 300)

    assert statements(stage, plan) == few


def test_one_run_looks_for_a_hundred_and_the_next_goes_on(stage, carol, portal):
    authorize(stage, carol)
    groups.crowd(portal, 150)

    assert [enrol(stage), enrol(stage), enrol(stage)] == [100, 55, 0]


def test_the_list_asks_as_often_for_many_as_for_few(stage, carol, portal):
    authorize(stage, carol)
    enrol(stage)
    readers = portal.app.extensions["lockstep"].database._readers
    with watched(readers) as few:
        carol.get(PEOPLE)
    groups.crowd(portal, 45, domain="nowhere.example")
    enrol(stage)
    with watched(readers) as many:
        page = carol.get(PEOPLE)

    assert len(many) == len(few)
    assert "47 are not" in page.text
