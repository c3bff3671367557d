"""The dispatcher: leads or not, and gives due mailboxes to the workers."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from jobs.runs import Tally
from outside import Outside
from portal import claims, leases
from portal.database import Database
from sync import round as rounds
from sync.access import Gate

log = logging.getLogger(__name__)

WORKERS = 4
RENEW_EVERY = leases.LASTS / 3


class Dispatcher:
    """Many may run; the lease lets one lead, and the claims make even two merely wasteful."""

    def __init__(self, database: Database, outside: Outside, gate: Gate) -> None:
        self._database, self._outside, self._gate = database, outside, gate
        self._name = outside.ids()
        self._leads_until: datetime | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._places = threading.BoundedSemaphore(WORKERS)
        self._ended = Tally()

    def start(self) -> None:
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="mailbox")

    def stop(self) -> None:
        """Waits for the rounds under way (ten seconds at most) and lets another process lead."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None
        with self._database.writing() as db:
            leases.step_down(db, self._name)

    def tick(self) -> None:
        """Gives every due mailbox to a worker, as long as one is free."""
        pool = self._pool
        if pool is None or not self._leads():
            return
        while self._places.acquire(blocking=False):
            claim = self._claim()
            if claim is None:
                self._places.release()
                return
            pool.submit(self._work, claim)

    def is_leading(self) -> bool:
        """As of the last tick; it takes no lead."""
        until = self._leads_until
        return until is not None and self._outside.clock() < until

    def until_next(self) -> timedelta | None:
        """How long until a mailbox is due that is not so yet."""
        now = self._outside.clock()
        with self._database.reading() as db:
            due_at = claims.next_due_at(db, after=now)
        return None if due_at is None else due_at - now

    def _claim(self) -> claims.Claim | None:
        now = self._outside.clock()
        with self._database.reading() as db:
            if not claims.is_any_due(db, now=now):
                return None
        with self._database.writing() as db:
            return claims.claim_due(db, now=now)

    def _work(self, claim: claims.Claim) -> None:
        try:
            rounds.run(self._gate, claim)
        except Exception:
            log.exception("turn broke connection=%d; its lease will lapse", claim.connection_id)
        finally:
            self._ended.add()
            self._places.release()
            self._outside.wake()

    def rounds_since(self) -> int | None:
        """Turns that ended since the last time; None while another process leads."""
        return None if self._leads_until is None else self._ended.take()

    def _leads(self) -> bool:
        now = self._outside.clock()
        if self._leads_until is not None and now < self._leads_until - leases.LASTS + RENEW_EVERY:
            return True
        with self._database.writing() as db:
            leads = leases.lead(db, self._name, now=now)
            if leads and self._leads_until is None:
                # Who led before is gone or late; what it still does is fenced off by the number.
                claims.free_all(db)
                log.info("this process leads")
        self._leads_until = now + leases.LASTS if leads else None
        return leads
