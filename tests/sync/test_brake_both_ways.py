"""The brake for what the engine itself would take away, and the way out of a hold."""

from datetime import timedelta

import pytest

from portal import connections, outbox, removals, waiting_plan
from portal.tables import Link, Meeting, TimelineRow
from tests.sync.desk import Desk
from tests.sync.test_brake import cancelled, delete, is_held, several, waiting

BOB = "bob@contoso.example"


def take_away(desk: Desk, meeting_ids: list[int]) -> None:
    """As the engine does when it takes back what it had made."""
    with desk.database.writing() as db:
        for meeting_id in meeting_ids:
            meeting = db.get_one(Meeting, meeting_id)
            meeting.cancelled_at, meeting.cancelled_in = desk.now, "portal"
            outbox.cancel(db, meeting, note="", transaction_id=desk.outside.ids(), now=desk.now)


def decide(desk: Desk, *, cancel: bool, by: str = "alice") -> None:
    """The person's word about everything that waits."""
    with desk.database.writing() as db:
        connection = connections.by_id(db, desk.connection().id)
        chosen, who, now = removals.pending(db, connection.id), desk.person_id(by), desk.now
        if cancel:
            removals.let_go(db, connection, chosen, by=who, now=now)
        else:
            fresh = [desk.outside.ids() for _ in chosen]
            removals.put_back(db, connection, chosen, by=who, transaction_ids=fresh, now=now)
    desk.rest()


def in_outlook(desk: Desk) -> int:
    return sum(str(one["subject"]).startswith("Meeting ") for one in desk.world.events("alice"))


@pytest.mark.parametrize(
    ("linked", "taken", "held"), [(10, 1, False), (10, 5, False), (10, 6, True), (6, 6, True)]
)
def test_what_the_engine_takes_away(connected: Desk, linked: int, taken: int, held: bool) -> None:
    meetings = several(connected, linked)

    take_away(connected, meetings[:taken])
    connected.rest()
    connected.look()

    assert is_held(connected) == held
    assert in_outlook(connected) == (linked if held else linked - taken)


def test_what_the_engine_takes_away_little_by_little(connected: Desk) -> None:
    meetings = several(connected, 60, apart=timedelta(hours=5))

    for first in range(0, 24, 3):
        take_away(connected, meetings[first : first + 3])
        connected.look()

    assert (in_outlook(connected), is_held(connected)) == (42, True)


def test_both_directions_count_together(connected: Desk) -> None:
    meetings = several(connected, 10)

    delete(connected, meetings[:3])
    take_away(connected, meetings[3:6])
    connected.look()

    assert (cancelled(connected), in_outlook(connected), is_held(connected)) == (3, 4, True)


def test_cancelling_in_the_form_is_never_held(connected: Desk) -> None:
    meetings = several(connected, 30, apart=timedelta(hours=9))

    for meeting_id in meetings:
        connected.cancel(meeting_id)
    connected.look()

    assert (in_outlook(connected), is_held(connected)) == (0, False)


def test_cancelled_in_the_form_what_is_held_leaves_the_list(connected: Desk) -> None:
    meetings = several(connected, 6)
    delete(connected, meetings)
    connected.look()

    for meeting_id in meetings:
        connected.cancel(meeting_id)
    connected.look()

    assert (waiting(connected), is_held(connected), cancelled(connected)) == ([], False, 6)


def test_edited_here_what_is_held_is_made_again(connected: Desk) -> None:
    meetings = several(connected, 6)
    delete(connected, meetings)
    connected.look()

    connected.edit(meetings[0], title="Wanted after all")
    connected.look()
    left = len(waiting(connected))
    decide(connected, cancel=True)

    assert (left, cancelled(connected), is_held(connected)) == (5, 5, False)
    assert len(connected.titled("Wanted after all")) == 1


def test_let_go_writes_nothing_and_mails_nobody(connected: Desk) -> None:
    meetings = several(connected, 6)
    delete(connected, meetings)
    connected.look()
    connected.world.mails.clear()

    decide(connected, cancel=True)

    assert (cancelled(connected), is_held(connected)) == (6, False)
    assert (connected.tap.writes, connected.world.mails) == ([], [])


def test_put_back_makes_one_event_each_even_if_an_answer_is_lost(connected: Desk) -> None:
    meetings = several(connected, 6)
    delete(connected, meetings)
    connected.look()
    connected.world.drop_next(after_effect=True, path_contains="/events")

    decide(connected, cancel=False)
    connected.look_everywhere()

    assert (in_outlook(connected), cancelled(connected), is_held(connected)) == (6, 0, False)
    assert len(connected.rows(Link)) == 6


def test_what_the_engine_would_take_away_is_let_go_or_stays(connected: Desk) -> None:
    meetings = several(connected, 12)
    take_away(connected, meetings[:6])
    connected.look()

    decide(connected, cancel=False)
    kept = in_outlook(connected)
    take_away(connected, meetings[6:])
    connected.look()
    decide(connected, cancel=True)

    assert (kept, in_outlook(connected), is_held(connected)) == (12, 6, False)


def test_after_a_release_the_hour_begins_anew(connected: Desk) -> None:
    meetings = several(connected, 30, apart=timedelta(hours=9))
    delete(connected, meetings[:20])
    connected.look()
    decide(connected, cancel=True)

    connected.advance(minutes=1)
    delete(connected, meetings[20:23])
    connected.look()

    assert (cancelled(connected), is_held(connected)) == (23, False)


def test_a_second_mishap_is_held_again_with_a_fresh_twenty(connected: Desk) -> None:
    meetings = several(connected, 14)
    delete(connected, meetings[:7])
    connected.look()
    decide(connected, cancel=True)

    delete(connected, meetings[7:])
    connected.look()

    assert (cancelled(connected), is_held(connected)) == (7, True)
    assert removals.left_to_oneself(connected.connection()) == 20


def test_a_calendar_that_is_emptied_and_removed_cancels_nothing(connected: Desk) -> None:
    meetings = several(connected, 7)
    mailbox = connected.world.person("alice").mailbox
    other = mailbox.add_calendar("Elsewhere")
    for meeting_id in meetings:
        mailbox.move(mailbox.find(connected.outlook_id(meeting_id)).item, other)

    def unlisted(answer: dict[str, list[dict[str, str]]]) -> None:
        answer["value"] = [one for one in answer["value"] if one["name"] != "Elsewhere"]

    for _ in range(30):
        connected.tap.rewrite("GET", "/calendars?", unlisted)
    connected.look()
    connected.look(minutes=11)  # by then the list of calendars cannot be too late

    assert (cancelled(connected), is_held(connected)) == (0, True)


def test_deletions_that_microsoft_never_told_of_are_held_too(connected: Desk) -> None:
    """The cursors die, and what is missing shows only when the windows are filled anew."""
    meetings = several(connected, 7)
    connected.world.expire_delta_tokens("alice")

    delete(connected, meetings)
    connected.look_everywhere()

    assert (cancelled(connected), is_held(connected)) == (0, True)


def test_disconnected_and_connected_again_it_is_held_as_before(connected: Desk) -> None:
    meetings = several(connected, 7)
    delete(connected, meetings)
    connected.look()

    with connected.database.writing() as db:
        row = connections.by_id(db, connected.connection().id)
        connections.disconnect(db, row, now=connected.now)
    connected.connect()
    connected.rest()

    assert (cancelled(connected), is_held(connected)) == (0, True)


def test_the_timeline_tells_of_it(connected: Desk) -> None:
    meetings = several(connected, 6)
    delete(connected, meetings)
    connected.look()
    decide(connected, cancel=True)

    told = [row.what for row in connected.rows(TimelineRow) if row.meeting_id == meetings[0]]
    assert told[told.index("gone") :] == ["gone", "held", "released", "cancelled in Outlook"]


def test_in_a_dry_run_nothing_is_cancelled_and_the_plan_tells(connected: Desk) -> None:
    meetings = several(connected, 3)
    connected.choose("dry_run", True)

    delete(connected, meetings[:1])
    connected.edit(meetings[1], title="Renamed here")
    connected.look()
    with connected.database.reading() as db:
        found = waiting_plan.of_connection(db, connected.connection().id)
    before = (cancelled(connected), list(connected.tap.writes))
    connected.choose("dry_run", False)
    connected.look()

    assert sorted((line.deed, line.fields) for line in found.lines) == [
        ("gone", ()),
        ("update", ("title",)),
    ]
    assert before == (0, [])
    assert (cancelled(connected), len(connected.titled("Renamed here"))) == (1, 1)
