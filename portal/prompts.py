"""Asking somebody who has just signed in through a provider to connect their calendar."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import connections, people, policy
from portal.configuration import domains
from portal.configuration.choices import EVERY, FIRST, OAUTH
from portal.signing_in import identities, providers
from portal.tables import Person

NOT_NOW, LEFT, FAILED, ACCEPTED = "not_now", "left", "failed", "accepted"


@dataclass(frozen=True, slots=True)
class Counts:
    """People by what came of the question. `times`: how often it was put in all."""

    asked: int
    times: int
    accepted: int
    not_now: int
    failed: int

    @property
    def open(self) -> int:
        """Neither answer came."""
        return self.asked - self.accepted - self.not_now - self.failed


def is_due(db: Session, person_id: int) -> bool:
    """Whether this person is to be asked at this sign-in."""
    chosen = policy.of(db, person_id)
    if chosen.sso_prompt not in (FIRST, EVERY) or not may_be_asked(db, person_id):
        return False
    return chosen.sso_prompt == EVERY or people.by_id(db, person_id).prompts == 0


def account_of(db: Session, person_id: int) -> str:
    """The account at Microsoft one signs in with, or else one's own address."""
    at_microsoft = providers.microsoft(db)
    for one in identities.of_person(db, person_id):
        if at_microsoft is not None and one.provider_id == at_microsoft.id and one.address:
            return one.address
    return people.by_id(db, person_id).address


def is_outside(db: Session, person_id: int) -> bool:
    """Whether the allowed domains leave out the account the question would be about."""
    allowed = policy.of(db, person_id).allowed_domains
    return not domains.admits(allowed, [account_of(db, person_id)])


def may_be_asked(db: Session, person_id: int) -> bool:
    """Whoever had a connection once has answered, also by ending it. Nobody is asked for what
    could not be finished.
    """
    if is_outside(db, person_id) or connections.of_person(db, person_id) is not None:
        return False
    by_themselves = policy.of(db, person_id).setup_by == OAUTH
    return by_themselves and policy.may_connect(db, person_id) is None


def note_asked(db: Session, person_id: int, *, now: datetime) -> None:
    person = people.by_id(db, person_id)
    person.prompts += 1
    person.prompted_at, person.prompt_answer = now, None


def note_answer(db: Session, person_id: int, answer: str) -> None:
    """Of somebody who was asked; what others do on their own is none."""
    person = people.by_id(db, person_id)
    if person.prompts:
        person.prompt_answer = answer


def note_outcome(db: Session, person_id: int, answer: str) -> None:
    """How the way to Microsoft ended for somebody whom the question had sent there."""
    if people.by_id(db, person_id).prompt_answer in (LEFT, FAILED):
        note_answer(db, person_id, answer)


def counts(db: Session) -> Counts:
    asked = select(Person.prompt_answer, func.count(Person.id), func.sum(Person.prompts)).where(
        Person.prompts > 0
    )
    rows = list(db.execute(asked.group_by(Person.prompt_answer)))
    people_of = {row[0]: row[1] for row in rows}
    return Counts(
        asked=sum(row[1] for row in rows),
        times=sum(row[2] for row in rows),
        accepted=people_of.get(ACCEPTED, 0),
        not_now=people_of.get(NOT_NOW, 0),
        failed=people_of.get(FAILED, 0),
    )
