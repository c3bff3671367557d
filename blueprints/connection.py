"""A connection that exists: its state on the profile, its calendars, and ending it."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import wording
from blueprints.connection_words import words_for
from blueprints.edge import found, me, now, parts, reading, writing
from blueprints.held import waiting_context
from blueprints.notice_words import told_words
from portal import (
    claims,
    connections,
    links,
    occurrences,
    outbox,
    policy,
    subscriptions,
    waits,
)
from portal.tables import Connection, Meeting

bp = Blueprint("connection", __name__)
live = Blueprint("connection_live", __name__)


def integration_context(db: Session, person_id: int) -> dict[str, Any]:
    """What the section Contact and Calendar Integration of the profile shows."""
    context: dict[str, Any] = {
        "refusal": policy.may_connect(db, person_id),
        "connection": None,
        "works": False,
    }
    connection = connections.live_of(db, person_id)
    if connection is None:
        return context
    chosen = policy.of(db, person_id)
    waiting = outbox.waiting_of(db, connection.id)
    zone = ZoneInfo(current_user.who.zone)
    return context | {
        "connection": connection,
        "words": words_for(
            connection,
            enabled=chosen.enabled,
            poll=timedelta(minutes=chosen.poll_minutes),
            now=now(),
        ),
        "progress": connections.progress_of(db, connection),
        "works": _works(db, connection),
        "calendars": [one for one in connection.calendars if one.missing_since is None],
        "waiting": len(waiting),
        **waiting_context(db, connection),
        "months": chosen.back_months + chosen.forward_months,
        "told": told_words(
            subscriptions.of_connection(db, connection.id),
            minutes=chosen.poll_minutes,
            now=now(),
            zone=zone,
        ),
        "good_at": connection.good_at and wording.moment(connection.good_at, zone),
        "connected_at": wording.moment(connection.connected_at, zone),
    }


@live.get("/connection")
def status() -> str:
    """The section again, for a page that waits."""
    with reading() as db:
        return render_template(
            "connection/_integration.html", **integration_context(db, me().person_id)
        )


@live.get("/progress")
def progress() -> str:
    """The bar of the first sync, for the calendar page."""
    with reading() as db:
        connection = connections.live_of(db, me().person_id)
        how_far = None if connection is None else connections.progress_of(db, connection)
    return render_template("connection/_progress.html", progress=how_far)


@bp.post("/sync-now")
def sync_now() -> Redirect:
    """Everything is due at once; refused where no round could run."""
    with writing() as db:
        connection = _mine(db)
        works = _works(db, connection)
        if works:
            connections.look_now(db, connection.id, now=now())
    if works:
        parts().outside.wake()
        flash("The portal is looking at your calendar now.", "info")
    else:
        flash("Your calendar cannot be read now. The reason is given below.", "warning")
    return _to_profile()


@bp.post("/send-waiting")
def send_waiting() -> Redirect:
    """After a look that only read the person has seen what would be written, and who gets mail."""
    with writing() as db:
        connection = _mine(db)
        seen = waits.why(db, connection, now=now()) == waits.A_WORD
        if seen:
            connection.only_reads = False
            connections.mark_due(db, connection.id, now=now())
    if seen:
        parts().outside.wake()
        flash("What waited is being sent to Outlook.", "success")
    return _to_profile()


@bp.post("/calendars")
def choose_calendars() -> Redirect:
    """Which calendars are read, and which one meetings are written to."""
    ticked, target = request.form.getlist("ticked"), request.form.get("target")
    with writing() as db:
        connection = _mine(db)
        there = [one for one in connection.calendars if one.missing_since is None]
        kept = connections.choose_calendars(
            db,
            connection,
            ticked={one.id for one in there if str(one.id) in ticked},
            target=next((one for one in there if str(one.id) == target and one.can_edit), None),
            now=now(),
        )
        names = [one.name for one in kept]
    parts().outside.wake()
    flash("Your choice of calendars is saved.", "success")
    if names:
        flash(f"{', '.join(names)} stays shown, because your meetings are in it.", "info")
    return _to_profile()


@bp.post("/adoption")
def choose_adoption() -> Redirect:
    """Whether events with a join link become meetings. What was adopted stays so."""
    adopts = request.form.get("adopts") == "on"
    with writing() as db:
        connection = _mine(db)
        connection.adopts = adopts
        connections.mark_due(db, connection.id, now=now())
    parts().outside.wake()
    if adopts:
        flash("Events of yours with a join link become meetings here.", "success")
    else:
        flash("Events stay events from now on. What became a meeting stays one.", "success")
    return _to_profile()


@bp.get("/disconnect")
def leaving() -> str:
    """What disconnecting does, with the events that could be deleted along the way."""
    with reading() as db:
        connection = _mine(db)
        zone = ZoneInfo(me().zone)
        return render_template(
            "connection/disconnect.html",
            username=connection.username,
            waiting=len(outbox.waiting_of(db, connection.id)),
            meetings=[
                _line(meeting, zone)
                for meeting in connections.linked_ahead(db, connection.id, now=now())
            ],
        )


@bp.post("/disconnect")
def disconnect() -> str:
    """Ends the connection. Deletes in Outlook only what was ticked; answers with a receipt."""
    ticked = request.form.getlist("delete")
    with writing() as db:
        connection_id = _mine(db).id
        # A round that met a deleted event now would cancel its meeting.
        claims.take_over(db, connection_id, now=now())
        ahead = connections.linked_ahead(db, connection_id, now=now())
        chosen = {
            meeting.link.graph_id: meeting.id
            for meeting in ahead
            if str(meeting.id) in ticked and meeting.link is not None
        }
    left = set(parts().live.delete_events(connection_id, chosen)) if chosen else set()
    parts().live.end_notices(connection_id)
    with writing() as db:
        connection = _mine(db)
        links.untie(db, [meeting for event, meeting in chosen.items() if event not in left])
        username = connection.username
        waiting = len(outbox.waiting_of(db, connection.id))
        connections.disconnect(db, connection, now=now())
    return render_template(
        "connection/receipt.html",
        username=username,
        deleted=len(chosen) - len(left),
        left=len(left),
        waiting=waiting,
    )


def _line(meeting: Meeting, zone: ZoneInfo) -> dict[str, Any]:
    span = occurrences.next_of(meeting, now()) or meeting
    return {
        "id": meeting.id,
        "title": meeting.title,
        "when": wording.when(span.starts_at, span.ends_at, zone),
        "invitees": len(meeting.invitees),
    }


def _works(db: Session, connection: Connection) -> bool:
    return connection.state in connections.AT_WORK and policy.of(db, connection.person_id).enabled


def _mine(db: Session) -> Connection:
    return found(connections.live_of(db, me().person_id))


def _to_profile() -> Redirect:
    return redirect(url_for("profile.show", _anchor="integration"), 303)
