"""The form of an event: filled from a mailbox, and read into Graph's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Any

from werkzeug.datastructures import MultiDict

from simulator.current import current_world
from simulator.directory import Person
from simulator.mailbox.bodies import plain, teams_block
from simulator.mailbox.item import Instance
from simulator.outlook.repeats import recurrence_of, values_of, weekdays_of
from simulator.zones import wall_time

SPAN = ("start", "end", "isAllDay")
# A field of the form, and the properties of the event that it speaks of.
SPEAKS_OF = {
    "title": ("subject",), "place": ("location",), "text": ("body",), "invited": ("attendees",),
    "start": SPAN, "end": SPAN, "all_day": SPAN, "shows": ("showAs",),
    "online": ("isOnlineMeeting",),
    "private": ("sensitivity",), "reminder": ("isReminderOn", "reminderMinutesBeforeStart"),
    **dict.fromkeys(("repeat", "every", "ends", "until", "times", "weekdays"), ("recurrence",)),
}  # fmt: skip
SHOWS = {
    "busy": "Busy", "free": "Free", "tentative": "Tentative", "oof": "Out of office",
    "workingElsewhere": "Working elsewhere",
}  # fmt: skip
REMINDERS = {
    "": "None", "0": "At the start", "5": "5 minutes before", "15": "15 minutes before",
    "30": "30 minutes before", "60": "1 hour before", "1440": "1 day before",
}  # fmt: skip

Values = dict[str, Any]


def blank(day: date, hour: str = "") -> Values:
    """A new event on a day, an hour long, from the hour (HH:MM) or at ten."""
    try:
        start = datetime.combine(day, time.fromisoformat(hour or "10:00"))
    except ValueError:
        start = datetime.combine(day, time(10))
    return {
        "title": "", "place": "", "text": "", "invited": "", "all_day": "", "online": "",
        "private": "", "shows": "busy", "reminder": "15", "weekdays": [],
        "start": _written(start), "end": _written(start + timedelta(hours=1)),
        **values_of(None, day),
    }  # fmt: skip


def filled(person: Person, instance: Instance) -> Values:
    """What the form shows of an event."""
    words, when, home = instance.words, instance.when, person.mailbox.home
    start = when.start if when.all_day else wall_time(instance.starts, home)
    end = when.end - timedelta(days=1) if when.all_day else wall_time(instance.ends, home)
    recurrence = None if instance.ordinal else instance.item.recurrence
    reminder = str(words.get("reminderMinutesBeforeStart", 15))
    return {
        "title": words.get("subject", ""),
        "place": (words.get("location") or {}).get("displayName", ""),
        "text": _own_text(words),
        "invited": "\n".join(_addresses(instance)),
        "all_day": "yes" if when.all_day else "",
        "online": "yes" if words.get("isOnlineMeeting") else "",
        "private": "yes" if words.get("sensitivity") == "private" else "",
        "shows": words.get("showAs", "busy"),
        "reminder": reminder if words.get("isReminderOn", True) else "",
        "start": _written(start),
        "end": _written(end),
        "weekdays": weekdays_of(recurrence),
        **values_of(recurrence, when.start.date()),
    }


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def _addresses(instance: Instance) -> list[str]:
    attendees = instance.words.get("attendees") or ()
    return [each["emailAddress"]["address"] for each in attendees]


def _own_text(words: Mapping[str, Any]) -> str:
    """The description without the block that Exchange adds to an online meeting."""
    content = (words.get("body") or {}).get("content", "")
    return plain(content.replace(_block(words), "")).replace("\r\n", "\n")


def _block(words: Mapping[str, Any]) -> str:
    link = (words.get("onlineMeeting") or {}).get("joinUrl")
    return teams_block(link) if link else ""


def read(form: MultiDict[str, str], person: Person, instance: Instance | None) -> dict[str, Any]:
    """The event that a form describes, in Graph's words; ValueError for what is no time."""
    words = instance.words if instance else {}
    span = _span(form, person.mailbox.zone)
    wire: dict[str, Any] = {
        "subject": form.get("title", "").strip(),
        "location": {"displayName": form.get("place", "").strip()},
        "body": {"contentType": "html", "content": _page(form.get("text", ""), _block(words))},
        "attendees": _invited(form.get("invited", ""), words),
        "showAs": form.get("shows") or "busy",
        "isOnlineMeeting": bool(form.get("online")),
        "sensitivity": "private" if form.get("private") else "normal",
        "isReminderOn": bool(form.get("reminder", "15")),
        "reminderMinutesBeforeStart": int(form.get("reminder") or 15),
        **span,
    }
    kind = form.get("repeat", "never")
    if kind != "kept":
        first = date.fromisoformat(span["start"]["dateTime"][:10])
        weekdays = form.getlist("weekdays")
        wire["recurrence"] = None if kind == "never" else recurrence_of(form, weekdays, first)
    return wire


def changed(form: MultiDict[str, str], person: Person, instance: Instance) -> dict[str, Any]:
    """What a form changes of an event.

    What was left as it was is not sent: a time written anew would drop a series' exceptions.
    """
    before, wire = filled(person, instance), read(form, person, instance)
    touched = [field for field in before if _touched(form, before, field)]
    names = {name for field in touched for name in SPEAKS_OF[field]}
    return {name: wire[name] for name in sorted(names) if name in wire}


def _touched(form: MultiDict[str, str], before: Values, field: str) -> bool:
    if field == "weekdays":
        relevant = form.get("repeat") == "weekly"
        return relevant and sorted(form.getlist(field)) != sorted(before[field])
    if field not in form and field not in ("all_day", "online", "private"):
        return False  # a form may leave out what cannot be changed
    return form.get(field, "").replace("\r\n", "\n").strip() != str(before[field]).strip()


def _span(form: Mapping[str, str], zone: str) -> dict[str, Any]:
    start, end = (datetime.fromisoformat(form.get(name, "")) for name in ("start", "end"))
    if form.get("all_day"):
        start = datetime.combine(start.date(), time())
        end = datetime.combine(end.date() + timedelta(days=1), time())
    return {
        "start": {"dateTime": start.isoformat(timespec="seconds"), "timeZone": zone},
        "end": {"dateTime": end.isoformat(timespec="seconds"), "timeZone": zone},
        "isAllDay": bool(form.get("all_day")),
    }


def _page(text: str, block: str) -> str:
    lines = "<br>\r\n".join(escape(line) for line in text.strip().splitlines())
    return f"<html><body>\r\n<div>{lines}</div>\r\n{block}</body></html>" if lines or block else ""


def _invited(text: str, words: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Addresses, one to a line or with commas; who was invited before keeps kind and name."""
    known = {each["emailAddress"]["address"].lower(): each for each in words.get("attendees") or ()}
    addresses = dict.fromkeys(text.replace(",", " ").replace(";", " ").split())
    return [known.get(each.lower()) or _newly(each) for each in addresses]


def _newly(address: str) -> dict[str, Any]:
    person = current_world().find_person(address)
    name = person.name if person else address
    return {"type": "required", "emailAddress": {"address": address, "name": name}}
