"""What applications sign to prove themselves, held against their certificates."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from simulator.directory import App
from simulator.entra.errors import EntraRefused
from simulator.entra.keys import thumbprint

KIND = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["PS256", "RS256"]
SKEW = 300  # seconds


def named_client(assertion: str) -> str:
    """The client id an assertion speaks for; nothing of it is believed yet."""
    try:
        claims = _json(jws.extract_compact(assertion.encode()).payload)
    except (JoseError, ValueError) as problem:
        raise EntraRefused(700027, "It is not a JWT.") from problem
    client = claims.get("iss")
    if not isinstance(client, str) or claims.get("sub") != client:
        raise EntraRefused(700027, "iss and sub must be the client id.")
    return client


def check(assertion: str, app: App, audiences: Collection[str], now: datetime) -> None:
    """Refuse an assertion that none of the application's certificates vouches for."""
    certificate = _certificate_of(assertion, app)
    claims = _signed_claims(assertion, certificate)
    if claims is None:
        raise EntraRefused(700027, "The signature is wrong.")
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise EntraRefused(700027, "The certificate is not within its dates.")
    if claims.get("aud") not in audiences:
        raise EntraRefused(700027, "aud must be the token endpoint.")
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise EntraRefused(700027, "jti is missing.")
    _check_times(claims, now.timestamp())


def _json(payload: bytes) -> dict[str, Any]:
    decoded = msgspec.json.decode(payload)
    if not isinstance(decoded, dict):
        raise ValueError("not an object")
    return decoded


def _certificate_of(assertion: str, app: App) -> x509.Certificate:
    """The registered certificate whose thumbprint the header names."""
    header = jws.extract_compact(assertion.encode()).headers()
    for pem in app.certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        prints = {
            "x5t": thumbprint(certificate, hashes.SHA1()),  # noqa: S303 - what the header names
            "x5t#S256": thumbprint(certificate, hashes.SHA256()),
        }
        if any(header.get(name) == value for name, value in prints.items()):
            return certificate
    raise EntraRefused(700027, "No registered certificate has that thumbprint.")


def _signed_claims(assertion: str, certificate: x509.Certificate) -> dict[str, Any] | None:
    public = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    try:
        token = jwt.decode(assertion, RSAKey.import_key(public), algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        return None
    return dict(token.claims)


def _check_times(claims: dict[str, Any], now: float) -> None:
    begins, ends = claims.get("nbf", claims.get("iat", 0)), claims.get("exp")
    if not isinstance(begins, int | float) or not isinstance(ends, int | float):
        raise EntraRefused(700027, "exp is missing.")
    if not begins - SKEW <= now <= ends + SKEW:
        raise EntraRefused(700024)
