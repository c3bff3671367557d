"""Organisers and attendees, and what they answered."""

from __future__ import annotations

from typing import Any

from simulator.directory import Person
from simulator.exchange.deliver import CANCELED
from simulator.ics.lines import Component, Line
from simulator.ics.report import Report
from simulator.mailbox.words import ATTENDEES_MOST, NEVER, NO_ANSWER

Wire = dict[str, Any]

ANSWERS = {
    "ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentativelyAccepted",
    "NEEDS-ACTION": "notResponded", "DELEGATED": "declined",
}  # fmt: skip
ROOMS = ("RESOURCE", "ROOM")


def address(line: Line | None) -> str:
    """The mail address a line names; empty when it names none."""
    value = line.raw.strip() if line else ""
    found = value[7:] if value.lower().startswith("mailto:") else ""
    if "@" not in found and line:
        # Some programs write a path and put the address beside it.
        found = line.params.get("EMAIL", "").removeprefix("mailto:")
    return found if "@" in found else ""


def attendees(event: Component, report: Report) -> list[Wire]:
    """Who is invited, without the organiser, as a request body lists them."""
    organizer = event.first("ORGANIZER")
    host = address(organizer).lower()
    if organizer and not host:
        report.note(organizer.number, "An organiser without a mail address is left out.")
    found: dict[str, Wire] = {}
    for line in event.all("ATTENDEE"):
        one = address(line)
        if not one:
            report.note(line.number, "An attendee without a mail address is left out.")
        elif one.lower() != host and len(found) < ATTENDEES_MOST:
            found.setdefault(one.lower(), _attendee(line, one))
        elif one.lower() != host:
            report.note(line.number, f"Outlook invites {ATTENDEES_MOST} at most: left out.")
    return list(found.values())


def _attendee(line: Line, one: str) -> Wire:
    return {"type": _kind(line), "emailAddress": {"address": one, "name": _name(line, one)}}


def _name(line: Line, one: str) -> str:
    return line.params.get("CN", "").strip().strip('"') or one


def _kind(line: Line) -> str:
    if line.params.get("CUTYPE", "").upper() in ROOMS:
        return "resource"
    role = line.params.get("ROLE", "REQ-PARTICIPANT").upper()
    return "optional" if role in ("OPT-PARTICIPANT", "NON-PARTICIPANT") else "required"


def is_received(event: Component, person: Person) -> bool:
    """Does somebody else than the mailbox's owner organise it?"""
    host = address(event.first("ORGANIZER")).lower()
    return bool(host) and host != person.address.lower()


def is_cancelled(event: Component) -> bool:
    """Was it called off?"""
    return event.word("STATUS") == "CANCELLED"


def known_to_the_store(event: Component, person: Person, words: Wire) -> Wire:
    """What no request may write: answers, the organiser of a received copy, a cancellation."""
    answers = {address(line).lower(): _status(line, event) for line in event.all("ATTENDEE")}
    added: Wire = {}
    if words.get("attendees"):
        added["attendees"] = [_answered(each, answers) for each in words["attendees"]]
    if not is_received(event, person):
        return added
    line = event.first("ORGANIZER")
    host = address(line)
    name = _name(line, host) if line else host
    added["organizer"] = {"emailAddress": {"name": name, "address": host}}
    added["responseStatus"] = answers.get(person.address.lower(), NO_ANSWER)
    if is_cancelled(event):
        subject = words.get("subject", "").removeprefix(CANCELED)
        added |= {"isCancelled": True, "showAs": "free", "subject": CANCELED + subject}
    return added


def _answered(attendee: Wire, answers: dict[str, Wire]) -> Wire:
    own = str(attendee["emailAddress"]["address"]).lower()
    status: Wire = answers.get(own) or attendee["status"]
    # A list says `none` of whoever has not answered; `notResponded` is about one's own copy.
    if status["response"] == "notResponded":
        status = NO_ANSWER
    return {**attendee, "status": status}


def _status(line: Line, event: Component) -> Wire:
    answer = ANSWERS.get(line.params.get("PARTSTAT", "NEEDS-ACTION").upper(), "notResponded")
    return {"response": answer, "time": NEVER if answer == "notResponded" else _stamp(event)}


def _stamp(event: Component) -> str:
    """When an answer was given: files say only when the event was last written."""
    raw = event.word("DTSTAMP")
    if len(raw) != 16 or raw[8] != "T" or not (raw[:8] + raw[9:15]).isdecimal():
        return NEVER
    day, time = raw[:8], raw[9:15]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"
