"""A job as the timetable runs it: how it ended is written down, whatever happens."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from outside import Outside
from portal.database import Database
from portal.operations import job_runs

log = logging.getLogger(__name__)


class Noted:
    """Runs `work`, which gives how much it did, or None where that was another process's to do.
    `every`: how often it is called.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], int | None],
        database: Database,
        outside: Outside,
        every: timedelta,
    ) -> None:
        self._name, self._work, self._every = name, work, every
        self._database, self._clock = database, outside.clock

    def __call__(self) -> None:
        began_at, outcome = self._clock(), job_runs.FAILED
        count: int | None = 0
        try:
            count = self._work()
            outcome = job_runs.OK
        except Exception:
            log.exception("job broke name=%s; it runs again at its time", self._name)
        if count is None:
            return
        with self._database.writing() as db:
            job_runs.note(
                db,
                self._name,
                outcome,
                began_at=began_at,
                ended_at=self._clock(),
                next_at=began_at + self._every,
                count=count,
            )


class Tally:
    """Counts what threads do, until somebody asks."""

    def __init__(self) -> None:
        self._lock, self._count = threading.Lock(), 0

    def add(self) -> None:
        with self._lock:
            self._count += 1

    def take(self) -> int:
        """How many since the last time."""
        with self._lock:
            count, self._count = self._count, 0
        return count
