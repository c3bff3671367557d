"""Account management: settings, people, the app registration at Microsoft."""

from blueprints.admin import (
    account_settings,
    operations,
    organisation,
    people,
    registration,
    writing,
)
from blueprints.admin.room import bp

__all__ = [
    "account_settings",
    "bp",
    "operations",
    "organisation",
    "people",
    "registration",
    "writing",
]
