"""When the jobs run. In memory only: what is due stands in the database."""

from contextlib import suppress
from datetime import UTC, datetime

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
    """The dispatcher every two seconds and whenever somebody calls `wake`; housekeeping hourly."""

    def __init__(self, database: Database, outside: Outside, gate: Gate) -> None:
        self._outside = outside
        self.dispatcher = Dispatcher(database, outside, gate)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        )
        self._scheduler.add_job(self.dispatcher.tick, "interval", seconds=TICK_SECONDS, id=TICK)
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

    def _tick_now(self) -> None:
        with suppress(JobLookupError):  # a last call while everything stops
            self._scheduler.modify_job(TICK, next_run_time=datetime.now(UTC))
