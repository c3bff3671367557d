"""Who signed in at a provider: the id_token, believed only after every check.

Order and rules: openid.net/specs/openid-connect-core-1_0.html, section 3.1.3.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from joserfc.jwk import ECKey, RSAKey

from m365.errors import BadProof
from m365.identity.signed import check_nonce, check_times, header_of, signed_claims
from m365.wire.decode import clean

# Never "none", and nothing that a shared secret signs.
ALGORITHMS = frozenset(("RS256", "PS256", "ES256"))
LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A published key, and the algorithms it may be used with."""

    key: RSAKey | ECKey
    algorithms: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProviderUser:
    """(issuer, subject) is who it is, for good. The rest may change."""

    issuer: str
    subject: str
    name: str
    email: str | None
    email_verified: bool
    claims: Mapping[str, Any] = field(compare=False, repr=False)


class Claims(msgspec.Struct):
    iss: str
    sub: str
    aud: str | list[str]
    exp: int | float
    iat: int | float
    nonce: str
    nbf: int | float | None = None
    azp: str | None = None
    name: str | None = None
    email: str | None = None
    email_verified: bool | str | None = None


def header_for(id_token: str) -> tuple[str, str]:
    """The algorithm and the key id the token names; the id may be left out."""
    header = header_of(id_token)
    algorithm, key_id = header.get("alg"), header.get("kid", "")
    if algorithm not in ALGORITHMS or not isinstance(key_id, str):
        raise BadProof("id_token_algorithm")
    return str(algorithm), key_id


def user_of(
    id_token: str,
    key: VerifyingKey,
    *,
    algorithm: str,
    issuer: str,
    client_id: str,
    nonce: str,
    now: datetime,
) -> ProviderUser:
    """Signature, issuer, audience, times and nonce. Raises BadProof."""
    if algorithm not in key.algorithms:
        raise BadProof("id_token_algorithm")
    everything = signed_claims(id_token, key.key, (algorithm,))
    try:
        claims = msgspec.convert(everything, Claims)
    except (ValueError, RecursionError) as error:
        raise BadProof("id_token_claims") from error
    if claims.iss != issuer:
        raise BadProof("id_token_issuer")
    _check_audience(claims, client_id)
    check_times(expires=claims.exp, issued=claims.iat, not_before=claims.nbf, now=now)
    check_nonce(claims.nonce, nonce)
    subject = clean(claims.sub) or ""
    if not subject.strip() or subject != claims.sub or len(subject) > LONGEST_SUBJECT:
        raise BadProof("id_token_identity")
    return ProviderUser(
        issuer=issuer,
        subject=subject,
        name=clean(claims.name) or "",
        email=clean(claims.email) or None,
        # Some providers write the word where the standard has the value.
        email_verified=claims.email_verified in (True, "true"),
        claims=everything,
    )


def _check_audience(claims: Claims, client_id: str) -> None:
    """Among several audiences the token must say that it was made for us."""
    audiences = [claims.aud] if isinstance(claims.aud, str) else claims.aud
    if client_id not in audiences:
        raise BadProof("id_token_audience")
    if claims.azp != client_id and (claims.azp is not None or len(audiences) > 1):
        raise BadProof("id_token_authorized_party")
