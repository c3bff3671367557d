"""What the page of a meeting says: times in the reader's zone, where it stands, its dates."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, url_for
from sqlalchemy.orm import Session

from blueprints import conflict_words, meeting_repair, series_words, timeline_words, wording
from blueprints.edge import found, me, my_zone, now, reading
from portal import conflicts, connections, event_detail, meetings, occurrences, series, timeline
from portal.meeting_state import FAILED_TO_SEND, ONLY_HERE
from portal.occurrences import Occurrence
from portal.tables import Meeting

LONGEST_NOTE = 1000
FRESHEN, FRESHEN_WHILE_SENDING = 15, 2  # seconds
DATES = 6  # of a series on one page


@dataclass(frozen=True, slots=True)
class DateRow:
    """One occurrence, as a line of the meeting's page."""

    day: str
    when: str
    title: str | None  # where it is not the title of the series
    location: str | None
    is_changed: bool
    is_cancelled: bool
    is_over: bool
    comes_back: bool


def mine(db: Session, meeting_id: int) -> Meeting:
    return found(meetings.of_person(db, me().person_id, meeting_id))


def shown(meeting_id: int) -> dict[str, Any]:
    with reading() as db:
        meeting = mine(db, meeting_id)
        state = meetings.states(db, me().person_id, [meeting], now=now())[meeting.id]
        web_link = event_detail.web_link_of(db, meeting)
        is_written = connections.reaches(db, meeting)
        held = conflicts.of_meeting(db, meeting, now=now())
        history = timeline_words.beginning(db, timeline.of_meeting(meeting), my_zone())
    people = [(one.name, one.address, one.response) for one in meeting.invitees]
    told = (meeting.title, when(meeting), meeting.location, meeting.changed_at, state, people)
    agreed, dates = _agreed(meeting), _dates(meeting)
    repair = meeting_repair.context(meeting)
    whole = repr((told, web_link, agreed, history, dates, repair))
    seen = hashlib.sha256(whole.encode()).hexdigest()[:16]
    return {
        "meeting": meeting,
        "state": state,
        "when": when(meeting),
        "own_zone": in_its_zone(meeting),
        "repeats": series_words.sentence(meeting.recurrence),
        "web_link": wording.safe_link(web_link),
        "invited": [name or address for name, address, _ in people],
        "know_of_it": is_written and meetings.is_out(meeting),
        "can_send": is_written and _may_be_sent(meeting, state.word),
        "agreed": agreed,
        "conflicts": [conflict_words.words_of(one, my_zone()) for one in held],
        "history": history,
        "longest_note": LONGEST_NOTE,
        "every": f"every {FRESHEN_WHILE_SENDING if meetings.waits(meeting) else FRESHEN}s",
        "live_url": _live_url(meeting, seen),
        "seen": seen,
        **dates,
        **repair,
    }


def _live_url(meeting: Meeting, seen: str) -> str:
    asked: dict[str, Any] = {"from": request.args["from"]} if "from" in request.args else {}
    return url_for("meetings_live.show_now", meeting_id=meeting.id, seen=seen, **asked)


def _may_be_sent(meeting: Meeting, state: str) -> bool:
    """A refused change may be tried again; what was only here goes out while it is ahead."""
    is_ahead = meeting.last_ends_at is None or meeting.last_ends_at > now()
    return state == FAILED_TO_SEND or (state == ONLY_HERE and is_ahead)


def row(meeting: Meeting, state: str) -> dict[str, Any]:
    """A line of the list: a series is there by its next occurrence."""
    return {
        "meeting": meeting,
        "when": when(meeting, occurrences.next_of(meeting, now())),
        "repeats": series_words.sentence(meeting.recurrence),
        "state": state,
    }


def when(meeting: Meeting, one: Occurrence | None = None) -> str:
    first, end = meetings.days_of(meeting, one)
    if first and end:
        return wording.all_day(first, end)
    span = one or meeting
    return wording.when(span.starts_at, span.ends_at, my_zone())


def in_its_zone(meeting: Meeting, one: Occurrence | None = None) -> str | None:
    """Its times where it was scheduled, when the clocks there differ from the reader's."""
    if meeting.all_day:
        return None
    span = one or meeting
    return wording.elsewhere(
        span.starts_at, span.ends_at, zone=ZoneInfo(meeting.zone), reader=my_zone()
    )


def _dates(meeting: Meeting) -> dict[str, Any]:
    """The occurrences from the next one on, or from the day that the address names."""
    if meeting.recurrence is None or meeting.cancelled_at is not None:
        return {"dates": [], "later_url": None, "first_url": None}
    asked = _asked_day()
    listed = occurrences.from_day(meeting, asked or _next_day(meeting), most=DATES + 1)
    further: dict[str, Any] = {"from": listed[DATES].day.isoformat()} if listed[DATES:] else {}
    page = url_for("meetings.show", meeting_id=meeting.id)
    return {
        "dates": [_date_row(meeting, one) for one in listed[:DATES]],
        "later_url": url_for("meetings.show", meeting_id=meeting.id, **further) if further else "",
        "first_url": page if asked else "",
    }


def _next_day(meeting: Meeting) -> date:
    today = now().astimezone(ZoneInfo(meeting.zone)).date()
    upcoming = occurrences.next_of(meeting, now())
    return min(today, upcoming.day) if upcoming else today


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        return None


def _date_row(meeting: Meeting, one: Occurrence) -> DateRow:
    return DateRow(
        day=one.day.isoformat(),
        when=when(meeting, one),
        title=None if one.title == meeting.title else one.title,
        location=None if one.location == meeting.location else one.location,
        is_changed=one.is_changed,
        is_cancelled=one.is_cancelled,
        is_over=one.ends_at <= now(),
        comes_back=one.is_cancelled and series.can_be_put_back(meeting, one.day),
    )


def _agreed(meeting: Meeting) -> str | None:
    return wording.moment(meeting.link.agreed_at, my_zone()) if meeting.link else None
