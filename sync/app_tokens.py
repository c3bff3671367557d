"""Tokens of the portal itself, for mailboxes it reaches by application permissions: one per tenant.

Kept in memory alone: they last an hour, anybody who has the registration gets another.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from m365.identity import Identity, Registration, Tokens

EARLY = timedelta(minutes=5)  # before its end a token is replaced


@dataclass(slots=True)
class AppTokens:
    _held: dict[tuple[str, str], Tokens] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(
        self,
        identity: Identity,
        registration: Registration,
        tenant: str,
        *,
        refused: str | None = None,
        now: datetime,
    ) -> str:
        """`refused`: a token Microsoft no longer takes. `now`: aware UTC.

        Raises what `Identity.app_token` raises.
        """
        key = registration.client_id, tenant
        with self._lock:
            held = self._held.get(key)
            if held is None or held.expires_at <= now + EARLY or held.access_token == refused:
                held = self._held[key] = identity.app_token(registration, tenant)
            return held.access_token
