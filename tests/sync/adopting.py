"""What stories about adoption say of events and meetings."""

from datetime import UTC, datetime
from typing import Any

from m365.wire import MEETING_PROPERTY
from portal.tables import Meeting
from tests.sync.desk import Desk

BOB = "bob@contoso.example"
TEN = datetime(2026, 11, 20, 9, tzinfo=UTC)
ZOOM = "https://us02web.zoom.us/j/81234567890?pwd=abc"
IN_BODY = {"body": {"contentType": "html", "content": f'<p>Agenda</p><a href="{ZOOM}">Join</a>'}}


def event(desk: Desk, title: str = "Review", at: datetime = TEN, **graph: Any) -> str:
    made: str = desk.world.add_event("alice", title, at, **(IN_BODY | graph))
    return made


def looked(desk: Desk) -> None:
    """A look that writes nothing to Outlook and mails nobody."""
    desk.tap.clear()
    desk.world.mails.clear()
    desk.look()
    assert (desk.tap.writes, desk.world.mails) == ([], [])


def meetings(desk: Desk) -> list[Meeting]:
    found: list[Meeting] = desk.rows(Meeting)
    return found


def only(desk: Desk) -> Meeting:
    (meeting,) = meetings(desk)
    return desk.meeting(meeting.id)


def why_left(desk: Desk, title: str = "Review") -> list[str | None]:
    return [row.left_why for row in desk.cached(title)]


def stamp(desk: Desk, event_id: str, key: str) -> None:
    """The event carries the key of a meeting, as one that this portal has made."""
    marked = {"singleValueExtendedProperties": [{"id": MEETING_PROPERTY, "value": key}]}
    desk.world.change_event("alice", event_id, marked)
