"""Settings that are more than their value: where one is brought back, by a file or from the audit
log, what belongs to it has to be there.
"""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.configuration.choices import APPLICATION, Value
from portal.configuration.settings import Level
from portal.tables import ApplicationAccess


def why_not(db: Session, level: Level, key: str, value: Value) -> str | None:
    """Why this value is not set by itself, as a sentence, or None."""
    if key == "passwords_off" and value is True:
        return (
            "Passwords are switched off where it is seen first that another way to sign in works, "
            "so that nobody is locked out."
        )
    if key == "setup_by" and value == APPLICATION and not _is_authorised(db, level):
        return (
            "Microsoft has not authorised the portal for this yet. Choose it under Integrations, "
            "with Authorize and Save."
        )
    return None


def _is_authorised(db: Session, level: Level) -> bool:
    of_account = ApplicationAccess.group_id.is_(None)
    counts = or_(of_account, ApplicationAccess.group_id == level.group_id)
    return db.scalar(select(ApplicationAccess.id).where(counts).limit(1)) is not None
