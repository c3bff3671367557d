"""Who signed in: the id_token, believed only after every check.

Order and rules: learn.microsoft.com/entra/identity-platform, pages access-tokens and
id-token-claims-reference. The rule of a multi-tenant issuer is kept in both its halves, for
without it any tenant's token would be taken.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from m365.errors import BadAnswer, BadProof
from m365.identity.signed import check_nonce, check_times, header_of, signed_claims
from m365.wire.decode import clean

CONSUMERS = "9188040d-6c67-4c5b-b112-36a304b66dad"  # the tenant of personal accounts
GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})
_ONLY_RS256 = ("RS256",)


@dataclass(frozen=True, slots=True)
class MicrosoftUser:
    """(tenant_id, object_id) is who it is, for good. The rest is for display: it may change, and
    `email` may be absent or unverified. `claims`: everything the token said.
    """

    tenant_id: str
    object_id: str
    name: str
    username: str
    email: str | None
    claims: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key of Microsoft; `issuer`: for whom it signs, with {tenantid} where any tenant may be."""

    key: RSAKey
    issuer: str


class Claims(msgspec.Struct):
    aud: str
    iss: str
    exp: int | float
    iat: int | float
    nbf: int | float
    tid: str
    oid: str
    nonce: str
    name: str | None = None
    preferred_username: str | None = None
    email: str | None = None


def key_id_of(id_token: str) -> str:
    """The key an id_token says it was signed with; nothing of it is believed yet."""
    header = header_of(id_token)
    kid = header.get("kid")
    if header.get("alg") != "RS256" or not isinstance(kid, str) or not kid:
        raise BadProof("id_token_algorithm")
    return kid


def read_id_token(
    id_token: str, signing: SigningKey, *, client_id: str, nonce: str, now: datetime
) -> tuple[Claims, dict[str, Any]]:
    """Signature, audience, times and nonce. The issuer is `check_issuer`'s. Gives beside the
    claims that count everything the token says.
    """
    found = signed_claims(id_token, signing.key, _ONLY_RS256)
    try:
        claims = msgspec.convert(found, Claims)
    except (ValueError, RecursionError) as error:
        raise BadProof("id_token_claims") from error
    if claims.aud != client_id:
        raise BadProof("id_token_audience")
    check_times(expires=claims.exp, issued=claims.iat, not_before=claims.nbf, now=now)
    check_nonce(claims.nonce, nonce)
    return claims, found


def check_issuer(claims: Claims, signing: SigningKey, *, template: str, tenant: str) -> None:
    """The issuer is Microsoft's for the token's own tenant, the key signs for it, and it is the
    tenant that was asked. `template` holds {tenantid}; a domain's tenant is the caller's to check.
    """
    if not (GUID.fullmatch(claims.tid) and GUID.fullmatch(claims.oid)):
        raise BadProof("id_token_identity")
    if claims.iss != template.replace("{tenantid}", claims.tid):
        raise BadProof("id_token_issuer")
    if signing.issuer.replace("{tenantid}", claims.tid) != claims.iss:
        raise BadProof("id_token_key_issuer")
    asked, tid = tenant.casefold(), claims.tid.casefold()
    foreign = (
        (GUID.fullmatch(tenant) and asked != tid)
        or (asked == "organizations" and tid == CONSUMERS)
        or (asked == "consumers" and tid != CONSUMERS)
    )
    if foreign:
        raise BadProof("id_token_tenant")


def user_from(claims: Claims, everything: Mapping[str, Any]) -> MicrosoftUser:
    return MicrosoftUser(
        tenant_id=claims.tid.lower(),
        object_id=claims.oid.lower(),
        name=clean(claims.name) or "",
        username=clean(claims.preferred_username) or "",
        email=clean(claims.email) or None,
        claims=everything,
    )


def signing_key(kty: str, use: str, n: str, e: str, issuer: str) -> SigningKey:
    """A published key. Raises BadAnswer for one that cannot sign an id_token."""
    if kty != "RSA" or use != "sig":
        raise BadAnswer("key_unusable")
    try:
        return SigningKey(RSAKey.import_key({"kty": "RSA", "n": n, "e": e}), issuer)
    except (JoseError, ValueError) as error:
        raise BadAnswer("key_unreadable") from error
