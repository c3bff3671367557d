"""The occurrences that Microsoft refused while their change was sent, kept with the change: a turn
may be too short to try them all, and the next one goes on where it ended.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.outbox import REFUSED
from portal.tables import Change
from sync.judging import exceptions
from sync.judging.occurrence import Difference, restored

CROSSING = "ErrorOccurrenceCrossingBoundary"  # on or past the day of the one before or after


def note(change: Change, day: date, ours: Difference, code: str) -> None:
    """`ours`: as it was sent; it may have been edited since."""
    _keep(change, _kept(change) | {day.isoformat(): {"code": code, "ours": ours.stored()}})


def held(change: Change, days: Iterable[date]) -> dict[date, str]:
    """Those of these days that were refused as they are now, with the code."""
    found: dict[date, str] = {}
    for day in days:
        one = _kept(change).get(day.isoformat())
        if one is not None and restored(one["ours"]) == exceptions.ours_of(change.meeting, day):
            found[day] = one["code"]
    return found


def make_room(change: Change) -> None:
    """Another occurrence is elsewhere now: what had no room beside it may have some."""
    _keep(change, {day: one for day, one in _kept(change).items() if one["code"] != CROSSING})


def forget(change: Change) -> None:
    """The series is another one now: all are tried again."""
    _keep(change, {})


def _kept(change: Change) -> dict[str, Any]:
    found: dict[str, Any] = change.intent.get(REFUSED, {})
    return found


def _keep(change: Change, refused: dict[str, Any]) -> None:
    if refused != _kept(change):
        change.intent = change.intent | {REFUSED: refused}
