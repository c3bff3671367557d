"""A calendar that Microsoft refuses again and again is left alone; nobody works for it in vain."""

from datetime import timedelta

from tests.sync.desk import Desk
from tests.sync.test_following import left_alone, tick
from tests.sync.told import Told


def test_a_change_for_a_calendar_that_is_left_alone_waits_without_a_turn(connected: Desk) -> None:
    tick(connected, "Projects")
    connected.rest()
    left_alone(connected, "Calendar")
    meeting_id = connected.schedule()

    turns = connected.rest()
    connected.look(minutes=61)

    assert turns <= 1
    assert connected.outlook(meeting_id) is not None


def test_a_notice_waits_while_the_only_calendar_is_left_alone(told: Told) -> None:
    tick(told.desk, "Projects")
    told.come_to_rest()
    left_alone(told.desk, "Calendar")
    tick(told.desk)
    told.desk.world.add_event("alice", "Visit", told.desk.now + timedelta(days=3))

    told.follow()
    turns = told.desk.rest()
    told.follow(minutes=61)

    assert turns == 0
    assert len(told.desk.cached("Visit")) == 1
