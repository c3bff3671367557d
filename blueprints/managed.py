"""A mailbox that an administrator connects: what its person is told, and what they cannot end."""

from typing import Any

from sqlalchemy.orm import Session

from blueprints.application_words import unwell_words
from blueprints.ending_words import domain_list
from portal import connections, enrolments, people, prompts
from portal.configuration.choices import APPLICATION
from portal.policy import Policy
from portal.tables import Connection

MOST_NAMES = 3
NOT_YOURS = (
    "An administrator connected your mailbox, so an administrator disconnects it. You can pause it."
)


def managed_context(
    db: Session, person_id: int, known: Connection | None, chosen: Policy
) -> dict[str, Any]:
    """`managed`: an administrator connects. Whoever is to connect by themselves reads of it in the
    words of what ends.
    """
    names = people.administrators(db, most=MOST_NAMES)
    is_managed = chosen.setup_by == APPLICATION
    noted = enrolments.of_person(db, person_id) if is_managed else None
    unwell = noted is not None and noted.outcome != enrolments.ENROLLED
    return {
        "managed": is_managed,
        "by_application": known is not None and known.mode == connections.APPLICATION,
        "outside_why": _outside(db, person_id, chosen) if known is None and not is_managed else "",
        "whom_to_ask": " or ".join(filter(None, (", ".join(names[:-1]), *names[-1:]))),
        "not_found_why": unwell_words(noted.outcome, noted.code).what if noted and unwell else "",
    }


def _outside(db: Session, person_id: int, chosen: Policy) -> str:
    """Said before anybody goes to Microsoft in vain."""
    if not prompts.is_outside(db, person_id):
        return ""
    listed, mine = domain_list(chosen.allowed_domains), prompts.account_of(db, person_id)
    return (
        f"Your administrators let only accounts of {listed} be connected, and yours is {mine}. "
        f"Connect an account of {listed}, or ask an administrator to allow yours."
    )


def is_not_theirs(connection: Connection, chosen: Policy) -> bool:
    """Whether ending the connection is an administrator's to do."""
    return connection.mode == connections.APPLICATION and chosen.setup_by == APPLICATION
