"""The tokens of delta links: opaque, sealed, of one mailbox and one world, without secrets."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import astuple, dataclass
from hashlib import blake2b, shake_128

import msgspec

from simulator.graph.call import Call

SEAL = 12
Scope = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a round stands: what it is about, what it began from and what it has sent."""

    kind: str
    scope: Scope  # what a first call asked for
    epoch: int
    begun: int  # how many rounds of the mailbox had begun with this one
    until: int  # the last change the round knows of
    since: int = 0  # 0: everything
    fresh: int = 0  # where the round would begin without replays
    select: str = ""
    after: int = 0  # the last unit sent
    before: int = 0  # the last unit sent before this page
    blank: int = 0  # empty pages sent
    lap: int = 0  # how often the same page was sent
    finished: bool = False


def write_token(call: Call, place: Place) -> str:
    """The token of a link."""
    text = msgspec.msgpack.encode([*_origin(call), *astuple(place)])
    seal = _seal(text)
    return urlsafe_b64encode(seal + _veiled(seal, text)).decode()


def read_token(call: Call, token: str) -> Place | None:
    """The place in a token; None unless it was made for this mailbox in this world."""
    try:
        raw = urlsafe_b64decode(token)
        text = _veiled(raw[:SEAL], raw[SEAL:])
        if raw[:SEAL] != _seal(text):
            return None
        owner, seed, kind, scope, *rest = msgspec.msgpack.decode(text)
        return Place(kind, tuple(scope), *rest) if [owner, seed] == _origin(call) else None
    except (ValueError, TypeError, msgspec.DecodeError):
        return None


def _origin(call: Call) -> list[str | int]:
    return [call.person.id[:8], call.world.seed]


def _seal(text: bytes) -> bytes:
    return blake2b(text, digest_size=SEAL, key=b"simulated cursor").digest()


def _veiled(seal: bytes, text: bytes) -> bytes:
    # Nobody shall build on what is inside; the same step veils and unveils.
    veil = shake_128(seal).digest(len(text))
    return bytes(one ^ other for one, other in zip(text, veil, strict=True))
