"""Connects people by application permissions: looks up the account of each, tries its mailbox, and
keeps how that ended. Safe to run twice; two that run at once are merely wasteful.
"""

import logging
from datetime import datetime, timedelta
from itertools import islice

from m365.errors import Forbidden, Gone, Later, MicrosoftError, NoMailbox
from m365.graph import Graph
from m365.identity import names, scopes_of_the_app
from m365.remote import RemoteUser
from portal import connections, enrolments
from portal.connections import MicrosoftTie
from portal.enrolments import AGAIN, SOON, Candidate
from sync.access import Gate, registration_of
from sync.app_tokens import AppTokens

log = logging.getLogger(__name__)

MOST = 100  # people in one run, and
LONGEST = timedelta(seconds=20)
QUIET = 60.0  # seconds, where Microsoft does not say how long


class _Ended(Exception):
    """This person cannot be connected now: why, and about which address."""

    def __init__(self, outcome: str, address: str | None = None, code: str | None = None) -> None:
        super().__init__(outcome)
        self.outcome, self.address, self.code = outcome, address, code


class Enroller:
    """One in a process: it remembers when Microsoft asked for quiet."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._quiet_until: datetime | None = None

    def run(self) -> int:
        """Everybody who is due, as far as one run goes; how many were looked for. Never raises for
        what Microsoft answers.
        """
        gate, now = self._gate, self._gate.outside.clock()
        with gate.database.reading() as db:
            plan = enrolments.plan(db, now=now)
        if plan.writes:
            with gate.database.writing() as db:
                enrolments.apply(db, plan, now=now)
        if self._quiet_until is not None and now < self._quiet_until:
            return 0
        # A token held from before would know no permission granted since.
        looked, tokens = 0, AppTokens()
        for candidate in islice(plan.candidates, MOST):
            if gate.outside.clock() > now + LONGEST:
                break
            looked += 1
            try:
                self._look(candidate, tokens)
            except Later as error:
                pause = timedelta(seconds=error.retry_after or QUIET)
                self._quiet_until = gate.outside.clock() + pause
                break
        if looked:
            gate.outside.wake()
        return looked

    def _look(self, candidate: Candidate, tokens: AppTokens) -> None:
        """Raises Later, once it is noted."""
        gate = self._gate
        try:
            user = _found(gate, candidate, tokens)
        except _Ended as ended:
            _note(gate, candidate, ended, AGAIN)
        except MicrosoftError as error:
            again = SOON if isinstance(error, Later) else AGAIN
            _note(gate, candidate, _Ended(enrolments.FAILED, code=error.code), again)
            log.warning("mailbox not looked for person=%d code=%s", candidate.person_id, error.code)
            if isinstance(error, Later):
                raise
        else:
            with gate.database.writing() as db:
                now = gate.outside.clock()
                tie = _tie(candidate, user)
                outcome = enrolments.enrol(db, candidate, tie, user.mail, now=now)
            log.info("mailbox looked for person=%d outcome=%s", candidate.person_id, outcome)


def _note(gate: Gate, candidate: Candidate, ended: _Ended, again: timedelta) -> None:
    with gate.database.writing() as db:
        enrolments.note(
            db,
            candidate.person_id,
            ended.outcome,
            address=ended.address,
            code=ended.code,
            again=again,
            now=gate.outside.clock(),
        )


def _found(gate: Gate, candidate: Candidate, tokens: AppTokens) -> RemoteUser:
    """The one account of this address, with a mailbox that opens. Raises _Ended, MicrosoftError."""
    graph = _graph(gate, candidate.tenant_id, tokens, candidate.address)
    accounts: dict[str, RemoteUser] = {}
    try:
        by_name = graph.me()
        accounts[by_name.object_id] = by_name
    except (NoMailbox, Gone):
        pass
    for by_mail in graph.directory.by_mail(candidate.address):
        accounts.setdefault(by_mail.object_id, by_mail)
    if not accounts:
        raise _Ended(enrolments.NOT_FOUND)
    if len(accounts) > 1:
        raise _Ended(enrolments.AMBIGUOUS)
    user = next(iter(accounts.values()))
    address = user.mail or user.username
    try:
        _graph(gate, candidate.tenant_id, tokens, user.object_id).calendars()
    except NoMailbox as error:
        raise _Ended(enrolments.NO_MAILBOX, address, error.code) from None
    except Forbidden as error:
        raise _Ended(enrolments.REFUSED, address, error.code) from None
    return user


def _graph(gate: Gate, tenant: str, tokens: AppTokens, mailbox: str) -> Graph:
    with gate.database.reading() as db:
        registration = registration_of(db)
    token = tokens.get(gate.identity, registration, tenant, now=gate.outside.clock())
    return Graph(gate.http, gate.graph_base, token, request_id=gate.outside.ids, mailbox=mailbox)


def _tie(candidate: Candidate, user: RemoteUser) -> MicrosoftTie:
    level = candidate.calendar_access
    wanted = scopes_of_the_app("read_write" if level == connections.READ_WRITE else "read")
    return MicrosoftTie(
        tenant_id=candidate.tenant_id,
        object_id=user.object_id,
        username=user.username or user.mail or candidate.address,
        calendar_access=level,
        scopes=names(wanted),
        mode=connections.APPLICATION,
    )
