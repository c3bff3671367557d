"""What an administrator can choose: one table of keys, and the account's choices.

The place where a choice is stored is a level. There is one now, the account.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.tables import Setting

Value = bool | int | str


class NotAllowed(Exception):
    """The value is none of those this setting can have. The text is a sentence for the form."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting: its label as the page shows it, the values it can have, the first of them."""

    key: str
    label: str
    default: Value
    allowed: Iterable[Value]
    words: Mapping[Value, str] = field(default_factory=dict)  # value -> what the page calls it
    unavailable: Mapping[Value, str] = field(default_factory=dict)  # listed, with the reason


CHOICES = {
    choice.key: choice
    for choice in (
        Choice(
            "enabled",
            "Integrate third-party mail and calendar services",
            default=False,
            allowed=(False, True),
        ),
        Choice(
            "service",
            "Choose default calendar and contact services for users",
            default="office365",
            allowed=("office365",),
            words={"office365": "Office 365", "google": "Google", "exchange": "Exchange"},
            unavailable={
                "google": "Not available: this portal speaks to Microsoft 365 only.",
                "exchange": "Not available: Exchange on your own servers does not offer Graph API.",
            },
        ),
        Choice(
            "authorize_with",
            "Authorize with",
            default="graph",
            allowed=("graph",),
            words={"graph": "Graph API", "ews": "Exchange Web Services (EWS)"},
            unavailable={"ews": "Retired by Microsoft for Office 365."},
        ),
        Choice(
            "setup_by",
            "Who can set up the integration",
            default="oauth",
            allowed=("oauth",),
            words={
                "oauth": "Users can set up the integration by using OAuth",
                "application": "Office 365 admin can set up the integration by using "
                "Application Permissions",
            },
            unavailable={
                "application": "Not part of this version: every person connects their own calendar."
            },
        ),
        Choice(
            "bidirectional",
            "Bidirectional sync for meeting data between the portal and calendars",
            default=True,
            allowed=(False, True),
        ),
        Choice(
            "sync_version",
            "Bi-directional Calendar Sync",
            default="2.0",
            allowed=("1.0", "2.0"),
            words={"1.0": "Version 1.0", "2.0": "Version 2.0"},
        ),
        Choice("back_months", "Coverage, months back", default=6, allowed=range(7)),
        Choice("forward_months", "Coverage, months forward", default=18, allowed=range(1, 19)),
        Choice("poll_minutes", "Look for changes every", default=5, allowed=range(1, 61)),
        Choice("dry_run", "Only show what would be written", default=False, allowed=(False, True)),
        Choice(
            "conflict_rule",
            "When both sides changed the same thing",
            default="outlook",
            allowed=("outlook", "portal"),
            words={"outlook": "Outlook wins", "portal": "The portal wins"},
        ),
    )
}


def check(key: str, value: Value) -> None:
    """Raises NotAllowed, also for a value listed only to say why it is not available."""
    choice = CHOICES[key]
    if why := choice.unavailable.get(value):
        raise NotAllowed(why)
    if not any(value == one and type(value) is type(one) for one in choice.allowed):
        raise NotAllowed("Choose one of the values offered.")


def of_account(db: Session) -> dict[str, Setting]:
    """What the account's administrators chose. Keys without a row are at their default."""
    return {row.key: row for row in db.scalars(select(Setting)) if row.key in CHOICES}


def choose(db: Session, key: str, value: Value, *, by: int, now: datetime) -> bool:
    """Sets it for the account and notes it in the audit log; False where it was so already.

    Raises NotAllowed.
    """
    check(key, value)
    row = of_account(db).get(key)
    before = CHOICES[key].default if row is None else row.value
    if before == value:
        return False
    if row is None:
        row = Setting(key=key)
        db.add(row)
    row.value, row.set_by, row.set_at = value, by, now
    audit.record(db, by=by, act="setting changed", subject=key, before=before, after=value, now=now)
    db.flush()
    return True
