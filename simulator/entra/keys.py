"""The keys that sign id_tokens, and how they roll over.

The three private keys beside this file are public test keys, made once so that every run signs
alike; they protect nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID
from joserfc import jwt
from joserfc.jwk import RSAKey

from simulator.entra.base64url import unpadded

FILES = [Path(__file__).with_name(f"signing-{number}.pem") for number in (1, 2, 3)]
KEPT = timedelta(hours=24)  # how long the former key stays listed


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
            "cloud_instance_name": "microsoftonline.com",
            "issuer": issuer,
        }

    def sign(self, claims: dict[str, Any], *, kid: str | None = None) -> str:
        """An RS256 token; `kid` names another key than the one that signs."""
        header = {"typ": "JWT", "alg": "RS256", "kid": kid or self.kid}
        return jwt.encode(header, claims, self.private, algorithms=["RS256"])


def thumbprint(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> str:
    """A certificate's fingerprint as x5t headers write it."""
    return unpadded(certificate.fingerprint(algorithm))


@lru_cache(maxsize=len(FILES))
def signing_key(number: int) -> SigningKey:
    """One of the keys; its certificate is the same, byte for byte, each time it is made."""
    private = load_pem_private_key(FILES[number].read_bytes(), password=None)
    if not isinstance(private, RSAPrivateKey):
        raise TypeError(f"{FILES[number].name} holds no RSA key")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "accounts.simulator.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(number + 1)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .sign(private, hashes.SHA256())
    )
    return SigningKey(RSAKey.import_key(private), certificate)


@dataclass(slots=True)
class KeyRing:
    """Which key signs now, and which are listed: the former one for a while after a rollover."""

    now: Callable[[], datetime]
    current: int = 0
    former_until: datetime | None = None

    def __post_init__(self) -> None:
        self.former_until = self.now() + KEPT

    def roll(self, *, keep_former: bool = True) -> None:
        """Sign with the next key from now on; in an emergency the former one is gone at once."""
        self.current = (self.current + 1) % len(FILES)
        self.former_until = self.now() + KEPT if keep_former else None

    @property
    def signing(self) -> SigningKey:
        """The key that signs now."""
        return signing_key(self.current)

    @property
    def unlisted(self) -> SigningKey:
        """A key of which nobody outside knows."""
        return signing_key((self.current + 1) % len(FILES))

    def listed(self) -> list[SigningKey]:
        """The keys of the key document, the signing one first."""
        kept = self.former_until is not None and self.now() < self.former_until
        former = (self.current - 1) % len(FILES)
        return [signing_key(each) for each in ([self.current, former] if kept else [self.current])]
