"""The numbered errors of Microsoft Entra ID (AADSTS...), in families with one meaning each.

Numbers and meanings: learn.microsoft.com/entra/identity-platform/reference-error-codes. Microsoft
asks programs to branch on `error` and use numbers for wording; so a number we do not know is
judged by its `error`, and an unknown `error` is terminal.
"""

import re

from m365.aadsts import person, portal
from m365.errors import (
    ConsentDeclined,
    Later,
    MicrosoftError,
    Misconfigured,
    NeedsConsent,
    Refused,
)

_NUMBER = re.compile(r"AADSTS([0-9]{4,9})")

FAMILIES = person.FAMILIES + portal.FAMILIES
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
