"""The table of settings: every key with its label, its default and the values it can have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.configuration import domains

Value = bool | int | str | list[str] | list[int]


class NotAllowed(Exception):
    """The value is none of those this setting can have. The text is a sentence for the form."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting. `words`: what the page calls a value. `unavailable`: listed, with the reason."""

    key: str
    label: str
    default: Value
    allowed: Iterable[Value] = ()
    words: Mapping[Any, str] = field(default_factory=dict)
    unavailable: Mapping[Any, str] = field(default_factory=dict)
    reading: Callable[[Any], Value] | None = None  # in place of `allowed`; raises ValueError
    account_only: bool = False
    personal: bool = False  # a person may choose otherwise unless it is locked


OFF, READ, READ_WRITE = "off", "read", "read_write"
ON_OFF = (False, True)
PERMISSIONS: Mapping[str, str] = {OFF: "Off", READ: "Read", READ_WRITE: "Read and write"}
NEVER, FIRST, EVERY = "never", "first", "every"
EVERYONE, GROUPS, PERCENT, NOBODY = "everyone", "groups", "percent", "nobody"
OAUTH, APPLICATION = "oauth", "application"


def _domains(value: Any) -> Value:
    return domains.read_list(value)


def _group_ids(value: Any) -> Value:
    if not isinstance(value, list) or not all(type(one) is int for one in value):
        raise ValueError("Choose groups of this portal.")
    return sorted(set(value))


_TABLE = (
    Choice(
        "enabled", "Integrate third-party mail and calendar services", default=False, allowed=ON_OFF
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
        default=OAUTH,
        allowed=(OAUTH, APPLICATION),
        words={
            OAUTH: "Users can set up the integration by using OAuth",
            APPLICATION: "Office 365 admin can set up the integration by using "
            "Application Permissions",
        },
    ),
    Choice(
        "calendar_permission",
        "What people may grant: calendar",
        default=READ_WRITE,
        allowed=tuple(PERMISSIONS),
        words=PERMISSIONS,
    ),
    Choice(
        "contacts_permission",
        "What people may grant: contacts",
        default=OFF,
        allowed=(OFF,),
        words=PERMISSIONS,
        unavailable={
            READ: "Not available: this version does not read contacts.",
            READ_WRITE: "Not available: this version does not read contacts.",
        },
    ),
    Choice(
        "allowed_domains",
        "Restrict calendar and contacts integration by domain",
        default=[],
        reading=_domains,
    ),
    Choice(
        "sso_prompt",
        "Ask users to integrate Office 365 calendar when signing in with SSO credentials",
        default=NEVER,
        allowed=(NEVER, FIRST, EVERY),
        words={
            NEVER: "Never",
            FIRST: "The first time they sign in",
            EVERY: "Every time they sign in until they integrate",
        },
    ),
    Choice(
        "bidirectional",
        "Bidirectional sync for meeting data between the portal and calendars",
        default=True,
        allowed=ON_OFF,
        personal=True,
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
    Choice(
        "conflict_rule",
        "When both sides changed the same thing",
        default="outlook",
        allowed=("outlook", "portal"),
        words={"outlook": "Outlook wins", "portal": "The portal wins"},
    ),
    Choice(
        "rollout",
        "Rollout of 2.0",
        default=EVERYONE,
        allowed=(EVERYONE, GROUPS, PERCENT, NOBODY),
        words={
            EVERYONE: "Everyone",
            GROUPS: "Chosen groups",
            PERCENT: "A percentage of people",
            NOBODY: "Nobody: everybody goes back to 1.0",
        },
        account_only=True,
    ),
    Choice(
        "rollout_groups", "Groups of the rollout", default=[], reading=_group_ids, account_only=True
    ),
    Choice(
        "rollout_percent",
        "Percentage of the rollout",
        default=100,
        allowed=range(101),
        account_only=True,
    ),
    Choice("rollout_paused", "Rollout paused", default=False, allowed=ON_OFF, account_only=True),
    Choice(
        "poll_minutes",
        "Look for changes every",
        default=5,
        allowed=range(1, 61),
        account_only=True,
    ),
    Choice(
        "grace_days",
        "Notice when a lock or a domain cuts a connection off",
        default=7,
        allowed=range(31),
        account_only=True,
    ),
    Choice(
        "dry_run",
        "Only show what would be written",
        default=False,
        allowed=ON_OFF,
        account_only=True,
    ),
    Choice(
        "passwords_off",
        "Sign in with Microsoft or another provider only",
        default=False,
        allowed=ON_OFF,
        account_only=True,
    ),
)
CHOICES = {choice.key: choice for choice in _TABLE}


def check(key: str, value: Any) -> Value:
    """The value as it is kept. Raises NotAllowed, also for one listed only to say why it is not
    available.
    """
    choice = CHOICES[key]
    if choice.reading is not None:
        try:
            return choice.reading(value)
        except ValueError as error:
            raise NotAllowed(str(error)) from None
    if isinstance(value, str) and (why := choice.unavailable.get(value)):
        raise NotAllowed(why)
    for one in choice.allowed:
        if value == one and type(value) is type(one):
            return one
    raise NotAllowed("Choose one of the values offered.")
