"""When the settings no longer let a connection be: notice, then the end, and both taken back."""

from datetime import timedelta

import pytest

from portal import connections, eligibility, people, policy
from portal.configuration import settings
from portal.configuration.settings import Level
from portal.staff import groups
from tests.sync.desk import Desk


def review(desk: Desk) -> list[int]:
    with desk.database.writing() as db:
        return [one.id for one in eligibility.review_all(db, now=desk.now)]


def test_a_domain_gives_notice_first_and_goes_on_meanwhile(connected: Desk) -> None:
    connected.choose("allowed_domains", ["fabrikam.example"])

    noticed = review(connected)
    again = review(connected)
    connected.world.add_event("alice", "In time", connected.now)
    connected.look()

    held = connected.connection()
    assert (len(noticed), again) == (1, [])
    assert held.cut_off_at == connected.now - timedelta(minutes=6) + timedelta(days=7)
    assert len(connected.cached("In time")) == 1


def test_after_the_notice_the_connection_is_blocked_and_nothing_is_deleted(
    connected: Desk,
) -> None:
    meeting_id = connected.settled("Planning")
    connected.choose("allowed_domains", ["fabrikam.example"])
    review(connected)

    connected.look(days=8)

    held = connected.connection()
    assert (held.state, held.cause) == (connections.BLOCKED, eligibility.DOMAIN)
    assert connected.outlook(meeting_id) is not None
    assert connected.meeting(meeting_id).cancelled_at is None


def test_a_notice_is_taken_back_when_nothing_is_in_the_way_any_more(connected: Desk) -> None:
    connected.choose("allowed_domains", ["fabrikam.example"])
    review(connected)

    connected.choose("allowed_domains", ["contoso.example"])
    review(connected)

    assert connected.connection().cut_off_at is None


def test_the_accounts_switch_stops_for_a_while_and_gives_no_notice(connected: Desk) -> None:
    connected.choose("enabled", False)

    assert review(connected) == []
    connected.look(days=30)
    assert connected.connection().state == connections.CONNECTED


@pytest.mark.parametrize("locked", [True, False], ids=["by a lock", "by a group"])
def test_off_by_a_lock_or_a_group_gives_notice(connected: Desk, locked: bool) -> None:
    by, now = connected.person_id("carol"), connected.now
    with connected.database.writing() as db:
        if locked:
            settings.choose(db, "enabled", False, by=by, now=now)
            settings.lock(db, "enabled", reason="", by=by, now=now)
        else:
            group = groups.add(db, "Sales", by=by, now=now)
            person = people.by_id(db, connected.person_id("alice"))
            groups.join(db, group, person, by=by, now=now)
            settings.choose(db, "enabled", False, level=Level(group.id), by=by, now=now)

    assert len(review(connected)) == 1
    with connected.database.reading() as db:
        assert policy.of(db, connected.person_id("alice")).enabled
    assert connected.connection().cut_off_why == eligibility.SWITCHED_OFF


def test_permission_off_gives_notice(connected: Desk) -> None:
    connected.choose("calendar_permission", "off")

    assert len(review(connected)) == 1
    assert connected.connection().cut_off_why == eligibility.PERMISSION
