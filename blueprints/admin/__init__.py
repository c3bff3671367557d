"""Account management: settings, people, the app registration at Microsoft."""

from blueprints.admin import (
    audit,
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
    setting_acts,
    settings_pages,
    sign_in,
    sign_in_providers,
    writing,
)
from blueprints.admin.room import bp

__all__ = [
    "audit",
    "bp",
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
    "setting_acts",
    "settings_pages",
    "sign_in",
    "sign_in_providers",
    "writing",
]
