"""The timeline in plain words: every code the engine and the portal note has its sentence here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints import code_words, wording
from portal import timeline
from portal.tables import TimelineRow

SHOWN = 10  # on the page of a meeting or an event; the rest is one click away
SIDES = {timeline.PORTAL: "Here", timeline.OUTLOOK: "In Outlook", timeline.ENGINE: "The sync"}

# What happened. The names of what it was about follow after a colon.
WHAT: Mapping[str, str] = {
    "scheduled": "Scheduled",
    "edited": "Changed here",
    "cancelled": "Cancelled here",
    "gone": "Deleted in Outlook",
    "moved": "Moved to another calendar in Outlook",
    "came back": "It is in Outlook again",
    "cancelled in Outlook": "Cancelled, because its event was deleted in Outlook",
    "unreadable": "What Outlook says of it cannot be read, so it stays as it was",
    "held": "Kept as it is until you have seen the list of what is gone",
    "released": "You said that it was meant to go",
    "put back": "You said that it shall be put back into Outlook",
    "taken": "Taken over from Outlook",
    "sent": "Written to Outlook",
    "kept": "Kept as it is here",
    "conflict": "Both sides had changed the same",
    "waits": "It did not get through yet",
    "refused": "Microsoft refused it",
    "given up": "Not written to Outlook",
    "taken away": "Taken out of the calendar in Outlook",
    "frozen": "Stopped: it was written more than six times in ten minutes",
    "goes on": "You let the portal write to it again",
    "retried": "Tried again by hand",
    "dropped": "Not to be sent to Outlook any more",
    "taken back": "The other version was brought back here",
    "made again": "Deleted in Outlook and made there again, as it had been changed here",
    "not kept": "Microsoft confirmed the last change and did not keep it, so it is sent again",
    "not split": "The series could not be ended there, so it goes on as before",
    "adopted": "The event became a meeting here",
    "not adopted": "The event does not become a meeting here",
    "found again": "The event that was made for this meeting was found",
    "answered": "You answered the invitation",
}
# The same as an administrator reads it of somebody else.
OF_OTHERS: Mapping[str, str] = {
    "held": "Kept as it is until they have seen the list of what is gone",
    "released": "Somebody said that it was meant to go",
    "put back": "Somebody said that it shall be put back into Outlook",
    "goes on": "They let the portal write to it again",
    "answered": "They answered the invitation",
}
# Why it was decided so.
WHY: Mapping[str, str] = {
    "brake": "Many meetings vanished at about the same time, which may be a mishap.",
    "released": "Somebody has seen it in the list of what was gone and let it go.",
    "copy": "It is a copy of an event that belongs to a meeting here already.",
    "elsewhere": "It belongs to a meeting that another portal or another person made.",
    "called off": "It was made for a meeting that is cancelled here.",
    "link taken": "Its join link is that of another meeting here.",
    "draft": "It is a draft: those invited have not been told yet.",
    "unclear": "What Microsoft says of it is not enough to follow it.",
    "tail_not_made": "The series that was to go on from there could not be made.",
    "times unknown": "Outlook says in no way that can be followed when the event takes place.",
    "ErrorOccurrenceCrossingBoundary": (
        "It would be on or past the day of the occurrence before or after it, which Outlook does "
        "not allow."
    ),
}

FIELDS: Mapping[str, str] = {
    "title": "title",
    "time": "time",
    "location": "place",
    "description": "description",
    "join_url": "join link",
    "recurrence": "how it repeats",
    "invitees": "who is invited",
    "cancelled": "called off",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One row as a person reads it, times in the reader's zone."""

    at: str
    side: str
    what: str
    why: str
    occurrence: str
    request_id: str
    next_try: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The latest rows, and whether there are more."""

    rows: list[Told]
    is_all: bool


def beginning(db: Session, subject: timeline.Subject, zone: ZoneInfo) -> Beginning:
    rows = timeline.of(db, subject, most=SHOWN + 1)
    return Beginning(told(rows[:SHOWN], zone), is_all=len(rows) <= SHOWN)


def told(rows: list[TimelineRow], zone: ZoneInfo) -> list[Told]:
    return [_told(row, zone) for row in rows]


def told_of(rows: list[TimelineRow], zone: ZoneInfo) -> list[Told]:
    """Of many meetings and events of somebody else, by their numbers: titles are their owner's."""
    return [replace(_told(row, zone, OF_OTHERS), about=_about(row)) for row in rows]


def _about(row: TimelineRow) -> str:
    return "An event" if row.meeting_id is None else f"Meeting {row.meeting_id}"


def _told(row: TimelineRow, zone: ZoneInfo, words: Mapping[str, str] = WHAT) -> Told:
    day = row.original_day
    what = words.get(row.what) or WHAT.get(row.what, row.what.capitalize())
    return Told(
        at=wording.moment(row.at, zone),
        side=SIDES.get(row.side, row.side),
        what=_with_fields(what, row.fields),
        why=why(row.why),
        occurrence="" if day is None else f"Only the occurrence of {wording.full_day(day)}.",
        request_id=row.request_id or "",
        next_try="" if row.next_at is None else wording.moment(row.next_at, zone),
    )


def why(code: str | None) -> str:
    return WHY.get(code or "") or code_words.words_of(code)


def _with_fields(sentence: str, fields: list[str]) -> str:
    named = [FIELDS.get(field, field.replace("_", " ")) for field in fields]
    return f"{sentence}: {', '.join(named)}." if named else f"{sentence}."
