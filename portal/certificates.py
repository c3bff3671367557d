"""Reading the certificate and private key that a portal may sign in to Microsoft with."""

from dataclasses import dataclass
from datetime import date, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

SMALLEST_KEY = 2048


class CertificateProblem(Exception):
    """It cannot be used. The text is a sentence for the form; `field` is where it belongs."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate with its key, both PEM, and the last day it is valid (UTC)."""

    certificate_pem: str
    private_key_pem: str
    expires_on: date


def read_pair(certificate_pem: str, private_key_pem: str, *, now: datetime) -> Pair:
    """Checks that Microsoft can accept the pair at all. Raises CertificateProblem."""
    certificate = _certificate(certificate_pem)
    expires = certificate.not_valid_after_utc
    if expires <= now:
        raise CertificateProblem(
            "certificate", f"This certificate ended on {expires:%-d %B %Y}. Make a new one."
        )
    public = certificate.public_key()
    if not isinstance(public, RSAPublicKey) or public.key_size < SMALLEST_KEY:
        raise CertificateProblem(
            "certificate", f"Microsoft asks for an RSA key of at least {SMALLEST_KEY} bits."
        )
    try:
        key = load_pem_private_key(private_key_pem.encode(), password=None)
    except TypeError:
        raise CertificateProblem(
            "private_key", "This key is protected by a passphrase. Paste it without one."
        ) from None
    except ValueError:
        raise CertificateProblem(
            "private_key", "This is no private key in PEM form (BEGIN PRIVATE KEY)."
        ) from None
    if key.public_key() != public:
        raise CertificateProblem("private_key", "This key does not belong to the certificate.")
    # Written anew: a file that held both must not leave its key in the unsealed column.
    return Pair(
        certificate.public_bytes(Encoding.PEM).decode(),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        expires.date(),
    )


def _certificate(pem: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise CertificateProblem(
            "certificate", "This is no certificate in PEM form (BEGIN CERTIFICATE)."
        ) from None
