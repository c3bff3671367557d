"""Outside: all that comes from beyond the program, so that a test can hand it in.

Imports nothing of ours.
"""

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random, SystemRandom
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2


class Wake:
    """Rouses whoever does the waiting work of this process; without a listener it is a no-op.

    Other processes notice by their own clock, so a lost call costs seconds, never work.
    """

    def __init__(self) -> None:
        self._rouse: Callable[[], None] | None = None

    def __call__(self) -> None:
        rouse = self._rouse  # read once: another thread may be stopping
        if rouse is not None:
            rouse()

    def rouses(self, listener: Callable[[], None] | None) -> None:
        """From now on a call runs `listener` (None: nobody)."""
        self._rouse = listener


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return str(uuid.uuid4())


def new_secret() -> str:
    """256 random bits, safe in an address, a cookie and a form."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Outside:
    """Clock (aware UTC), ids, secrets, randomness for jitter, the network, the waker."""

    clock: Callable[[], datetime] = utc_now
    ids: Callable[[], str] = new_id
    secrets: Callable[[], str] = new_secret
    random: Random = field(default_factory=SystemRandom)
    http: "httpx2.BaseTransport | None" = None
    wake: Wake = field(default_factory=Wake)
