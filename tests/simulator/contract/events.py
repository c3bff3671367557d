"""Every address of events and of what hangs on them, below {owner}."""

from __future__ import annotations

from typing import Any

from simulator.graph.calendar.addresses import PLACES
from simulator.graph.calendar.grouped import DELTAS, PLACE
from simulator.world import World
from tests.simulator.contract.case import Case
from tests.simulator.desk import MARK, NOVEMBER, at, timed, weekly

PLACES_NAMED = [place.replace("<calendar>", "{calendar}") for place in PLACES]
WHOLE = {
    "subject": "Whole", "body": {"contentType": "html", "content": "<p>Hello</p>"},
    "attendees": [{"emailAddress": {"address": "kim@fabrikam.example"}, "type": "optional"}],
    "location": {"displayName": "Room 4"}, "isOnlineMeeting": True, "showAs": "tentative",
    "importance": "high", "sensitivity": "private", "categories": ["Blue"],
    "singleValueExtendedProperties": [{"id": MARK, "value": "m-1"}],
}  # fmt: skip
EXTENSION = {
    "@odata.type": "microsoft.graph.openTypeExtension", "extensionName": "com.acme.case", "n": 1,
}  # fmt: skip
ACTIONS: dict[str, Any] = {
    "accept": {"comment": "Yes", "sendResponse": True},
    "tentativelyAccept": {"proposedNewTime": timed(20, 12)},
    "forward": {"toRecipients": [{"emailAddress": {"address": "bob@contoso.example"}}]},
    "snoozeReminder": {"newReminderTime": timed(20, 9)["start"]},
    "dismissReminder": None,
}


def _declined(place: str) -> str:
    return f"declined {place.partition('{')[0]}"


def invitations(world: World) -> dict[str, str]:
    """Meetings that others invite Alice to: one to keep, and one to decline in each place."""
    names = ("invitation", *(_declined(place) for place in PLACES_NAMED))
    return {
        name: world.add_event(
            "alice", "Theirs", at(20), organizer="carol@contoso.example", response="notResponded"
        )
        for name in names
    }


def _in_place(place: str) -> list[Case]:
    here = f"{{owner}}{place}"
    return [
        Case("POST", f"{here}/events", {**timed(20, 10), **WHOLE}, 201, {"event": "id"}),
        Case("POST", f"{here}/events", {**timed(2, 9), "recurrence": weekly(2, "monday")}, 201,
             {"series": "id"}),
        Case("GET", f"{here}/calendarView?{NOVEMBER}"),
        *(Case("GET", f"{here}/calendarView/{delta}?{NOVEMBER}") for delta in DELTAS),
        *(Case("GET", f"{here}/events/{delta}") for delta in DELTAS),
        Case("GET", f"{here}/events"),
        Case("GET", f"{here}/events/{{event}}"),
        Case("PATCH", f"{here}/events/{{event}}", {"subject": "Changed"}),
        Case("GET", f"{here}/events/{{series}}/instances?{NOVEMBER}"),
        Case("POST", f"{here}/events/{{event}}/extensions", EXTENSION, 201, {"extension": "id"}),
        Case("GET", f"{here}/events/{{event}}/extensions"),
        Case("GET", f"{here}/events/{{event}}/extensions/{{extension}}"),
        Case("PATCH", f"{here}/events/{{event}}/extensions/{{extension}}", EXTENSION),
        Case("DELETE", f"{here}/events/{{event}}/extensions/com.acme.case", status=204),
        *(
            Case("POST", f"{here}/events/{{invitation}}/{action}", body, 202)
            for action, body in ACTIONS.items()
        ),
        Case("POST", f"{here}/events/{{{_declined(place)}}}/decline", {"comment": "Sorry"}, 202),
        Case("POST", f"{here}/events/{{event}}/cancel", {"comment": ""}, 202),
        Case("POST", f"{here}/events", timed(20, 10), 201, {"event": "id"}),
        Case("POST", f"{here}/events/{{event}}/permanentDelete", status=204),
        Case("DELETE", f"{here}/events/{{series}}", status=204),
    ]  # fmt: skip


GROUPED = f"{{owner}}{PLACE}".replace("<", "{").replace(">", "}")
BY_GROUP = [
    Case("GET", "{owner}/calendarGroups", keep={"group": "value.0.id"}),
    Case("POST", "{owner}/events", timed(20, 10), 201, {"event": "id"}),
    Case("POST", "{owner}/events", {**timed(2, 9), "recurrence": weekly(2, "monday")}, 201,
         {"series": "id"}),
    Case("GET", f"{GROUPED}/calendarView?{NOVEMBER}"),
    *(Case("GET", f"{GROUPED}/calendarView/{delta}?{NOVEMBER}") for delta in DELTAS),
    *(Case("GET", f"{GROUPED}/events/{delta}") for delta in DELTAS),
    Case("GET", f"{GROUPED}/events"),
    Case("GET", f"{GROUPED}/events/{{event}}"),
    Case("GET", f"{GROUPED}/events/{{series}}/instances?{NOVEMBER}"),
]  # fmt: skip
CASES = [
    Case("GET", "{owner}/calendars", keep={"calendar": "value.0.id"}),
    *(case for place in PLACES_NAMED for case in _in_place(place)),
    Case("GET", "{owner}/calendar"),
    Case("GET", "{owner}/calendars/{calendar}"),
    Case("POST", "{owner}/events", timed(20, 10), 201, {"event": "id"}),
    Case("GET", "{owner}/events/{event}/calendar"),
    *BY_GROUP,
]
