"""The plan in plain words: per meeting what would be written, and how many people get mail."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from blueprints import series_words, wording
from portal import outbox
from portal.removals import GONE, TAKES_AWAY
from portal.tables import Meeting
from portal.waiting_plan import Line, Plan

FIELDS = {
    "title": "title",
    "time": "time",
    "recurrence": "how it repeats",
    "location": "place",
    "description": "description",
    "occurrences": "single dates",
    "invitees": "who is invited",
}
DEEDS = {
    outbox.CREATE: "Put into Outlook as a new event.",
    outbox.CANCEL: "Cancelled in Outlook, as you chose here.",
    TAKES_AWAY: "Taken out of Outlook, because what it was made for did not come about.",
    GONE: "Cancelled here, because its event is gone in Outlook.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One meeting of the plan as a person reads it."""

    meeting_id: int
    title: str
    when: str
    deed: str
    mail: str


def lines(plan: Plan, zone: ZoneInfo) -> list[Told]:
    return [
        Told(
            meeting_id=line.meeting.id,
            title=line.meeting.title or "(no title)",
            when=when(line.meeting, zone),
            deed=deed(line),
            mail=mail(len(line.mailed)),
        )
        for line in plan.lines
    ]


def when(meeting: Meeting, zone: ZoneInfo) -> str:
    if meeting.all_day:
        home = ZoneInfo(meeting.zone)
        first, end = (at.astimezone(home).date() for at in (meeting.starts_at, meeting.ends_at))
        said = wording.all_day(first, end)
    else:
        said = wording.when(meeting.starts_at, meeting.ends_at, zone)
    rhythm = series_words.sentence(meeting.recurrence)
    return f"{said}. {rhythm}" if rhythm else said


def deed(line: Line) -> str:
    if line.deed in DEEDS:
        return DEEDS[line.deed]
    named = [FIELDS.get(field, field) for field in line.fields]
    return f"Written to Outlook: {', '.join(named)}." if named else "Nothing to write any more."


def mail(count: int) -> str:
    if not count:
        return "Nobody gets mail."
    return "1 person gets mail." if count == 1 else f"{count} people get mail."


def summary(plan: Plan) -> str:
    """What all of it comes to."""
    changes = _counted(len(plan.lines), "waiting change", "waiting changes")
    people = _counted(len(plan.mailed), "person", "people")
    return f"{changes} would mail {people if plan.mailed else 'nobody'}."


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
