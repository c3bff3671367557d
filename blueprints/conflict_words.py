"""A conflict in words: what was changed on both sides, both versions, and which one stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blueprints import series_words, wording
from portal.tables import Conflict

LABELS = {
    "title": "Title",
    "time": "Time",
    "location": "Place",
    "cancelled": "Whether it takes place",
}
AS_THE_SERIES = "as the series has it"
WHY_NOT = {
    "cancelled": "The meeting was cancelled meanwhile, so its other version cannot be brought "
    "back. Schedule a new one if it shall take place.",
    "taken back": "The other version was brought back before. Edit the meeting to change it again.",
    "no such day": "The series has no occurrence on that day any more, so there is nothing to "
    "bring the other version back to.",
    "called off there": "That occurrence was called off in Outlook, and Outlook has no way to "
    "bring it back. Schedule a meeting for that day instead.",
}


@dataclass(frozen=True, slots=True)
class Versions:
    """One thing that both sides had changed."""

    what: str
    here: str
    outlook: str


@dataclass(frozen=True, slots=True)
class ConflictWords:
    """`offers`: what the button says; None once the other version was brought back."""

    id: int
    found: str
    stands: str
    offers: str | None
    versions: tuple[Versions, ...]


def words_of(conflict: Conflict, zone: ZoneInfo) -> ConflictWords:
    """Times in the reader's zone."""
    return ConflictWords(
        id=conflict.id,
        found=_found(conflict, zone),
        stands=_stands(conflict, zone),
        offers=None if conflict.taken_back_at else _offer(conflict),
        versions=tuple(
            Versions(
                LABELS[field],
                _said(conflict.ours, field, zone),
                _said(conflict.theirs, field, zone),
            )
            for field in conflict.fields
            if field in LABELS
        ),
    )


def _found(conflict: Conflict, zone: ZoneInfo) -> str:
    at = wording.moment(conflict.found_at, zone)
    day = conflict.original_day
    return at if day is None else f"{at}, in the occurrence of {wording.full_day(day)}"


def _stands(conflict: Conflict, zone: ZoneInfo) -> str:
    if conflict.taken_back_at is not None:
        at = wording.moment(conflict.taken_back_at, zone)
        return f"The other version was brought back on {at}."
    if conflict.winner == "outlook":
        return "Outlook's version stands."
    return "The version made here stands."


def _offer(conflict: Conflict) -> str:
    if conflict.winner == "outlook":
        return "Bring back the version made here"
    return "Take Outlook's version"


def _said(side: dict[str, Any], field: str, zone: ZoneInfo) -> str:
    if field == "cancelled":
        return "called off" if side.get("cancelled") else "takes place"
    if field != "time":
        return AS_THE_SERIES if side.get(field) is None else str(side[field]) or "(empty)"
    if not side.get("starts") or not side.get("ends"):
        return AS_THE_SERIES
    starts, ends = datetime.fromisoformat(side["starts"]), datetime.fromisoformat(side["ends"])
    if side.get("all_day"):
        when = wording.all_day(starts.date(), ends.date())
    else:
        when = wording.when(starts, ends, zone)
    repeats = series_words.sentence(side.get("recurrence"))
    return f"{repeats}, first on {when}" if repeats else when
