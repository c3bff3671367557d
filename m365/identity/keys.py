"""Published signing keys, remembered for a day; and Microsoft's, with the issuer it says it has."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from urllib.parse import quote

from m365.errors import BadAnswer, BadProof
from m365.identity.answers import DiscoveryShape, KeysShape, refusal
from m365.identity.id_token import SigningKey, signing_key
from m365.transport import Answer, Http, ask
from m365.wire.decode import decode

KEPT = timedelta(hours=24)  # keys roll without notice
REFETCH_PAUSE = timedelta(minutes=1)  # between two looks for an unknown key


Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class _Published(Generic[Key]):
    keys: dict[str, Key]
    fetched_at: datetime


class KeyMemory(Generic[Key]):
    """Keys by publisher and key id. Threads may share it; nothing is held while fetching."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._published: dict[str, _Published[Key]] = {}
        self._lock = threading.Lock()

    def find(self, publisher: str, key_id: str, fetch: Callable[[], dict[str, Key]]) -> Key:
        """The key of that id. An unknown one is looked for once, not over and over."""
        now = self._clock()
        with self._lock:
            held = self._published.get(publisher)
        age = now - held.fetched_at if held else KEPT
        if held is None or age >= KEPT or (key_id not in held.keys and age >= REFETCH_PAUSE):
            held = _Published(fetch(), now)
            with self._lock:
                self._published[publisher] = held
        found = held.keys.get(key_id)
        if found is None:
            raise BadProof("id_token_key_unknown")
        return found


class SigningKeys:
    """Microsoft's keys by tenant and key id."""

    def __init__(self, http: Http, base: str, clock: Callable[[], datetime]) -> None:
        self._http = http
        self._base = base
        self._memory = KeyMemory[SigningKey](clock)

    def find(self, tenant: str, key_id: str) -> SigningKey:
        """The key of that id. An unknown one is looked for once at Microsoft, not over and over."""
        return self._memory.find(tenant, key_id, lambda: self.fetch(tenant))

    def fetch(self, tenant: str) -> dict[str, SigningKey]:
        """The keys Microsoft publishes now; such as cannot be used are left out."""
        published = decode(self._get(tenant, "discovery/v2.0/keys").body, KeysShape)
        found: dict[str, SigningKey] = {}
        for each in published.keys:
            try:
                found[each.kid] = signing_key(each.kty, each.use, each.n, each.e, each.issuer)
            except BadAnswer:
                continue
        return found

    def issuer(self, tenant: str) -> str:
        """The issuer a tenant says it has: a template for the shared ones. Not remembered."""
        where = "v2.0/.well-known/openid-configuration"
        return decode(self._get(tenant, where).body, DiscoveryShape).issuer

    def _get(self, tenant: str, path: str) -> Answer:
        address = f"{self._base}/{quote(tenant, safe='')}/{path}"
        answer = ask(self._http, "GET", address, within=self._base, headers={})
        if answer.status != 200:
            raise refusal(answer.status, answer.headers, answer.body)
        return answer
