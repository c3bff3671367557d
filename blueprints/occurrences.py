"""One occurrence of a series: only this one, this and all later ones, or all of them."""

from datetime import date
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import meeting_form, occurrence_form, series_words
from blueprints.edge import form_again, found, now, parts, reading, writing
from blueprints.meeting_forms import begins_elsewhere, blank, surroundings
from blueprints.meeting_page import LONGEST_NOTE, in_its_zone, mine, when
from blueprints.occurrence_form import OccurrenceForm
from blueprints.when_form import plain_lines
from blueprints.wording import full_day
from portal import connections, meetings, occurrences, series
from portal.occurrences import Occurrence
from portal.series import CannotComeBack, PassesNeighbour
from portal.tables import Meeting

bp = Blueprint("occurrences", __name__)

Answer = str | Response | Redirect
ONE = "/<int:meeting_id>/occurrences/<day>"


@bp.get(ONE)
def show(meeting_id: int, day: str) -> Answer:
    with reading() as db:
        meeting, one = _mine(db, meeting_id, day)
    if meeting.cancelled_at is not None:
        return _to_series(meeting)
    return render_template("occurrences/show.html", **_page(meeting, one))


@bp.get(f"{ONE}/edit")
def edit(meeting_id: int, day: str) -> Answer:
    with reading() as db:
        meeting, one = _mine(db, meeting_id, day)
    if _is_closed(meeting, one):
        return _to_series(meeting)
    form = _form(meeting, one, data=occurrence_form.fields_of(meeting, one))
    return render_template("occurrences/edit.html", form=form, **_page(meeting, one))


@bp.post(f"{ONE}/edit")
def change(meeting_id: int, day: str) -> Answer:
    outside = parts().outside
    with writing() as db:
        meeting, one = _mine(db, meeting_id, day)
        if _is_closed(meeting, one):
            return _to_series(meeting)
        form = _form(meeting, one)
        changed: bool | None = None
        if form.validate():
            wanted, transaction_id = form.version(), outside.ids()
            try:
                changed = series.change_one(
                    db, meeting, one.day, wanted, transaction_id=transaction_id, now=now()
                )
            except PassesNeighbour as refused:
                form.refuse_order(refused.neighbour)
    if changed is None:
        return form_again("occurrences/edit.html", form, **_page(meeting, one))
    outside.wake()
    flash("Saved for this one." if changed else "Nothing was different.", "success")
    return _to_series(meeting, quietly=True)


@bp.post(f"{ONE}/cancel")
def cancel(meeting_id: int, day: str) -> Answer:
    note = plain_lines(request.form.get("note"))
    outside = parts().outside
    with writing() as db:
        meeting, one = _mine(db, meeting_id, day)
        if _is_closed(meeting, one):
            return _to_series(meeting)
        is_short = len(note) <= LONGEST_NOTE
        if is_short:
            ids = outside.ids()
            series.cancel_one(db, meeting, one.day, note=note, transaction_id=ids, now=now())
    if not is_short:
        return _too_long(meeting, one, note)
    outside.wake()
    flash(f"“{one.title}” on {full_day(one.day)} is cancelled.", "success")
    return _to_series(meeting, quietly=True)


@bp.post(f"{ONE}/put-back")
def put_back(meeting_id: int, day: str) -> Answer:
    """As the series has it."""
    outside = parts().outside
    with writing() as db:
        meeting, one = _mine(db, meeting_id, day)
        if meeting.cancelled_at is not None:
            return _to_series(meeting)
        try:
            series.put_back(db, meeting, one.day, transaction_id=outside.ids(), now=now())
        except CannotComeBack:
            flash(
                "Outlook has no way to bring back what was cancelled there. Schedule a meeting of "
                "its own for that time instead.",
                "warning",
            )
            return _to_series(meeting, quietly=True)
    outside.wake()
    flash("It is as the series has it again.", "success")
    return _to_series(meeting, quietly=True)


@bp.get(f"{ONE}/later")
def edit_later(meeting_id: int, day: str) -> Answer:
    with reading() as db:
        meeting, one = _mine(db, meeting_id, day)
    if _is_closed(meeting, one):
        return _to_series(meeting)
    begins = occurrences.as_planned(meeting, one.day)
    form = blank(meeting=meeting, one=begins, data=meeting_form.of_meeting(meeting, begins))
    return render_template("occurrences/later.html", form=form, **_later_page(meeting, one))


@bp.post(f"{ONE}/later")
def change_later(meeting_id: int, day: str) -> Answer:
    outside = parts().outside
    tail: Meeting | None = None
    with writing() as db:
        meeting, one = _mine(db, meeting_id, day)
        if _is_closed(meeting, one):
            return _to_series(meeting)
        form = blank(meeting=meeting, one=occurrences.as_planned(meeting, one.day))
        if form.validate():
            try:
                tail = series.change_from(
                    db,
                    meeting,
                    one.day,
                    form.plan(),
                    key=outside.ids(),
                    secret=outside.secrets(),
                    transaction_ids=(outside.ids(), outside.ids()),
                    now=now(),
                )
            except PassesNeighbour as refused:
                before = full_day(refused.neighbour.starts_at.date())
                form.day.errors = [f"The one before it is on {before}: choose a later day."]
    if tail is None:
        return form_again("occurrences/later.html", form, **_later_page(meeting, one))
    outside.wake()
    flash(f"Saved for this one and all later ones.{begins_elsewhere(form)}", "success")
    return redirect(url_for("meetings.show", meeting_id=tail.id))


@bp.post(f"{ONE}/end")
def end(meeting_id: int, day: str) -> Answer:
    """Calls off this one and all later ones."""
    note = plain_lines(request.form.get("note"))[:LONGEST_NOTE]
    outside = parts().outside
    with writing() as db:
        meeting, one = _mine(db, meeting_id, day)
        if _is_closed(meeting, one):
            return _to_series(meeting)
        ids = outside.ids()
        series.end_before(db, meeting, one.day, note=note, transaction_id=ids, now=now())
    outside.wake()
    flash(f"“{meeting.title}” ends before {full_day(one.day)}.", "success")
    return _to_series(meeting, quietly=True)


def _mine(db: Session, meeting_id: int, day: str) -> tuple[Meeting, Occurrence]:
    meeting = mine(db, meeting_id)
    try:
        named = date.fromisoformat(day)
    except ValueError:
        abort(404)
    return meeting, found(occurrences.of_day(meeting, named))


def _form(meeting: Meeting, one: Occurrence, **filled: Any) -> OccurrenceForm:
    return OccurrenceForm(now=now(), meeting=meeting, one=one, **filled)


def _page(meeting: Meeting, one: Occurrence) -> dict[str, Any]:
    """What every page of an occurrence says, and who would get mail."""
    with reading() as db:
        is_written = connections.reaches(db, meeting)
        know_of_it = is_written and meetings.is_out(meeting)
    named = [invitee.name or invitee.address for invitee in meeting.invitees]
    before, after = occurrences.neighbours(meeting, one.day)
    return {
        "meeting": meeting,
        "one": one,
        "when": when(meeting, one),
        "own_zone": in_its_zone(meeting, one),
        "as_series": when(meeting, occurrences.as_planned(meeting, one.day)),
        "repeats": series_words.sentence(meeting.recurrence),
        "mailed": named if know_of_it else [],
        "is_written": is_written,
        "is_first": before is None,
        "is_last": after is None,
        "can_come_back": series.can_be_put_back(meeting, one.day),
        "longest_note": LONGEST_NOTE,
    }


def _later_page(meeting: Meeting, one: Occurrence) -> dict[str, Any]:
    return _page(meeting, one) | surroundings(meeting)


def _too_long(meeting: Meeting, one: Occurrence, note: str) -> Response:
    problem = f"Nothing was cancelled: the note is longer than {LONGEST_NOTE} characters."
    page = render_template(
        "occurrences/show.html", problem=problem, note=note, **_page(meeting, one)
    )
    return make_response(page, 422)


def _is_closed(meeting: Meeting, one: Occurrence) -> bool:
    return meeting.cancelled_at is not None or one.is_cancelled


def _to_series(meeting: Meeting, *, quietly: bool = False) -> Redirect:
    if not quietly:
        flash("This was cancelled before and stays as it is.", "info")
    return redirect(url_for("meetings.show", meeting_id=meeting.id))
