"""Months of work in four mailboxes: edits of every kind, by chance and the same for each seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from simulator.world import World
from tests.simulator.desk import Graph

TEAM = ("alice", "bob", "carol", "dave")
AROUND = "startDateTime=2026-10-01T00:00:00Z&endDateTime=2027-03-01T00:00:00Z&$top=200"
ZONES = ("UTC", "W. Europe Standard Time", "Eastern Standard Time", "Tokyo Standard Time")
OCTOBER = datetime(2026, 10, 1)  # noqa: DTZ001 (wall-clock time of any zone)
Event = dict[str, Any]


class Month:
    """Four people at work; each act is one call of Graph, allowed or not."""

    def __init__(self, graph: Graph, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)  # noqa: S311
        self.desks = {who: Graph(graph.client, world, who) for who in TEAM}
        self.acts: list[Callable[[str], None]] = [
            self.create, self.create, self.repeat, self.reword, self.reword, self.move, self.move,
            self.invite, self.delete, self.delete, self.answer, self.answer, self.cancel,
            self.forward, self.repattern,
        ]  # fmt: skip

    def go_on(self, acts: int) -> None:
        """Somebody does something, so many times."""
        for _ in range(acts):
            self.chance.choice(self.acts)(self.chance.choice(TEAM))

    def sign_in(self) -> None:
        """Tokens end after an hour or so."""
        for who, desk in self.desks.items():
            desk.sign_in(who)

    def create(self, who: str) -> None:
        """A single event, alone or with others."""
        self._call(who, "POST", "/me/events", {**self._span(), "attendees": self._crowd()})

    def repeat(self, who: str) -> None:
        """A series."""
        span = self._span()
        body = {**span, "attendees": self._crowd(), "recurrence": self._recurrence(span)}
        self._call(who, "POST", "/me/events", body)

    def reword(self, who: str) -> None:
        """Another title, place or private word."""
        text = f"Topic {self.chance.randint(1, 99)}"
        words: list[Event] = [
            {"subject": text},
            {"location": {"displayName": text}},
            {"categories": [text]},
            {"sensitivity": "private"},
        ]
        self._change(who, self.chance.choice(words))

    def move(self, who: str) -> None:
        """Another time."""
        self._change(who, self._span())

    def invite(self, who: str) -> None:
        """Other invitees."""
        self._change(who, {"attendees": self._crowd()})

    def delete(self, who: str) -> None:
        """An event or an occurrence goes."""
        self._on_one(who, "DELETE", "", None)

    def answer(self, who: str) -> None:
        """An answer to an invitation."""
        given = self.chance.choice(("accept", "tentativelyAccept", "decline"))
        self._on_one(who, "POST", f"/{given}", {"sendResponse": self.chance.random() < 0.8})

    def cancel(self, who: str) -> None:
        """A meeting is called off."""
        self._on_one(who, "POST", "/cancel", {"comment": "Another time"})

    def forward(self, who: str) -> None:
        """Somebody else is brought along."""
        self._on_one(who, "POST", "/forward", {"toRecipients": self._crowd()})

    def repattern(self, who: str) -> None:
        """A series is shortened, moved or ended; a single event begins to repeat."""
        span = self._span()
        recurrence = self.chance.choice((self._recurrence(span), None))
        self._change(who, {**span, "recurrence": recurrence}, master=True)

    def _change(self, who: str, body: Event, *, master: bool = False) -> None:
        self._on_one(who, "PATCH", "", body, master=master)

    def _on_one(
        self, who: str, method: str, action: str, body: Any, *, master: bool = False
    ) -> None:
        whole = master or self.chance.random() < 0.3
        path = "/me/events?$top=200" if whole else f"/me/calendarView?{AROUND}"
        found = self.desks[who].get(path)["value"]
        if found:
            event = self.chance.choice(found)["id"]
            self._call(who, method, f"/me/events/{event}{action}", body)

    def _call(self, who: str, method: str, path: str, body: Any) -> None:
        answer = self.desks[who].call(method, path, body)
        assert answer.status_code < 500, answer.text

    def _span(self) -> Event:
        day = OCTOBER + timedelta(days=self.chance.randint(0, 150))
        zone, whole = self.chance.choice(ZONES), self.chance.random() < 0.2
        start = day if whole else day + timedelta(hours=self.chance.randint(0, 23))
        length = timedelta(days=1) if whole else timedelta(hours=self.chance.choice((0, 1, 30)))
        return {
            "start": {"dateTime": start.isoformat(), "timeZone": zone},
            "end": {"dateTime": (start + length).isoformat(), "timeZone": zone},
            "isAllDay": whole,
        }

    def _recurrence(self, span: Event) -> Event:
        first = span["start"]["dateTime"][:10]
        pattern = self.chance.choice(
            (
                {"type": "daily", "interval": 3},
                {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "thursday"]},
            )
        )
        count = self.chance.randint(1, 20)
        spans = (
            {"type": "noEnd", "startDate": first},
            {"type": "numbered", "startDate": first, "numberOfOccurrences": count},
        )
        return {"pattern": pattern, "range": self.chance.choice(spans)}

    def _crowd(self) -> list[Event]:
        invited = [who for who in TEAM if self.chance.random() < 0.4]
        return [{"emailAddress": {"address": self.world.person(who).address}} for who in invited]
