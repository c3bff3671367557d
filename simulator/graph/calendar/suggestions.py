"""findMeetingTimes: when everybody whom a meeting needs could come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Response

from simulator.directory import Person
from simulator.graph.calendar.busy import Busy, Span, busy_times, read_span, status_in
from simulator.graph.call import Call, answer, json_body
from simulator.graph.wire import moment_wire
from simulator.mailbox.checks import measure
from simulator.refused import bad_recipient, not_simulated, unreadable
from simulator.zones import wall_time

STEP = 1800
USUAL_MINUTES, USUAL_CANDIDATES, USUAL_PERCENTAGE = 30, 20, 50.0
DAYS_AHEAD = 7
WORK_STARTS, WORK_ENDS = 8, 17
DURATION = re.compile(r"^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$")
WEIGHT = {"free": 1.0, "workingElsewhere": 1.0, "tentative": 0.5, "unknown": 0.5}


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody asked to come; `times` is None for people whose calendar nobody here can see."""

    address: str
    kind: str
    times: list[Busy] | None

    def status(self, span: Span) -> str:
        """How free they are in a span."""
        return "unknown" if self.times is None else status_in(self.times, span)


def suggest(call: Call) -> Response:
    """Suggestions in order of confidence and time, or the reason why there are none."""
    wire = json_body()
    if wire.get("locationConstraint"):
        raise not_simulated("findMeetingTimes with a locationConstraint")
    seconds = _seconds(wire.get("meetingDuration"))
    spans, at_work = _constraint(call, wire.get("timeConstraint"))
    whole = Span(min(each.low for each in spans), max(each.high for each in spans))
    attendees = [_attendee(call, each, whole) for each in wire.get("attendees") or ()]
    own = _times(call.person, whole)
    optional = bool(wire.get("isOrganizerOptional"))
    least = _number(wire, "minimumAttendeePercentage", USUAL_PERCENTAGE)
    found, reason = [], "Unknown"
    for span in _candidates(call.person, spans, seconds, at_work):
        if not optional and status_in(own, span) not in ("free", "workingElsewhere"):
            reason = "OrganizerUnavailable"
            continue
        confidence = _confidence(attendees, span)
        if confidence < least:
            reason = "AttendeesUnavailable"
            continue
        found.append((-confidence, span))
    most = int(_number(wire, "maxCandidates", USUAL_CANDIDATES))
    value = [
        _suggestion(call, place, span, -confidence, attendees, status_in(own, span))
        for place, (confidence, span) in enumerate(sorted(found)[:most], start=1)
    ]
    kind = f"{call.base}/v1.0/$metadata#microsoft.graph.meetingTimeSuggestionsResult"
    return answer(
        {
            "@odata.context": kind,
            "emptySuggestionsReason": "" if value else reason,
            "meetingTimeSuggestions": value,
        }
    )


def _number(wire: dict[str, Any], name: str, usual: float) -> float:
    value = wire.get(name)
    return usual if value is None else measure(name, value)


def _seconds(text: Any) -> int:
    if text is None:
        return USUAL_MINUTES * 60
    found = DURATION.match(text) if isinstance(text, str) else None
    if not found or not any(found.groups()):
        raise unreadable(f"Cannot convert the literal '{text}' to the type 'Edm.Duration'.")
    days, hours, minutes = (int(each or 0) for each in found.groups())
    return ((days * 24 + hours) * 60 + minutes) * 60


def _constraint(call: Call, value: Any) -> tuple[list[Span], bool]:
    """Where to look, and whether only in working hours."""
    wire = value if isinstance(value, dict) else {}
    at_work = wire.get("activityDomain", "work") in ("work", "unknown")
    slots = wire.get("timeSlots") or []
    if slots:
        return [read_span(each.get("start"), each.get("end")) for each in slots], at_work
    now = int(call.world.now().timestamp())
    return [Span(now, now + DAYS_AHEAD * 86400)], at_work


def _attendee(call: Call, wire: Any, span: Span) -> Attendee:
    address = (wire.get("emailAddress") or {}).get("address") if isinstance(wire, dict) else None
    if not address:
        raise bad_recipient()
    person = call.world.find_person(address)
    seen = person is not None and person.tenant is call.person.tenant and person.has_mailbox
    times = _times(person, span) if seen and person else None
    return Attendee(address, wire.get("type") or "required", times)


def _times(person: Person, span: Span) -> list[Busy]:
    return busy_times(person, person.mailbox.default_calendar, span, "freeBusyRead")


def _candidates(person: Person, spans: list[Span], seconds: int, at_work: bool) -> list[Span]:
    found = []
    for span in spans:
        low = -(-span.low // STEP) * STEP
        while low + seconds <= span.high:
            candidate = Span(low, low + seconds)
            if not at_work or _works(person, candidate):
                found.append(candidate)
            low += STEP
    return found


def _works(person: Person, span: Span) -> bool:
    start, end = (wall_time(each, person.mailbox.home) for each in span)
    same_day = start.date() == end.date() and start.weekday() < 5
    closing = (end.hour, end.minute) <= (WORK_ENDS, 0)
    return same_day and start.hour >= WORK_STARTS and closing


def _confidence(attendees: list[Attendee], span: Span) -> float:
    """How likely they come, in percent; nobody asked means everybody comes."""
    needed = [each for each in attendees if each.kind != "resource"]
    if not needed:
        return 100.0
    likely = sum(WEIGHT.get(each.status(span), 0.0) for each in needed)
    return round(100 * likely / len(needed), 1)


def _suggestion(
    call: Call, place: int, span: Span, confidence: float, attendees: list[Attendee], own: str
) -> dict[str, Any]:
    return {
        "confidence": confidence,
        "order": place,
        "organizerAvailability": own,
        "suggestionReason": "Suggested because it is one of the nearest times when all attendees "
        "are available."
        if confidence == 100
        else "",
        "meetingTimeSlot": {
            "start": moment_wire(span.low, call.style),
            "end": moment_wire(span.high, call.style),
        },
        "attendeeAvailability": [
            {
                "attendee": {"type": each.kind, "emailAddress": {"address": each.address}},
                "availability": each.status(span),
            }
            for each in attendees
        ],
        "locations": [],
    }
