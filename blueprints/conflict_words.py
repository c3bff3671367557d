"""A conflict in words: what was changed on both sides, both versions, and which one stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blueprints import wording
from portal.tables import Conflict

LABELS = {"title": "Title", "time": "Time", "location": "Place"}


@dataclass(frozen=True, slots=True)
class Versions:
    """One thing that both sides had changed."""

    what: str
    here: str
    outlook: str


@dataclass(frozen=True, slots=True)
class ConflictWords:
    found: str
    stands: str
    versions: tuple[Versions, ...]


def words_of(conflict: Conflict, zone: ZoneInfo) -> ConflictWords:
    """Times in the reader's zone."""
    return ConflictWords(
        found=wording.moment(conflict.found_at, zone),
        stands="Outlook's version stands."
        if conflict.winner == "outlook"
        else "The version made here stands.",
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


def _said(side: dict[str, Any], field: str, zone: ZoneInfo) -> str:
    if field != "time":
        return str(side[field]) or "(empty)"
    starts, ends = datetime.fromisoformat(side["starts"]), datetime.fromisoformat(side["ends"])
    if side["all_day"]:
        return wording.all_day(starts.date(), ends.date())
    return wording.when(starts, ends, zone)
