"""How Entra ID and access to mailboxes misbehave."""

from __future__ import annotations

from simulator.faults.switches import Switch

ACCESS = (
    Switch(
        "access.policy",
        "The mailbox is blocked by an application access policy",
        "Every call for the mailbox is refused: 403 ErrorAccessDenied, “Access to OData is "
        "disabled”.",
    ),
    Switch(
        "access.no_mailbox",
        "The mailbox is not reachable",
        "As without an Exchange Online licence, or with a mailbox on the organisation’s own "
        "server: 404 MailboxNotEnabledForRESTAPI.",
    ),
    Switch(
        "access.challenge",
        "A new sign-in is demanded in the middle (continuous access evaluation)",
        "A token that is still valid is refused: 401 with a claims challenge in WWW-Authenticate.",
    ),
    Switch(
        "access.burst",
        "A call in a burst is refused",
        "One of many calls at the same time gets 403 ErrorAccessDenied though nothing was taken "
        "away; give it a number of times.",
    ),
    Switch(
        "access.withdrawn",
        "Tokens have lost permissions",
        "An administrator took permissions away; calls that need them are refused with 403.",
        kind="choice",
        default="nothing",
        choices=("nothing", "calendars", "contacts", "settings", "everything"),
    ),
)

SIGN_IN = (
    Switch(
        "identity.conditional_access",
        "Conditional access says to a sign-in and to a refresh",
        "A second factor can be given on the sign-in page; what is blocked stays blocked.",
        kind="choice",
        default="yes",
        choices=(
            "yes",
            "mfa",
            "mfa_expired",
            "mfa_enrol",
            "external",
            "risk",
            "device",
            "domain",
            "unapproved_app",
            "blocked",
            "security_policy",
            "security_defaults",
        ),
    ),
    Switch(
        "identity.sign_in_frequency",
        "People must sign in again after so many hours",
        "A refresh token from an older sign-in is refused with 70043; 0 asks for nothing.",
        kind="number",
        default=0,
    ),
    Switch(
        "identity.consent_delay",
        "Consent takes so many seconds to count",
        "Until then tokens are refused with 65001, or with 700016 where the application is new.",
        kind="number",
        default=0,
    ),
)
TOKENS = (
    Switch(
        "identity.refresh",
        "A refresh token is",
        "Taken, or refused with this AADSTS number: revoked, expired, no consent, another sign-in "
        "wanted, account disabled, service not available.",
        kind="choice",
        default="taken",
        choices=(
            "taken",
            "50057",
            "50076",
            "50132",
            "50133",
            "50173",
            "53003",
            "65001",
            "70000",
            "70008",
            "70043",
            "700016",
            "700082",
            "7000112",
            "90033",
        ),
    ),
    Switch(
        "identity.keeps_refresh",
        "A refresh brings no new refresh token",
        "The old one stays good, and has to be kept.",
    ),
    Switch(
        "identity.scopes",
        "A token carries",
        "Everything that was ever granted, or only what was asked for this time.",
        kind="choice",
        default="granted",
        choices=("granted", "asked"),
    ),
    Switch(
        "identity.id_token",
        "What is wrong with the id_token",
        "Each is a reason to believe nothing in it.",
        kind="choice",
        default="nothing",
        choices=(
            "nothing",
            "wrong_issuer",
            "wrong_nonce",
            "wrong_audience",
            "foreign_tenant",
            "bad_signature",
            "unknown_key",
            "alg_none",
            "expired",
        ),
    ),
    Switch(
        "identity.text_lifetime",
        "expires_in comes as text",
        "Some older paths of the service write the number of seconds in quotes.",
    ),
    Switch(
        "identity.throttled",
        "The token endpoint asks too-frequent callers to wait so many seconds",
        "It answers 429 with Retry-After; 0 lets everybody pass.",
        kind="number",
        default=0,
    ),
)

SWITCHES: tuple[Switch, ...] = (*ACCESS, *SIGN_IN, *TOKENS)
