"""Puts the events of an iCalendar file into a mailbox, and says what it could not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from simulator.directory import Person
from simulator.ics.desk import Desk, of_its_own
from simulator.ics.lines import Component, Line, calendars, decoded
from simulator.ics.people import is_cancelled, is_received
from simulator.ics.report import Report
from simulator.ics.rules import Rule, Unsayable, read_rule
from simulator.ics.when import Moment, Span, Unreadable, moment, moments, span
from simulator.ics.words import note_the_rest
from simulator.ics.zones import Zones
from simulator.mailbox.item import Item
from simulator.refused import Refused

if TYPE_CHECKING:
    from simulator.world import World


def load(world: World, who: str | Person, content: bytes, name: str) -> Report:
    """Load a whole file; `NotACalendar` when it cannot be read at all."""
    report = Report(name)
    found = calendars(decoded(content, name), report)
    with world.lock:
        person = world.person(who)
        for calendar in found:
            _load_calendar(person, calendar, report)
    return report


def _load_calendar(person: Person, calendar: Component, report: Report) -> None:
    zones = Zones(person.mailbox.zone, _definitions(calendar), report)
    desk = Desk(person, zones, report)
    events = [each for each in calendar.children if each.name == "VEVENT"]
    for each in calendar.children:
        if each.name not in ("VEVENT", "VTIMEZONE"):
            report.note(each.number, f"A calendar holds events only: this {each.name} is left out.")
    if calendar.word("METHOD") == "CANCEL":
        report.note(calendar.number, "The file only calls events off: nothing was put in.")
        return
    note_the_rest(events, report)
    for uid, family in _families(events, report).items():
        _load_family(desk, uid, family)


def _definitions(calendar: Component) -> dict[str, Component]:
    found = {}
    for each in calendar.children:
        line = each.first("TZID") if each.name == "VTIMEZONE" else None
        if line:
            found[line.text.strip()] = each
    return found


def _families(events: list[Component], report: Report) -> dict[str, list[Component]]:
    """The events by UID: a series stands together with its changed occurrences."""
    families: dict[str, list[Component]] = {}
    for event in events:
        line = event.first("UID")
        if line is None:
            report.note(event.number, "The event has no UID: it was given one.")
        uid = line.text.strip() if line else f"{report.name}-{event.number}"
        families.setdefault(uid, []).append(event)
    return families


def _load_family(desk: Desk, uid: str, family: list[Component]) -> None:
    if uid in desk.person.mailbox.by_uid:
        desk.report.note(family[0].number, "The mailbox has an event with this UID: left alone.")
        return
    masters = [each for each in family if not each.first("RECURRENCE-ID")]
    masters.sort(key=_sequence)
    for each in masters[:-1]:
        desk.report.note(each.number, "The file has a later version of this event: left out.")
    loaded: list[Item] = []
    for each in masters[-1:]:
        with _reported(desk, each):
            loaded += _load(desk, uid, each)
    for each in sorted((each for each in family if each not in masters), key=_sequence):
        with _reported(desk, each):
            _load_occurrence(desk, uid, each, loaded[0] if loaded else None)


def _sequence(event: Component) -> int:
    number = event.word("SEQUENCE", "0")
    return int(number) if number.isdecimal() else 0


@contextmanager
def _reported(desk: Desk, event: Component) -> Iterator[None]:
    """What cannot be loaded is reported, and the other events follow all the same."""
    try:
        yield
    except Unreadable as problem:
        desk.report.note(problem.line, str(problem))
    except Refused as problem:
        desk.report.note(event.number, f"Outlook refuses the event: {problem.message}")


def _load(desk: Desk, uid: str, event: Component) -> list[Item]:
    if is_cancelled(event) and not is_received(event, desk.person):
        desk.report.note(event.number, "Its own organiser called the event off: left out.")
        return []
    time = span(event, desk.zones, desk.report)
    rule = _rule(desk, event, time.start)
    if rule and rule.recurrence:
        item = _series(desk, uid, event, time, rule)
    else:
        item = desk.single(event, uid, time)
    with _reported(desk, event):
        _add_dates(desk, uid, event, time)
    with _reported(desk, event):
        _leave_out_dates(desk, event, item)
    return [item]


def _rule(desk: Desk, event: Component, start: Moment) -> Rule | None:
    lines = event.all("RRULE")
    for line in event.all("EXRULE"):
        desk.report.note(line.number, "Outlook knows no EXRULE: what it leaves out stays in.")
    if not lines:
        return None
    for line in lines[1:]:
        desk.report.note(line.number, "Outlook knows one rule for a series: left out.")
    try:
        rule = read_rule(lines[0].raw.strip(), start)
    except Unsayable as reason:
        desk.report.note(lines[0].number, f"{reason}: only the first date was kept.")
        return None
    for remark in rule.remarks:
        desk.report.note(lines[0].number, f"{remark}.")
    return rule


def _series(desk: Desk, uid: str, event: Component, time: Span, rule: Rule) -> Item:
    recurrence = rule.recurrence or {}
    if rule.apart:
        desk.single(event, of_its_own(uid, time.start.wall.date()), time)
        first = date.fromisoformat(recurrence["range"]["startDate"])
        start = Moment(
            datetime.combine(first, time.start.wall.time()), time.start.zone, time.all_day
        )
        time = time.on(start)
    return desk.series(event, uid, time, recurrence)


def _add_dates(desk: Desk, uid: str, event: Component, time: Span) -> None:
    for line in event.all("RDATE"):
        for start in moments(line, desk.zones):
            if start != time.start:
                desk.report.note(
                    line.number,
                    f"Outlook adds no dates to a series: {start.wall:%Y-%m-%d} was made an event.",
                )
                desk.single(event, of_its_own(uid, start.wall.date()), time.on(start))


def _leave_out_dates(desk: Desk, event: Component, item: Item) -> None:
    for line in event.all("EXDATE"):
        for when in moments(line, desk.zones):
            ordinal = _ordinal(item, when)
            if item.has(ordinal) and _at_its_time(item, when):
                desk.leave_out(item.occurrence(ordinal))
            else:
                desk.report.note(
                    line.number, f"The series has nothing on {when.wall:%Y-%m-%d} to leave out."
                )


def _ordinal(item: Item, when: Moment) -> int:
    return when.at(item.when.start_zone).date().toordinal()


def _at_its_time(item: Item, when: Moment) -> bool:
    return when.all_day or when.at(item.when.start_zone).time() == item.when.start.time()


def _load_occurrence(desk: Desk, uid: str, event: Component, item: Item | None) -> None:
    line = _recurrence_id(event)
    when = moment(line, desk.zones)
    if line.params.get("RANGE", "").upper() == "THISANDFUTURE":
        desk.report.note(
            line.number, "Outlook changes one occurrence or all: only this one was changed."
        )
    ordinal = _ordinal(item, when) if item else when.wall.toordinal()
    if item is None or not item.has(ordinal):
        _alone(desk, uid, event, line, ordinal)
    elif is_cancelled(event):
        desk.leave_out(item.occurrence(ordinal))
    else:
        time = span(event, desk.zones, desk.report)
        desk.differ(event, uid, item.occurrence(ordinal), time)


def _recurrence_id(event: Component) -> Line:
    line = event.first("RECURRENCE-ID")
    if line is None:
        raise Unreadable(event.number, "The event has no RECURRENCE-ID.")
    return line


def _alone(desk: Desk, uid: str, event: Component, line: Line, ordinal: int) -> None:
    """An occurrence without its series, as people get it who were invited to one day only."""
    if is_cancelled(event):
        desk.report.note(line.number, "The occurrence that was called off is not there.")
        return
    desk.report.note(line.number, "No series has this occurrence: it was made an event.")
    desk.single(event, uid, span(event, desk.zones, desk.report), lone=ordinal)
