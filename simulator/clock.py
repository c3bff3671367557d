"""The simulator's time: the machine's own, or one that stands still and is moved by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def wall_clock() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


class Clock:
    """Aware UTC time. It runs with `source` until it is set; then it moves only when told."""

    def __init__(self, source: Callable[[], datetime] = wall_clock) -> None:
        self._source = source
        self._ahead = timedelta()
        self._stands_at: datetime | None = None

    def __getstate__(self) -> tuple[timedelta, datetime | None]:
        return self._ahead, self._stands_at

    def __setstate__(self, state: tuple[timedelta, datetime | None]) -> None:
        self._source = wall_clock
        self._ahead, self._stands_at = state

    def __call__(self) -> datetime:
        """The present moment."""
        if self._stands_at is not None:
            return self._stands_at
        return self._source() + self._ahead

    @property
    def driven(self) -> bool:
        """Does it stand still until it is moved?"""
        return self._stands_at is not None

    def set(self, moment: datetime) -> None:
        """Stand still at this moment (aware)."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs an offset")
        self._stands_at = moment.astimezone(UTC)

    def advance(self, **by: float) -> None:
        """Move forward, running or not: `clock.advance(minutes=5)`."""
        step = timedelta(**by)
        if self._stands_at is None:
            self._ahead += step
        else:
            self._stands_at += step

    def run(self) -> None:
        """Run on from where it stands."""
        if self._stands_at is not None:
            self._ahead = self._stands_at - self._source()
            self._stands_at = None
