"""Proof Key for Code Exchange: the challenge of a sign-in and the verifier of its code."""

from __future__ import annotations

import hashlib
import re

from simulator.entra.base64url import unpadded
from simulator.entra.errors import EntraRefused

METHODS = ("plain", "S256")
FORM = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def check_challenge(challenge: str | None, method: str) -> None:
    """Refuse a challenge that no verifier could meet."""
    if method not in METHODS:
        raise EntraRefused(9002313, "code_challenge_method")
    if challenge is not None and not FORM.fullmatch(challenge):
        raise EntraRefused(501491)


def check(challenge: str | None, method: str, verifier: str | None) -> None:
    """Refuse a code whose verifier does not fit."""
    if challenge is None:
        return
    if not verifier:
        raise EntraRefused(501481, "code_verifier is missing.")
    digest = hashlib.sha256(verifier.encode()).digest()
    hashed = unpadded(digest)
    if challenge != (hashed if method == "S256" else verifier):
        raise EntraRefused(501481)
