"""What waits to be sent, what was sent, and how the addresses behave."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

FIRST_PAUSE = timedelta(seconds=10)
GIVEN_UP_AFTER = timedelta(hours=4)
MOST_IN_ONE_POST = 100
LOGGED = 200
HEALTH_SPAN = timedelta(minutes=10)
HEALTH_SAMPLE = 10  # fewer say nothing about an address
SLOW_ABOVE, DROP_ABOVE = 0.10, 0.15


@dataclass(slots=True)
class Letter:
    """One notification on its way. Letters of the same `turn` to one address share a POST."""

    order: int
    person: str
    url: str
    wire: dict[str, Any]
    since: datetime
    due: datetime
    turn: int = 0
    held: bool = False
    tried: int = 0


@dataclass(slots=True)
class Parcel:
    """One POST."""

    url: str
    letters: list[Letter]


@dataclass(frozen=True, slots=True)
class Sent:
    """One POST that went out and how it ended; status 0 without an answer."""

    at: datetime
    url: str
    value: list[dict[str, Any]]
    status: int


@dataclass(slots=True)
class Outbox:
    """Letters by the time they are due. Callers hold the world's lock."""

    waiting: list[Letter] = field(default_factory=list)
    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=LOGGED))
    answers: dict[str, list[tuple[datetime, bool]]] = field(default_factory=dict)

    def take(self, now: datetime) -> list[Parcel]:
        """Everything due, packed; it is no longer waiting."""
        due = sorted((one for one in self.waiting if one.due <= now), key=lambda one: one.order)
        self.waiting = [one for one in self.waiting if one.due > now]
        packed: dict[tuple[int, str], list[Letter]] = {}
        for letter in due:
            packed.setdefault((letter.turn, letter.url), []).append(letter)
        return [
            Parcel(url, letters[first : first + MOST_IN_ONE_POST])
            for (_, url), letters in sorted(packed.items(), key=lambda one: one[0][0])
            for first in range(0, len(letters), MOST_IN_ONE_POST)
        ]

    def put_back(self, letters: list[Letter], now: datetime) -> list[Letter]:
        """Try again later, each time after twice the pause; answers those given up."""
        given_up = []
        for letter in letters:
            letter.due = now + FIRST_PAUSE * 2**letter.tried
            letter.tried += 1
            if letter.due - letter.since > GIVEN_UP_AFTER:
                given_up.append(letter)
            else:
                self.waiting.append(letter)
        return given_up

    def note(self, sent: Sent, *, timed_out: bool) -> None:
        """Remember one POST, and whether its address kept us waiting."""
        self.sent.append(sent)
        recent = self._recent(sent.url, sent.at)
        self.answers[sent.url] = [*recent, (sent.at, timed_out)]

    def latest(self, subscription: str) -> dict[str, Any] | None:
        """The latest change that a subscription was told of."""
        for sent in reversed(self.sent):
            for wire in reversed(sent.value):
                if wire["subscriptionId"] == subscription and "lifecycleEvent" not in wire:
                    return wire
        return None

    def health(self, url: str, now: datetime) -> Literal["good", "slow", "drop"]:
        """How an address answered over the last ten minutes."""
        recent = self._recent(url, now)
        if len(recent) < HEALTH_SAMPLE:
            return "good"
        share = sum(slow for _, slow in recent) / len(recent)
        return "drop" if share > DROP_ABOVE else "slow" if share > SLOW_ABOVE else "good"

    def _recent(self, url: str, now: datetime) -> list[tuple[datetime, bool]]:
        known = self.answers.get(url)
        return [one for one in known if now - one[0] <= HEALTH_SPAN] if known else []
