"""Who works on a mailbox, as pages and workers take it from each other."""

import pytest

from portal import claims, connections, people
from tests.browse import Browser
from tests.stage import Stage


@pytest.fixture
def connection_id(stage: Stage, alice: Browser) -> int:
    stage.connect(alice, "alice")
    with stage.portal.reading() as db:
        connection = connections.of_person(db, stage.person_id("alice"))
        assert connection is not None
        return connection.id


def test_a_page_that_takes_over_stops_the_round_under_way(stage: Stage, connection_id: int) -> None:
    with stage.portal.writing() as db:
        late = claims.claim_due(db, now=stage.now)
        assert late is not None

        claims.take_over(db, connection_id, now=stage.now)

        with pytest.raises(claims.LeaseLost):
            claims.hold(db, late, now=stage.now)
        assert claims.claim_due(db, now=stage.now) is None


def test_what_a_page_took_over_and_left_is_due_again_when_the_lease_lapses(
    stage: Stage, connection_id: int
) -> None:
    with stage.portal.writing() as db:
        claims.take_over(db, connection_id, now=stage.now)

        claim = claims.claim_due(db, now=stage.now + claims.LEASE)

    assert claim is not None


def test_the_mailbox_of_a_disabled_person_is_left_alone(stage: Stage, connection_id: int) -> None:
    with stage.portal.writing() as db:
        people.by_id(db, stage.person_id("alice")).disabled_at = stage.now

        assert not claims.is_any_due(db, now=stage.now)
