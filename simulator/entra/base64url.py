"""Base64 as tokens and their headers write it."""

from __future__ import annotations

from base64 import urlsafe_b64encode


def unpadded(content: bytes) -> str:
    """Base64url without the signs that only fill it up."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()
