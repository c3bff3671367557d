"""What Entra ID answers: tokens, refusals, its own description and its keys."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from m365.aadsts import from_entra, number_in
from m365.errors import BadAnswer, Later, MicrosoftError, Throttled, retry_after
from m365.identity.scopes import parse_scopes
from m365.wire.decode import decode

LONGEST_LIFE = 31 * 86_400  # seconds; real tokens live for about an hour


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in or a refresh brought. expires_at: aware UTC. scopes: what was granted."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]


class TokenShape(msgspec.Struct):
    access_token: str
    token_type: str
    expires_in: int | float | str
    refresh_token: str | None = None
    id_token: str | None = None
    scope: str | None = None


class RefusalShape(msgspec.Struct):
    error: str | None = None
    error_description: str | None = None
    error_codes: list[int] | None = None
    trace_id: str | None = None
    claims: str | None = None


class DiscoveryShape(msgspec.Struct):
    issuer: str


class KeyShape(msgspec.Struct):
    kty: str
    kid: str = ""
    use: str = "sig"
    n: str = ""
    e: str = ""
    issuer: str = ""


class KeysShape(msgspec.Struct):
    keys: list[KeyShape]


def tokens_from(found: TokenShape, now: datetime, *, kept_refresh: str | None = None) -> Tokens:
    """Microsoft may leave a new refresh token out; then the old one stays good."""
    return Tokens(
        access_token=found.access_token,
        refresh_token=found.refresh_token or kept_refresh,
        expires_at=now + timedelta(seconds=_lifetime(found.expires_in)),
        scopes=parse_scopes(found.scope or ""),
    )


def token_shape(body: bytes) -> TokenShape:
    """A token answer that can be used. Raises BadAnswer."""
    found = decode(body, TokenShape)
    if not found.access_token or found.token_type.casefold() != "bearer":
        raise BadAnswer("token_unusable")
    _lifetime(found.expires_in)
    return found


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> MicrosoftError:
    """The meaning of an answer of Entra ID that is not a success."""
    try:
        found = decode(body, RefusalShape)
    except BadAnswer:
        found = RefusalShape()
    request_id = found.trace_id or headers.get("x-ms-request-id", "")
    number = next(iter(found.error_codes or ()), None) or number_in(found.error_description)
    error: MicrosoftError
    if status == 429:
        error = Throttled(f"http_{status}", status=status, request_id=request_id)
    elif number is None and status >= 500:
        error = Later(f"http_{status}", status=status, request_id=request_id)
    elif found.error is None and status < 400:
        error = BadAnswer("unreadable", status=status, request_id=request_id)
    else:
        error = from_entra(
            found.error, number, status=status, request_id=request_id, claims=found.claims
        )
    if isinstance(error, Later):
        error.retry_after = retry_after(headers)
    return error


def _lifetime(seconds: Any) -> float:
    """Some old paths send the number as text."""
    try:
        life = float(seconds)
    except ValueError as error:
        raise BadAnswer("token_lifetime") from error
    if not (math.isfinite(life) and 0 < life <= LONGEST_LIFE):
        raise BadAnswer("token_lifetime")
    return life
