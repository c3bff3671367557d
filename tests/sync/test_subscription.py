"""The subscription: made, renewed, lost and made anew, and never in the way of the sync."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import accounts, connections
from portal.tables import Connection
from sync.live import Live
from sync.notices.subscribe import LIFE, NOTICES
from tests.cast import PORTAL
from tests.sync.desk import Desk
from tests.sync.told import Told

SUBSCRIPTIONS = "/v1.0/subscriptions"


@pytest.fixture
def silent(connected: Desk, pages: Flask) -> Told:
    """The door is open, and Microsoft has not been asked yet."""
    return Told(connected, pages)


def asked(told: Told, method: str = "POST") -> int:
    sent = told.desk.tap.graph
    return sum(one.method == method and one.path.startswith(SUBSCRIPTIONS) for one in sent)


def move_portal(told: Told, address: str) -> None:
    with told.desk.database.writing() as db:
        accounts.the_account(db).public_address = address


def test_a_round_asks_microsoft_to_tell_of_changes(silent: Told) -> None:
    silent.subscribe()

    [one] = silent.at_microsoft
    assert (one.url, one.lifecycle_url) == (PORTAL + NOTICES, PORTAL + LIFE)
    assert (one.resource, one.immutable) == ("me/events", True)
    assert set(one.change_type.split(",")) == {"created", "updated", "deleted"}
    here = silent.here
    assert here is not None
    assert (here.graph_id, here.client_state) == (one.id, one.client_state)
    assert here.expires_at == one.expires


def test_it_is_asked_once_and_not_in_every_round(told: Told) -> None:
    for _ in range(5):
        told.desk.look()

    assert asked(told) + asked(told, "GET") + asked(told, "PATCH") == 0


def test_it_is_renewed_at_half_its_life(told: Told) -> None:
    [before] = [one.expires for one in told.at_microsoft]
    life = before - told.desk.now

    told.desk.look(seconds=life.total_seconds() * 0.4)
    early = asked(told, "PATCH")
    told.desk.look(seconds=life.total_seconds() * 0.2)

    [after] = [one.expires for one in told.at_microsoft]
    assert (early, asked(told, "PATCH")) == (0, 1)
    assert after > before
    assert told.here is not None
    assert told.here.expires_at == after


def test_one_that_microsoft_forgot_is_made_anew_and_what_it_missed_is_found(told: Told) -> None:
    [old] = told.at_microsoft
    told.desk.world.notices.drop(old)
    told.desk.world.add_event("alice", "Unheard of", told.desk.now + timedelta(days=1))

    told.desk.look(hours=40)

    [new] = told.at_microsoft
    assert new.id != old.id
    assert told.here is not None
    assert told.here.graph_id == new.id
    assert len(told.desk.cached("Unheard of")) == 1


def test_one_whose_answer_was_lost_is_found_again_and_not_made_twice(silent: Told) -> None:
    def lose() -> None:
        raise ConnectionResetError

    silent.desk.tap.after("POST", SUBSCRIPTIONS, lose)
    silent.subscribe()
    [one] = silent.at_microsoft
    assert silent.here is not None
    assert silent.here.graph_id is None

    silent.desk.look(seconds=20)

    assert silent.at_microsoft == [one]
    assert silent.here is not None
    assert silent.here.graph_id == one.id
    assert asked(silent) == 0


def test_left_overs_that_tell_everything_twice_are_ended(told: Told) -> None:
    with told.desk.database.writing() as db:
        connection = db.get_one(Connection, told.desk.connection().id)
        connections.disconnect(db, connection, now=told.desk.now)  # without a word to Microsoft
    [old] = told.at_microsoft
    told.desk.connect()
    told.desk.rest()

    told.subscribe()

    [new] = told.at_microsoft
    assert new.id != old.id


def test_a_failing_check_disturbs_nothing_and_is_tried_again_later_and_later(silent: Told) -> None:
    silent.desk.world.turn("notices.validation_fails", 100)
    silent.desk.tap.clear()

    silent.subscribe()
    waits = []
    for _ in range(11):
        here = silent.here
        assert here is not None
        waits.append((here.renew_at - silent.desk.now).total_seconds())
        silent.desk.look(seconds=waits[-1] + 1)
    silent.desk.world.add_event("alice", "Lunch", silent.desk.now + timedelta(days=1))
    silent.desk.look()

    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (15, 3600)
    assert silent.at_microsoft == []
    assert len(silent.desk.cached("Lunch")) == 1
    assert (silent.desk.connection().state, silent.desk.connection().failures) == ("connected", 0)


def test_it_succeeds_at_last_with_an_address_that_fails_now_and_then(silent: Told) -> None:
    silent.desk.world.turn("notices.validation_fails", 100, times=3)

    silent.subscribe()
    for _ in range(3):
        silent.desk.look()

    assert len(silent.at_microsoft) == 1
    assert silent.here is not None
    assert (silent.here.failures, silent.here.code) == (0, None)


def test_where_only_a_shorter_life_is_granted_it_takes_that(silent: Told) -> None:
    silent.desk.world.turn("notices.longest", 1440)

    silent.subscribe()
    silent.desk.look()

    [one] = silent.at_microsoft
    assert one.expires - silent.desk.now < timedelta(minutes=1440)


def test_a_throttled_request_for_it_is_a_pause_like_any_other(silent: Told) -> None:
    silent.desk.world.fail_next(429, "TooManyRequests", retry_after="60", path_contains="/subscr")

    silent.subscribe()
    silent.desk.look(seconds=30)
    within = len(silent.desk.tap.graph)
    silent.desk.look(seconds=31)

    assert within == 0
    assert len(silent.at_microsoft) == 1


@pytest.mark.parametrize("address", ["http://portal.example.org", "http://192.0.2.7:8080"])
def test_a_portal_that_cannot_be_called_asks_nothing(silent: Told, address: str) -> None:
    move_portal(silent, address)

    silent.subscribe()

    assert (silent.at_microsoft, silent.here) == ([], None)


def test_a_portal_that_moved_is_told_at_its_new_address_alone(told: Told) -> None:
    [old] = told.at_microsoft
    told.desk.world.post = lambda url, kind, body: told.post(
        url.replace("//new.localhost", "//portal.localhost"), kind, body
    )

    move_portal(told, "http://new.localhost")
    told.desk.look()

    [new] = told.at_microsoft
    assert new.url == "http://new.localhost" + NOTICES
    assert new.client_state != old.client_state


def test_a_portal_that_moved_out_of_reach_ends_it(told: Told) -> None:
    move_portal(told, "http://portal.example.org")

    told.desk.look()

    assert (told.at_microsoft, told.here) == ([], None)


def test_a_second_one_that_microsoft_refuses_is_not_needed(told: Told) -> None:
    told.desk.world.turn("notices.duplicate_refused", True)
    with told.desk.database.writing() as db:
        connection = db.get_one(Connection, told.desk.connection().id)
        connections.disconnect(db, connection, now=told.desk.now)
    told.desk.connect()
    told.desk.rest()

    told.subscribe()

    [one] = told.at_microsoft
    assert told.here is not None
    assert told.here.graph_id == one.id


def test_whoever_leaves_is_told_of_no_more(told: Told) -> None:
    Live(told.desk.gate).end_notices(told.desk.connection().id)

    assert told.at_microsoft == []


def test_whoever_goes_on_after_a_pause_is_told_again(told: Told) -> None:
    Live(told.desk.gate).end_notices(told.desk.connection().id)

    told.desk.look()

    assert len(told.at_microsoft) == 1


@pytest.mark.parametrize("status", [404, 503])
def test_leaving_is_not_held_up_by_what_microsoft_says_to_it(told: Told, status: int) -> None:
    told.desk.world.fail_next(status, "ResourceNotFound", path_contains="/subscriptions")

    Live(told.desk.gate).end_notices(told.desk.connection().id)

    assert asked(told, "DELETE") == 1


def test_where_there_is_none_nothing_is_asked(silent: Told) -> None:
    Live(silent.desk.gate).end_notices(silent.desk.connection().id)

    assert silent.desk.tap.sent == []
