"""Where notices arrive: proved, kept in memory, and written down by a thread of its own.

Microsoft wants its answer within a second whatever happens here, and asks later and later where it
does not get it. So nobody waits for the database's write lock between question and answer; what a
crash loses is found by the next poll.
"""

import logging
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from m365 import wire
from m365.errors import BadAnswer
from m365.remote import RemoteNotice
from outside import Outside
from portal import notices, subscriptions
from portal.database import Database
from portal.subscriptions import Known

log = logging.getLogger(__name__)

MOST_WAITING = 20_000  # events of all mailboxes; beyond that a mailbox is looked at everywhere
MOST_REMEMBERED = 10_000  # subscriptions
GATHER = 0.05  # seconds between two transactions, so that a burst shares them
PAUSE = 1.0  # seconds after one that failed


class Taken(Enum):
    """What became of a POST."""

    YES = auto()
    FORGED = auto()  # nothing in it was proved
    MALFORMED = auto()


@dataclass(slots=True)
class _Heard:
    """What waits to be written down about one subscription."""

    connection_id: int
    event_ids: set[str] = field(default_factory=set)
    wants_token: bool = False
    is_removed: bool = False


class Inbox:
    """One per process. Safe to use from every thread."""

    def __init__(self, database: Database, outside: Outside, *, room: int = MOST_WAITING) -> None:
        self._database, self._outside, self._room = database, outside, room
        self._lock = threading.Lock()
        self._heard: dict[str, _Heard] = {}
        self._waiting = 0
        self._remembered: dict[str, Known] = {}
        self._looks: dict[int, datetime] = {}  # the latest look of each mailbox, done or planned
        self._called, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._ended.clear()
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """What was taken in so far is written down first."""
        self._ended.set()
        self._called.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        with suppress(SQLAlchemyError):
            self.drain()

    def take(self, body: bytes) -> Taken:
        """Never waits for a writer. Each item counts by its own secret; a stranger's count not."""
        try:
            told = wire.notices_from(body)
        except BadAnswer:
            return Taken.MALFORMED
        known = self._known({one.subscription_id for one in told})
        # What is nobody's here is an old subscription's, which Microsoft may go on about.
        ours = [(one, known[one.subscription_id]) for one in told if one.subscription_id in known]
        proved = [(one, whose) for one, whose in ours if whose.is_proved_by(one.client_state)]
        if ours and not proved:
            return Taken.FORGED
        self._keep(proved)
        return Taken.YES

    def drain(self) -> None:
        """Writes down what waits, in one transaction, and rouses the dispatcher."""
        with self._lock:
            heard, self._heard, self._waiting = self._heard, {}, 0
        if not heard:
            return
        try:
            with self._database.writing() as db:
                for subscription_id, one in heard.items():
                    self._write_down(db, subscription_id, one)
        except SQLAlchemyError:
            self._looks.clear()  # those looks were never written down
            with self._lock:
                self._put_back(heard)
            raise
        self._outside.wake()

    def _known(self, subscription_ids: set[str]) -> dict[str, Known]:
        known = self._remembered
        if new := [one for one in subscription_ids if one not in known]:
            with self._database.reading() as db:
                found = subscriptions.known(db, new)
            # Never changed in place: other threads read it.
            kept = known if len(known) + len(found) <= MOST_REMEMBERED else {}
            self._remembered = known = {**kept, **found} if found else known
        return {one: known[one] for one in subscription_ids if one in known}

    def _keep(self, proved: Iterable[tuple[RemoteNotice, Known]]) -> None:
        with self._lock:
            for notice, whose in proved:
                one = self._heard.setdefault(notice.subscription_id, _Heard(whose.connection_id))
                one.wants_token |= notice.news == RemoteNotice.RENEW
                one.is_removed |= notice.news == RemoteNotice.REMOVED
                if notice.news != RemoteNotice.RENEW:
                    self._add(one, notice.event_id)
        self._called.set()

    def _add(self, one: _Heard, event_id: str) -> None:
        if event_id in one.event_ids or notices.EVERYWHERE in one.event_ids:
            return
        is_full = len(one.event_ids) >= notices.MOST or self._waiting >= self._room
        if is_full or event_id == notices.EVERYWHERE:
            self._waiting -= len(one.event_ids)
            one.event_ids, event_id = set(), notices.EVERYWHERE
        one.event_ids.add(event_id)
        self._waiting += 1

    def _put_back(self, heard: dict[str, _Heard]) -> None:
        for subscription_id, old in heard.items():
            one = self._heard.setdefault(subscription_id, _Heard(old.connection_id))
            one.wants_token |= old.wants_token
            one.is_removed |= old.is_removed
            for event_id in old.event_ids:
                self._add(one, event_id)

    def _write_down(self, db: Session, subscription_id: str, heard: _Heard) -> None:
        now = self._outside.clock()
        row = subscriptions.by_graph_id(db, subscription_id)
        if row is None:  # ended since it was remembered
            return
        row.heard_at = now
        if heard.is_removed:
            row.graph_id = row.expires_at = None
        if heard.is_removed or heard.wants_token:
            row.renew_at = now
            notices.mark_due(db, row.connection_id, at=now)
        if heard.wants_token:
            # Renewing helps only with a token that lives longer than the one Microsoft means.
            subscriptions.renew_token(db, row.connection_id, now=now)
        if heard.event_ids and notices.is_at_work(db, row.connection_id):
            due_at = self._next_look(row.connection_id, now)
            notices.take(db, row.connection_id, heard.event_ids, due_at=due_at)

    def _next_look(self, connection_id: int, now: datetime) -> datetime:
        """The first notice has one at once, those of the next seconds share one."""
        latest = self._looks.get(connection_id)
        if latest is None or not latest - notices.JOIN < now < latest + notices.JOIN:
            due_at = now
        else:
            due_at = latest if latest > now else latest + notices.JOIN
        self._looks[connection_id] = due_at
        return due_at

    def _run(self) -> None:
        while True:
            self._called.wait()
            self._called.clear()
            try:
                self.drain()
            except SQLAlchemyError as error:
                log.error("notices wait: database refused error=%s", type(error).__name__)
                self._called.set()
                if self._ended.wait(PAUSE):
                    return
            except Exception:
                log.exception("notices lost; polling finds what they told of")
            if self._ended.wait(GATHER):
                return
