"""What people do when the crash comes, and what has to be true afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal import connections, notices, subscriptions
from portal.tables import Connection, Meeting
from tests.sync import serial
from tests.sync.desk import Desk

BOB, CAROL = "bob@contoso.example", "carol@contoso.example"
MINUTE = timedelta(seconds=60)


def nothing(_: Desk) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Act:
    """`before`: what was there already, and is at rest. `outlook`: what is done there, before the
    engine begins. `deed`: what somebody does here, if the crash has not let it be done yet.
    `mails`: how many it causes, no two of them alike.
    """

    before: Callable[[Desk], Any] = nothing
    outlook: Callable[[Desk], Any] = nothing
    deed: Callable[[Desk], Any] = nothing
    titles: tuple[str, ...] = ()  # of the meetings that are in Outlook in the end
    gone: tuple[str, ...] = ()  # of those that are not
    mails: int = 0
    patience: timedelta = MINUTE
    holds: Callable[[Desk], bool] = lambda _: True  # what else has to be so


def meeting_id(desk: Desk, *titles: str) -> int | None:
    with desk.database.reading() as db:
        found: int | None = db.scalar(select(Meeting.id).where(Meeting.title.in_(titles)))
        return found


def schedule(desk: Desk) -> None:
    if meeting_id(desk, "Planning") is None:
        desk.schedule("Planning", invitees=[BOB])


def settle(desk: Desk) -> None:
    desk.schedule("Planning", invitees=[BOB])
    desk.rest()
    desk.world.mails.clear()


def edit(desk: Desk) -> None:
    found = meeting_id(desk, "Planning")
    if found is not None:
        later = timedelta(hours=2)
        desk.edit(found, title="Replanning", invitees=[BOB, CAROL], later=later)


def cancel(desk: Desk) -> None:
    found = meeting_id(desk, "Planning")
    if found is not None and desk.meeting(found).cancelled_at is None:
        desk.cancel(found, "It rains")


def linked(desk: Desk) -> str:
    found = meeting_id(desk, "Planning")
    assert found is not None
    return desk.outlook_id(found)


def edit_in_outlook(desk: Desk) -> None:
    desk.world.rename_event("alice", linked(desk), "Replanning")
    desk.world.move_event("alice", linked(desk), desk.now + timedelta(days=2))
    desk.world.add_event("alice", "Dentist", desk.now + timedelta(days=3))
    desk.world.mails.clear()


def delete_in_outlook(desk: Desk) -> None:
    desk.world.delete_event("alice", linked(desk))
    desk.world.mails.clear()


def change_place_in_outlook(desk: Desk) -> None:
    desk.world.change_event("alice", linked(desk), {"location": {"displayName": "Canteen"}})
    desk.world.mails.clear()


def rename_here(desk: Desk) -> None:
    found = meeting_id(desk, "Planning")
    if found is not None:
        desk.edit(found, title="Replanning")


def found_choir(desk: Desk) -> int:
    found = meeting_id(desk, "Choir")
    assert found is not None
    return found


def begin_series(desk: Desk) -> None:
    if meeting_id(desk, "Choir") is None:
        serial.made(desk)


def settle_series(desk: Desk) -> None:
    serial.made(desk)
    desk.rest()


def change_third(desk: Desk) -> None:
    if not serial.here(desk, found_choir(desk)):
        serial.differ(desk, found_choir(desk), serial.monday(2), title="Concert")


def third_is_changed(desk: Desk) -> bool:
    shown = [one["subject"] for _, one in sorted(serial.there(desk, found_choir(desk)).items())]
    return shown == ["Choir"] * 2 + ["Concert"] + ["Choir"] * 7


def cut_series(desk: Desk) -> None:
    if meeting_id(desk, "Tail") is None:
        serial.split(desk, found_choir(desk), serial.monday(6))


def is_cut(desk: Desk) -> bool:
    tail = meeting_id(desk, "Tail")
    assert tail is not None
    parts = [sorted(serial.there(desk, one)) for one in (found_choir(desk), tail)]
    return parts == [
        [serial.monday(number) for number in range(6)],
        [serial.monday(number) for number in range(6, 10)],
    ]


def end_token(desk: Desk) -> None:
    with desk.database.writing() as db:
        db.query(Connection).one().token_expires_at = desk.now


def age_subscription(desk: Desk) -> None:
    with desk.database.writing() as db:
        connection_id = db.query(Connection).one().id
        row = subscriptions.of_connection(db, connection_id)
        assert row is not None
        row.renew_at = desk.now
        notices.mark_due(db, connection_id, at=desk.now)


def forget_subscription(desk: Desk) -> None:
    """Microsoft has lost it, and it is time to renew it."""
    for one in desk.world.notices.of("alice"):
        desk.world.notices.drop(one)
    age_subscription(desk)


def tell(desk: Desk) -> None:
    """An event is new in Outlook, and its notice was written down."""
    event = desk.world.add_event("alice", "Dentist", desk.now + timedelta(days=3))
    with desk.database.writing() as db:
        connection_id = db.query(Connection).one().id
        notices.take(db, connection_id, [event], due_at=desk.now)


def lose_cursors(desk: Desk) -> None:
    desk.world.expire_delta_tokens("alice")
    make_due(desk)


def make_due(desk: Desk) -> None:
    with desk.database.writing() as db:
        connections.look_now(db, db.query(Connection).one().id, now=desk.now)


ACTS: dict[str, Act] = {
    "first reading": Act(),
    "scheduled": Act(deed=schedule, titles=("Planning",), mails=1),
    "edited": Act(before=settle, deed=edit, titles=("Replanning",), mails=2),
    "cancelled": Act(before=settle, deed=cancel, gone=("Planning",), mails=1),
    # Dates in the next quarter are read at the next look there.
    "a series scheduled": Act(deed=begin_series, titles=("Choir",), patience=6 * MINUTE),
    "an occurrence edited": Act(
        before=settle_series,
        deed=change_third,
        titles=("Choir",),
        holds=third_is_changed,
        patience=6 * MINUTE,
    ),
    "a series cut": Act(
        before=settle_series,
        deed=cut_series,
        titles=("Choir", "Tail"),
        holds=is_cut,
        patience=6 * MINUTE,
    ),
    "edited in Outlook": Act(
        before=settle,
        outlook=lambda desk: (edit_in_outlook(desk), make_due(desk)),
        titles=("Replanning",),
    ),
    "deleted in Outlook": Act(
        before=settle,
        outlook=lambda desk: (delete_in_outlook(desk), make_due(desk)),
        gone=("Planning",),
    ),
    "edited on both sides": Act(
        before=settle,
        outlook=lambda desk: (change_place_in_outlook(desk), make_due(desk)),
        deed=rename_here,
        titles=("Replanning",),
        mails=1,
    ),
    "a token that ends": Act(
        outlook=end_token, deed=schedule, titles=("Planning",), mails=1, patience=2 * MINUTE
    ),
    "a subscription renewed": Act(outlook=age_subscription),
    "a subscription lost": Act(outlook=forget_subscription),
    "a notice followed": Act(outlook=tell),
    "cursors that died": Act(outlook=lose_cursors),
}


def agrees(desk: Desk) -> list[str]:
    """What is not as it has to be; nothing, where both sides agree."""
    wrong = []
    for meeting in (one for one in desk.rows(Meeting) if one.adopted_at is None):
        found = desk.titled(meeting.title)
        wanted = 0 if meeting.cancelled_at else 1
        if len(found) != wanted:
            wrong.append(f"{meeting.title} is in Outlook {len(found)} times, not {wanted}")
    if not desk.in_step():
        wrong.append("the cache is not what Outlook shows")
    return wrong
