"""Whom an administrator may act on: an owner is acted on by owners only."""

from flask import abort
from sqlalchemy.orm import Session

from blueprints.edge import found, me
from portal import people
from portal.tables import Person


def outranks(person: Person) -> bool:
    return person.role != people.OWNER or me().role == people.OWNER


def touchable(db: Session, person_id: int) -> Person:
    """Also oneself. 403 for an owner, where no owner asks."""
    person = found(people.find(db, person_id))
    if not outranks(person):
        abort(403)
    return person


def changeable(db: Session, person_id: int) -> Person:
    """Never oneself: what one's own pages are for, or what would lock the door from inside."""
    person = touchable(db, person_id)
    if person.id == me().person_id:
        abort(403)
    return person
