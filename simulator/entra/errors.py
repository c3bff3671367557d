"""AADSTS errors: their numbers, texts, and the shapes in which they appear."""

from __future__ import annotations

import msgspec
from flask import Response

from simulator.world import World

# Number -> (OAuth error, text)
CODES: dict[int, tuple[str, str]] = {
    50011: ("invalid_request", "The redirect URI in the request is not one of the application's."),
    50020: (
        "invalid_request",
        "The account does not exist in this tenant and cannot access the application there.",
    ),
    50057: ("invalid_grant", "The user account is disabled."),
    50058: ("login_required", "A silent sign-in request was sent but no user is signed in."),
    50059: ("invalid_request", "No tenant-identifying information found in the request."),
    50173: (
        "invalid_grant",
        "The grant has expired due to it being revoked; a fresh auth token is needed.",
    ),
    50194: (
        "unauthorized_client",
        "The application is not configured as a multi-tenant application.",
    ),
    501481: (
        "invalid_grant",
        "The Code_Verifier does not match the code_challenge of the authorization request.",
    ),
    501491: ("invalid_request", "Invalid size of the Code_Challenge parameter."),
    54005: (
        "invalid_grant",
        "The authorization code was already redeemed; retry with a new valid code.",
    ),
    65001: ("invalid_grant", "The user or administrator has not consented to use the application."),
    65004: ("access_denied", "User declined to consent to access the app."),
    70000: ("invalid_grant", "The provided grant is invalid or malformed."),
    70001: ("unauthorized_client", "The application is disabled."),
    70003: ("unsupported_grant_type", "The app requested an unsupported grant type."),
    70008: ("invalid_grant", "The authorization code or refresh token has expired."),
    70011: ("invalid_scope", "The value for the input parameter 'scope' is not valid."),
    700005: ("invalid_grant", "The authorization code is intended to use against another tenant."),
    700016: ("unauthorized_client", "The application was not found in the directory."),
    700024: ("invalid_client", "Client assertion is not within its valid time range."),
    700027: ("invalid_client", "Client assertion failed signature validation."),
    700054: (
        "unsupported_response_type",
        "response_type 'id_token' is not enabled for the application.",
    ),
    700082: ("invalid_grant", "The refresh token has expired due to inactivity."),
    7000215: (
        "invalid_client",
        "Invalid client secret. Send the secret's value, not the secret's ID.",
    ),
    7000218: (
        "invalid_client",
        "The request body must contain 'client_assertion' or 'client_secret'.",
    ),
    7000222: ("invalid_client", "The provided client secret keys are expired."),
    90002: ("invalid_request", "Tenant not found. Check the tenant ID."),
    90014: ("invalid_request", "The required field is missing from the credential."),
    90024: ("temporarily_unavailable", "A transient error has occurred. Please try again."),
    90094: ("access_denied", "Admin consent is required for the permissions requested."),
    900144: ("invalid_request", "The request body must contain all required parameters."),
    9002313: ("invalid_request", "The request is malformed or invalid."),
}


class EntraRefused(Exception):
    """Entra refuses; `number` is the AADSTS number, `error` the OAuth word for it."""

    def __init__(self, number: int, detail: str = "") -> None:
        self.number = number
        self.error, text = CODES.get(number, ("invalid_grant", "The request was refused."))
        self.text = f"AADSTS{number}: {text}{' ' if detail else ''}{detail}"
        super().__init__(self.text)


def token_error(refusal: EntraRefused, world: World) -> Response:
    """The error body of the token endpoint: 401 for the client's own failing, else 400."""
    trace, correlation = world.new_id(), world.new_id()
    stamp = world.now().strftime("%Y-%m-%d %H:%M:%SZ")
    wire = {
        "error": refusal.error,
        "error_description": f"{refusal.text} Trace ID: {trace}\r\nCorrelation ID: {correlation}"
        f"\r\nTimestamp: {stamp}",
        "error_codes": [refusal.number],
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={refusal.number}",
    }
    if refusal.error == "invalid_grant":
        wire["suberror"] = "bad_token"
    status = {"invalid_client": 401, "temporarily_unavailable": 503}.get(refusal.error, 400)
    return Response(msgspec.json.encode(wire), status, content_type="application/json")
