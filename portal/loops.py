"""The loop breaker: an event that is written again and again is left alone until a person acts.

Something else may write to it, too, and each side takes the other's word for an edit. Nobody here
can tell who is right, and every write may be a mail to everybody invited.
"""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from portal import timeline
from portal.tables import Link, Meeting

MOST, WITHIN = 6, timedelta(minutes=10)


def note_write(link: Link, *, original_day: date | None = None, now: datetime) -> None:
    """One more write of ours; each occurrence of a series is counted apart."""
    since = now - WITHIN
    recent = [one for one in link.writes if _read(one)[0] > since]
    link.writes = [*recent, f"{now.isoformat()} {original_day or ''}".strip()]


def is_full(link: Link, *, original_day: date | None = None, now: datetime) -> bool:
    """Whether one more write would be one too many."""
    since, day = now - WITHIN, str(original_day or "")
    written = [one for one in map(_read, link.writes) if one[0] > since and one[1] == day]
    return len(written) >= MOST


def freeze(db: Session, link: Link, *, original_day: date | None = None, now: datetime) -> None:
    """Nothing more is written to this event; the others go on."""
    link.frozen_at = now
    subject = timeline.of_link(link, original_day=original_day)
    timeline.note(db, subject, timeline.ENGINE, "frozen", now=now)


def person_acted(link: Link | None) -> None:
    """A person knows what they want of it: counting begins anew, and writing goes on."""
    if link is not None:
        link.writes, link.frozen_at = [], None


def _read(entry: str) -> tuple[datetime, str]:
    at, _, day = entry.partition(" ")
    return datetime.fromisoformat(at), day


def go_on(db: Session, meeting: Meeting, *, now: datetime) -> None:
    """A person has seen it and wants it written again: what waits is tried at once."""
    person_acted(meeting.link)
    for change in meeting.changes:
        if change.done_at is None:
            change.due_at = now
    subject = timeline.of_meeting(meeting)
    timeline.note(db, subject, timeline.PORTAL, "goes on", now=now)
