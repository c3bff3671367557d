"""Sample people, and a plausible two years for each: six months back, eighteen ahead."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from simulator.directory import Person
from simulator.sample_contacts import fill_contacts
from simulator.zones import aware

if TYPE_CHECKING:
    from simulator.world import World

BACK, FORWARD = timedelta(days=182), timedelta(days=546)
CAST = (
    ("Alice Ardent", "alice@contoso.example", "W. Europe Standard Time", False),
    ("Bob Brook", "bob@contoso.example", "GMT Standard Time", False),
    ("Carol Chen", "carol@contoso.example", "Eastern Standard Time", True),
    ("Dave Dunn", "dave@fabrikam.example", "Pacific Standard Time", False),
    ("Erin Ellis", "erin@contoso.example", "India Standard Time", False),
)
ZONES = (
    "Romance Standard Time", "W. Europe Standard Time", "GMT Standard Time",
    "Eastern Standard Time", "Central Standard Time", "Tokyo Standard Time",
)  # fmt: skip
FIRST = (
    "Frank", "Grace", "Heidi", "Ivan", "Judy", "Karl", "Lena", "Mallory", "Nils", "Olivia",
    "Peggy", "Quentin", "Rupert", "Sybil", "Trent", "Ursula", "Victor", "Wendy", "Xenia", "Yves",
)  # fmt: skip
LAST = (
    "Fisher", "Gruber", "Hansen", "Ito", "Jansen", "Kowalski", "Lindt", "Moreau", "Novak", "Okafor",
    "Petit", "Quinn", "Rossi", "Silva", "Tanaka", "Ueda", "Vogel", "Weber", "Xu", "Young",
)  # fmt: skip
SINGLES = (
    "Project review", "Call with a customer", "Interview", "Design workshop", "Budget talk",
    "Lunch with the team", "Release planning", "Training", "Supplier meeting", "Roadmap",
    "Architecture round", "Dentist", "Site visit", "Contract check", "Retrospective",
)  # fmt: skip
ROOMS = ("Room 4", "Room Aurora", "Board room", "Canteen", "", "", "")
TRIPS = ("Conference", "Visit to the branch", "Holiday", "Trade fair")
CLOSED = ((1, 1, "New Year"), (5, 1, "Labour Day"), (12, 25, "Christmas"), (12, 26, "Boxing Day"))
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def fill(world: World, *, people: int, events: int) -> None:
    """Put `people` people with mailboxes of about `events` occurrences into an empty world."""
    for number in range(people):
        if number < len(CAST):
            name, address, zone, admin = CAST[number]
        else:
            name, address = _invented(number - len(CAST))
            zone, admin = ZONES[number % len(ZONES)], False
        person = world.add_person(name, address, zone=zone, admin=admin)
        Years(world, person, random.Random(f"{world.seed}/{address}"), events).fill()
        if events:
            colleagues = [each[:2] for each in CAST if each[1] != address]
            fill_contacts(person, colleagues, random.Random(f"{world.seed}/contacts/{address}"))
    world.mails.clear()


def _invented(number: int) -> tuple[str, str]:
    first = FIRST[number % len(FIRST)]
    last = LAST[(number + number // len(FIRST)) % len(LAST)]
    again = number // (len(FIRST) * len(LAST))
    more = str(again + 1) if again else ""
    return f"{first} {last}{more}", f"{first}.{last}{more}@contoso.example".lower()


@dataclass
class Years:
    """Fills one mailbox, series first, then single events until the number is reached."""

    world: World
    person: Person
    source: random.Random
    wanted: int

    def fill(self) -> None:
        """Do it, and let it look as if it had grown over time."""
        self.today = self.world.today()
        self.first, self.last = self.today - BACK, self.today + FORWARD
        mailbox = self.person.mailbox
        mailbox.add_calendar("Projects", color="lightGreen")
        mailbox.add_calendar("Holidays", color="lightBlue", can_edit=False)
        mailbox.calendars[3].can_edit = True
        left = self.wanted
        for make, count in self._ordinary():
            if count <= left:
                make()
                left -= count
        while left > max(250, self.wanted // 2):
            left -= self._further_series()
        for _ in range(left):
            self._single()
        mailbox.calendars[3].can_edit = False
        self._age()

    def _ordinary(self) -> list[tuple[Callable[[], None], int]]:
        return [
            (self._special_days, 8),
            (self._trips, 4),
            (self._birthdays, 6),
            (self._review, 24),
            (self._team_meeting, 104),
            (self._one_to_one, 52),
            (self._standup, 130),
        ]

    def _add(self, title: str, start: datetime | date, end: datetime | date, **more: Any) -> str:
        return self.world.add_event(self.person.id, title, start, end, **more)

    def _weekday(self, day: date, weekday: int) -> date:
        return day + timedelta(days=(weekday - day.weekday()) % 7)

    def _series(
        self, title: str, first: date, at: time, minutes: int, pattern: dict[str, Any],
        until: date | None = None, **more: Any,
    ) -> str:  # fmt: skip
        span: dict[str, Any] = {"type": "noEnd", "startDate": first.isoformat()}
        if until:
            span |= {"type": "endDate", "endDate": until.isoformat()}
        start = datetime.combine(first, at)
        recurrence = {"pattern": {"interval": 1, **pattern}, "range": span}
        end = start + timedelta(minutes=minutes)
        return self._add(title, start, end, recurrence=recurrence, **more)

    def _colleagues(self, most: int) -> list[str]:
        known = [each[1] for each in CAST if each[1] != self.person.address]
        return self.source.sample(known, min(most, len(known)))

    def _special_days(self) -> None:
        for year in range(self.first.year, self.last.year + 1):
            for month, day, title in CLOSED:
                start = date(year, month, day)
                if self.first <= start <= self.last:
                    self._add(title, start, start + timedelta(days=1), showAs="oof")
                    self._add(
                        title, start, start + timedelta(days=1), calendar="Holidays", showAs="free"
                    )

    def _trips(self) -> None:
        for number, title in enumerate(TRIPS):
            start = self.first + timedelta(days=60 + number * 150 + self.source.randint(0, 40))
            days = self.source.randint(2, 6)
            self._add(title, start, start + timedelta(days=days), showAs="oof")

    def _birthdays(self) -> None:
        for name in ("Mum", "Grandpa", "Sam"):
            day = date(self.first.year - 1, self.source.randint(1, 12), self.source.randint(1, 28))
            pattern = {
                "type": "absoluteYearly",
                "interval": 1,
                "dayOfMonth": day.day,
                "month": day.month,
            }
            span = {"type": "noEnd", "startDate": day.isoformat()}
            self._add(
                f"Birthday of {name}",
                day,
                day + timedelta(days=1),
                showAs="free",
                sensitivity="private",
                recurrence={"pattern": pattern, "range": span},
            )

    def _review(self) -> None:
        pattern = {"type": "relativeMonthly", "daysOfWeek": ["thursday"], "index": "last"}
        self._series(
            "Monthly review",
            self._weekday(self.first, 3),
            time(14),
            90,
            pattern,
            attendees=self._colleagues(3),
            isOnlineMeeting=True,
        )

    def _team_meeting(self) -> None:
        first = self._weekday(self.first - timedelta(days=70), 1)
        pattern = {"type": "weekly", "daysOfWeek": ["tuesday"]}
        self._series(
            "Team meeting",
            first,
            time(10),
            60,
            pattern,
            location={"displayName": "Room Aurora"},
            attendees=self._colleagues(4),
            isOnlineMeeting=True,
        )

    def _one_to_one(self) -> None:
        pattern = {"type": "weekly", "interval": 2, "daysOfWeek": ["wednesday"]}
        other = self._colleagues(1)[0]
        self._series(
            "One to one",
            self._weekday(self.first, 2),
            time(15, 30),
            30,
            pattern,
            organizer=other,
            sensitivity="private",
        )

    def _standup(self) -> None:
        first, until = self._weekday(self.today - timedelta(days=98), 0), self.today
        pattern = {"type": "weekly", "daysOfWeek": list(WORKDAYS)}
        master = self._series(
            "Stand-up",
            first,
            time(9, 15),
            15,
            pattern,
            until + timedelta(days=84),
            attendees=self._colleagues(3),
        )
        low = datetime.combine(self.today, time(), tzinfo=self.person.mailbox.home)
        mailbox = self.person.mailbox
        seconds = int(low.timestamp())
        near = mailbox.find(master).item.instances(seconds - 5 * 86400, seconds + 12 * 86400)
        moved, renamed, dropped = (mailbox.id_of(near[at], immutable=True) for at in (4, 6, 7))
        start = near[4].when.start
        self.world.move_event(self.person.id, moved, start + timedelta(hours=2))
        self.world.rename_event(self.person.id, renamed, "Stand-up with a visitor")
        self.world.delete_event(self.person.id, dropped)

    def _further_series(self) -> int:
        title = f"{self.source.choice(SINGLES)} round"
        day = self._weekday(self.first, self.source.randint(0, 4))
        pattern = {"type": "weekly", "daysOfWeek": [WORKDAYS[day.weekday()]]}
        at = time(self.source.randint(7, 18), self.source.choice((0, 15, 30, 45)))
        self._series(title, day, at, 45, pattern)
        return 104

    def _single(self) -> None:
        day = self.first + timedelta(days=self.source.randint(0, (self.last - self.first).days))
        if day.weekday() > 4:
            day = self._weekday(day, self.source.randint(0, 4))
        at = time(self.source.randint(8, 17), self.source.choice((0, 30)))
        start = datetime.combine(day, at)
        more: dict[str, Any] = {"location": {"displayName": self.source.choice(ROOMS)}}
        if self.source.random() < 0.3:
            more |= {"attendees": self._colleagues(2), "isOnlineMeeting": True}
        elif self.source.random() < 0.2:
            more |= {"organizer": self._colleagues(1)[0]}
        if self.source.random() < 0.08:
            more |= {"sensitivity": "private"}
        minutes = self.source.choice((30, 30, 60, 60, 90, 120))
        title = self.source.choice(SINGLES)
        self._add(title, start, start + timedelta(minutes=minutes), **more)

    def _age(self) -> None:
        # Entries of a calendar were made weeks before they take place, not all at this moment.
        yesterday = self.world.now() - timedelta(days=1)
        for item in self.person.mailbox.items.values():
            made = aware(item.when.starts) - timedelta(days=self.source.randint(7, 40))
            item.created = item.modified = min(made, yesterday)
            for exception in item.exceptions.values():
                exception.modified = yesterday
        self.person.mailbox.log.entries.clear()
        self.person.mailbox.log.forgotten = self.person.mailbox.seq
