"""Asking Microsoft for notices, and keeping it asked. What fails here never fails a round."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from m365.errors import Gone, MicrosoftError, Throttled, TokenRefused
from m365.remote import RemoteSubscription
from portal import accounts, notices, subscriptions
from portal.addresses import can_be_called
from portal.tables import Subscription
from sync.access import Gate
from sync.turn import Turn

log = logging.getLogger(__name__)

NOTICES, LIFE = "/hooks/graph", "/hooks/graph-life"
# Minutes asked for. Microsoft has cut the longest life before and may refuse what was fine: each
# further attempt asks for less.
LIVES = (4200, 1400, 60)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Held:
    """What the row says, read in one go."""

    graph_id: str | None
    address: str
    client_state: str
    failures: int
    is_over: bool


def ensure(turn: Turn, gate: Gate) -> None:
    """Makes or renews the mailbox's subscription where that is due.

    Raises only what ends the whole turn: Throttled and TokenRefused.
    """
    connection_id = turn.claim.connection_id
    with turn.database.reading() as db:
        row = subscriptions.of_connection(db, connection_id)
        address = accounts.the_account(db).public_address
        held = None if row is None else _held(row, turn.now())
        rests = row is not None and row.renew_at > turn.now()
    usable = gate.notices and can_be_called(address, by=gate.graph_base)
    if held is not None and (not usable or held.address != address):
        _leave(turn, held)
        held, rests = None, False
    if not usable or rests:
        return
    try:
        if held is not None and held.graph_id is not None and not held.is_over:
            _renew(turn, held.graph_id, address, failures=held.failures)
        else:
            _make(turn, address, failures=0 if held is None else held.failures)
    except MicrosoftError as error:
        _note_failure(turn, error)
        if isinstance(error, Throttled | TokenRefused):
            raise


def _held(row: Subscription, now: datetime) -> _Held:
    return _Held(
        graph_id=row.graph_id,
        address=row.address,
        client_state=row.client_state,
        failures=row.failures,
        is_over=not subscriptions.is_on(row, now=now),
    )


def _make(turn: Turn, address: str, *, failures: int) -> None:
    connection_id = turn.claim.connection_id
    with turn.writing() as db:
        row = subscriptions.begin(
            db, connection_id, address=address, secret=turn.outside.secrets(), now=turn.now()
        )
        secret = row.client_state
    found = _already_there(turn, address, secret) or turn.graph.subscriptions.create(
        to=address + NOTICES,
        life_to=address + LIFE,
        client_state=secret,
        until=_until(turn, failures),
    )
    _keep(turn, found)
    with turn.writing() as db:
        # What happened between the last look and now was told to nobody.
        notices.hot_due(db, connection_id, now=turn.now())
    log.info("notices on connection=%d until=%s", connection_id, found.expires_at.isoformat())


def _already_there(turn: Turn, address: str, secret: str) -> RemoteSubscription | None:
    """One whose answer was lost. Others of ours would tell everything twice, so they end."""
    found = None
    for one in turn.graph.subscriptions.listed():
        if one.address != address + NOTICES:
            continue
        if found is None and one.client_state == secret and one.expires_at > turn.now():
            found = one
        else:
            _end(turn, one.graph_id)
    return found


def _renew(turn: Turn, graph_id: str, address: str, *, failures: int) -> None:
    try:
        found = turn.graph.subscriptions.renew(graph_id, until=_until(turn, failures))
    except Gone:
        _make(turn, address, failures=failures)
        return
    _keep(turn, found)


def _until(turn: Turn, failures: int) -> datetime:
    return turn.now() + LIVES[failures % len(LIVES)] * MINUTE


def _keep(turn: Turn, found: RemoteSubscription) -> None:
    """Renewed at half life, a little earlier or later than the others'."""
    now = turn.now()
    half = (found.expires_at - now) * (0.45 + turn.outside.random.random() / 10)
    with turn.writing() as db:
        row = subscriptions.of_connection(db, turn.claim.connection_id)
        if row is not None:
            subscriptions.granted(
                row, graph_id=found.graph_id, expires_at=found.expires_at, renew_at=now + half
            )


def _leave(turn: Turn, held: _Held) -> None:
    """The portal is not reached there any more."""
    if held.graph_id is not None:
        _end(turn, held.graph_id)
    with turn.writing() as db:
        subscriptions.forget(db, turn.claim.connection_id)


def _end(turn: Turn, graph_id: str) -> None:
    """Best effort: what is not renewed ends by itself."""
    try:
        turn.graph.subscriptions.delete(graph_id)
    except (Throttled, TokenRefused):
        raise
    except MicrosoftError as error:
        log.info("subscription left to lapse code=%s", error.code)


def _note_failure(turn: Turn, error: MicrosoftError) -> None:
    with turn.writing() as db:
        row = subscriptions.of_connection(db, turn.claim.connection_id)
        if row is None:
            return
        subscriptions.failed(row, error.code, now=turn.now())
        again_at = row.renew_at
    log.warning(
        "notices refused connection=%d code=%s status=%d request=%s again=%s",
        turn.claim.connection_id,
        error.code,
        error.status,
        error.request_id,
        again_at.isoformat(timespec="seconds"),
    )
