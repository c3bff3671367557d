"""People whose mailbox the portal itself connects, by application permissions: who is to be looked
for, how that ended, and when it is tried again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from portal import application_access, audit, connections, outbox, policy
from portal.configuration import domains
from portal.configuration.choices import APPLICATION, OFF
from portal.connections import MicrosoftTie
from portal.tables import ApplicationAccess, Audit, Connection, Enrolment, Person

ENROLLED = "enrolled"
OUTSIDE, NOT_FOUND, AMBIGUOUS = "outside_domains", "not_found", "ambiguous"
NO_MAILBOX, REFUSED, FAILED = "no_mailbox", "refused", "failed"
TAKEN, OTHER_ACCOUNT = "taken", "other_account"
AGAIN, SOON = timedelta(hours=1), timedelta(minutes=5)
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to look for. `calendar_access`: what Microsoft lets the portal do in the mailbox;
    the settings may still say less.
    """

    person_id: int
    address: str
    tenant_id: str
    calendar_access: str
    replaces: bool


@dataclass(slots=True)
class Plan:
    """What there is to do. `outside`: by the domains alone, Microsoft need not be asked."""

    candidates: list[Candidate] = field(default_factory=list)
    outside: list[Candidate] = field(default_factory=list)
    other_access: list[Candidate] = field(default_factory=list)
    healed: list[int] = field(default_factory=list)  # connected, whatever was noted before
    gone: list[int] = field(default_factory=list)  # no longer connected by an administrator

    @property
    def is_empty(self) -> bool:
        return not (self.candidates or self.writes)

    @property
    def writes(self) -> bool:
        return bool(self.outside or self.other_access or self.healed or self.gone)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list of those who are not connected."""

    person_id: int
    name: str
    address: str
    outcome: str
    found: str | None
    code: str | None
    looked_at: datetime
    look_at: datetime


def plan(db: Session, *, now: datetime) -> Plan:
    """Who is to be looked for now. Nothing is asked of Microsoft for it."""
    found = Plan()
    accesses = application_access.everywhere(db)
    noted = {row.person_id: row for row in db.scalars(select(Enrolment))}
    if not accesses:
        found.gone = sorted(noted)
        return found
    since = _settings_changed_at(db)
    held = {row.person_id: row for row in db.scalars(select(Connection))}
    people = list(db.scalars(select(Person).where(Person.disabled_at.is_(None))))
    chosen = policy.of_people(db, [one.id for one in people])
    for person in sorted(people, key=lambda one: _looked_at(noted.get(one.id), now)):
        access = accesses.get(person.primary_group_id) or accesses.get(None)
        settled = noted.pop(person.id, None)
        if access is None or not _wants(chosen[person.id]):
            found.gone += [person.id] if settled else []
            continue
        candidate = _candidate(person, access, settled)
        _place(found, candidate, chosen[person.id], held.get(person.id), settled, since, now)
    found.gone += sorted(noted)
    return found


def _place(
    found: Plan,
    candidate: Candidate,
    chosen: policy.Policy,
    connection: Connection | None,
    settled: Enrolment | None,
    since: datetime | None,
    now: datetime,
) -> None:
    if _is_well(connection, candidate.tenant_id):
        if settled is None or settled.outcome != ENROLLED:
            found.healed.append(candidate.person_id)
        if connection and connection.calendar_access != candidate.calendar_access:
            found.other_access.append(candidate)
    elif not domains.admits(chosen.allowed_domains, [candidate.address]):
        if settled is None or settled.outcome != OUTSIDE:
            found.outside.append(candidate)
    elif settled is None or settled.look_at <= now or (since and since > settled.looked_at):
        found.candidates.append(candidate)


def _wants(chosen: policy.Policy) -> bool:
    return chosen.enabled and chosen.setup_by == APPLICATION and chosen.calendar_permission != OFF


def _is_well(connection: Connection | None, tenant_id: str) -> bool:
    """Connected as it should be; what else is the matter with it, its rounds find out."""
    return (
        connection is not None
        and connection.mode == connections.APPLICATION
        and connection.tenant_id == tenant_id
        and connection.state not in (connections.DISCONNECTED, connections.NEEDS_CONSENT)
    )


def _candidate(person: Person, access: ApplicationAccess, settled: Enrolment | None) -> Candidate:
    writes = application_access.may_write(access)
    return Candidate(
        person_id=person.id,
        address=person.address,
        tenant_id=access.tenant_id,
        calendar_access=connections.READ_WRITE if writes else connections.READ,
        replaces=settled is not None and settled.replaces,
    )


def _looked_at(settled: Enrolment | None, now: datetime) -> datetime:
    """New people come first, then those who wait longest."""
    return datetime.min.replace(tzinfo=now.tzinfo) if settled is None else settled.looked_at


def _settings_changed_at(db: Session) -> datetime | None:
    """A change of settings may be the end of what stood in the way."""
    acts = ("setting %", "application %", "member %", "primary group chosen")
    matching = [Audit.act.like(one) for one in acts]
    newest = select(Audit.at).where(matching[0] | matching[1] | matching[2] | matching[3])
    return db.scalar(newest.order_by(Audit.id.desc()).limit(1))


def apply(db: Session, what: Plan, *, now: datetime) -> None:
    """What the plan finds without Microsoft."""
    for one in what.outside:
        note(db, one.person_id, OUTSIDE, address=one.address, again=AGAIN, now=now)
    for person_id in what.healed:
        note(db, person_id, ENROLLED, again=AGAIN, now=now)
    for one in what.other_access:
        connection = connections.of_person(db, one.person_id)
        if connection is not None:
            _change_access(db, connection, one.calendar_access, now)
    db.execute(delete(Enrolment).where(Enrolment.person_id.in_(what.gone)))


def _change_access(db: Session, connection: Connection, level: str, now: datetime) -> None:
    connection.calendar_access = level
    if level == connections.READ_WRITE:
        connections.read_first(connection, connections.RECONNECT, now=now)
        connection.described_at = None
    else:
        calendar_ids = [calendar.id for calendar in connection.calendars]
        outbox.give_up(db, calendar_ids, code="read_only", now=now)
    connections.mark_due(db, connection.id, now=now)


def enrol(
    db: Session, candidate: Candidate, tie: MicrosoftTie, mail: str | None, *, now: datetime
) -> str:
    """Connects the mailbox that was found, or says why not; the outcome is noted either way."""
    address = mail or tie.username
    outcome, own = ENROLLED, [candidate.address, tie.username, mail]
    chosen = policy.of(db, candidate.person_id)
    if not _wants(chosen):
        return OUTSIDE  # decided otherwise meanwhile: the next plan knows
    if not domains.admits(chosen.allowed_domains, own):
        outcome = OUTSIDE
    else:
        outcome = _established(db, candidate, tie, mail, now)
    note(db, candidate.person_id, outcome, address=address, again=AGAIN, now=now)
    return outcome


def _established(
    db: Session, candidate: Candidate, tie: MicrosoftTie, mail: str | None, now: datetime
) -> str:
    try:
        connection = connections.establish(
            db, candidate.person_id, tie, replace_user=candidate.replaces, now=now
        )
    except connections.TakenByAnother:
        return TAKEN
    except connections.AnotherUser:
        return OTHER_ACCOUNT
    connection.mailbox_address = mail or connection.mailbox_address
    audit.record(
        db,
        by=None,
        act="mailbox connected",
        subject=f"person {candidate.person_id}",
        after={"mode": tie.mode, "calendar_access": tie.calendar_access},
        now=now,
    )
    return ENROLLED


def note(
    db: Session,
    person_id: int,
    outcome: str,
    *,
    address: str | None = None,
    code: str | None = None,
    again: timedelta,
    now: datetime,
) -> None:
    row = db.get(Enrolment, person_id)
    if row is None:
        row = Enrolment(person_id=person_id)
        db.add(row)
    row.outcome, row.address, row.code = outcome, address, code and code[:64]
    row.looked_at, row.look_at = now, now + again
    row.replaces = False if outcome == ENROLLED else bool(row.replaces)
    db.flush()


def of_person(db: Session, person_id: int) -> Enrolment | None:
    return db.get(Enrolment, person_id)


def look_again(db: Session, *, group_id: int | None, now: datetime) -> None:
    """Everybody who is not connected is looked for at once."""
    for row in db.scalars(select(Enrolment).join(Person).where(*_unwell(group_id))):
        row.look_at = now


def replace(db: Session, person_id: int, *, by: int, now: datetime) -> bool:
    """The mailbox that is found takes the place of another account of the person; False where
    that is not what keeps it.
    """
    row = db.get(Enrolment, person_id)
    if row is None or row.outcome != OTHER_ACCOUNT:
        return False
    row.replaces, row.look_at = True, now
    audit.record(db, by=by, act="another account replaced", subject=f"person {person_id}", now=now)
    return True


def counts(db: Session, group_id: int | None) -> dict[str, int]:
    """How many people by outcome."""
    mine = select(Enrolment.outcome, func.count()).join(Person).group_by(Enrolment.outcome)
    if group_id is not None:
        mine = mine.where(Person.primary_group_id == group_id)
    return {row[0]: row[1] for row in db.execute(mine)}


def unwell(db: Session, group_id: int | None, *, page: int) -> list[Listed]:
    """Those who are not connected, by name; `page` counts from 1."""
    listed = select(Enrolment, Person).join(Person).where(*_unwell(group_id))
    listed = listed.order_by(Person.name, Person.id)
    return [
        Listed(
            person_id=person.id,
            name=person.name,
            address=person.address,
            outcome=row.outcome,
            found=row.address,
            code=row.code,
            looked_at=row.looked_at,
            look_at=row.look_at,
        )
        for row, person in db.execute(listed.offset((page - 1) * PER_PAGE).limit(PER_PAGE))
    ]


def _unwell(group_id: int | None) -> list[ColumnElement[bool]]:
    of_group = [] if group_id is None else [Person.primary_group_id == group_id]
    return [Enrolment.outcome != ENROLLED, *of_group]
