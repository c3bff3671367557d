"""People in the shape Graph answers them."""

from __future__ import annotations

from typing import Any

from simulator.directory import Person

# What everybody may see of everybody else.
BASIC = ("id", "displayName", "givenName", "surname", "mail", "userPrincipalName")
# What comes without $select.
USUAL = (
    "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone",
    "officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id",
)  # fmt: skip
EMPTY: dict[str, Any] = {
    "businessPhones": [], "jobTitle": None, "mobilePhone": None, "officeLocation": None,
    "preferredLanguage": None, "otherMails": [], "usageLocation": None, "city": None,
    "companyName": None, "country": None, "department": None, "employeeId": None,
    "faxNumber": None, "imAddresses": [], "postalCode": None, "state": None,
    "streetAddress": None, "isResourceAccount": None, "onPremisesSyncEnabled": None,
    "showInAddressList": None, "preferredDataLocation": None,
}  # fmt: skip
# Graph gives these for one person only, never in a list.
SINGLE = ("mailboxSettings",)


def user_wire(person: Person) -> dict[str, Any]:
    """Everything the directory knows of a person; callers cut it down."""
    given, _, family = person.name.partition(" ")
    proxies = [f"SMTP:{person.address}"] if person.has_mailbox else []
    return {
        "id": person.id,
        "displayName": person.name,
        "givenName": given,
        "surname": family or None,
        "userPrincipalName": person.address,
        "mail": person.mail,
        **EMPTY,
        "mailNickname": person.nickname,
        "accountEnabled": person.enabled,
        "userType": "Guest" if person.guest_mail else "Member",
        "externalUserState": "Accepted" if person.guest_mail else None,
        "proxyAddresses": [f"SMTP:{person.guest_mail}"] if person.guest_mail else proxies,
        **person.profile,
    }
