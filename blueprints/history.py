"""History: what happened to one meeting or event, on which side, and what the sync decided."""

from flask import Blueprint, render_template, url_for

from blueprints import timeline_words
from blueprints.edge import found, me, my_zone, now, reading
from portal import event_detail, meetings, timeline

bp = Blueprint("history", __name__)


@bp.get("/meetings/<int:meeting_id>/history")
def of_meeting(meeting_id: int) -> str:
    with reading() as db:
        meeting = found(meetings.of_person(db, me().person_id, meeting_id))
        rows = timeline.of(db, timeline.of_meeting(meeting))
    return render_template(
        "history/page.html",
        title=meeting.title,
        crumbs=[
            ("Meetings", url_for("meetings.index")),
            ("Meeting", url_for("meetings.show", meeting_id=meeting_id)),
        ],
        rows=timeline_words.told(rows, my_zone()),
    )


@bp.get("/calendar/events/<int:event_id>/history")
def of_event(event_id: int) -> str:
    with reading() as db:
        detail = found(
            event_detail.of_person(db, me().person_id, event_id, zone=my_zone(), now=now())
        )
        rows = timeline.of(db, detail.subject)
    return render_template(
        "history/page.html",
        title=detail.title,
        crumbs=[
            ("Calendar", url_for("calendar.month", month=f"{detail.starts_at:%Y-%m}")),
            ("Event", url_for("calendar.event", event_id=event_id)),
        ],
        rows=timeline_words.told(rows, my_zone()),
    )
