"""Account management: settings, people, the app registration at Microsoft."""

from blueprints.admin import (
    account_settings,
    audit,
    data_sync,
    group_import,
    groups,
    mail,
    new_people,
    operations,
    organisation,
    people,
    person,
    person_acts,
    person_removal,
    registration,
    sign_in,
    sign_in_providers,
    writing,
)
from blueprints.admin.room import bp

__all__ = [
    "account_settings",
    "audit",
    "bp",
    "data_sync",
    "group_import",
    "groups",
    "mail",
    "new_people",
    "operations",
    "organisation",
    "people",
    "person",
    "person_acts",
    "person_removal",
    "registration",
    "sign_in",
    "sign_in_providers",
    "writing",
]
