"""Ninety days on both sides, over the change of clocks in America (8 March) and Europe (29 March),
the turn of a quarter, tokens that expire, and a restart each night.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from jobs.housekeeping import tidy
from portal import coverage, policy, quarters
from portal.tables import Calendar, Conflict, ConsentRequest, Event, Notice, TimelineRow, Window
from tests.machine import checks, series_acts
from tests.machine.duo import Duo, begun
from tests.machine.ledger import Ledger
from tests.machine.machine import EDITING, settle

START, DAYS = datetime(2026, 2, 10, 8, tzinfo=UTC), 90
ACTS_A_DAY, LOOKS_A_DAY = 2, 3


@pytest.mark.long
@pytest.mark.invariant(12)
def test_ninety_days_leave_both_sides_equal_and_nothing_behind() -> None:
    with begun(90, start=START) as duo:
        ledger, pick = Ledger(), random.Random(90)  # noqa: S311 - repeatable
        for _ in range(4):
            series_acts.schedule(duo, ledger, pick)
        for day in range(DAYS):
            _live(duo, ledger, pick)
            if day % 45 == 44:
                assert checks.broken(duo, ledger) == []
        settle(duo)
        tidy(duo.database, duo.outside)  # that took more than the day after which it is due

        assert checks.broken(duo, ledger) == []
        assert list(_left_behind(duo)) == []


def _live(duo: Duo, ledger: Ledger, pick: random.Random) -> None:
    weights = [weight for _act, weight in EDITING.values()]
    for kind in pick.choices(list(EDITING), weights, k=ACTS_A_DAY):
        EDITING[kind][0](duo, ledger, pick)
        duo.run()
    for _ in range(LOOKS_A_DAY):
        duo.look(hours=24 / LOOKS_A_DAY)
    tidy(duo.database, duo.outside)
    duo.restart()


def _left_behind(duo: Duo) -> Iterator[str]:
    """What should have gone and has not; changes are among the checks."""
    month_ago = duo.now - timedelta(days=31)
    yield from _windows(duo)
    homes = {one.id for one in duo.rows(Window)}
    for event in duo.rows(Event):
        if event.kind != "master" and event.home_id not in homes:
            yield f"event {event.id} lies in no window"
    masters = {one.graph_id for one in duo.rows(Event) if one.kind == "master"}
    for graph_id in masters - {one.series_id for one in duo.rows(Event)}:
        yield f"master {graph_id[-8:]} has no occurrence left"
    yield from (f"timeline {one.id}" for one in duo.rows(TimelineRow) if one.at < month_ago)
    yield from (f"conflict {one.id}" for one in duo.rows(Conflict) if one.found_at < month_ago)
    yield from (f"notice {one.id}" for one in duo.rows(Notice))
    yield from (f"consent request {one.id}" for one in duo.rows(ConsentRequest))


def _windows(duo: Duo) -> Iterator[str]:
    for calendar in duo.rows(Calendar):
        who = duo.owner_of(calendar)
        with duo.database.reading() as db:
            span = coverage.of(policy.of(db, duo.person_id(who)))
        held = {one.starts_at for one in duo.rows(Window) if one.calendar_id == calendar.id}
        wanted = {start for start, _ in quarters.quarters(duo.now, span)} if calendar.ticked else {}
        if held != set(wanted):
            yield f"{who}'s {calendar.name} holds windows of {held ^ set(wanted)}"
