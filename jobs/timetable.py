"""When the jobs run. In memory only: what is due stands in the database."""

import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from jobs.dispatcher import Dispatcher
from jobs.housekeeping import tidy
from outside import Outside
from portal.database import Database
from sync.access import Gate

TICK = "dispatch"
TICK_SECONDS = 2
TIDY_MINUTES = 60


class Timetable:
    """The dispatcher every two seconds, when a mailbox falls due before that, and whenever somebody
    calls `wake`; housekeeping hourly.
    """

    def __init__(self, database: Database, outside: Outside, gate: Gate) -> None:
        self._outside = outside
        self.dispatcher = Dispatcher(database, outside, gate)
        self._lock = threading.Lock()
        self._ticking = self._called = False
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        )
        self._scheduler.add_job(self._tick, "interval", seconds=TICK_SECONDS, id=TICK)
        self._scheduler.add_job(tidy, "interval", minutes=TIDY_MINUTES, args=(database, outside))

    def start(self) -> None:
        self.dispatcher.start()
        self._scheduler.start()
        self._outside.wake.rouses(self._tick_now)
        self._tick_now()

    def stop(self) -> None:
        """Nothing new begins; what runs is finished first."""
        self._outside.wake.rouses(None)
        self._scheduler.shutdown(wait=True)
        self.dispatcher.stop()

    def _tick(self) -> None:
        try:
            self._tick_until_nobody_calls()
        finally:
            with self._lock:
                self._ticking = False
        pause = self.dispatcher.until_next()
        if pause is not None and pause < timedelta(seconds=TICK_SECONDS):
            self._tick_at(datetime.now(UTC) + pause)

    def _tick_until_nobody_calls(self) -> None:
        self._ticking = self._called = True
        while self._called:
            self._called = False
            self.dispatcher.tick()
            with self._lock:
                # A call from here on makes a tick of its own; one that came during this look may
                # be about something it has not seen.
                self._ticking = self._called

    def _tick_now(self) -> None:
        with self._lock:
            self._called = True
            if self._ticking:
                return
        self._tick_at(datetime.now(UTC))

    def _tick_at(self, moment: datetime) -> None:
        with suppress(JobLookupError):  # a last call while everything stops
            self._scheduler.modify_job(TICK, next_run_time=moment)
