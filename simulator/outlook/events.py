"""Adding, changing, moving, answering and deleting an event by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, abort, request
from werkzeug.wrappers import Response as AnyResponse

from simulator import exchange
from simulator.current import current_world
from simulator.directory import Person
from simulator.mailbox.item import Instance, master_of
from simulator.mailbox.store import Calendar
from simulator.outlook import forms, repeats
from simulator.outlook.room import bp, person_named, to_week
from simulator.outlook.week import asked_day, entry_of
from simulator.pages import page_answer
from simulator.refused import Refused

ANSWERS: dict[exchange.Answer, str] = {
    "accepted": "Accept", "tentativelyAccepted": "Tentative", "declined": "Decline",
}  # fmt: skip
SAID = {
    "accepted": "accepted", "tentativelyAccepted": "tentative", "declined": "declined",
    "notResponded": "no answer yet", "none": "no answer yet", "organizer": "organiser",
}  # fmt: skip


@bp.route("/<who>/new", methods=["GET", "POST"])
def add(who: str) -> AnyResponse:
    """The form for a new event."""
    person = person_named(who)
    if request.method == "GET":
        return _page(person, forms.blank(asked_day(person), request.args.get("at", "")), None)

    def create() -> None:
        wire = forms.read(request.form, person, None)
        exchange.create_event(current_world(), person, _calendar(person), wire)

    return _done(person, None, create)


@bp.route("/<who>/events/<event>", methods=["GET", "POST"])
def edit(who: str, event: str) -> AnyResponse:
    """The page of an event: what it is, its form, its answers; save or delete."""
    person = person_named(who)
    with current_world().lock:
        instance = _found(person, event)
        if request.method == "GET":
            return _page(person, forms.filled(person, instance), instance)
    act = _delete if request.form.get("action") == "delete" else _save
    return _done(person, instance, lambda: act(person, instance))


@bp.post("/<who>/events/<event>/answer")
def answer(who: str, event: str) -> AnyResponse:
    """Accept, decline or leave open an invitation."""
    person = person_named(who)
    instance = _found(person, event)
    chosen = next((each for each in ANSWERS if each == request.form.get("answer")), None)
    if chosen is None:
        abort(400)
    comment, send = request.form.get("comment", ""), bool(request.form.get("send"))
    return _done(
        person,
        instance,
        lambda: exchange.answer_event(
            current_world(), person, instance, chosen, comment=comment, send=send
        ),
    )


@bp.post("/<who>/events/<event>/move")
def move(who: str, event: str) -> Response:
    """{start, minutes}: another start (local) or length, as a drag gives it; 422 says why not."""
    world = current_world()
    person = person_named(who)
    try:
        with world.lock:
            start = datetime.fromisoformat(request.form.get("start", ""))
            minutes = request.form.get("minutes", type=int)
            length = timedelta(minutes=minutes or 0)
            world.move_event(person.id, event, start, start + length if minutes else None)
    except (Refused, ValueError) as problem:
        return Response(_why(problem), 422, content_type="text/plain; charset=utf-8")
    return Response(status=204)


def _found(person: Person, event: str) -> Instance:
    try:
        return person.mailbox.find(event)
    except Refused:
        abort(404)


def _calendar(person: Person) -> Calendar:
    wanted = request.form.get("calendar")
    mailbox = person.mailbox
    chosen = [each for each in mailbox.calendars.values() if each.name == wanted]
    return chosen[0] if chosen else mailbox.default_calendar


def _save(person: Person, instance: Instance) -> None:
    changed = forms.changed(request.form, person, instance)
    if changed:
        exchange.change_event(current_world(), person, instance, changed)
    calendar = _calendar(person)
    if "calendar" in request.form and calendar.number != instance.item.calendar:
        person.mailbox.move(instance.item, calendar)


def _delete(person: Person, instance: Instance) -> None:
    exchange.delete_event(current_world(), person, instance)


def _done(person: Person, instance: Instance | None, act: Callable[[], Any]) -> AnyResponse:
    """Do it and go back to the week, or show the form again with the reason."""
    world = current_world()
    try:
        with world.lock:
            before = len(world.mails)
            act()
            told = len(world.mails) - before
    except (Refused, ValueError, KeyError) as problem:
        return _page(person, _sent(person, instance), instance, problem)
    return to_week(person, _day_of_form(person, instance), told=told)


def _sent(person: Person, instance: Instance | None) -> forms.Values:
    before = forms.filled(person, instance) if instance else forms.blank(asked_day(person))
    sent: forms.Values = {**before, **request.form.to_dict()}
    sent["weekdays"] = request.form.getlist("weekdays")
    for box in ("all_day", "online", "private"):
        sent[box] = request.form.get(box, "")
    return sent


def _day_of_form(person: Person, instance: Instance | None) -> str:
    if "start" in request.form:
        return request.form["start"][:10]
    if instance is None:
        return ""
    calendar = person.mailbox.calendars[instance.item.calendar]
    return f"{entry_of(person, calendar, instance).starts:%Y-%m-%d}"


def _why(problem: Exception) -> str:
    if isinstance(problem, Refused):
        return problem.message
    return "The times or numbers of this form make no sense."


def _page(
    person: Person,
    values: forms.Values,
    instance: Instance | None,
    problem: Exception | None = None,
) -> Response:
    mailbox = person.mailbox
    calendars = [each for each in mailbox.calendars.values() if each.can_edit]
    response = page_answer(
        "outlook_event.html", person=person, values=values, instance=instance,
        problem=_why(problem) if problem else None, calendars=calendars, forms=forms,
        repeats=repeats, day=str(values["start"])[:10], **_described(person, instance),
    )  # fmt: skip
    response.status_code = 422 if problem else 200
    return response


def _described(person: Person, instance: Instance | None) -> dict[str, Any]:
    """What the page says of an event beside its form."""
    if instance is None:
        return {"entry": None, "series": None, "organizer": None, "attendees": [], "own": True}
    mailbox, item, words = person.mailbox, instance.item, instance.words
    organizer = words.get("organizer")
    calendar = mailbox.calendars[item.calendar]
    return {
        "entry": entry_of(person, calendar, instance),
        "calendar": calendar,
        "series": mailbox.id_of(master_of(item), immutable=True) if instance.ordinal else None,
        "repeats_in_words": repeats.words_of(item.recurrence) if item.recurrence else "",
        "organizer": organizer["emailAddress"] if organizer else None,
        "own": not organizer,
        "answered": (words.get("responseStatus") or {}).get("response", "none"),
        "answers": ANSWERS,
        "answers_said": SAID,
        "attendees": [
            (each["emailAddress"], each["type"], SAID.get(each["status"]["response"], ""))
            for each in words.get("attendees") or ()
            if each["emailAddress"]["address"].lower() != person.address.lower()
        ],
    }
