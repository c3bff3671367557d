"""The first sync: from the consent to 24 months of events, whatever happens on the way."""

from datetime import timedelta

import pytest

from portal import connections, progress
from portal.progress import Progress
from portal.tables import Connection, Event, Window
from tests.browse import Browser
from tests.stage import Stage
from tests.sync.desk import Desk
from tests.sync.tap import Killed, kill

DELTA = "calendarView/delta"


def test_connecting_brings_all_events_of_24_months(stage: Stage, alice: Browser) -> None:
    stage.world.add_event("alice", "Lunch with Bob", stage.now)

    page = stage.connect(alice, "alice")
    stage.rest()

    assert "alice@contoso.example is connected" in page.text
    assert [row.state for row in stage.rows(Connection)] == ["connected"]
    assert all(window.filled_at for window in stage.rows(Window))
    assert "Lunch with Bob" in stage.titles()
    assert len(stage.rows(Event)) > 10


def test_the_cache_then_holds_just_what_outlook_shows(desk: Desk) -> None:
    fill(desk, 120)
    daily(desk, "Stand-up")

    desk.connect()
    desk.rest()

    assert desk.in_step()
    assert len(desk.graph_ids()) > 300


def test_the_bar_moves_from_nothing_to_all_windows(desk: Desk) -> None:
    fill(desk, 60)
    desk.connect()
    desk.tap.takes = timedelta(seconds=10)

    seen = [so_far(desk)]
    while desk.turn():
        seen.append(so_far(desk))

    assert (seen[0].windows, seen[0].running) == (0, True)
    assert [one.filled for one in seen] == sorted(one.filled for one in seen)
    assert [one.events for one in seen] == sorted(one.events for one in seen)
    assert (seen[-1].filled, seen[-1].windows, seen[-1].running) == (9, 9, False)
    assert len({one.filled for one in seen}) == 10


@pytest.mark.invariant(14)
@pytest.mark.parametrize("pages", [0, 1, 4])
def test_a_killed_first_sync_goes_on_where_it_was(desk: Desk, pages: int) -> None:
    fill(desk, 160)
    desk.connect()
    desk.tap.after("GET", DELTA, kill, skip=pages)
    with pytest.raises(Killed):
        desk.rest()

    again = desk.again()
    not_begun = [one for one in again.windows() if one.cursor is None]
    again.tap.clear()
    again.rest()

    assert again.in_step()
    assert len([one for one in again.tap.graph if "startDateTime" in one.path]) == len(not_begun)
    again.close()


def test_a_page_applied_twice_changes_nothing(desk: Desk) -> None:
    fill(desk, 160)
    desk.connect()
    desk.tap.takes = timedelta(seconds=5)
    desk.turn()
    desk.turn()
    cursors = {one.id: (one.cursor, one.in_round) for one in desk.windows()}
    desk.turn()

    with desk.database.writing() as db:
        for window_id, (cursor, in_round) in cursors.items():
            window = db.get_one(Window, window_id)
            window.cursor, window.in_round = cursor, in_round
            window.due_at = desk.now
    desk.rest()

    assert desk.in_step()


@pytest.mark.parametrize("after_effect", [True, False])
def test_a_connection_cut_in_mid_page_costs_a_moment(desk: Desk, after_effect: bool) -> None:
    fill(desk, 80)
    desk.connect()
    desk.world.drop_next(5, after_effect=after_effect, path_contains="delta")

    desk.rest()
    desk.look()

    assert desk.in_step()
    assert desk.connection().state == connections.CONNECTED


def test_a_change_while_the_backfill_runs_is_not_lost(desk: Desk) -> None:
    fill(desk, 120)
    early = desk.world.add_event("alice", "Early", desk.now + timedelta(days=2))
    doomed = desk.world.add_event("alice", "Doomed", desk.now + timedelta(days=3))
    desk.connect()
    desk.tap.takes = timedelta(seconds=4)
    for _ in range(3):
        desk.turn()

    desk.world.move_event("alice", early, desk.now + timedelta(days=200))
    desk.world.delete_event("alice", doomed)
    desk.world.add_event("alice", "Late", desk.now + timedelta(days=4))
    desk.rest()
    desk.look_everywhere()

    assert desk.in_step()
    assert (len(desk.cached("Early")), len(desk.cached("Doomed"))) == (1, 0)


def test_a_meeting_scheduled_during_the_backfill_goes_out_at_once(desk: Desk) -> None:
    fill(desk, 60)
    desk.connect()
    desk.tap.takes = timedelta(seconds=10)
    for _ in range(4):
        desk.turn()

    desk.schedule("Between two pages")
    desk.turn()

    assert len(desk.titled("Between two pages")) == 1
    assert not all(one.filled_at for one in desk.windows())


def test_a_person_without_a_mailbox_is_told_so(desk: Desk) -> None:
    desk.connect()
    desk.world.take_mailbox("alice")

    desk.rest()

    held = desk.connection()
    tomorrow = desk.now + timedelta(days=1)
    assert (held.state, held.due_at) == (connections.NO_MAILBOX, tomorrow)
    assert held.cause == "MailboxNotEnabledForRESTAPI"


def fill(desk: Desk, count: int) -> None:
    """So many single events, three a day from tomorrow on."""
    for number in range(count):
        desk.world.add_event("alice", f"Visit {number}", desk.now + timedelta(hours=8 * number))


def daily(desk: Desk, title: str) -> str:
    pattern = {"type": "daily", "interval": 1}
    span = {"type": "numbered", "startDate": "2026-11-18", "numberOfOccurrences": 200}
    found: str = desk.world.add_event(
        "alice", title, desk.now, recurrence={"pattern": pattern, "range": span}
    )
    return found


def so_far(desk: Desk) -> Progress:
    with desk.database.reading() as db:
        held = connections.by_id(db, desk.connection().id)
        return progress.of_connection(db, held, now=desk.now)
