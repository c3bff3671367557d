"""The AADSTS numbers that Entra ID refuses with: OAuth word, text, HTTP status, suberror.

Which word goes with which number is documented for some of them only; this is the place to change
it. The texts are our own, for Microsoft's are nothing that an application may rely on.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """What is known of a number."""

    error: str
    text: str
    suberror: str | None = None


STATUS = {"invalid_client": 401, "temporarily_unavailable": 503, "server_error": 500}
# By number, where the word alone does not say it: too much at once.
STATUS_OF = {90055: 429}
UNKNOWN = Entry("invalid_grant", "The request was refused.")

_SIGN_IN_AGAIN = "interaction_required"

ACCOUNTS = {
    16000: Entry(_SIGN_IN_AGAIN, "Several accounts are signed in, or none of this tenant: choose."),
    50020: Entry("invalid_request", "The account is not in this tenant and cannot sign in there."),
    50034: Entry("invalid_grant", "The account does not exist in the directory."),
    50053: Entry("invalid_grant", "The account is locked: too many wrong attempts."),
    50055: Entry("invalid_grant", "The password has expired."),
    50057: Entry("invalid_grant", "The user account is disabled.", "bad_token"),
    50058: Entry("login_required", "A silent sign-in was asked for, and nobody is signed in."),
    50105: Entry("access_denied", "Only assigned people may use the application, not this one."),
    50126: Entry("invalid_grant", "The user name or the password is wrong."),
    50144: Entry("invalid_grant", "The password of the organisation's own directory has expired."),
    500121: Entry("access_denied", "The request for strong authentication was not approved."),
}
POLICIES = {
    50072: Entry(_SIGN_IN_AGAIN, "The person has to enrol for a second factor.", "basic_action"),
    50074: Entry(_SIGN_IN_AGAIN, "Strong authentication is required.", "basic_action"),
    50076: Entry(
        _SIGN_IN_AGAIN,
        "A change of policy, or another place, requires multi-factor authentication.",
        "basic_action",
    ),
    50078: Entry(_SIGN_IN_AGAIN, "Multi-factor authentication has expired.", "basic_action"),
    50079: Entry(_SIGN_IN_AGAIN, "The person has to enrol for a second factor.", "basic_action"),
    50131: Entry(
        _SIGN_IN_AGAIN, "Conditional access did not let the sign-in pass.", "basic_action"
    ),
    50158: Entry(_SIGN_IN_AGAIN, "An external security challenge was not met.", "basic_action"),
    53000: Entry(_SIGN_IN_AGAIN, "The device does not comply with policy.", "message_only"),
    53001: Entry(_SIGN_IN_AGAIN, "The device is not joined to the domain.", "message_only"),
    53002: Entry(_SIGN_IN_AGAIN, "The application is not an approved one.", "message_only"),
    53003: Entry("access_denied", "Access is blocked by conditional access.", "message_only"),
    530032: Entry("access_denied", "Access is blocked by a security policy.", "message_only"),
    530035: Entry("access_denied", "Access is blocked by security defaults.", "message_only"),
    70043: Entry("invalid_grant", "Sign-in frequency: the refresh token is too old.", "bad_token"),
}
GRANTS = {
    50089: Entry("invalid_grant", "The flow token has expired."),
    50132: Entry("invalid_grant", "The session is not valid: the password changed.", "bad_token"),
    50133: Entry("invalid_grant", "The session is not valid: the password expired.", "bad_token"),
    50173: Entry("invalid_grant", "The grant was revoked; a fresh sign-in is needed.", "bad_token"),
    501481: Entry("invalid_grant", "The code_verifier does not match the code_challenge."),
    50147: Entry("invalid_request", "The size of code_challenge is not valid."),
    501491: Entry("invalid_request", "The size or an octet of code_challenge is not valid."),
    54005: Entry("invalid_grant", "The authorization code was already redeemed.", "bad_token"),
    70000: Entry("invalid_grant", "The grant is not valid, or another application's.", "bad_token"),
    70008: Entry("invalid_grant", "The code or the refresh token has expired.", "token_expired"),
    700005: Entry("invalid_grant", "The code is meant for another tenant."),
    700082: Entry("invalid_grant", "The refresh token expired: not used for long.", "bad_token"),
    700084: Entry("invalid_grant", "The refresh token of a page lived its 24 hours.", "bad_token"),
    70016: Entry("authorization_pending", "The person has not finished signing in yet."),
    70018: Entry("bad_verification_code", "The code the person entered is wrong or expired."),
    70019: Entry("expired_token", "The device code has expired."),
}
CONSENTS = {
    65001: Entry("invalid_grant", "Nobody has consented to that.", "consent_required"),
    65004: Entry("access_denied", "The person declined to consent."),
    65005: Entry("invalid_resource", "The application does not list the resource it asks for."),
    650052: Entry("invalid_resource", "The organisation has no subscription for the service."),
    650056: Entry("invalid_client", "The application is not configured properly."),
    650057: Entry("invalid_resource", "The resource is not in the registration."),
    90093: Entry("access_denied", "An administrator has to consent; the person may not."),
    90094: Entry("access_denied", "An administrator has to consent."),
    90095: Entry("access_denied", "An administrator has to approve; a request can be sent."),
}
APPLICATIONS = {
    50011: Entry("invalid_request", "The redirect URI is not one of the application's."),
    50012: Entry("invalid_client", "The client's authentication failed."),
    50194: Entry("unauthorized_client", "The application is not a multi-tenant one."),
    50196: Entry("invalid_grant", "The application asks the same again and again: a loop."),
    70001: Entry("unauthorized_client", "The application is disabled."),
    70002: Entry("invalid_client", "The client's credentials are not valid."),
    700011: Entry("invalid_client", "The application is not in the directory."),
    700016: Entry("unauthorized_client", "The application is not in the directory."),
    700024: Entry("invalid_client", "The client's assertion is not within its time."),
    700025: Entry("invalid_client", "The client is public: it must send no secret."),
    700027: Entry("invalid_client", "The client's assertion or its signature is not valid."),
    7000112: Entry("unauthorized_client", "The application is disabled in this organisation."),
    7000215: Entry("invalid_client", "The secret is wrong. Send its value, not its id."),
    7000218: Entry("invalid_client", "'client_assertion' or 'client_secret' is missing."),
    7000222: Entry("invalid_client", "The client's secrets have expired."),
    9002326: Entry("invalid_request", "Only a single-page application redeems across origins."),
    9002332: Entry("invalid_request", "The application is for work accounts, not personal ones."),
}
REQUESTS = {
    28002: Entry("invalid_scope", "The scope is not valid."),
    28003: Entry("invalid_scope", "The scope is empty."),
    50059: Entry("invalid_request", "Nothing in the request says which tenant is meant."),
    70003: Entry("unsupported_grant_type", "The grant type is not supported."),
    70007: Entry("invalid_request", "The response_mode does not go with the response_type."),
    70011: Entry("invalid_scope", "The scope is not valid."),
    700022: Entry("invalid_scope", "The scope names several resources."),
    700023: Entry("invalid_scope", "The scope names no resource."),
    700051: Entry("unsupported_response_type", "response_type 'token' is not enabled."),
    700054: Entry("unsupported_response_type", "response_type 'id_token' is not enabled."),
    90002: Entry("invalid_request", "The tenant was not found."),
    90013: Entry("invalid_request", "The input is not valid."),
    90014: Entry("invalid_request", "A required field is missing."),
    90019: Entry("invalid_request", "Nothing in the request says which tenant is meant."),
    900144: Entry("invalid_request", "A required parameter is missing:"),
    9002313: Entry("invalid_request", "The request is malformed."),
}
PASSING = {
    50033: Entry("temporarily_unavailable", "A passing failure. Try again."),
    50087: Entry("temporarily_unavailable", "A passing failure of sign-out. Try again."),
    90006: Entry("server_error", "The service failed. Try again."),
    90012: Entry("temporarily_unavailable", "The request took too long."),
    90024: Entry("temporarily_unavailable", "A passing failure. Try again."),
    90033: Entry("temporarily_unavailable", "The service is not available for now."),
    90055: Entry("temporarily_unavailable", "The tenant asks too much at once."),
}
CODES: dict[int, Entry] = {
    **ACCOUNTS, **POLICIES, **GRANTS, **CONSENTS, **APPLICATIONS, **REQUESTS, **PASSING,
}  # fmt: skip
# Shown on Microsoft's own page: sending the person back would not help or would not be safe.
ON_THE_PAGE = frozenset(
    {50011, 50020, 50034, 50053, 50055, 50057, 50059, 50105, 50194, 500121, 700016, 70001}
    | {7000112, 90002, 90019, 9002332, 53000, 53001, 53002, 53003, 530032, 530035, 50131}
)
