"""Every address of calendars and events, below {owner}."""

from __future__ import annotations

from simulator.graph.calendar.addresses import DELTAS, PLACES
from tests.simulator.contract.case import Case
from tests.simulator.desk import MARK, NOVEMBER, timed, weekly

WHOLE = {
    "subject": "Whole", "body": {"contentType": "html", "content": "<p>Hello</p>"},
    "attendees": [{"emailAddress": {"address": "kim@fabrikam.example"}, "type": "optional"}],
    "location": {"displayName": "Room 4"}, "isOnlineMeeting": True, "showAs": "tentative",
    "importance": "high", "sensitivity": "private", "categories": ["Blue"],
    "singleValueExtendedProperties": [{"id": MARK, "value": "m-1"}],
}  # fmt: skip


def _in_place(place: str) -> list[Case]:
    here = f"{{owner}}{place}"
    return [
        Case("POST", f"{here}/events", {**timed(20, 10), **WHOLE}, 201, {"event": "id"}),
        Case("POST", f"{here}/events", {**timed(2, 9), "recurrence": weekly(2, "monday")}, 201,
             {"series": "id"}),
        Case("GET", f"{here}/calendarView?{NOVEMBER}"),
        *(Case("GET", f"{here}/calendarView/{delta}?{NOVEMBER}") for delta in DELTAS),
        Case("GET", f"{here}/events"),
        Case("GET", f"{here}/events/{{event}}"),
        Case("PATCH", f"{here}/events/{{event}}", {"subject": "Changed"}),
        Case("GET", f"{here}/events/{{series}}/instances?{NOVEMBER}"),
        Case("POST", f"{here}/events/{{event}}/cancel", {"comment": ""}, 202),
        Case("DELETE", f"{here}/events/{{series}}", status=204),
    ]  # fmt: skip


CASES = [
    Case("GET", "{owner}/calendars", keep={"calendar": "value.0.id"}),
    *(case for place in PLACES for case in _in_place(place.replace("<calendar>", "{calendar}"))),
    Case("GET", "{owner}/calendar"),
    Case("GET", "{owner}/calendars/{calendar}"),
    Case("POST", "{owner}/events", timed(20, 10), 201, {"event": "id"}),
    Case("GET", "{owner}/events/{event}/calendar"),
]
