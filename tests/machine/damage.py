"""Both calendars are edited while answers of Graph come damaged; then everything must be well.

python -m tests.machine.damage 2000
python -m tests.machine.damage --big 20
"""

import argparse
import logging
import random
import sys
from collections import Counter

from portal.tables import Connection, Event, HeldEvent, Meeting, Window
from tests.m365.test_ceiling import read_in_child
from tests.machine import checks, outlook_acts, portal_acts, series_acts
from tests.machine.duo import PEOPLE, Duo, connected
from tests.machine.ledger import Ledger
from tests.machine.spoil import KINDS, READABLE, Spoiler

LOOKS = 48  # at one pair: every kind of damage three times
FOREIGN = 4
HEALING = (11, 61, 25 * 60, 61)  # minutes
HOUR = 61  # until every window has been looked at
BIG = ((1060, 62_000), (1, 10 * 1024 * 1024))  # a page of 64 MB, a body of 10 MB


class Alarm(logging.Handler):
    """Whatever the engine says at ERROR."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter().format(record))


class Ordeal:
    """One pair of calendars under damage."""

    def __init__(self, duo: Duo, number: int) -> None:
        self.duo, self.ledger = duo, Ledger()
        self.pick = random.Random(number)  # noqa: S311 - repeatable
        self.spoiler = Spoiler(self.pick, self._is_meeting)
        self.counted: Counter[str] = Counter()
        self.posted = -1  # after how many links were noted last

    def begin(self) -> None:
        for _ in range(FOREIGN):
            outlook_acts.add(self.duo, self.ledger, self.pick)
        for act in (portal_acts.schedule, portal_acts.schedule, series_acts.schedule):
            act(self.duo, self.ledger, self.pick)
        self.duo.run()
        self.duo.wire.spoils = self.spoiler

    def look(self, kind: str) -> list[str]:
        """People edit, damaged answers come; what may not be even then."""
        edited = self._edits()
        self.spoiler.begin(kind, self.pick.choice((0.1, 0.5, 1)))
        minutes = self.pick.choice((*[6] * 9, *[11] * 5, HOUR, 25 * 60))
        self.duo.clock.advance(minutes=minutes)
        self.counted["rounds"] += self.duo.rest()
        self.duo.note_links()
        found = [f"meeting {one.id} was cancelled" for one in self._cancelled()]
        found += checks.strangers_written(self.duo)
        found += self._others(edited) if minutes >= HOUR else []
        self.spoiler.kind = None
        if kind in READABLE:
            self._touch()
        return found

    def heal(self) -> list[str]:
        """The damage has stopped: within the times of asking again all is as in Outlook."""
        self.duo.calm()
        for minutes in HEALING:
            self.duo.look(minutes=minutes)
        found = checks.broken(self.duo, self.ledger)
        found += [f"still held: {one.code}" for one in self.duo.rows(HeldEvent)]
        found += [f"window held: {one.held_code}" for one in self.duo.rows(Window) if one.held_code]
        states = {one.state for one in self.duo.rows(Connection)}
        found += [f"connections are {states}"] if states != {"connected"} else []
        return found + [
            f"{key} is called {held}, not {shown}" for key, held, shown in self._names()
        ]

    def _is_meeting(self, event_id: str) -> bool:
        posted = self.duo.wire.counts["POST"]
        if posted != self.posted:
            self.posted = posted
            self.duo.note_links()
        return self.duo.meeting_behind(event_id) is not None

    def _edits(self) -> dict[str, str]:
        """Titles given in Outlook by the ids of events that are no meetings; and more edits."""
        titles: dict[str, str] = {}
        for who, event_id in self.pick.sample(sorted(self.duo.foreign), 2):
            titles[event_id] = self.ledger.fresh("Named")
            self.duo.world.rename_event(who, event_id, titles[event_id])
        outlook_acts.edit(self.duo, self.ledger, self.pick)
        act = self.pick.choice((portal_acts.schedule, portal_acts.edit, outlook_acts.add))
        act(self.duo, self.ledger, self.pick)
        return titles

    def _cancelled(self) -> list[Meeting]:
        return [one for one in self.duo.rows(Meeting) if one.cancelled_at is not None]

    def _others(self, edited: dict[str, str]) -> list[str]:
        """Where single events were damaged, the others of their page were read."""
        if self.spoiler.whole or any(one.failures for one in self.duo.rows(Connection)):
            return []
        rows = {one.graph_id: one.title for one in self.duo.rows(Event)}
        held = {one.graph_id for one in self.duo.rows(HeldEvent)} | self.spoiler.damaged
        late = [one for one in self.duo.rows(Window) if one.held_code]
        return [
            f"{event_id[-24:]} is called {rows.get(event_id)}, not {title}"
            for event_id, title in edited.items()
            if event_id not in held and not late and rows.get(event_id) != title
        ]

    def _touch(self) -> None:
        """Whatever was damaged and could be read is edited again in Outlook."""
        for event_id in sorted(self.spoiler.damaged):
            for who in PEOPLE:
                event = self.duo.world.event(who, event_id)
                if event is not None:
                    outlook_acts.touch(self.duo, who, event)

    def _names(self) -> list[tuple[str, str, str]]:
        """Events called otherwise in Outlook: id, here, there."""
        held = {one.graph_id: one.title for one in self.duo.rows(Event) if one.kind == "single"}
        shown = {
            one["id"]: one["subject"]
            for who in PEOPLE
            for calendar in ("Calendar", "Projects")
            for one in self.duo.world.events(who, calendar)
        }
        return [
            (key[-8:], title, shown[key])
            for key, title in held.items()
            if key in shown and title != shown[key]
        ]


def ordeal(number: int) -> Counter[str]:
    """One pair under this number; what it was made of. Raises AssertionError that tells what is
    wrong.
    """
    alarm = Alarm()
    logging.getLogger().addHandler(alarm)
    try:
        with connected(number) as duo:
            tried = Ordeal(duo, number)
            tried.begin()
            for kind in tried.pick.sample(KINDS * (LOOKS // len(KINDS)), LOOKS):
                found = tried.look(kind)
                assert not found, f"number {number}, {kind}: {found}"
            found = tried.heal()
            assert not found, f"number {number}, healed: {found}"
            assert not alarm.lines, f"number {number}: {alarm.lines}"
            return tried.counted + Counter(damaged=tried.spoiler.times)
    finally:
        logging.getLogger().removeHandler(alarm)


def big(times: int) -> None:
    """The largest answers, each in a process of its own: the most memory that one took."""
    most = 0
    for number in range(times):
        count, size = BIG[number % len(BIG)]
        read, megabytes = read_in_child(f"Lunch {number}", count=count, size=size)
        assert read.startswith(f"{count} "), read
        most = max(most, megabytes)
    sys.stdout.write(f"{times} largest answers, {most} MB at most\n")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("rounds", type=int, nargs="?", default=0)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--big", type=int, default=0)
    chosen = asked.parse_args()
    counted: Counter[str] = Counter()
    broken, number = 0, chosen.first
    while counted["rounds"] < chosen.rounds:
        try:
            counted += ordeal(number)
        except AssertionError as error:
            broken += 1
            counted["rounds"] += LOOKS
            sys.stdout.write(f"{error}\n")
        number += 1
    if chosen.rounds:
        sys.stdout.write(f"{broken} broken; {dict(counted)}\n")
    if chosen.big:
        big(chosen.big)
    return bool(broken)


if __name__ == "__main__":
    raise SystemExit(main())
