"""What a person chooses for themselves, where the settings leave it to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal import connections, eligibility, people, policy
from portal.configuration import proposals, settings
from portal.configuration.choices import CHOICES, READ_WRITE, Value
from portal.configuration.proposals import INHERIT, Proposal, Step
from portal.configuration.resolution import Facts, Levels
from portal.configuration.settings import Level
from portal.policy import InForce

KEYS = tuple(key for key, choice in CHOICES.items() if choice.personal)


@dataclass(frozen=True, slots=True)
class OwnChoice:
    """`offered`: what holds for a person who does not choose. `in_vain`: nothing could be written
    whatever they chose.
    """

    held: InForce
    offered: Value
    in_vain: bool

    @property
    def is_open(self) -> bool:
        return self.held.locked_in is None and not self.in_vain


def of_person(db: Session, person_id: int) -> list[OwnChoice]:
    told, offered = policy.explain(db, person_id), _offered(db, person_id)
    in_vain = told["calendar_permission"].value != READ_WRITE
    return [OwnChoice(told[key], offered[key], in_vain) for key in KEYS]


def choose(db: Session, person_id: int, wanted: Mapping[str, Value], *, now: datetime) -> bool:
    """Whether anything changed. To choose what is offered anyway is to follow it from now on.

    Raises settings.Locked and settings.NotAllowed.
    """
    held, offered = policy.explain(db, person_id), _offered(db, person_id)
    news = {key: value for key, value in wanted.items() if held[key].value != value}
    steps = tuple(
        Step(key, INHERIT) if value == offered[key] else Step(key, value=value)
        for key, value in news.items()
    )
    wrote = policy.of(db, person_id).bidirectional
    is_news = proposals.do(db, Proposal(Level(person_id=person_id), steps), by=person_id, now=now)
    if is_news:
        _look_again(db, person_id, wrote=wrote, now=now)
    return is_news


def _offered(db: Session, person_id: int) -> dict[str, Value]:
    group_id = people.by_id(db, person_id).primary_group_id
    levels, anybody = Levels.of(settings.everywhere(db)), Facts(person_id=0, group_id=group_id)
    return {key: levels.found(key, anybody).value for key in KEYS}


def _look_again(db: Session, person_id: int, *, wrote: bool, now: datetime) -> None:
    connection = connections.live_of(db, person_id)
    if connection is None:
        return
    if not wrote and policy.of(db, person_id).bidirectional:
        connections.write_again(db, [connection.id], now=now)
    eligibility.review(db, [connection], now=now)
