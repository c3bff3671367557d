"""What every signed proof of who somebody is has to stand, whoever issued it."""

import hmac
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from m365.errors import BadProof

SKEW = 300  # seconds clocks may differ


def header_of(id_token: str) -> dict[str, Any]:
    """What the token says about how it was signed; nothing of it is believed yet."""
    try:
        header: dict[str, Any] = jws.extract_compact(id_token.encode()).headers()
    except (JoseError, ValueError) as error:
        raise BadProof("id_token_unreadable") from error
    return header


def signed_claims(
    id_token: str, key: RSAKey | ECKey, algorithms: Collection[str]
) -> dict[str, Any]:
    """The claims, once the signature of this key is found good. Never without a signature."""
    # Unknown header members are harmless; an unknown algorithm is not.
    registry = jws.JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
    try:
        return dict(jwt.decode(id_token, key, registry=registry).claims)
    except (JoseError, ValueError, TypeError) as error:
        raise BadProof("id_token_signature") from error


def check_times(*, expires: float, issued: float, not_before: float | None, now: datetime) -> None:
    moment = now.timestamp()
    begins = issued if not_before is None else not_before
    # Said so that NaN fails every one of them.
    if not (moment < expires + SKEW and begins <= moment + SKEW and issued <= moment + SKEW):
        raise BadProof("id_token_time")


def check_signed_in(claims: Mapping[str, Any], *, since: datetime, now: datetime) -> None:
    """That the person was asked who they are after `since`, and not let in by an older sign-in.

    A browser can take `prompt` out of the request on the way; the token's word it cannot change.
    """
    at = claims.get("auth_time")
    if isinstance(at, bool) or not isinstance(at, int | float):
        raise BadProof("auth_time_missing")
    # Said so that NaN fails.
    if not since.timestamp() - SKEW <= at <= now.timestamp() + SKEW:
        raise BadProof("auth_time_old")


def check_nonce(found: str, sent: str) -> None:
    """Raises BadProof for a token of another sign-in."""
    if not hmac.compare_digest(found.encode("utf-8", "replace"), sent.encode()):
        raise BadProof("id_token_nonce")
