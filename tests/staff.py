"""Many people at once, with groups and connections, for lists that have to stay quick."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal import connections
from portal.staff import groups
from portal.tables import Calendar, Connection, Group, Membership, Person, Window

STATES = (connections.CONNECTED, connections.NEEDS_CONSENT, connections.NO_MAILBOX)


def hire(
    db: Session, number: int, *, now: datetime, first: int = 0, in_groups: int = 5
) -> list[int]:
    """`number` people with a mailbox each, spread over groups; every third one has no trouble."""
    numbers = range(first, first + number)
    teams = [
        groups.add(db, f"Team {one:03}", by=1, now=now) for one in range(first, first + in_groups)
    ]
    people = [_person(one, now) for one in numbers]
    db.add_all(people)
    db.flush()
    for one, person in zip(numbers, people, strict=True):
        _join(db, person, teams[one % len(teams)], now)
    tied = [_connection(person, one, now) for one, person in zip(numbers, people, strict=True)]
    db.add_all(tied)
    db.flush()
    return [person.id for person in people]


def _person(one: int, now: datetime) -> Person:
    return Person(
        address=f"person{one:04}@contoso.example",
        name=f"Person {one:04}",
        role="member",
        zone="Europe/Berlin",
        password_hash="",
        must_change_password=False,
        created_at=now,
        disabled_at=None,
    )


def _join(db: Session, person: Person, team: Group, now: datetime) -> None:
    person.primary_group_id = team.id
    db.add(Membership(group_id=team.id, person_id=person.id, joined_at=now))


def _calendar(one: int, now: datetime) -> Calendar:
    window = Window(
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=90),
        in_round=False,
        filling=False,
        round_number=1,
        filled_at=now,
        looked_at=now,
        due_at=now,
        pages=0,
        touched=[],
    )
    return Calendar(
        graph_id=f"calendar {one}",
        name="Calendar",
        color="auto",
        is_default=True,
        can_edit=True,
        ticked=True,
        is_target=True,
        windows=[window],
    )


def _connection(person: Person, one: int, now: datetime) -> Connection:
    return Connection(
        person_id=person.id,
        tenant_id="tenant",
        object_id=f"object {one}",
        username=person.address,
        mailbox_address=person.address,
        state=STATES[one % len(STATES)],
        calendar_access="read_write",
        scopes=[],
        access_token="an access token of the usual length " * 40,
        refresh_token="a refresh token of the usual length " * 30,
        connected_at=now - timedelta(days=30),
        good_at=now,
        lease_number=0,
        failures=0,
        only_reads=False,
        calendars=[_calendar(one, now)],
    )
