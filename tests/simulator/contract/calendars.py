"""Every address of calendars themselves, below {owner}."""

from __future__ import annotations

from tests.simulator.contract.case import Case
from tests.simulator.desk import timed

SPAN = {"startTime": timed(20, 8)["start"], "endTime": timed(20, 18)["start"]}
SCHEDULES = {"schedules": ["alice@contoso.example", "nobody@contoso.example"], **SPAN}
MEETING = {
    "attendees": [{"type": "required", "emailAddress": {"address": "bob@contoso.example"}}],
    "timeConstraint": {"timeSlots": [{"start": SPAN["startTime"], "end": SPAN["endTime"]}]},
    "meetingDuration": "PT1H",
}
REMINDERS = "reminderView(startDateTime='2026-11-20T00:00:00Z',endDateTime='2026-11-21T00:00:00Z')"
SPARE = {"name": "Spare", "color": "lightRed"}


def _calendar(place: str) -> list[Case]:
    here = f"{{owner}}{place}"
    sharing = f"{here}/calendarPermissions"
    bob = {"emailAddress": {"address": "bob@contoso.example"}, "role": "read"}
    return [
        Case("GET", here),
        Case("PATCH", here, {"color": "lightTeal"}),
        Case("POST", f"{here}/getSchedule", SCHEDULES),
        Case("POST", sharing, bob, 201, {"permission": "id"}),
        Case("GET", sharing),
        Case("GET", f"{sharing}/{{permission}}"),
        Case("PATCH", f"{sharing}/{{permission}}", {"role": "write"}),
        Case("DELETE", f"{sharing}/{{permission}}", status=204),
    ]


CASES = [
    Case("GET", "{owner}/calendars", keep={"calendar": "value.0.id"}),
    *(case for place in ("/calendar", "/calendars/{calendar}") for case in _calendar(place)),
    Case("POST", "{owner}/findMeetingTimes", MEETING),
    Case("GET", f"{{owner}}/{REMINDERS}"),
    Case("GET", "{owner}/calendarGroups", keep={"group": "value.0.id"}),
    Case("GET", "{owner}/calendarGroups/{group}/calendars"),
    Case("POST", "{owner}/calendars", SPARE, 201, {"spare": "id"}),
    Case("DELETE", "{owner}/calendars/{spare}", status=204),
]
