"""The app registration at Microsoft, and how a request proves that it comes from it."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from m365.errors import Misconfigured

ASSERTION_SECONDS = 300  # Microsoft asks for five to ten minutes


@dataclass(frozen=True, slots=True)
class Registration:
    """Tenant (a directory id, a domain, `organizations` or `common`), client id, and a proof:
    the client secret, or a certificate with its private key, both PEM without a passphrase.
    """

    tenant: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    certificate_pem: str | None = field(default=None, repr=False)
    private_key_pem: str | None = field(default=None, repr=False)

    @property
    def has_certificate(self) -> bool:
        return bool(self.certificate_pem and self.private_key_pem)


def certificate_of(registration: Registration) -> x509.Certificate:
    """The certificate, after a look whether its private key fits. Raises Misconfigured."""
    try:
        certificate = x509.load_pem_x509_certificate((registration.certificate_pem or "").encode())
    except ValueError as error:
        raise Misconfigured("certificate_unreadable") from error
    try:
        pem = (registration.private_key_pem or "").encode()
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Misconfigured("private_key_unreadable") from error
    if not isinstance(key, RSAPrivateKey):
        raise Misconfigured("private_key_not_rsa")
    if key.public_key() != certificate.public_key():
        raise Misconfigured("private_key_of_another_certificate")
    return certificate


def proof(registration: Registration, token_address: str, now: datetime) -> dict[str, Any]:
    """Arguments for Authlib's client that make it prove the registration at `token_address`.

    Certificate: an assertion signed PS256 and named by the SHA-256 of the certificate, as
    learn.microsoft.com/entra/identity-platform/certificate-credentials asks.
    """
    if not registration.has_certificate:
        return {
            "client_secret": registration.secret or "",
            "token_endpoint_auth_method": "client_secret_post",
        }
    fingerprint = certificate_of(registration).fingerprint(hashes.SHA256())
    issued = int(now.timestamp())
    assertion = PrivateKeyJWT(
        token_address,
        alg="PS256",
        headers={"x5t#S256": base64.urlsafe_b64encode(fingerprint).rstrip(b"=").decode()},
        claims={
            "jti": str(uuid4()),
            "nbf": issued,
            "iat": issued,
            "exp": issued + ASSERTION_SECONDS,
        },
    )
    return {
        "client_secret": registration.private_key_pem,
        "token_endpoint_auth_method": assertion,
    }
