"""A connection that exists: its state on the profile, its calendars, and ending it."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import coverage_words, own_choices, policy_words, wording
from blueprints.edge import found, me, my_zone, now, parts, reading, writing
from blueprints.held import waiting_context
from blueprints.managed import NOT_YOURS, is_not_theirs, managed_context
from blueprints.notice_words import told_words
from portal import (
    calendars,
    claims,
    connections,
    links,
    occurrences,
    offers,
    outbox,
    pauses,
    people,
    policy,
    progress,
    subscriptions,
    waits,
)
from portal.operations import standing
from portal.tables import Connection, Meeting

bp = Blueprint("connection", __name__)
live = Blueprint("connection_live", __name__)


def integration_context(db: Session, person_id: int) -> dict[str, Any]:
    """What the section Contact and Calendar Integration of the profile shows."""
    chosen = policy.of(db, person_id)
    known = connections.of_person(db, person_id)
    context: dict[str, Any] = {
        "refusal": policy.may_connect(db, person_id),
        "approval_asked_at": people.by_id(db, person_id).approval_asked_at,
        "connection": None,
        "former": known,
        "works": False,
        "ending": None,
        **managed_context(db, person_id, known, chosen),
    }
    if known is None or known.state == connections.DISCONNECTED:
        return context
    facts = standing.facts_of(db, known, chosen, now=now())
    state = standing.state_of(known, chosen, read_at=facts.read_at, now=now())
    waiting = outbox.waiting_of(db, known.id)
    held_back = waiting_context(db, known)
    reading_so_far = progress.of_connection(db, known, now=now())
    return context | {
        "connection": known,
        **policy_words.context(db, known, chosen, state, facts),
        **coverage_words.context(reading_so_far),
        "works": _works(db, known),
        "calendars": [one for one in known.calendars if one.missing_since is None],
        "waiting": len(waiting),
        **held_back,
        "offered": len(offers.of_connection(db, known, now=now())),
        "sync_version": chosen.sync_version,
        "coverage": coverage_words.span(chosen),
        **own_choices.context(db, person_id),
        "told": told_words(
            subscriptions.of_connection(db, known.id),
            minutes=chosen.poll_minutes,
            now=now(),
            zone=my_zone(),
        ),
        "polls": _seconds_between_polls(state, bool(waiting) and _goes(held_back["held_back"])),
    }


def _goes(held_back: str | None) -> bool:
    return held_back in (None, waits.LOOKS)


def _seconds_between_polls(state: str, sends: bool) -> int:
    """How often the page looks again while something is moving; 0: it need not."""
    if state in (connections.CONNECTING, standing.RETRYING, standing.DELAYED) or sends:
        return 5
    return 0


@live.get("/connection")
def status() -> str:
    """The section again, for a page that waits."""
    with reading() as db:
        return render_template(
            "connection/_integration.html", **integration_context(db, me().person_id)
        )


@live.get("/progress")
def bar() -> str:
    """The bar of the first sync, for the calendar page."""
    with reading() as db:
        connection = connections.live_of(db, me().person_id)
        found = None if connection is None else progress.of_connection(db, connection, now=now())
    return render_template(
        "connection/_progress.html",
        progress=found,
        how_far=found and coverage_words.how_far(found),
    )


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
        kept = calendars.choose(
            db,
            connection,
            ticked={one.id for one in there if str(one.id) in ticked},
            target=next((one for one in there if str(one.id) == target and one.can_edit), None),
            now=now(),
        )
        calendars.redirect(db, connection, transaction_id=parts().outside.ids, now=now())
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
def leaving() -> str | Redirect:
    """What disconnecting does, with the events that could be deleted along the way."""
    with reading() as db:
        connection = _mine(db)
        if is_not_theirs(connection, policy.of(db, me().person_id)):
            return _not_theirs()
        zone = ZoneInfo(me().zone)
        return render_template(
            "connection/disconnect.html",
            username=connection.username,
            waiting=len(outbox.waiting_of(db, connection.id)),
            meetings=[
                _line(meeting, zone) for meeting in links.linked_ahead(db, connection.id, now=now())
            ],
        )


@bp.post("/disconnect")
def disconnect() -> str | Redirect:
    """Ends the connection. Deletes in Outlook only what was ticked; answers with a receipt."""
    ticked = request.form.getlist("delete")
    with writing() as db:
        if is_not_theirs(_mine(db), policy.of(db, me().person_id)):
            return _not_theirs()
        connection_id = _mine(db).id
        # A round that met a deleted event now would cancel its meeting.
        claims.take_over(db, connection_id, now=now())
        ahead = links.linked_ahead(db, connection_id, now=now())
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


@bp.post("/pause")
def pause() -> Redirect:
    """Nothing moves either way until it is resumed."""
    with reading() as db:
        connection_id = _mine(db).id
    parts().live.end_notices(connection_id)
    with writing() as db:
        pauses.pause(db, _mine(db), by=pauses.PERSON, who=me().person_id, now=now())
    flash("Your calendar is paused. Nothing is read or written until you resume.", "success")
    return _to_profile()


@bp.post("/resume")
def resume() -> Redirect:
    try:
        with writing() as db:
            pauses.resume(db, _mine(db), by=pauses.PERSON, who=me().person_id, now=now())
    except pauses.NotYours:
        flash("An administrator paused your calendar; only an administrator resumes it.", "warning")
        return _to_profile()
    parts().outside.wake()
    flash("Your calendar goes on; it is being looked at now.", "success")
    return _to_profile()


@bp.post("/backfill")
def pause_backfill() -> Redirect:
    """Reading the past waits, or goes on; the present and the future are read all the same."""
    paused = request.form.get("paused") == "on"
    with writing() as db:
        pauses.pause_backfill(db, _mine(db), paused=paused, now=now())
    parts().outside.wake()
    said = "Reading the past is paused." if paused else "Reading the past goes on."
    flash(said, "success")
    return _to_profile()


def _line(meeting: Meeting, zone: ZoneInfo) -> dict[str, Any]:
    span = occurrences.next_of(meeting, now()) or meeting
    return {
        "id": meeting.id,
        "title": meeting.title,
        "when": wording.when(span.starts_at, span.ends_at, zone),
        "invitees": len(meeting.invitees),
    }


def _works(db: Session, connection: Connection) -> bool:
    return (
        connection.state in connections.ASKED
        and connection.paused_by is None
        and policy.of(db, connection.person_id).enabled
    )


def _not_theirs() -> Redirect:
    flash(NOT_YOURS, "warning")
    return _to_profile()


def _mine(db: Session) -> Connection:
    return found(connections.live_of(db, me().person_id))


def _to_profile() -> Redirect:
    return redirect(url_for("profile.show", _anchor="integration"), 303)
