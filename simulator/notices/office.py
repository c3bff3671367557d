"""The subscriptions of a world: kept, served, ended."""

from __future__ import annotations

import logging
import random
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from simulator.directory import Person
from simulator.notices.dispatch import Dispatch
from simulator.notices.news import MOST_KEPT, News, news_list
from simulator.notices.outbox import Letter, Parcel, Sent
from simulator.notices.payload import Forgery, Lifecycle, invented_wire
from simulator.notices.post import attempt
from simulator.notices.subscription import Subscription
from simulator.notices.upkeep import end_to_warn_of, is_paused, is_withdrawn

if TYPE_CHECKING:
    from simulator.world import World

JSON = "application/json; charset=utf-8"
log = logging.getLogger(__name__)


class Notices:
    """Everything about notifications. Only `deliver_due` takes the world's lock by itself."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept: dict[str, Subscription] = {}
        self.random = random.Random(f"{world.seed}/notices")
        self.dispatch = Dispatch(world)

    @property
    def subscriptions(self) -> list[Subscription]:
        """All that are alive now."""
        self.catch_up()
        return list(self._kept.values())

    def of(self, who: str | Person) -> list[Subscription]:
        """Those of one mailbox."""
        person = self._world.person(who)
        return [one for one in self.subscriptions if one.person == person.id]

    def add(self, subscription: Subscription) -> None:
        """From now on the mailbox notes down what happens in it."""
        mailbox = self._world.people[subscription.person].mailbox
        if mailbox.news is None:
            mailbox.news = news_list()
        elif mailbox.news:
            self.catch_up()  # what happened before is no news for this one
        self._kept[subscription.id] = subscription

    def drop(self, subscription: Subscription) -> None:
        """End it; a mailbox that nobody watches notes nothing down."""
        self._kept.pop(subscription.id, None)
        if all(one.person != subscription.person for one in self._kept.values()):
            self._world.people[subscription.person].mailbox.news = None

    def remove(self, subscription: Subscription) -> None:
        """End it on Microsoft's own account and say so."""
        self.drop(subscription)
        self.dispatch.lifecycle(subscription, "subscriptionRemoved")

    def tell(self, who: str, event: Lifecycle) -> int:
        """Send a lifecycle notice about every subscription of a mailbox; answers how many."""
        with self._world.lock:
            mine = self.of(who)
            for one in mine:
                if event == "subscriptionRemoved":
                    self.remove(one)
                else:
                    self.dispatch.lifecycle(one, event)
            return len(mine)

    def forge(self, who: str, how: Forgery) -> int:
        """Call the addresses of a mailbox's subscribers as a stranger; answers how many."""
        with self._world.lock:
            mine = self.of(who)
            for one in mine:
                self.dispatch.forge(one, invented_wire(one), how)
            return len(mine)

    def repeat(self, who: str) -> int:
        """Send the latest notification of each subscription of a mailbox again; how many."""
        with self._world.lock:
            latest = [(one, self.dispatch.outbox.latest(one.id)) for one in self.of(who)]
            known = [(one, wire) for one, wire in latest if wire]
            for one, wire in known:
                self.dispatch.again(one, wire)
            return len(known)

    def catch_up(self) -> None:
        """Do what was due since the last time: news to letters, notices, ends."""
        if not self._kept:
            return
        for one in list(self._kept.values()):
            if is_withdrawn(self._world, one):
                self.remove(one)
        for person in dict.fromkeys(one.person for one in self._kept.values()):
            self._gather(self._world.people[person])
        for one in list(self._kept.values()):
            self._look_after(one, self._world.now())

    def deliver_due(self) -> int:
        """Send everything due; answers how many notifications were taken in."""
        with self._world.lock:
            self.catch_up()
            parcels = self.dispatch.outbox.take(self._world.now())
        return sum(self._deliver(parcel) for parcel in parcels)

    def _deliver(self, parcel: Parcel) -> int:
        value = [letter.wire for letter in parcel.letters]
        body = msgspec.json.encode({"value": value})
        outcome = attempt(self._world.post, parcel.url, JSON, body)
        with self._world.lock:
            outbox, now = self.dispatch.outbox, self._world.now()
            sent = Sent(now, parcel.url, value, outcome.status)
            outbox.note(sent, timed_out=outcome.timed_out)
            if 200 <= outcome.status < 300:
                return len(value)
            log.warning("notification not taken in status=%d count=%d", outcome.status, len(value))
            self._missed(outbox.put_back(parcel.letters, now))
            return 0

    def _missed(self, given_up: list[Letter]) -> None:
        lost = dict.fromkeys(
            one.wire["subscriptionId"] for one in given_up if "lifecycleEvent" not in one.wire
        )
        for subscription in filter(None, map(self._kept.get, lost)):
            self.dispatch.lifecycle(subscription, "missed")

    def _gather(self, person: Person) -> None:
        if not person.mailbox.news:
            return
        news = list(person.mailbox.news)
        person.mailbox.news.clear()
        mine = [one for one in self._kept.values() if one.person == person.id]
        if len(news) == MOST_KEPT:
            for one in mine:
                self.dispatch.lifecycle(one, "missed")
        for each in news:
            self._tell(mine, each, person)

    def _tell(self, subscriptions: list[Subscription], news: News, person: Person) -> None:
        says = self.dispatch.says(news, person.id)
        for one in subscriptions:
            concerned = one.target.covers(news) and news.at < one.expires
            if concerned and not is_paused(self._world, one, news.at):
                self.dispatch.change(one, news, says)

    def _look_after(self, subscription: Subscription, now: datetime) -> None:
        if subscription.expires <= now:
            self.remove(subscription)
            return
        end = end_to_warn_of(subscription, now)
        if end and self.dispatch.lifecycle(subscription, "reauthorizationRequired"):
            subscription.warned = end
