"""A calendar that Microsoft refuses again and again is left alone; nobody works for it in vain."""

from datetime import timedelta

from portal import calendars, connections
from tests.sync.desk import Desk
from tests.sync.test_calendars import remove_calendar
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


def test_what_waits_for_a_removed_calendar_goes_to_the_new_target_once(connected: Desk) -> None:
    tick(connected, "Projects")
    aim(connected, "Projects")
    connected.rest()
    remove_calendar(connected, "Projects")
    connected.schedule("Planning")
    connected.look()
    waiting = connected.changes()[-1].done_at

    aim(connected, "Calendar")
    connected.look()
    connected.look()

    assert waiting is None
    assert len(connected.titled("Planning")) == 1
    assert connected.in_step()


def aim(desk: Desk, name: str) -> None:
    """The person chooses another calendar for meetings, as the form does it."""
    with desk.database.writing() as db:
        connection = connections.by_id(db, desk.connection().id)
        target = next(one for one in connection.calendars if one.name == name)
        ticked = {one.id for one in connection.calendars if one.ticked}
        calendars.choose(db, connection, ticked=ticked, target=target, now=desk.now)
        calendars.redirect(db, connection, transaction_id=desk.outside.ids, now=desk.now)
