"""A week of one mailbox, and everybody who has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Response, request

from simulator.current import current_world
from simulator.directory import Person
from simulator.mailbox.item import Instance
from simulator.mailbox.store import Calendar
from simulator.outlook.grid import Bar, Day, Entry, bars, day_of
from simulator.outlook.room import bp, person_named
from simulator.pages import page_answer
from simulator.zones import instant, wall_time

WEEK = timedelta(days=7)
STATES = {
    "tentativelyAccepted": "tentative", "notResponded": "unanswered", "none": "",
    "declined": "declined",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on."""

    monday: date
    bars: list[Bar]
    days: list[Day]

    @property
    def name(self) -> str:
        """From when to when, in words."""
        sunday = self.monday + timedelta(days=6)
        if self.monday.month == sunday.month:
            return f"{self.monday:%-d}–{sunday:%-d %B %Y}"
        return f"{self.monday:%-d %b} – {sunday:%-d %b %Y}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A calendar to show or hide, and what is hidden once it was clicked."""

    name: str
    color: str
    off: bool
    hide: list[str]


@bp.get("")
def people() -> Response:
    """Everybody who has a mailbox here."""
    everyone = sorted(
        current_world().people.values(), key=lambda each: (each.tenant.name, each.name)
    )
    return page_answer("outlook_people.html", people=everyone)


@bp.get("/<who>")
def week(who: str) -> Response:
    """A week in the mailbox's zone; with the header X-Part only its grid, when it has changed."""
    person, hidden = person_named(who), set(request.args.getlist("hide"))
    with current_world().lock:
        version = f'"{person.mailbox.seq}-{today(person)}"'
        if request.headers.get("If-None-Match") == version:
            return Response(status=304)
        shown = week_of(person, asked_day(person), hidden)
        choices = [_choice(each, hidden) for each in person.mailbox.calendars.values()]
    template = "_outlook_grid.html" if "X-Part" in request.headers else "outlook_week.html"
    response = page_answer(
        template, person=person, week=shown, choices=choices, hidden=sorted(hidden),
        back=shown.monday - WEEK, forward=shown.monday + WEEK, today=today(person),
        told=request.args.get("told", type=int),
    )  # fmt: skip
    response.headers["ETag"] = version
    return response


def _choice(calendar: Calendar, hidden: set[str]) -> Choice:
    name = calendar.name
    return Choice(name, calendar.color, name in hidden, sorted(hidden ^ {name}))


def here_and_now(person: Person) -> datetime:
    """The present moment as a wall-clock time of the mailbox's zone."""
    return current_world().now().astimezone(person.mailbox.home).replace(tzinfo=None)


def today(person: Person) -> date:
    """Today's date in the mailbox's zone."""
    return here_and_now(person).date()


def asked_day(person: Person) -> date:
    """The date in the query, or today."""
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today(person)


def week_of(person: Person, day: date, hidden: set[str]) -> Week:
    """What the calendars that are not hidden hold in the week of a day."""
    monday = day - timedelta(days=day.weekday())
    calendars = [each for each in person.mailbox.calendars.values() if each.name not in hidden]
    entries = [entry for each in calendars for entry in _entries(person, each, monday)]
    days = [monday + timedelta(days=number) for number in range(7)]
    return Week(
        monday,
        bars(entries, monday),
        [day_of(entries, each, now=here_and_now(person)) for each in days],
    )


def _entries(person: Person, calendar: Calendar, monday: date) -> list[Entry]:
    home = person.mailbox.home
    low = instant(datetime.combine(monday, time()), home)
    high = instant(datetime.combine(monday + WEEK, time()), home)
    found = person.mailbox.view(calendar, low, high)
    return [entry_of(person, calendar, each) for each in found]


def entry_of(person: Person, calendar: Calendar, instance: Instance) -> Entry:
    """What the page shows of an event."""
    home, words = person.mailbox.home, instance.words
    all_day = instance.when.all_day
    marks = {
        "repeats": bool(instance.ordinal),
        "online": bool(words.get("isOnlineMeeting")),
        "private": words.get("sensitivity") == "private",
    }
    return Entry(
        id=person.mailbox.id_of(instance, immutable=True),
        title=words.get("subject") or "(no title)",
        starts=instance.when.start if all_day else wall_time(instance.starts, home),
        ends=instance.when.end if all_day else wall_time(instance.ends, home),
        all_day=all_day,
        place=(words.get("location") or {}).get("displayName", ""),
        color=calendar.color,
        state=state_of(instance),
        free=words.get("showAs") == "free",
        marks=tuple(mark for mark, holds in marks.items() if holds),
        movable=calendar.can_edit and "organizer" not in words and not all_day,
    )


def state_of(instance: Instance) -> str:
    """How the owner answered an invitation; nothing for an event of one's own."""
    words = instance.words
    if words.get("isCancelled"):
        return "cancelled"
    if "organizer" not in words:
        return ""
    return STATES.get((words.get("responseStatus") or {}).get("response", "none"), "")
