"""A small Outlook on the web: people, a week, a form for an event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from simulator import exchange
from simulator.directory import Person
from simulator.graph.call import world
from simulator.mailbox.item import Instance, master_of
from simulator.pages import page_answer
from simulator.refused import Refused
from simulator.zones import instant, wall_time

SPAN = ("start", "end", "isAllDay")
bp = Blueprint("outlook", __name__, url_prefix="/outlook")


@dataclass(frozen=True, slots=True)
class Day:
    """One column of the week."""

    date: date
    today: bool
    entries: list[dict[str, Any]]


def _person(who: str) -> Person:
    return world().find_person(who) or abort(404)


@bp.get("")
def people() -> Response:
    """Everybody who has a mailbox here."""
    everyone = sorted(world().people.values(), key=lambda each: (each.tenant.name, each.name))
    return page_answer("outlook_people.html", people=everyone)


@bp.get("/<who>")
def week(who: str) -> Response:
    """A week of one person's default calendar, in the mailbox's zone."""
    person = _person(who)
    shown = _asked_day(person)
    monday = shown - timedelta(days=shown.weekday())
    with world().lock:
        days = [_day(person, monday + timedelta(days=each)) for each in range(7)]
    return page_answer(
        "outlook_week.html",
        person=person,
        days=days,
        monday=monday,
        back=monday - timedelta(days=7),
        forward=monday + timedelta(days=7),
    )


def _today(person: Person) -> date:
    return world().now().astimezone(person.mailbox.home).date()


def _asked_day(person: Person) -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return _today(person)


def _day(person: Person, day: date) -> Day:
    mailbox = person.mailbox
    low = instant(datetime.combine(day, time()), mailbox.home)
    high = instant(datetime.combine(day + timedelta(days=1), time()), mailbox.home)
    found = mailbox.view(mailbox.default_calendar, low, high)
    found.sort(key=lambda each: (not each.when.all_day, each.starts))
    return Day(day, day == _today(person), [_entry(person, each) for each in found])


def _entry(person: Person, instance: Instance) -> dict[str, Any]:
    home, words = person.mailbox.home, instance.words
    return {
        "id": person.mailbox.id_of(instance, immutable=True),
        "title": words.get("subject") or "(no title)",
        "all_day": instance.when.all_day,
        "starts": wall_time(instance.starts, home),
        "ends": wall_time(instance.ends, home),
        "place": (words.get("location") or {}).get("displayName", ""),
        "repeats": bool(instance.ordinal),
        "online": bool(words.get("isOnlineMeeting")),
        "private": words.get("sensitivity") == "private",
    }


@bp.route("/<who>/new", methods=["GET", "POST"])
def add(who: str) -> AnyResponse:
    """The form for a new event."""
    person = _person(who)
    if request.method == "GET":
        return _form(person, _blank(_asked_day(person)), None)
    try:
        with world().lock:
            calendar = person.mailbox.default_calendar
            exchange.create_event(world(), person, calendar, _wire(person))
    except (Refused, ValueError) as problem:
        return _form(person, request.form, None, problem)
    return _week_of_form(person)


@bp.route("/<who>/events/<event>", methods=["GET", "POST"])
def edit(who: str, event: str) -> AnyResponse:
    """The form for an event that is there: save or delete."""
    person = _person(who)
    try:
        with world().lock:
            instance = person.mailbox.find(event)
            if request.method == "GET":
                return _form(person, _filled(person, instance), instance)
            if request.form.get("action") == "delete":
                exchange.delete_event(world(), person, instance)
            else:
                changed = _changed(person, instance)
                if changed:
                    exchange.change_event(world(), person, instance, changed)
    except (Refused, ValueError) as problem:
        if isinstance(problem, Refused) and problem.status == 404:
            abort(404)
        return _form(person, request.form, person.mailbox.find(event), problem)
    return _week_of_form(person)


def _week_of_form(person: Person) -> AnyResponse:
    day = request.form.get("start", "")[:10]
    return redirect(url_for("outlook.week", who=person.address, day=day), code=303)


def _blank(day: date) -> dict[str, str]:
    return {"title": "", "place": "", "start": f"{day}T10:00", "end": f"{day}T11:00"}


def _filled(person: Person, instance: Instance) -> dict[str, str]:
    entry = _entry(person, instance)
    ends = entry["ends"] - timedelta(days=1) if entry["all_day"] else entry["ends"]
    return {
        "title": instance.words.get("subject", ""),
        "place": entry["place"],
        "start": f"{entry['starts']:%Y-%m-%dT%H:%M}",
        "end": f"{ends:%Y-%m-%dT%H:%M}",
        "all_day": "yes" if entry["all_day"] else "",
    }


def _wire(person: Person) -> dict[str, Any]:
    form, zone = request.form, person.mailbox.zone
    start, end = (datetime.fromisoformat(form.get(name, "")) for name in ("start", "end"))
    if form.get("all_day"):
        midnight = time()
        start = datetime.combine(start.date(), midnight)
        end = datetime.combine(end.date() + timedelta(days=1), midnight)
    return {
        "subject": form.get("title", "").strip(),
        "location": {"displayName": form.get("place", "").strip()},
        "start": {"dateTime": start.isoformat(timespec="seconds"), "timeZone": zone},
        "end": {"dateTime": end.isoformat(timespec="seconds"), "timeZone": zone},
        "isAllDay": bool(form.get("all_day")),
    }


def _changed(person: Person, instance: Instance) -> dict[str, Any]:
    # What was left as it was is not sent: a time written anew would drop a series' exceptions.
    before, wire = _filled(person, instance), _wire(person)
    fields = {"title": ("subject",), "place": ("location",), "start": SPAN, "end": SPAN,
              "all_day": SPAN}  # fmt: skip
    touched = [name for name, value in before.items() if request.form.get(name, "") != value]
    return {field: wire[field] for name in touched for field in fields[name]}


def _form(
    person: Person, values: Any, instance: Instance | None, problem: Exception | None = None
) -> Response:
    series = None
    if instance is not None and instance.ordinal:
        series = person.mailbox.id_of(master_of(instance.item), immutable=True)
    message = problem.message if isinstance(problem, Refused) else problem and str(problem)
    organizer = (instance.words.get("organizer") if instance else None) or {}
    response = page_answer(
        "outlook_event.html", person=person, values=values, instance=instance, series=series,
        problem=message, organizer=organizer.get("emailAddress"),
    )  # fmt: skip
    response.status_code = 422 if problem else 200
    return response
