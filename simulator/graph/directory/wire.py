"""People and mailbox settings in the shape Graph answers them."""

from __future__ import annotations

from typing import Any

from simulator.directory import Person


def user_wire(person: Person) -> dict[str, Any]:
    """A person as /me and /users show them by default."""
    given, _, family = person.name.partition(" ")
    return {
        "id": person.id,
        "displayName": person.name,
        "givenName": given,
        "surname": family,
        "userPrincipalName": person.address,
        "mail": person.address if person.has_mailbox else None,
        "businessPhones": [],
        "jobTitle": None,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
    }


def mailbox_settings_wire(person: Person) -> dict[str, Any]:
    """Zone, language and working hours."""
    week = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    return {
        "archiveFolder": None,
        "timeZone": person.mailbox.zone,
        "delegateMeetingMessageDeliveryOptions": "sendToDelegateOnly",
        "dateFormat": "yyyy-MM-dd",
        "timeFormat": "HH:mm",
        "userPurpose": "user",
        "language": {"locale": "en-GB", "displayName": "English (United Kingdom)"},
        "workingHours": {
            "daysOfWeek": week,
            "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000",
            "timeZone": {"name": person.mailbox.zone},
        },
    }
