"""The gate: a token that is always good, refreshed once, and what happens when it cannot be."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from m365.errors import Later, NeedsConsent, Throttled
from portal import connections, outbox
from portal.tables import Connection
from sync.access import LANE
from tests.sync.desk import Desk
from tests.sync.tap import Killed, kill

DELTA = "calendarView/delta"


def token(desk: Desk, *, refused: str | None = None) -> str:
    with desk.gate.mailbox(desk.connection().id, refused=refused) as (_graph, found):
        return found


def test_a_token_is_used_until_five_minutes_before_its_end(connected: Desk) -> None:
    ends = connected.connection().token_expires_at
    assert ends is not None
    first = token(connected)

    connected.advance(seconds=(ends - connected.now).total_seconds() - 301)
    second = token(connected)
    connected.advance(seconds=2)
    third = token(connected)

    assert (first == second, second == third) == (True, False)
    assert len(connected.tap.refreshes) == 1
    held = connected.connection()
    assert (held.access_token, held.refresh_until) == (third, None)


def test_eight_who_ask_at_once_refresh_once(connected: Desk) -> None:
    connected.advance(hours=2)
    together = threading.Barrier(8)
    found: list[str] = []

    def ask() -> None:
        together.wait()
        found.append(token(connected))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(found), len(set(found))) == (8, 1)
    assert len(connected.tap.refreshes) == 1


def test_no_more_than_three_hold_one_mailbox_at_once(connected: Desk) -> None:
    inside, most = Counter[str](), []
    together, lock = threading.Barrier(LANE), threading.Lock()

    def ask(number: int) -> None:
        with connected.gate.mailbox(connected.connection().id):
            with lock:
                inside["now"] += 1
                most.append(inside["now"])
            if number < LANE:
                together.wait()
            with lock:
                inside["now"] -= 1

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(LANE)]
    for thread in threads:
        thread.start()
    late = [threading.Thread(target=ask, args=(LANE,)) for _ in range(5)]
    for thread in late:
        thread.start()
    for thread in (*threads, *late):
        thread.join()

    assert max(most) <= LANE


def test_a_refresh_left_by_a_crash_is_taken_up_after_a_minute(connected: Desk) -> None:
    connected.advance(hours=2)
    connected.tap.before("POST", "/token", kill)
    with pytest.raises(Killed):
        token(connected)
    claimed = connected.connection().refresh_until

    connected.advance(seconds=61)
    found = token(connected)

    assert claimed is not None
    assert connected.connection().access_token == found


def test_a_token_refused_before_its_time_is_renewed_once(connected: Desk) -> None:
    connected.world.add_event("alice", "Waiting", connected.now + timedelta(days=1))
    connected.world.expire_access_tokens("alice")

    connected.look()

    assert len(connected.tap.refreshes) == 1
    assert len(connected.cached("Waiting")) == 1
    assert connected.connection().state == connections.CONNECTED


def test_a_fresh_token_refused_too_needs_consent(connected: Desk) -> None:
    connected.world.fail_next(401, "InvalidAuthenticationToken", times=2)

    connected.look()

    held = connected.connection()
    assert (held.state, held.cause) == (connections.NEEDS_CONSENT, "InvalidAuthenticationToken")
    assert held.due_at is None


@pytest.mark.parametrize("lost", ["revoke", "withdraw_consent", "disable"])
def test_lost_consent_stops_the_work_and_keeps_what_waits(connected: Desk, lost: str) -> None:
    meeting_id = connected.settled()
    connected.edit(meeting_id, title="Replanning")
    getattr(connected.world, lost)("alice")
    connected.advance(hours=2)

    connected.rest()
    connected.tap.clear()
    connected.look(hours=5)

    assert connected.connection().state == connections.NEEDS_CONSENT
    assert connected.connection().refresh_until is None
    assert [one.outcome for one in connected.changes()] == [outbox.DONE, None]
    assert connected.tap.sent == []


def test_entra_in_trouble_is_asked_again_later(connected: Desk) -> None:
    connected.advance(hours=2)
    connected.world.fail_next_token(90033)

    connected.rest()
    failed = connected.connection().failures
    connected.look(seconds=15)

    assert failed == 1
    assert connected.connection().state == connections.CONNECTED
    assert connected.connection().failures == 0


def test_a_token_that_somebody_else_renewed_meanwhile_is_believed(connected: Desk) -> None:
    connected.advance(hours=2)
    connected.world.revoke("alice")
    fresh = connected.consent()

    def reconnected() -> None:
        with connected.database.writing() as db:
            row = connections.by_id(db, connected.connection().id)
            row.access_token, row.refresh_token = fresh.access_token, fresh.refresh_token
            row.token_expires_at = fresh.expires_at

    connected.tap.after("POST", "/token", reconnected)
    with pytest.raises(Later):
        token(connected)

    assert token(connected) == fresh.access_token


def test_in_a_pause_nobody_gets_through(connected: Desk) -> None:
    with connected.database.writing() as db:
        row = db.get_one(Connection, connected.connection().id)
        row.pause_until = connected.now + timedelta(seconds=40)

    with pytest.raises(Throttled) as paused:
        token(connected)

    assert paused.value.retry_after == 40


def test_a_disconnected_mailbox_is_not_tied_again_by_a_late_refresh(connected: Desk) -> None:
    connected.advance(hours=2)

    def disconnect() -> None:
        with connected.database.writing() as db:
            row = connections.by_id(db, connected.connection().id)
            connections.disconnect(db, row, now=connected.now)

    connected.tap.after("POST", "/token", disconnect)
    connected.rest()

    held = connected.connection()
    assert (held.state, held.access_token, held.refresh_token) == ("disconnected", None, None)
    with pytest.raises(NeedsConsent):
        token(connected)


def test_a_disconnect_in_mid_round_ends_the_round(connected: Desk) -> None:
    connected.world.add_event("alice", "Too late", connected.now + timedelta(days=1))

    def disconnect() -> None:
        with connected.database.writing() as db:
            row = connections.by_id(db, connected.connection().id)
            connections.disconnect(db, row, now=connected.now)

    connected.tap.after("GET", DELTA, disconnect)
    connected.look()

    assert connected.connection().state == connections.DISCONNECTED
    assert connected.graph_ids() == set()


def test_whoever_is_asked_for_quiet_pauses_the_mailbox_for_everybody(connected: Desk) -> None:
    mailbox = connected.connection().id
    connected.world.fail_next(503, "serviceNotAvailable", retry_after="90")

    with pytest.raises(Later), connected.gate.mailbox(mailbox) as (graph, _token):
        graph.me()
    connected.tap.clear()
    connected.look(seconds=89)
    asked = list(connected.tap.sent)
    connected.look(minutes=6)

    assert asked == []
    assert connected.tap.graph
