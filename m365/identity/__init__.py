"""Everything about who somebody is at Microsoft: consent, tokens, permissions, and what failed.

The room pages may come in by: it also hands on the errors of a sign-in and their explanation.
"""

from m365.aadsts import consent_error
from m365.errors import (
    AdminApprovalNeeded,
    ConsentDeclined,
    Later,
    MicrosoftError,
    Misconfigured,
    WrongAccount,
)
from m365.explain import explain, explain_kept
from m365.identity.answers import Tokens
from m365.identity.entra import Identity
from m365.identity.id_token import MicrosoftUser
from m365.identity.passing import is_passing, is_passing_for_the_app
from m365.identity.registration import Registration
from m365.identity.scopes import (
    SCOPES,
    Level,
    Scope,
    lacking,
    names,
    scopes_for,
    scopes_of_the_app,
)
from m365.identity.signed import check_signed_in

__all__ = [
    "SCOPES",
    "AdminApprovalNeeded",
    "ConsentDeclined",
    "Identity",
    "Later",
    "Level",
    "MicrosoftError",
    "MicrosoftUser",
    "Misconfigured",
    "Registration",
    "Scope",
    "Tokens",
    "WrongAccount",
    "check_signed_in",
    "consent_error",
    "explain",
    "explain_kept",
    "is_passing",
    "is_passing_for_the_app",
    "lacking",
    "names",
    "scopes_for",
    "scopes_of_the_app",
]
