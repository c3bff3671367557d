"""What Microsoft says of a subscription: a fresh token is wanted, it ended, some were lost."""

from datetime import timedelta

import pytest

from portal.tables import Connection
from tests.sync.told import Told


def token_of(told: Told) -> str | None:
    return told.desk.connection().access_token


def test_notices_go_on_when_the_token_they_stand_on_ends(told: Told) -> None:
    for _ in range(20):  # three hours and more
        told.follow(minutes=10)

    told.desk.world.add_event("alice", "Lunch", told.desk.now + timedelta(days=1))
    told.deliver()

    assert [notice.looks for notice in told.notices] == [0]
    assert len(told.at_microsoft) == 1


def test_a_wish_for_a_fresh_token_is_met_once_with_a_token_that_is(told: Told) -> None:
    before = token_of(told)

    told.desk.world.notices.tell("alice", "reauthorizationRequired")
    told.desk.world.notices.tell("alice", "reauthorizationRequired")
    told.follow(seconds=1)
    told.follow(seconds=10)

    renewals = [one for one in told.desk.tap.graph if one.method == "PATCH"]
    assert token_of(told) != before
    assert (len(told.desk.tap.refreshes), len(renewals)) == (1, 1)


def test_one_that_microsoft_ended_is_made_anew_at_once(told: Told) -> None:
    [old] = told.at_microsoft
    told.desk.world.notices.tell("alice", "subscriptionRemoved")
    told.desk.world.add_event("alice", "Meanwhile", told.desk.now + timedelta(days=1))

    told.follow(seconds=1)

    [new] = told.at_microsoft
    assert new.id != old.id
    assert len(told.desk.cached("Meanwhile")) == 1


def test_what_was_lost_is_looked_for_in_every_window_near_today(told: Told) -> None:
    told.desk.world.turn("notices.lost", 1)
    told.desk.world.add_event("alice", "Unheard of", told.desk.now + timedelta(days=1))
    lost = told.deliver()
    told.desk.world.turn("notices.lost", 0)

    told.desk.world.notices.tell("alice", "missed")
    told.follow(seconds=1)

    assert lost == 0
    assert len(told.desk.cached("Unheard of")) == 1


@pytest.mark.parametrize("how", ["client_state", "subscription"])
def test_what_a_stranger_invents_asks_microsoft_nothing(told: Told, how: str) -> None:
    told.desk.world.notices.forge("alice", how)  # type: ignore[arg-type]

    told.follow(seconds=1)

    assert told.desk.tap.sent == []
    assert told.notices == []


def test_a_mailbox_that_is_not_at_work_keeps_no_notices(told: Told) -> None:
    with told.desk.database.writing() as db:
        db.get_one(Connection, told.desk.connection().id).state = "needs_consent"
    told.desk.world.add_event("alice", "Lunch", told.desk.now + timedelta(days=1))

    told.follow(seconds=1)

    assert (told.notices, told.desk.tap.sent) == ([], [])
