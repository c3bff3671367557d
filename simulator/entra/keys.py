"""The key that signs id_tokens, and the checks of what applications sign."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey


@dataclass(frozen=True)
class SigningKey:
    """A key with its certificate; kid and x5t are the SHA-1 thumbprint, as at Microsoft."""

    private: RSAKey
    certificate: x509.Certificate

    @property
    def kid(self) -> str:
        """The thumbprint, base64url without padding."""
        return thumbprint(self.certificate, hashes.SHA1())  # noqa: S303 - what the header names

    def wire(self, issuer: str) -> dict[str, Any]:
        """The public key as the key document lists it."""
        public = self.private.as_dict(private=False)
        der = self.certificate.public_bytes(Encoding.DER)
        return {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": public["n"],
            "e": public["e"],
            "x5c": [b64encode(der).decode()],
            "issuer": issuer,
        }

    def sign(self, claims: dict[str, Any]) -> str:
        """An RS256 token."""
        header = {"typ": "JWT", "alg": "RS256", "kid": self.kid}
        return jwt.encode(header, claims, self.private, algorithms=["RS256"])


def thumbprint(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> str:
    """A certificate's fingerprint as x5t headers write it."""
    return urlsafe_b64encode(certificate.fingerprint(algorithm)).rstrip(b"=").decode()


@lru_cache(maxsize=1)
def signing_key() -> SigningKey:
    """The key of this process, made on first use: making one takes a noticeable while."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "accounts.simulator.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .sign(private, hashes.SHA256())
    )
    return SigningKey(RSAKey.import_key(private), certificate)


def assertion_claims(assertion: str, certificates: list[str]) -> dict[str, Any] | None:
    """The claims of a client assertion signed with one of the certificates (PEM), else None."""
    for pem in certificates:
        certificate = x509.load_pem_x509_certificate(pem.encode())
        public = certificate.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        try:
            token = jwt.decode(assertion, RSAKey.import_key(public), algorithms=["PS256", "RS256"])
        except (JoseError, ValueError):
            continue
        prints = {
            "x5t": thumbprint(certificate, hashes.SHA1()),  # noqa: S303 - what the header names
            "x5t#S256": thumbprint(certificate, hashes.SHA256()),
        }
        if any(token.header.get(name) == value for name, value in prints.items()):
            return dict(token.claims)
    return None
