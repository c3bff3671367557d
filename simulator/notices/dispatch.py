"""From what happened to letters: how often it is said, how late, in which order, if at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from simulator.faults.switches import Position
from simulator.notices.news import ChangeType, News
from simulator.notices.outbox import Letter, Outbox
from simulator.notices.payload import (
    Forgery,
    Lifecycle,
    Wire,
    change_wire,
    forged_wire,
    lifecycle_wire,
)
from simulator.notices.subscription import Subscription

if TYPE_CHECKING:
    from simulator.world import World

SLOW_WAIT = timedelta(seconds=10)
REORDER_WAIT = timedelta(seconds=5)
BURST_WAIT = timedelta(minutes=10)
OWN_POST = 1000  # turns from here on share their POST with nothing


class Dispatch:
    """Writes the letters, as the fault switches have it. Callers hold the world's lock."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._order = 0
        self._counted: dict[str, int] = {}
        self.outbox = Outbox()

    def says(self, news: News, person: str) -> list[ChangeType]:
        """What is said about one change, in order."""
        if news.change == "deleted":
            return ["deleted"]
        more: list[ChangeType] = ["updated"] * int(self._strikes("notices.extra_updates", person))
        if news.change == "created" and self._strikes("notices.created_last", person):
            return [*(more or ["updated"]), "created"]
        return [news.change, *more]

    def change(self, subscription: Subscription, news: News, says: list[ChangeType]) -> None:
        """Tell a subscriber of one change."""
        person = self._world.people[subscription.person]
        for serial, change in enumerate(says):
            # What is said last although it happened first gets a POST of its own.
            turn = serial if change == "created" else 0
            if subscription.wants(change) and not self._is_lost(person.id):
                wire = change_wire(person, subscription, news, change, serial)
                self._send(subscription, wire, turn)

    def lifecycle(self, subscription: Subscription, event: Lifecycle) -> bool:
        """Tell a subscriber about the subscription itself; answers whether that was possible."""
        url = subscription.lifecycle_url
        if not url or self._strikes("notices.silent", subscription.person):
            return False
        self._write(subscription.person, url, lifecycle_wire(subscription, event))
        return True

    def forge(self, subscription: Subscription, wire: Wire, how: Forgery) -> None:
        """Somebody else calls the subscriber's address."""
        self._write(subscription.person, subscription.url, forged_wire(wire, how))

    def again(self, subscription: Subscription, wire: Wire) -> None:
        """Send what was sent before, word for word."""
        self._write(subscription.person, subscription.url, wire)

    def _send(self, subscription: Subscription, wire: Wire, turn: int) -> None:
        person = subscription.person
        wait = timedelta(seconds=int(self._strikes("notices.late", person)))
        if self._world.switches.position("notices.health", person):
            health = self.outbox.health(subscription.url, self._world.now())
            if health == "drop":
                return
            wait += SLOW_WAIT if health == "slow" else timedelta()
        for copy in range(max(1, int(self._strikes("notices.copies", person)))):
            self._write(person, subscription.url, wire, turn=turn + copy, wait=wait)
        forged = self._strikes("notices.forged", person)
        if forged != "none":
            self.forge(subscription, wire, cast(Forgery, forged))
        self._hold(person)

    def _write(
        self,
        person: str,
        url: str,
        wire: Wire,
        *,
        turn: int = 0,
        wait: timedelta = timedelta(),
    ) -> None:
        self._order += 1
        now, order = self._world.now(), self._order
        if self._world.switches.position("notices.reordered", person):
            order, wait = -order, wait + REORDER_WAIT
        self.outbox.waiting.append(Letter(order, person, url, wire, now, now + wait, turn))

    def _hold(self, person: str) -> None:
        """Collect a person's letters until there are enough for a burst."""
        wanted = int(self._world.switches.position("notices.burst", person))
        if not wanted:
            return
        now = self._world.now()
        mine = [one for one in self.outbox.waiting if one.person == person and not one.tried]
        for letter in mine:
            if not letter.held:
                letter.held, letter.due = True, now + BURST_WAIT
        if len(mine) >= wanted:
            for place, letter in enumerate(mine):
                letter.held, letter.due, letter.turn = False, now, OWN_POST + place

    def _is_lost(self, person: str) -> bool:
        if self._strikes("notices.silent", person):
            return True
        every = int(self._strikes("notices.lost", person))
        if not every:
            return False
        self._counted[person] = self._counted.get(person, 0) + 1
        return self._counted[person] % every == 0

    def _strikes(self, key: str, person: str) -> Position:
        return self._world.switches.strikes(key, person)
