"""Meetings: what is ahead, schedule, edit, cancel, the file for other calendars."""

import re

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
from werkzeug.wrappers import Response as Redirect

from blueprints import meeting_form
from blueprints.edge import form_again, me, my_zone, now, parts, reading, writing
from blueprints.meeting_forms import begins_elsewhere, blank, surroundings
from blueprints.meeting_page import LONGEST_NOTE, mine, row, shown
from blueprints.when_form import plain_lines
from portal import invitation, meetings
from portal.tables import Meeting

bp = Blueprint("meetings", __name__)
live = Blueprint("meetings_live", __name__)

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
        listed=[row(meeting, states[meeting.id].word) for meeting in listed],
        past=past,
        numbers=numbers,
        page=page,
        pages=pages,
    )


@bp.get("/new")
def new() -> str:
    filled = meeting_form.of_start(request.args.get("start", ""), my_zone(), now=now())
    form = blank(data={"key": parts().outside.ids(), **filled})
    return render_template("meetings/new.html", form=form, **surroundings())


@bp.post("/new")
def schedule() -> Answer:
    form = blank()
    if not form.validate():
        return form_again("meetings/new.html", form, **surroundings())
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
    flash(f"“{meeting.title}” is scheduled.{begins_elsewhere(form)}", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting.id))


@bp.post("/repeats")
def repeats() -> str:
    """How the meeting will repeat, in words, and the fields for it, while its form is filled in."""
    form = blank()
    form.answer_for_now()
    return render_template("meetings/_repeats.html", form=form)


@bp.get("/<int:meeting_id>")
def show(meeting_id: int) -> str:
    return render_template("meetings/show.html", **shown(meeting_id))


@live.get("/meetings/<int:meeting_id>")
def show_now(meeting_id: int) -> Response:
    """The parts that change by themselves, or nothing while the page has them already."""
    context = shown(meeting_id)
    if request.args.get("seen") == context["seen"]:
        return Response(status=204)
    return make_response(render_template("meetings/_meeting.html", **context))


@bp.get("/<int:meeting_id>/edit")
def edit(meeting_id: int) -> Answer:
    with reading() as db:
        meeting = mine(db, meeting_id)
    if meeting.cancelled_at is not None:
        return already_cancelled(meeting)
    form = blank(meeting=meeting, data=meeting_form.of_meeting(meeting))
    return render_template("meetings/edit.html", form=form, **surroundings(meeting))


@bp.post("/<int:meeting_id>/edit")
def change(meeting_id: int) -> Answer:
    outside = parts().outside
    with writing() as db:
        meeting = mine(db, meeting_id)
        if meeting.cancelled_at is not None:
            return already_cancelled(meeting)
        form = blank(meeting=meeting)
        if not form.validate():
            return form_again("meetings/edit.html", form, **surroundings(meeting))
        changed = meetings.edit(
            db,
            meeting,
            form.plan(),
            secret=outside.secrets(),
            transaction_id=outside.ids(),
            now=now(),
        )
    outside.wake()
    saved = f"Saved.{begins_elsewhere(form)}"
    flash(saved if changed else "Nothing was different, so nothing was changed.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.post("/<int:meeting_id>/cancel")
def cancel(meeting_id: int) -> Answer:
    note = plain_lines(request.form.get("note"))
    if len(note) > LONGEST_NOTE:
        problem = (
            f"The meeting was not cancelled: its note is longer than {LONGEST_NOTE} characters."
        )
        return make_response(
            render_template("meetings/show.html", problem=problem, note=note, **shown(meeting_id)),
            422,
        )
    outside = parts().outside
    with writing() as db:
        meeting = mine(db, meeting_id)
        if meeting.cancelled_at is not None:
            return already_cancelled(meeting)
        meetings.cancel(db, meeting, note=note, transaction_id=outside.ids(), now=now())
    outside.wake()
    flash(f"“{meeting.title}” is cancelled.", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.post("/<int:meeting_id>/send")
def send(meeting_id: int) -> Answer:
    """Puts a meeting that is only here into Outlook."""
    outside = parts().outside
    with writing() as db:
        sent = meetings.send(db, mine(db, meeting_id), transaction_id=outside.ids(), now=now())
    outside.wake()
    if sent:
        flash("It is on its way to Outlook.", "success")
    else:
        flash("It cannot be sent now: connect your calendar on the profile page first.", "warning")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@bp.get("/<int:meeting_id>.ics")
def ics(meeting_id: int) -> Response:
    with reading() as db:
        meeting = mine(db, meeting_id)
    text = invitation.as_ics(meeting, host_name=me().name, host_address=me().address, now=now())
    named = {"Content-Disposition": f'attachment; filename="meeting-{meeting.id}.ics"'}
    return Response(text, mimetype="text/calendar", headers=named)


def already_cancelled(meeting: Meeting) -> Redirect:
    flash("This meeting was cancelled before and stays as it is.", "info")
    return redirect(url_for("meetings.show", meeting_id=meeting.id))
