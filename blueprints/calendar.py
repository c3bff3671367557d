"""The calendar: month, agenda, one event; and the fragments a page left open asks for."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Blueprint, Response, make_response, render_template, request, url_for

from blueprints import coverage_words, event_words, series_words, timeline_words, wording
from blueprints.calendar_days import LOADING, UNTITLED, agenda_url, laid_out, weeks_of
from blueprints.edge import found, me, my_zone, now, reading
from blueprints.foreign_html import made_safe, says_something
from portal import answers, connections, event_detail, policy, progress, views
from portal.event_detail import EventDetail

bp = Blueprint("calendar", __name__)
live = Blueprint("calendar_live", __name__)

DAY = timedelta(days=1)
AGENDA_DAYS = 14
YEARS = range(1900, 2200)
FRESHEN, FRESHEN_WHILE_SYNCING = 15, 3  # seconds


class View(NamedTuple):
    """A page of the calendar: its fragment's template, what it shows, where its neighbours are."""

    fragment: str
    context: dict[str, Any]
    title: str
    links: dict[str, str]


@bp.get("")
def month() -> str:
    return _page(_month(), "month")


@bp.get("/agenda")
def agenda() -> str:
    return _page(_agenda(), "agenda")


@live.get("/calendar/month")
def month_now() -> Response:
    return _now(_month())


@live.get("/calendar/agenda")
def agenda_now() -> Response:
    return _now(_agenda())


@bp.get("/events/<int:event_id>")
def event(event_id: int) -> str:
    with reading() as db:
        detail = found(
            event_detail.of_person(db, me().person_id, event_id, zone=my_zone(), now=now())
        )
        asked = answers.asked_of(db, me().person_id, event_id, now=now())
        history = timeline_words.beginning(db, detail.subject, my_zone())
    body = made_safe(detail.body_html)
    return render_template(
        "calendar/event.html",
        event=detail,
        title=(LOADING if detail.title is None else detail.title.strip() or UNTITLED),
        when=_when(detail),
        own_zone=_own_zone(detail),
        series=series_words.sentence(detail.recurrence),
        body=body if says_something(body) else "",
        web_link=wording.safe_link(detail.web_link),
        history=history,
        asked=asked,
        longest_comment=answers.LONGEST_COMMENT,
        reasons=event_words.reasons(detail, my_zone()),
    )


def _page(view: View, active: str) -> str:
    with reading() as db:
        connection = connections.live_of(db, me().person_id)
        so_far = progress.of_connection(db, connection, now=now()) if connection else None
        refusal = policy.may_connect(db, me().person_id)
    return render_template(
        "calendar/index.html",
        title=view.title,
        links=view.links,
        views=[
            {"label": "Month", "url": view.links["month"], "active": active == "month"},
            {"label": "Agenda", "url": view.links["agenda"], "active": active == "agenda"},
        ],
        connected=connection is not None,
        refusal=refusal,
        progress=so_far,
        how_far=so_far and coverage_words.how_far(so_far),
        fragment=view.fragment,
        **view.context,
    )


def _now(view: View) -> Response:
    """The fragment, or nothing while it is what the page has already."""
    if request.args.get("seen") == view.context["seen"]:
        return Response(status=204)
    return make_response(render_template(view.fragment, **view.context))


def _month() -> View:
    zone = my_zone()
    today = now().astimezone(zone).date()
    shown = _asked(lambda: date.fromisoformat(f"{request.args['month']}-01")) or today
    first, end = weeks_of(shown)
    context = _context(first, end, today=today, zone=zone, month=shown.month)
    context["weekdays"] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    context["live_url"] = url_for(
        "calendar_live.month_now", month=_year_month(shown), seen=context["seen"]
    )
    is_present = (today.year, today.month) == (shown.year, shown.month)
    links = {
        "prev": url_for("calendar.month", month=_year_month(shown.replace(day=1) - DAY)),
        "today": url_for("calendar.month", _anchor=f"day-{today}"),  # a phone lists the days
        "next": url_for("calendar.month", month=_year_month(shown.replace(day=1) + 31 * DAY)),
        "month": url_for("calendar.month", month=_year_month(shown)),
        "agenda": agenda_url(today if is_present else shown.replace(day=1)),
    }
    return View("calendar/_grid.html", context, wording.month_words(shown), links)


def _agenda() -> View:
    zone = my_zone()
    today = now().astimezone(zone).date()
    first = _asked(lambda: date.fromisoformat(request.args["from"])) or today
    end = first + AGENDA_DAYS * DAY
    context = _context(first, end, today=today, zone=zone)
    context["days"] = [day for day in context["days"] if day.events]
    asked: dict[str, Any] = {"from": first.isoformat(), "seen": context["seen"]}
    context["live_url"] = url_for("calendar_live.agenda_now", **asked)
    links = {
        "prev": agenda_url(first - AGENDA_DAYS * DAY),
        "today": url_for("calendar.agenda"),
        "next": agenda_url(end),
        "month": url_for("calendar.month", month=_year_month(first)),
        "agenda": agenda_url(first),
    }
    return View("calendar/_agenda.html", context, wording.days_words(first, end - DAY), links)


def _context(
    first: date, end: date, *, today: date, zone: ZoneInfo, month: int | None = None
) -> dict[str, Any]:
    with reading() as db:
        person_id = me().person_id
        entries = views.entries(db, person_id, first=first, end=end, zone=zone, now=now())
        syncing = progress.runs(db, person_id, now=now())
    days = laid_out(entries, first, end, today=today, zone=zone, month=month)
    shown = hashlib.sha256(repr((days, syncing)).encode()).hexdigest()[:16]
    pause = FRESHEN_WHILE_SYNCING if syncing else FRESHEN
    return {"days": days, "syncing": syncing, "seen": shown, "every": f"every {pause}s"}


def _asked(read: Callable[[], date]) -> date | None:
    """The day the address names; None without one or with nonsense."""
    try:
        day = read()
    except (KeyError, ValueError):
        return None
    return day if day.year in YEARS else None


def _year_month(day: date) -> str:
    return f"{day:%Y-%m}"


def _when(detail: EventDetail) -> str:
    if detail.first_day and detail.end_day:
        return wording.all_day(detail.first_day, detail.end_day)
    return wording.when(detail.starts_at, detail.ends_at, my_zone())


def _own_zone(detail: EventDetail) -> str | None:
    zone = None if detail.first_day else _zone(detail.zone)
    if zone is None:
        return None
    return wording.elsewhere(detail.starts_at, detail.ends_at, zone=zone, reader=my_zone())


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None
