"""Two years of one team: six months back, eighteen ahead."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import Any

from simulator.directory import Person
from simulator.mailbox.item import Divergence, Item, When
from simulator.sample.cast import OUTSIDERS
from simulator.sample.printer import Guest, Printer, Response, later, timed, whole_days
from simulator.zones import instant

BACK, FORWARD = timedelta(days=182), timedelta(days=546)
TALKS = (
    "Project review", "Call with a customer", "Interview", "Design workshop", "Budget talk",
    "Release planning", "Supplier meeting", "Roadmap", "Architecture round", "Contract check",
    "Retrospective",
)  # fmt: skip
ALONE = ("Dentist", "Training", "Site visit", "Focus time", "Expenses", "Travel booking")
ROUNDS = (
    "Sales round", "Support round", "Design circle", "Look at the numbers", "Backlog",
    "Office hours", "Hiring round", "Budget round", "Partner call",
)  # fmt: skip
ROOMS = ("Room 4", "Room Aurora", "Board room", "Canteen", "", "", "")
TRIPS = ("Conference", "Visit to the branch", "Holiday", "Trade fair")
CLOSED = ((1, 1, "New Year"), (5, 1, "Labour Day"), (12, 25, "Christmas"), (12, 26, "Boxing Day"))
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
# Around nine there is the stand-up.
STARTS = (time(8), *(time(hour, minute) for hour in range(10, 18) for minute in (0, 30)))
AT_WORK = (time(8), time(18))  # nobody is invited to begin at another hour of theirs
MINUTES = (30, 30, 60, 60, 90, 120)
MEETINGS, FROM_OUTSIDE, PRIVATE = 0.22, 0.28, 0.08
# What was answered, added up; the rest accepted. Single meetings are declined now and then.
UNANSWERED, TENTATIVE = 0.12, 0.22
DECLINED = 0.04
YEARS = 104  # weeks
HOLIDAYS = 3  # the number of that calendar


@dataclass
class Years:
    """Fills the mailboxes of a team, series first, then single events until all are full."""

    printer: Printer
    team: Sequence[Person]
    source: random.Random
    today: date
    wanted: int
    left: dict[str, int] = field(default_factory=dict)  # by object id: occurrences to come

    def fill(self) -> None:
        """Do it, and let it look as if it had grown over time."""
        self.first, self.last = self.today - BACK, self.today + FORWARD
        self.left = {person.id: self.wanted for person in self.team}
        for person in self.team:
            person.mailbox.add_calendar("Projects", color="lightGreen")
            person.mailbox.add_calendar("Holidays", color="lightBlue", can_edit=False)
        for make, count in self._ordinary():
            if min(self.left.values()) >= count:
                make()
        self._further_series()
        self._singles()

    def _ordinary(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (lambda: self._each(self._special_days), 8),
            (lambda: self._each(self._trips), 4),
            (lambda: self._each(self._birthdays), 6),
            (self._review, 24),
            (self._team_meeting, 104),
            (self._one_to_ones, 104),
            (self._standup, 130),
            (self._new_invitation, 1),
        ]

    def _each(self, make: Callable[[Person], int]) -> None:
        for person in self.team:
            self.left[person.id] -= make(person)

    def _special_days(self, person: Person) -> int:
        days = [
            (start, title)
            for year in range(self.first.year, self.last.year + 1)
            for month, day, title in CLOSED
            if self.first <= (start := date(year, month, day)) <= self.last
        ]
        for start, title in days:
            when = whole_days(person, start, 1)
            self.printer.event(person, self.printer.words(title, showAs="oof"), when, 30)
            closed = self.printer.words(title, showAs="free")
            self.printer.event(person, closed, when, 30, calendar=HOLIDAYS)
        return len(days)

    def _trips(self, person: Person) -> int:
        for number, title in enumerate(TRIPS):
            start = self.first + timedelta(days=60 + number * 150 + self.source.randint(0, 40))
            when = whole_days(person, start, self.source.randint(2, 6))
            self.printer.event(person, self.printer.words(title, showAs="oof"), when, 60)
        return len(TRIPS)

    def _birthdays(self, person: Person) -> int:
        names = ("Mum", "Grandpa", "Sam")
        for name in names:
            day = date(self.first.year - 1, self.source.randint(1, 12), self.source.randint(1, 28))
            words = self.printer.words(f"Birthday of {name}", showAs="free", sensitivity="private")
            yearly = {"type": "absoluteYearly", "dayOfMonth": day.day, "month": day.month}
            wire = _recurrence(yearly, day)
            self.printer.event(person, words, whole_days(person, day, 1), 1, recurrence=wire)
        return 2 * len(names)

    def _review(self) -> None:
        pattern = {"type": "relativeMonthly", "daysOfWeek": ["thursday"], "index": "last"}
        organizer, day = self.team[1 % len(self.team)], _weekday(self.first, 3)
        words = self.printer.words("Monthly review", isOnlineMeeting=True)
        self._series(organizer, words, day, time(14), 90, pattern, self._others(organizer), 24)

    def _team_meeting(self) -> None:
        pattern = {"type": "weekly", "daysOfWeek": ["tuesday"]}
        organizer = self.team[2 % len(self.team)]
        words = self.printer.words("Team meeting", room="Room Aurora", isOnlineMeeting=True)
        day = _weekday(self.first - timedelta(days=70), 1)
        self._series(organizer, words, day, time(11), 60, pattern, self._others(organizer), YEARS)

    def _one_to_ones(self) -> None:
        """Everybody with the next one; who is alone, with somebody from outside."""
        pattern = {"type": "weekly", "interval": 2, "daysOfWeek": ["wednesday"]}
        words = self.printer.words("One to one", sensitivity="private")
        for number, person in enumerate(self.team):
            other = self.team[(number + 1) % len(self.team)]
            others = [other] if other is not person else []
            day, at = _weekday(self.first, 2), time(15 + number % 2, 30 * (number // 2 % 2))
            self._series(person, words, day, at, 30, pattern, others, YEARS // 2)

    def _standup(self) -> None:
        organizer, first = self.team[0], _weekday(self.today - timedelta(days=98), 0)
        pattern = {"type": "weekly", "daysOfWeek": list(WORKDAYS)}
        wire = _recurrence(pattern, first, self.today + timedelta(days=84))
        when = timed(organizer, first, time(9, 15), 15)
        guests = self._guests(_at_work(self._others(organizer), when))
        words = self.printer.invite(self.printer.words("Stand-up"), guests)
        item = self.printer.event(organizer, words, when, 14, recurrence=wire)
        self._disturb(item, organizer)
        self.printer.deliver(organizer, item, guests)
        self._count([organizer, *_present(guests)], 130)

    def _new_invitation(self) -> None:
        """On the next working day, and nobody has answered yet."""
        organizer, day = self.team[2 % len(self.team)], self.today + timedelta(days=1)
        day = day if day.weekday() < 5 else _weekday(day, 0)
        when = timed(organizer, day, time(10), 60)
        guests = [
            Guest(each.name, each.address, "notResponded", each)
            for each in _at_work(self._others(organizer), when)
        ]
        words = self.printer.invite(self.printer.words("Plan the team days"), guests)
        item = self.printer.event(organizer, words, when, 2)
        self.printer.deliver(organizer, item, guests)
        self._count([organizer, *_present(guests)], 1)

    def _disturb(self, item: Item, organizer: Person) -> None:
        """Soon one occurrence is moved, one renamed and one left out."""
        midnight = instant(datetime.combine(self.today, time()), organizer.mailbox.home)
        near = item.instances(midnight - 5 * 86400, midnight + 12 * 86400)
        moved, renamed, dropped = (near[at] for at in (4, 6, 7))
        version = item.version + 1
        at = self.printer.yesterday
        item.exceptions[moved.ordinal] = Divergence(item.words, later(moved.when, 2), version, at)
        other = {**item.words, "subject": "Stand-up with a visitor"}
        item.exceptions[renamed.ordinal] = Divergence(other, renamed.when, version, at)
        item.cancelled = item.cancelled | {dropped.ordinal}

    def _series(
        self, organizer: Person, words: dict[str, Any], day: date, at: time, minutes: int,
        pattern: dict[str, Any], others: Sequence[Person], count: int,
    ) -> None:  # fmt: skip
        when, wire = timed(organizer, day, at, minutes), _recurrence(pattern, day)
        guests = self._guests(_at_work(others, when))
        if others and not guests:
            return
        if guests:
            words = self.printer.invite(words, guests)
        item = self.printer.event(organizer, words, when, 14, recurrence=wire)
        self.printer.deliver(organizer, item, guests)
        self._count([organizer, *_present(guests)], count)

    def _count(self, people: Sequence[Person], count: int) -> None:
        for person in people:
            self.left[person.id] -= count

    def _others(self, person: Person) -> list[Person]:
        return [each for each in self.team if each is not person]

    def _room(self, person: Person, count: int) -> list[Person]:
        """The others whose mailboxes take so many more occurrences."""
        return [each for each in self._others(person) if self.left[each.id] >= count]

    def _guests(self, people: Sequence[Person]) -> list[Guest]:
        return [Guest(each.name, each.address, self._answer(), each) for each in people]

    def _answer(self) -> Response:
        drawn = self.source.random()
        if drawn < UNANSWERED:
            return "notResponded"
        return "tentativelyAccepted" if drawn < TENTATIVE else "accepted"

    def _further_series(self) -> None:
        enough = max(250, self.wanted // 2)
        for person in self.team:
            while self.left[person.id] > enough:
                title = self.source.choice(ROUNDS)
                day = _weekday(self.first, self.source.randint(0, 4))
                pattern = {"type": "weekly", "daysOfWeek": [WORKDAYS[day.weekday()]]}
                at = time(self.source.randint(7, 18), self.source.choice((0, 15, 30, 45)))
                others = self._room(person, enough) if self.source.random() < MEETINGS else []
                self._series(
                    person, self.printer.words(title), day, at, 45, pattern, others[:2], YEARS
                )

    def _singles(self) -> None:
        for person in cycle(self.team):
            if self.left[person.id] > 0:
                self._single(person)
            elif not any(self.left.values()):
                return

    def _single(self, person: Person) -> None:
        source = self.source
        day = self.first + timedelta(days=int(source.random() * (self.last - self.first).days))
        if day.weekday() > 4:
            day = _weekday(day, int(source.random() * 5))
        when = timed(person, day, source.choice(STARTS), source.choice(MINUTES))
        kind, room, ahead = source.random(), source.choice(ROOMS), source.randint(7, 40)
        title = source.choice(TALKS if kind < FROM_OUTSIDE else TALKS + ALONE)
        private = {"sensitivity": "private"} if source.random() < PRIVATE else {}
        words = self.printer.words(title, room=room, **private)
        if kind < MEETINGS:
            self._meeting(person, words, when, ahead)
            return
        if kind < FROM_OUTSIDE:
            host, answer = source.choice(OUTSIDERS), self._answer()
            words = self.printer.from_outside(words, host, person, answer)
        self.printer.event(person, words, when, ahead)
        self.left[person.id] -= 1

    def _meeting(self, person: Person, words: dict[str, Any], when: When, ahead: int) -> None:
        source, room = self.source, _at_work(self._room(person, 1), when)
        guests = [
            replace(each, response="declined") if source.random() < DECLINED else each
            for each in self._guests(source.sample(room, min(len(room), source.randint(1, 3))))
        ]
        if not guests or source.random() < 0.2:
            name, address = source.choice(OUTSIDERS)
            guests.append(Guest(name, address, self._answer()))
        if source.random() < 0.5:
            words = {**words, "isOnlineMeeting": True}
        item = self.printer.event(person, self.printer.invite(words, guests), when, ahead)
        self.printer.deliver(person, item, guests)
        self._count([person, *_present(guests)], 1)


def _present(guests: Sequence[Guest]) -> list[Person]:
    return [each.person for each in guests if each.person and each.response != "declined"]


def _at_work(people: Sequence[Person], when: When) -> list[Person]:
    """Those for whom it begins in working hours."""
    first, last = AT_WORK
    return [
        each
        for each in people
        if first <= datetime.fromtimestamp(when.starts, each.mailbox.home).time() <= last
    ]


def _weekday(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _recurrence(pattern: dict[str, Any], first: date, until: date | None = None) -> dict[str, Any]:
    span: dict[str, Any] = {"type": "noEnd", "startDate": first.isoformat()}
    if until:
        span |= {"type": "endDate", "endDate": until.isoformat()}
    return {"pattern": {"interval": 1, **pattern}, "range": span}
