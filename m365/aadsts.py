"""The numbered errors of Microsoft Entra ID (AADSTS...), in families with one meaning each.

Numbers and meanings: learn.microsoft.com/entra/identity-platform/reference-error-codes. Microsoft
asks programs to branch on `error` and use numbers for wording; so a number we do not know is
judged by its `error`, and an unknown `error` is terminal.
"""

import re
from dataclasses import dataclass

from m365.errors import (
    AdminApprovalNeeded,
    ConsentDeclined,
    Later,
    MicrosoftError,
    Misconfigured,
    NeedsConsent,
    Refused,
    StartAgain,
    Throttled,
    WrongAccount,
)

_NUMBER = re.compile(r"AADSTS([0-9]{4,9})")


@dataclass(frozen=True, slots=True)
class Family:
    """Numbers that mean the same to us. `who` can end it: person, administrator or nobody."""

    numbers: frozenset[int]
    error: type[MicrosoftError]
    who: str
    what: str
    why: str
    todo: str


def _family(  # one row of the table below
    numbers: str, error: type[MicrosoftError], who: str, what: str, why: str, todo: str
) -> Family:
    return Family(frozenset(map(int, numbers.split())), error, who, what, why, todo)


_AGAIN = "Connect again and sign in at Microsoft."
_OPERATOR = "Ask whoever runs this portal to check the Microsoft app registration."

FAMILIES = (
    _family(
        "16000 50020 50034",
        WrongAccount,
        "person",
        "This Microsoft account cannot be used here.",
        "It does not belong to the organisation this portal is set up for.",
        "Connect again and choose your work account of that organisation.",
    ),
    _family(
        "50011",
        Misconfigured,
        "administrator",
        "Microsoft does not know the address it should send you back to.",
        "The redirect address of the app registration differs from the one this portal uses.",
        "Copy the redirect address from the Microsoft registration page here into Entra, exactly.",
    ),
    _family(
        "50053",
        NeedsConsent,
        "person",
        "Microsoft has locked this account for a while.",
        "There were too many failed sign-ins, or they came from an address it does not trust.",
        "Wait some minutes and connect again, or ask your Microsoft 365 administrator.",
    ),
    _family(
        "50055 50144 50132 50133",
        NeedsConsent,
        "person",
        "Microsoft wants you to sign in again.",
        "Your Microsoft password has expired or was changed.",
        _AGAIN,
    ),
    _family(
        "50126",
        NeedsConsent,
        "person",
        "Microsoft did not accept the sign-in.",
        "The user name or the password was wrong.",
        _AGAIN,
    ),
    _family(
        "50057",
        NeedsConsent,
        "administrator",
        "Your Microsoft account is disabled.",
        "An administrator of your organisation has switched it off.",
        "Ask your Microsoft 365 administrator to enable it, then connect again.",
    ),
    _family(
        "50058",
        NeedsConsent,
        "person",
        "You are not signed in at Microsoft.",
        "Microsoft found no open session to continue with.",
        _AGAIN,
    ),
    _family(
        "50059 90002 90019",
        Misconfigured,
        "administrator",
        "Microsoft does not know this organisation.",
        "The tenant in the app registration kept here is missing or misspelt.",
        "Check the directory (tenant) id on the Microsoft registration page here.",
    ),
    _family(
        "50072 50074 50076 50078 50079 50158",
        NeedsConsent,
        "person",
        "Microsoft wants a further proof that it is you.",
        "Your organisation asks for a second factor, or your last one has expired.",
        "Connect again and confirm the sign-in as Microsoft asks.",
    ),
    _family(
        "50089 501481 50147 501491 54005 700005",
        StartAgain,
        "person",
        "The sign-in took too long or was used twice.",
        "Each sign-in at Microsoft is valid once and for ten minutes.",
        "Connect again; a double click or the back button is enough to cause this.",
    ),
    _family(
        "50105",
        AdminApprovalNeeded,
        "administrator",
        "You are not yet allowed to use this app at Microsoft.",
        "Your organisation admits only people who were assigned to it.",
        "Ask your Microsoft 365 administrator to assign you to the app, then connect again.",
    ),
    _family(
        "50131 53000 53001 53002 53003 530032 530035",
        NeedsConsent,
        "administrator",
        "A rule of your organisation blocked the sign-in.",
        "Conditional Access or a security policy does not allow it from this device or place.",
        "Connect again from a device your organisation trusts, or ask its administrator.",
    ),
    _family(
        "50173",
        NeedsConsent,
        "person",
        "Microsoft has ended the permission.",
        "Your sessions were revoked or your password was reset.",
        _AGAIN,
    ),
    _family(
        "50194",
        Misconfigured,
        "administrator",
        "The app registration accepts one organisation only.",
        "It is single-tenant, but the tenant kept here is a shared one (common or organizations).",
        "Put in the directory (tenant) id, or make the registration multi-tenant in Entra.",
    ),
    _family(
        "50196",
        Throttled,
        "nobody",
        "Microsoft stopped answering for a while.",
        "The same sign-in was asked for too often in a short time.",
        "Nothing to do: the portal tries again later.",
    ),
    _family(
        "65001",
        NeedsConsent,
        "person",
        "A permission is missing.",
        "It was never given, or somebody has withdrawn it at Microsoft.",
        "Connect again and accept the permissions.",
    ),
    _family(
        "65004",
        ConsentDeclined,
        "person",
        "Nothing was connected.",
        "The permissions were not accepted on Microsoft's page.",
        "Connect again whenever you like and choose Accept.",
    ),
    _family(
        "65005 650052 650056 650057",
        Misconfigured,
        "administrator",
        "The app registration does not fit what this portal asks for.",
        "A permission is not registered, or Microsoft Graph is not licensed in this organisation.",
        "Add the Microsoft Graph permissions to the registration as the guide lists them.",
    ),
    _family(
        "70000 70008",
        NeedsConsent,
        "person",
        "The permission at Microsoft is no longer valid.",
        "It has expired or belongs to another sign-in.",
        _AGAIN,
    ),
    _family(
        "700082 700084",
        NeedsConsent,
        "person",
        "The permission at Microsoft has run out.",
        "It was not used for too long.",
        _AGAIN,
    ),
    _family(
        "70043",
        NeedsConsent,
        "person",
        "Microsoft wants you to sign in again.",
        "Your organisation asks for a fresh sign-in from time to time.",
        _AGAIN,
    ),
    _family(
        "70001 7000112",
        Misconfigured,
        "administrator",
        "The app is switched off at Microsoft.",
        "An administrator has disabled it for the organisation.",
        "Enable sign-in for the enterprise application in Entra.",
    ),
    _family(
        "70002 7000215",
        Misconfigured,
        "administrator",
        "Microsoft did not accept the client secret.",
        "It is wrong; often the id of the secret was pasted in place of its value.",
        "Make a new client secret in Entra and paste its value here.",
    ),
    _family(
        "7000222",
        Misconfigured,
        "administrator",
        "The client secret has expired.",
        "Secrets of an app registration are valid for a limited time.",
        "Make a new client secret in Entra and paste its value here.",
    ),
    _family(
        "7000218 700025",
        Misconfigured,
        "administrator",
        "The kind of app registration is wrong.",
        "Microsoft expects a web app with a secret or a certificate.",
        "In Entra, put the redirect address under Web and add a client secret or a certificate.",
    ),
    _family(
        "700027 50012",
        Misconfigured,
        "administrator",
        "Microsoft did not accept the certificate.",
        "It is not the one uploaded to the app registration, or it has expired.",
        "Upload the certificate kept here to the registration in Entra.",
    ),
    _family(
        "700024",
        Misconfigured,
        "administrator",
        "Microsoft did not accept the time of the request.",
        "The clock of this server is wrong.",
        "Set the clock of the server, best by network time.",
    ),
    _family(
        "700016 700011",
        Misconfigured,
        "administrator",
        "Microsoft does not know this app in the organisation.",
        "The client id is wrong, or the app was removed or never approved there.",
        "Check the application (client) id; then let an administrator approve the app.",
    ),
    _family(
        "70011 700023 700022 28002 28003",
        Misconfigured,
        "administrator",
        "Microsoft did not accept the permissions asked for.",
        "One of them is not known to it.",
        _OPERATOR,
    ),
    _family(
        "700054",
        Misconfigured,
        "administrator",
        "Microsoft did not accept the kind of answer asked for.",
        "The app registration does not allow it.",
        _OPERATOR,
    ),
    _family(
        "70016 70018 70019",
        StartAgain,
        "person",
        "The sign-in was not finished.",
        "Microsoft was still waiting for it, or it took too long.",
        _AGAIN,
    ),
    _family(
        "90013 90014 900144 9002313",
        Refused,
        "administrator",
        "Microsoft could not read the request.",
        "Something in it is missing or malformed.",
        "Try again; if it stays so, tell whoever runs this portal.",
    ),
    _family(
        "90033 90006 90024 50033 50087 90012",
        Later,
        "nobody",
        "Microsoft's sign-in service is not well right now.",
        "It reported a passing fault.",
        "Nothing to do: try again in some minutes.",
    ),
    _family(
        "90055",
        Throttled,
        "nobody",
        "Microsoft is busy with your organisation.",
        "There were too many requests in a short time.",
        "Nothing to do: try again in some minutes.",
    ),
    _family(
        "90093 90094 90095",
        AdminApprovalNeeded,
        "administrator",
        "An administrator of your organisation has to approve this app first.",
        "Your organisation does not let people accept these permissions by themselves.",
        "Ask your Microsoft 365 administrator to approve it, then connect again.",
    ),
)
BY_NUMBER = {number: family for family in FAMILIES for number in family.numbers}

_BY_ERROR: dict[str, type[MicrosoftError]] = {
    "access_denied": ConsentDeclined,
    "consent_required": NeedsConsent,
    "interaction_required": NeedsConsent,
    "invalid_client": Misconfigured,
    "invalid_grant": NeedsConsent,
    "invalid_resource": Misconfigured,
    "invalid_scope": Misconfigured,
    "login_required": NeedsConsent,
    "server_error": Later,
    "temporarily_unavailable": Later,
    "unauthorized_client": Misconfigured,
    "unsupported_response_type": Misconfigured,
}


def number_in(description: str | None) -> int | None:
    """The AADSTS number a description begins with or names first."""
    found = _NUMBER.search((description or "")[:2000])
    return int(found[1]) if found else None


def from_entra(
    error: str | None,
    number: int | None,
    *,
    status: int = 0,
    request_id: str = "",
    claims: str | None = None,
) -> MicrosoftError:
    """The meaning of an OAuth error. `number`: the AADSTS number, None when there was none."""
    family = BY_NUMBER.get(number or 0)
    kind = family.error if family else _BY_ERROR.get(error or "", Refused)
    code = f"AADSTS{number}" if number else (error or f"http_{status}")
    found = kind(code, status=status, request_id=request_id)
    if isinstance(found, NeedsConsent):
        found.claims = claims
    return found


def consent_error(error: str | None, description: str | None) -> MicrosoftError:
    """The meaning of `error` and `error_description` that came back to the redirect address.

    Anybody can forge that address, so only a code is kept and never a text.
    """
    return from_entra(error, number_in(description))
