"""What the administrators' settings make of a connection, in words for its owner."""

from typing import Any

from sqlalchemy.orm import Session

from blueprints import ending_words
from blueprints.connection_words import words_for
from blueprints.edge import my_zone
from portal import endings, grants
from portal.connections import BLOCKED, READ_WRITE
from portal.operations.standing import Facts
from portal.policy import Policy
from portal.tables import Connection

_BY_PERMISSION = (
    "Your administrators let this portal only read calendars. Meetings you schedule or change here "
    "do not reach Outlook. What you allowed at Microsoft stays: once they allow more, you need not "
    "connect again."
)
_BY_SWITCH = (
    "Sending meetings to Outlook is switched off. Meetings you schedule or change here do not "
    "reach it."
)


def context(
    db: Session, known: Connection, chosen: Policy, state: str, facts: Facts
) -> dict[str, Any]:
    """Where it stands, whether a setting ends it, and whether meetings go to it."""
    ending = ending_words.of(endings.of_connection(db, known), my_zone())
    sends = grants.sends(known, chosen)
    return {
        "words": words_for(state, known, facts, sends=sends, ending=ending),
        "ending": ending,
        "one_way": why_one_way(known, chosen),
        "writes": grants.writes(known, chosen),
    }


def why_one_way(connection: Connection, chosen: Policy) -> str:
    """Empty where meetings are sent, or where only the person's own grant is in the way."""
    is_theirs = connection.calendar_access != READ_WRITE
    if is_theirs or not chosen.enabled or connection.state == BLOCKED:
        return ""
    if not grants.writes(connection, chosen):
        return _BY_PERMISSION
    return "" if chosen.bidirectional else _BY_SWITCH
