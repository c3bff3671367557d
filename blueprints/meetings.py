"""Meetings: what is ahead, schedule, edit, cancel, the file for other calendars."""

import hashlib
import re
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import conflict_words, meeting_form, timeline_words, wording
from blueprints.edge import form_again, found, me, my_zone, now, parts, reading, writing
from blueprints.fields import zones
from blueprints.meeting_form import MeetingForm
from portal import accounts, connections, event_detail, invitation, meetings, timeline
from portal.meeting_state import FAILED_TO_SEND, ONLY_HERE
from portal.tables import Meeting

bp = Blueprint("meetings", __name__)
live = Blueprint("meetings_live", __name__)

LONGEST_NOTE = 1000
FRESHEN, FRESHEN_WHILE_SENDING = 15, 2  # seconds
_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Answer = str | Response | Redirect


@bp.get("")
def index() -> str:
    past = request.args.get("view") == "past"
    asked = request.args.get("page", 1, type=int)
    with reading() as db:
        numbers = meetings.count(db, me().person_id, now=now())
        pages = max(1, -(-numbers[past] // meetings.PER_PAGE))
        page = min(max(asked, 1), pages)
        find = meetings.behind if past else meetings.ahead
        listed = find(db, me().person_id, now=now(), page=page)
        states = meetings.states(db, me().person_id, listed, now=now())
    return render_template(
        "meetings/index.html",
        listed=[_row(meeting, states[meeting.id].word) for meeting in listed],
        past=past,
        numbers=numbers,
        page=page,
        pages=pages,
    )


@bp.get("/new")
def new() -> str:
    filled = meeting_form.of_start(request.args.get("start", ""), my_zone(), now=now())
    form = _form(data={"key": parts().outside.ids(), **filled})
    return render_template("meetings/new.html", form=form, **_surroundings())


@bp.post("/new")
def schedule() -> Answer:
    form = _form()
    if not form.validate():
        return form_again("meetings/new.html", form, **_surroundings())
    outside = parts().outside
    with writing() as db:
        key = form.key.data if _KEY.fullmatch(form.key.data) else outside.ids()
        meeting = meetings.by_key(db, me().person_id, key)
        if meeting is None:
            meeting = meetings.schedule(
                db,
                me().person_id,
                form.plan(),
                key=outside.ids() if meetings.key_is_taken(db, key) else key,
                secret=outside.secrets(),
                transaction_id=outside.ids(),
                now=now(),
            )
    outside.wake()
    flash(f"“{meeting.title}” is scheduled.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting.id))


@bp.get("/<int:meeting_id>")
def show(meeting_id: int) -> str:
    return render_template("meetings/show.html", **_shown(meeting_id))


@live.get("/meetings/<int:meeting_id>")
def show_now(meeting_id: int) -> Response:
    """The parts that change by themselves, or nothing while the page has them already."""
    context = _shown(meeting_id)
    if request.args.get("seen") == context["seen"]:
        return Response(status=204)
    return make_response(render_template("meetings/_meeting.html", **context))


@bp.get("/<int:meeting_id>/edit")
def edit(meeting_id: int) -> Answer:
    with reading() as db:
        meeting = _mine(db, meeting_id)
    if meeting.cancelled_at is not None:
        return _already_cancelled(meeting)
    form = _form(meeting=meeting, data=meeting_form.of_meeting(meeting))
    return render_template("meetings/edit.html", form=form, **_surroundings(meeting))


@bp.post("/<int:meeting_id>/edit")
def change(meeting_id: int) -> Answer:
    outside = parts().outside
    with writing() as db:
        meeting = _mine(db, meeting_id)
        if meeting.cancelled_at is not None:
            return _already_cancelled(meeting)
        form = _form(meeting=meeting)
        if not form.validate():
            return form_again("meetings/edit.html", form, **_surroundings(meeting))
        changed = meetings.edit(
            db,
            meeting,
            form.plan(),
            secret=outside.secrets(),
            transaction_id=outside.ids(),
            now=now(),
        )
    outside.wake()
    flash("Saved." if changed else "Nothing was different, so nothing was changed.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.post("/<int:meeting_id>/cancel")
def cancel(meeting_id: int) -> Answer:
    note = meeting_form.plain_lines(request.form.get("note"))
    if len(note) > LONGEST_NOTE:
        problem = (
            f"The meeting was not cancelled: its note is longer than {LONGEST_NOTE} characters."
        )
        return make_response(
            render_template("meetings/show.html", problem=problem, note=note, **_shown(meeting_id)),
            422,
        )
    outside = parts().outside
    with writing() as db:
        meeting = _mine(db, meeting_id)
        if meeting.cancelled_at is not None:
            return _already_cancelled(meeting)
        meetings.cancel(db, meeting, note=note, transaction_id=outside.ids(), now=now())
    outside.wake()
    flash(f"“{meeting.title}” is cancelled.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.post("/<int:meeting_id>/send")
def send(meeting_id: int) -> Answer:
    """Puts a meeting that is only here into Outlook."""
    outside = parts().outside
    with writing() as db:
        sent = meetings.send(db, _mine(db, meeting_id), transaction_id=outside.ids(), now=now())
    outside.wake()
    if sent:
        flash("It is on its way to Outlook.", "success")
    else:
        flash("It cannot be sent now: connect your calendar on the profile page first.", "warning")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.get("/<int:meeting_id>.ics")
def ics(meeting_id: int) -> Response:
    with reading() as db:
        meeting = _mine(db, meeting_id)
    text = invitation.as_ics(meeting, host_name=me().name, host_address=me().address, now=now())
    named = {"Content-Disposition": f'attachment; filename="meeting-{meeting.id}.ics"'}
    return Response(text, mimetype="text/calendar", headers=named)


def _mine(db: Session, meeting_id: int) -> Meeting:
    return found(meetings.of_person(db, me().person_id, meeting_id))


def _form(**filled: Any) -> MeetingForm:
    return MeetingForm(now=now(), own_address=me().address, **filled)


def _surroundings(meeting: Meeting | None = None) -> dict[str, Any]:
    """What the form's page says beside the form: who gets mail, and whether links can be had."""
    with reading() as db:
        has_target = connections.target_of(db, me().person_id) is not None
        offers_link = bool(accounts.the_account(db).join_link_template)
    return {
        "meeting": meeting,
        "has_target": has_target,
        "offers_link": offers_link,
        "zones": zones(),
    }


def _shown(meeting_id: int) -> dict[str, Any]:
    with reading() as db:
        meeting = _mine(db, meeting_id)
        state = meetings.states(db, me().person_id, [meeting], now=now())[meeting.id]
        web_link = event_detail.web_link_of(db, meeting)
        has_target = connections.target_of(db, me().person_id) is not None
        conflicts = meetings.conflicts_of(db, meeting, now=now())
        history = timeline_words.beginning(db, timeline.of_meeting(meeting), my_zone())
    people = [(one.name, one.address, one.response) for one in meeting.invitees]
    told = (meeting.title, _when(meeting), meeting.location, meeting.changed_at, state, people)
    seen = hashlib.sha256(repr((told, web_link, _agreed(meeting), history)).encode()).hexdigest()[
        :16
    ]
    return {
        "meeting": meeting,
        "state": state,
        "when": _when(meeting),
        "own_zone": _in_its_zone(meeting),
        "web_link": wording.safe_link(web_link),
        "invited": [name or address for name, address, _ in people],
        "know_of_it": has_target and meetings.is_out(meeting),
        "can_send": has_target and _may_be_sent(meeting, state.word),
        "agreed": _agreed(meeting),
        "conflicts": [conflict_words.words_of(one, my_zone()) for one in conflicts],
        "history": history,
        "longest_note": LONGEST_NOTE,
        "every": f"every {FRESHEN_WHILE_SENDING if meetings.waits(meeting) else FRESHEN}s",
        "live_url": url_for("meetings_live.show_now", meeting_id=meeting.id, seen=seen),
        "seen": seen,
    }


def _may_be_sent(meeting: Meeting, state: str) -> bool:
    """A refused change may be tried again; what was only here goes out while it is ahead."""
    return state == FAILED_TO_SEND or (state == ONLY_HERE and meeting.ends_at > now())


def _row(meeting: Meeting, state: str) -> dict[str, Any]:
    return {
        "meeting": meeting,
        "when": _when(meeting),
        "state": state,
    }


def _when(meeting: Meeting) -> str:
    first, end = meetings.days_of(meeting)
    if first and end:
        return wording.all_day(first, end)
    return wording.when(meeting.starts_at, meeting.ends_at, my_zone())


def _in_its_zone(meeting: Meeting) -> str | None:
    """Its times where it was scheduled, when the clocks there differ from the reader's."""
    if meeting.all_day:
        return None
    return wording.elsewhere(
        meeting.starts_at, meeting.ends_at, zone=ZoneInfo(meeting.zone), reader=my_zone()
    )


def _agreed(meeting: Meeting) -> str | None:
    return wording.moment(meeting.link.agreed_at, my_zone()) if meeting.link else None


def _already_cancelled(meeting: Meeting) -> Redirect:
    flash("This meeting was cancelled before and stays as it is.", "info")
    return redirect(url_for("meetings.show", meeting_id=meeting.id))
