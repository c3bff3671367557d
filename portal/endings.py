"""What ends a connection, or has ended it: the setting behind it, whose it is, and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import eligibility, policy
from portal.configuration import domains
from portal.policy import BLOCKED
from portal.tables import Connection, Person

SHOWN = 25  # of everybody's on one page
_KEYS = {
    eligibility.SWITCHED_OFF: "enabled",
    eligibility.DOMAIN: "allowed_domains",
    eligibility.PERMISSION: "calendar_permission",
    eligibility.OWN_CONSENT: "setup_by",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """`until`: when it ends, or ended. `group`: whose setting it is, None for the account's.
    `address`: of the connection, the one that no allowed domain admits.
    """

    why: str
    until: datetime | None
    is_over: bool
    group: str | None = None
    reason: str | None = None  # of the lock, as the administrator gave it
    allowed: tuple[str, ...] = ()
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a list over everybody."""

    person_id: int
    person: str
    why: str
    until: datetime | None
    is_over: bool


def of_connection(db: Session, connection: Connection | None) -> Ending | None:
    """None while nothing is in the way of it."""
    if connection is None:
        return None
    is_over = connection.state == BLOCKED
    if not (is_over or eligibility.is_noticed(connection)):
        return None
    why = connection.cut_off_why or connection.cause or eligibility.SWITCHED_OFF
    setting = policy.explain(db, connection.person_id)[_KEYS.get(why, "enabled")]
    allowed = tuple(setting.value) if why == eligibility.DOMAIN else ()
    return Ending(
        why,
        connection.cut_off_at,
        is_over,
        group=setting.group,
        reason=setting.lock_reason,
        allowed=allowed,
        address=_outside(connection, allowed),
    )


def _outside(connection: Connection, allowed: tuple[str, ...]) -> str | None:
    known = (connection.username, connection.mailbox_address)
    return next((one for one in known if one and not domains.admits(allowed, [one])), None)


def everywhere(db: Session) -> tuple[list[Listed], int]:
    """Those that ended and those to end, the soonest first; and how many more there are."""
    is_ending = Connection.cut_off_at.is_not(None) | (Connection.state == BLOCKED)
    live = (Connection.state != eligibility.DISCONNECTED, Person.disabled_at.is_(None))
    people = select(Connection).join(Person, Person.id == Connection.person_id)
    found = people.where(is_ending, *live)
    count = db.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = db.execute(
        found.with_only_columns(
            Person.id,
            Person.name,
            Connection.cut_off_why,
            Connection.cause,
            Connection.cut_off_at,
            Connection.state,
        )
        .order_by(Connection.cut_off_at, Person.name, Person.id)
        .limit(SHOWN)
    )
    listed = [
        Listed(
            row.id,
            row.name,
            row.cut_off_why or row.cause or eligibility.SWITCHED_OFF,
            row.cut_off_at,
            row.state == BLOCKED,
        )
        for row in rows
    ]
    return listed, count - len(listed)
