"""Two administrators at one page: a form carries what it was opened with, so that nobody undoes
unseen what another has saved meanwhile.
"""

import hashlib
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from blueprints import audit_words
from blueprints.edge import moment
from portal.operations import audit_log
from portal.policy import InForce

LONGEST = 4_000
TODO = "The present value is shown; choose again if it is to be another."


def mark(held: Mapping[str, InForce], keys: Iterable[str]) -> str:
    """What a form keeps of the values it shows."""
    return " ".join(f"{key}:{_stamp(held[key])}" for key in keys)


def moved(opened: str | None, held: Mapping[str, InForce]) -> set[str]:
    """The keys that are not as the form was opened with. A form without a mark says nothing."""
    marks = (one.partition(":") for one in (opened or "")[:LONGEST].split())
    return {key for key, _, stamp in marks if key in held and _stamp(held[key]) != stamp}


def words(db: Session, key: str, group_id: int | None) -> str:
    """Who did what with it, and when."""
    row = audit_log.latest_of_setting(db, key, group_id)
    if row is None:
        return f"Somebody changed this meanwhile. {TODO}"
    said = audit_words.sentence(row, audit_log.names_of(db, [row]))[:-1]
    return f"Changed meanwhile: {said}, {moment(row.at)}. {TODO}"


def _stamp(one: InForce) -> str:
    said = repr((one.value, one.origin, one.locked_in, one.lock_reason))
    return hashlib.sha256(said.encode()).hexdigest()[:12]
