"""When the jobs run. In memory only: what is due stands in the database."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from jobs.checking import check
from jobs.dispatcher import Dispatcher
from jobs.enrolment import enrol_people
from jobs.housekeeping import tidy
from jobs.mailing import mail
from jobs.reviewing import review
from jobs.runs import Noted
from outside import Outside
from portal.database import Database
from portal.operations import checkups, job_runs
from sync.access import Gate
from sync.enrol import Enroller

TICK = "dispatch"
TICK_SECONDS = 2
TIDY_MINUTES = 60
MAIL_MINUTES = 1
REVIEW_MINUTES = 5
ENROL_MINUTES = 0.25  # so soon after a change of settings people's mailboxes are looked for
DOCTOR_MINUTES = 1 / 20  # whether somebody has asked for it; by itself it looks once a day


class Timetable:
    """The dispatcher every two seconds, when a mailbox falls due before that, and whenever somebody
    calls `wake`; people to enrol every quarter of a minute; mails every minute; connections held
    against the settings every five minutes; housekeeping hourly.
    """

    def __init__(self, database: Database, outside: Outside, gate: Gate) -> None:
        self._database, self._outside = database, outside
        self.dispatcher = Dispatcher(database, outside, gate)
        self._one_at_a_time, self._lock = threading.Lock(), threading.Lock()
        self._is_called = False  # a look is to begin that nobody needs to call again
        self._is_ending = False
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        )
        # One works, one was called meanwhile and waits for it, one is due by the clock.
        self._scheduler.add_job(
            self._tick, "interval", seconds=TICK_SECONDS, id=TICK, max_instances=4
        )
        self._every(TIDY_MINUTES, job_runs.HOUSEKEEPING, lambda: tidy(database, outside))
        self._every(MAIL_MINUTES, job_runs.MAIL, lambda: mail(database, outside))
        self._every(1, job_runs.ROUNDS, self.dispatcher.rounds_since)
        self._every(DOCTOR_MINUTES, job_runs.DOCTOR, lambda: check(gate), checkups.EVERY)
        self._every(REVIEW_MINUTES, job_runs.REVIEW, lambda: review(database, outside))
        enroller, leads = Enroller(gate), self.dispatcher.is_leading
        self._every(ENROL_MINUTES, job_runs.ENROLMENT, lambda: enrol_people(enroller, leads))

    def start(self) -> None:
        self.dispatcher.start()
        self._scheduler.start()
        self._outside.wake.rouses(self._tick_now)
        self._tick_now()

    def stop(self) -> None:
        """Nothing new begins; what runs is finished first."""
        self._outside.wake.rouses(None)
        with self._lock:
            # The scheduler waits for a look under way, which would wait for the scheduler.
            self._is_ending = True
        self._scheduler.shutdown(wait=True)
        self.dispatcher.stop()

    def _every(
        self,
        minutes: float,
        name: str,
        work: Callable[[], int | None],
        works_every: timedelta | None = None,
    ) -> None:
        """`works_every`: where most of the calls find nothing to do."""
        # What runs must not ask the scheduler, which on its end waits for what runs.
        every = works_every or timedelta(minutes=minutes)
        noted = Noted(name, work, self._database, self._outside, every)
        self._scheduler.add_job(noted, "interval", seconds=round(minutes * 60), id=name)

    def _tick(self) -> None:
        with self._one_at_a_time:
            with self._lock:
                self._is_called = False
            self.dispatcher.tick()
            pause = self.dispatcher.until_next()
        with self._lock:
            soon = pause is not None and pause < timedelta(seconds=TICK_SECONDS)
            if pause is not None and soon and not self._is_called:
                self._tick_at(datetime.now(UTC) + pause)

    def _tick_now(self) -> None:
        with self._lock:
            if not self._is_called:
                self._is_called = True
                self._tick_at(datetime.now(UTC))

    def _tick_at(self, moment: datetime) -> None:
        """The caller holds the lock."""
        if not self._is_ending:
            self._scheduler.modify_job(TICK, next_run_time=moment)
