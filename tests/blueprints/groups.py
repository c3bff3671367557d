"""Groups and their people, as stories about them begin."""

from portal import people
from portal.staff import groups
from portal.tables import Person
from tests.cast import CAST
from tests.conftest import Portal


def add(portal: Portal, name: str, *members: str, by: int) -> int:
    """The id of a new group with these of the cast in it."""
    with portal.writing() as db:
        group = groups.add(db, name, by=by, now=portal.clock())
        groups.join_all(db, group, [of_cast(db, who) for who in members], by=by, now=portal.clock())
        return group.id


def of_cast(db, who: str) -> Person:
    person = people.by_address(db, CAST[who].address)
    assert person is not None
    return person


def crowd(portal: Portal, count: int, *, domain: str = "contoso.example") -> list[str]:
    """The addresses of that many new people."""
    addresses = [f"p{number:04d}@{domain}" for number in range(count)]
    with portal.writing() as db:
        db.add_all(
            Person(
                address=address,
                name=f"Person {address[1:5]}",
                role="member",
                zone="UTC",
                password_hash="",
                must_change_password=False,
                created_at=portal.clock(),
                disabled_at=None,
            )
            for address in addresses
        )
    return addresses


def names(portal: Portal, group_id: int) -> list[str]:
    with portal.reading() as db:
        return [person.name for person in groups.members(db, group_id)]


def primary(portal: Portal, who: str) -> int | None:
    with portal.reading() as db:
        return of_cast(db, who).primary_group_id
