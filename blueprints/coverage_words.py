"""Coverage and progress in words: how much of a calendar is read, and how long it still takes."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import format_date

from blueprints.wording import DAY, LOCALE
from portal import coverage
from portal.policy import Policy
from portal.progress import Progress
from portal.quarters import Span

MINUTE = timedelta(minutes=1)


def span(chosen: Policy) -> str:
    """ "6 months back and 18 ahead"."""
    if chosen.sync_version == coverage.MEETINGS_ONLY:
        return f"{coverage.NARROW_DAYS} days ahead, meetings only"
    return f"{_months(chosen.back_months)} back and {chosen.forward_months} ahead"


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number} months"


def quarters(spans: Sequence[Span]) -> str:
    """ "April to September 2026": neighbours as one; empty for none."""
    runs: list[tuple[datetime, datetime]] = []
    for start, end in spans:
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return " and ".join(_run(start.date(), (end - DAY).date()) for start, end in runs)


def _run(first: date, last: date) -> str:
    shape = "MMMM" if first.year == last.year else "MMMM yyyy"
    start = format_date(first, shape, locale=LOCALE)
    return f"{start} to {format_date(last, 'MMMM yyyy', locale=LOCALE)}"


def time_left(progress: Progress) -> str:
    """Coarse on purpose: what was measured so far does not carry more. Empty without a basis."""
    if progress.left is None:
        return ""
    if progress.left <= MINUTE:
        return "less than a minute left"
    minutes = -(-progress.left // MINUTE)
    if minutes < 60:
        minutes = minutes if minutes <= 5 else 5 * -(-minutes // 5)
        return f"about {minutes} minutes left"
    hours = -(-minutes // 60)
    return "about an hour left" if hours == 1 else f"about {hours} hours left"


def how_far(progress: Progress) -> str:
    """ "3 of 9 quarters, 120 events, about 2 minutes left"."""
    if not progress.windows:
        return "Starting"
    said = [
        f"{progress.filled} of {progress.windows} quarters",
        f"{progress.events} {'event' if progress.events == 1 else 'events'}",
        time_left(progress),
    ]
    return ", ".join(filter(None, said))


def context(progress: Progress) -> dict[str, Any]:
    """What a bar of progress shows."""
    return {"progress": progress, "how_far": how_far(progress)}
