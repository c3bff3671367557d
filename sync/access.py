"""The gate to a mailbox: a valid token, the lane and the pause."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from m365.errors import Later, MicrosoftError, Misconfigured, NeedsConsent, Throttled
from m365.graph import Graph
from m365.identity import Identity, Registration, Tokens
from m365.transport import Http
from outside import Outside
from portal import claims, connections, registrations, tables
from portal.database import Database
from sync.app_tokens import EARLY, AppTokens

log = logging.getLogger(__name__)

LANE = 3  # requests in flight per mailbox; Microsoft refuses the fifth
WAIT_FOR_OTHER = 10.0  # seconds for a refresh that somebody else is doing
LOOK_EVERY = 0.1
OWN = "me"  # the mailbox of whoever the token is of
QUIET = 10.0  # seconds, where Microsoft asks for quiet and does not say how long


@dataclass(frozen=True, slots=True)
class _Held:
    """What the row says about the token, read in one go."""

    tenant_id: str
    access_token: str | None
    refresh_token: str | None
    expires_at: datetime | None
    pause_until: datetime | None
    registration: Registration
    mailbox: str | None  # whose it is, where the portal comes by application permissions

    def good_token(self, refused: str | None, now: datetime) -> str | None:
        """The access token, unless it was refused or ends soon."""
        is_fresh = self.expires_at is not None and self.expires_at > now + EARLY
        return self.access_token if is_fresh and self.access_token != refused else None


@dataclass(frozen=True)
class Gate:
    """The only way to a mailbox."""

    database: Database
    outside: Outside
    http: Http
    identity: Identity
    graph_base: str
    notices: bool = False  # whether Microsoft is asked to tell of changes
    _app_tokens: AppTokens = field(default_factory=AppTokens)
    _lanes: dict[int, threading.BoundedSemaphore] = field(default_factory=dict)

    @contextmanager
    def mailbox(
        self, connection_id: int, *, refused: str | None = None, deadline: float = 30
    ) -> Iterator[tuple[Graph, str]]:
        """A Graph client and the token it uses. Each caller sends one request at a time.

        `refused`: a token Microsoft no longer takes, whatever its expiry says.
        Raises Throttled in a pause, NeedsConsent, and what a refresh may raise.
        """
        # setdefault is atomic: two threads that come first must not make two lanes.
        with self._lanes.setdefault(connection_id, threading.BoundedSemaphore(LANE)):
            token, mailbox = self._token(connection_id, refused)
            try:
                yield self._graph(token, mailbox, deadline), token
            except Later as error:
                self._keep_quiet(connection_id, error)
                raise

    def _keep_quiet(self, connection_id: int, error: Later) -> None:
        """Microsoft asked for quiet: whoever comes next hears of it here, not there."""
        asked = error.retry_after
        if asked is None and isinstance(error, Throttled):
            asked = QUIET
        if not asked:
            return
        until = self.outside.clock() + timedelta(seconds=asked)
        with self.database.writing() as db:
            claims.pause(db, connection_id, until=until)
        log.warning("mailbox pauses connection=%d seconds=%.0f", connection_id, asked)

    def of_the_app(self, tenant: str, mailbox: str, *, deadline: float = 30) -> Graph:
        """A mailbox by application permissions, whether somebody is connected to it or not: to
        find out whether it may be reached. Raises what asking for a token may raise.
        """
        with self.database.reading() as db:
            registration = registration_of(db)
        token = self._app_tokens.get(self.identity, registration, tenant, now=self.outside.clock())
        return self._graph(token, mailbox, deadline)

    def _graph(self, token: str, mailbox: str, deadline: float) -> Graph:
        return Graph(
            self.http,
            self.graph_base,
            token,
            request_id=self.outside.ids,
            mailbox=mailbox,
            deadline=deadline,
        )

    def _token(self, connection_id: int, refused: str | None) -> tuple[str, str]:
        """A good token, and whose mailbox it opens as Graph's addresses say it."""
        until = time.monotonic() + WAIT_FOR_OTHER
        while True:
            held = self._read(connection_id)
            now = self.outside.clock()
            if held.pause_until is not None and held.pause_until > now:
                pause = Throttled("paused")
                pause.retry_after = (held.pause_until - now).total_seconds()
                raise pause
            if held.mailbox is not None:
                token = self._app_tokens.get(
                    self.identity, held.registration, held.tenant_id, refused=refused, now=now
                )
                return token, held.mailbox
            if good := held.good_token(refused, now):
                return good, OWN
            with self.database.writing() as db:
                mine = claims.claim_refresh(db, connection_id, now=now)
            if mine:
                return self._refresh(connection_id, refused), OWN
            if time.monotonic() > until:
                raise Later("refresh_under_way")
            threading.Event().wait(LOOK_EVERY)

    def _refresh(self, connection_id: int, refused: str | None) -> str:
        held = self._read(connection_id)
        try:
            if token := held.good_token(refused, self.outside.clock()):
                self._store(connection_id, None)
                return token
            if not held.refresh_token:
                raise NeedsConsent("no_refresh_token")
            tokens = self.identity.refresh(
                held.registration, tenant_id=held.tenant_id, refresh_token=held.refresh_token
            )
        except NeedsConsent:
            self._store(connection_id, None)
            if self._read(connection_id).refresh_token != held.refresh_token:
                raise Later("token_changed_meanwhile") from None
            raise
        except MicrosoftError:
            self._store(connection_id, None)
            raise
        self._store(connection_id, tokens)
        log.info("token refreshed connection=%d", connection_id)
        return tokens.access_token

    def _read(self, connection_id: int) -> _Held:
        with self.database.reading() as db:
            row = connections.by_id(db, connection_id)
            return _Held(
                tenant_id=row.tenant_id,
                access_token=row.access_token,
                refresh_token=row.refresh_token,
                expires_at=row.token_expires_at,
                pause_until=row.pause_until,
                registration=registration_of(db),
                mailbox=row.object_id if row.mode == connections.APPLICATION else None,
            )

    def _store(self, connection_id: int, tokens: Tokens | None) -> None:
        """Ends the refresh claim, with what it brought. A row disconnected meanwhile stays so."""
        with self.database.writing() as db:
            row = connections.by_id(db, connection_id)
            row.refresh_until = None
            if tokens is not None and row.state != connections.DISCONNECTED:
                row.access_token, row.token_expires_at = tokens.access_token, tokens.expires_at
                row.refresh_token = tokens.refresh_token or row.refresh_token


def registration_of(db: Session) -> Registration:
    """The kept app registration as the Microsoft room wants it. Raises Misconfigured."""
    row = registrations.current(db)
    if row is None:
        raise Misconfigured("not_registered")
    return as_registration(row)


def as_registration(row: tables.Registration) -> Registration:
    return Registration(
        tenant=row.tenant,
        client_id=row.client_id,
        secret=row.client_secret,
        certificate_pem=row.certificate_pem,
        private_key_pem=row.private_key_pem,
    )
