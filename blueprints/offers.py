"""Meetings that are only here, offered in one list once a calendar is connected."""

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints import series_words, wording
from blueprints.edge import found, me, my_zone, now, parts, reading, writing
from portal import connections, offers
from portal.tables import Meeting

bp = Blueprint("offers", __name__)


@bp.get("/only-here")
def only_here() -> str:
    """Each with a tick; ticked where nobody gets mail."""
    with reading() as db:
        connection = found(connections.live_of(db, me().person_id))
        offered = offers.of_connection(db, connection, now=now())
        lines = [_line(meeting, my_zone()) for meeting in offered]
    return render_template("connection/only_here.html", meetings=lines)


@bp.post("/only-here")
def send_ticked() -> Redirect:
    """The ticked ones go to Outlook; the others stay only here and are not offered again."""
    ticked = request.form.getlist("send")
    with writing() as db:
        connection = found(connections.live_of(db, me().person_id))
        offered = offers.of_connection(db, connection, now=now())
        chosen = {one.id for one in offered if str(one.id) in ticked}
        sent = offers.answer(db, connection, ticked=chosen, make_id=parts().outside.ids, now=now())
    parts().outside.wake()
    if sent:
        flash(
            f"{sent} {'meeting is' if sent == 1 else 'meetings are'} on the way to Outlook.",
            "success",
        )
    else:
        flash("Your meetings stay only here. Each can be sent from its own page.", "info")
    return redirect(url_for("profile.show", _anchor="integration"), 303)


def _line(meeting: Meeting, zone: ZoneInfo) -> dict[str, object]:
    return {
        "id": meeting.id,
        "title": meeting.title,
        "when": wording.when(meeting.starts_at, meeting.ends_at, zone),
        "series": series_words.sentence(meeting.recurrence),
        "invitees": len(meeting.invitees),
    }
