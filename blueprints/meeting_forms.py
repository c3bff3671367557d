"""What every page with the form of a meeting shows beside it."""

from typing import Any
from zoneinfo import ZoneInfo

from blueprints import wording
from blueprints.edge import me, now, reading
from blueprints.fields import zones
from blueprints.meeting_form import MeetingForm
from portal import accounts, connections
from portal.tables import Meeting


def blank(**filled: Any) -> MeetingForm:
    return MeetingForm(now=now(), own_address=me().address, **filled)


def surroundings(meeting: Meeting | None = None) -> dict[str, Any]:
    """Who gets mail, whether links can be had, and what a series would lose."""
    with reading() as db:
        is_written = (
            connections.target_of(db, me().person_id) is not None
            if meeting is None
            else connections.reaches(db, meeting)
        )
        offers_link = bool(accounts.the_account(db).join_link_template)
    return {
        "meeting": meeting,
        "is_written": is_written,
        "offers_link": offers_link,
        "zones": zones(),
    }


def begins_elsewhere(form: MeetingForm) -> str:
    """Said where the first occurrence is not on the date that was entered."""
    starts_at = form.plan().starts_at.astimezone(ZoneInfo(form.zone.data))
    if starts_at.date() == form.day.data:
        return ""
    return f" The first one is on {wording.full_day(starts_at.date())}."
