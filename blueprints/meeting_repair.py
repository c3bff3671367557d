"""What a person does about a meeting that is out of step: bring back the other version, try a
change again or drop it, let a stopped event be written again.
"""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import code_words, conflict_words, wording
from blueprints.edge import found, me, my_zone, now, parts, writing
from portal import conflicts, loops, meetings, outbox
from portal.operations import stuck
from portal.tables import Change, Meeting

bp = Blueprint("meeting_repair", __name__)

KINDS = {
    outbox.CREATE: "Put the meeting into Outlook",
    outbox.UPDATE: "Change it in Outlook",
    outbox.SPLIT: "End the series in Outlook",
    outbox.CANCEL: "Take it out of Outlook",
}
DROPPED = (
    "It will not be sent. The portal and Outlook may differ now; the next change made here brings "
    "Outlook to what this page says."
)


@bp.post("/<int:meeting_id>/conflicts/<int:conflict_id>/take-back")
def take_back(meeting_id: int, conflict_id: int) -> Redirect:
    outside = parts().outside
    with writing() as db:
        meeting, mine = _mine(db, meeting_id), me().person_id
        conflict = found(conflicts.of_person(db, mine, meeting_id, conflict_id, now=now()))
        try:
            conflicts.take_back(db, meeting, conflict, transaction_id=outside.ids(), now=now())
        except conflicts.CannotTakeBack as error:
            flash(conflict_words.WHY_NOT[str(error)], "warning")
        else:
            flash("The other version is back, and on its way to Outlook.", "success")
    outside.wake()
    return _to(meeting_id)


@bp.post("/<int:meeting_id>/go-on")
def go_on(meeting_id: int) -> Redirect:
    """The person has seen that the event was written in a loop, and wants it written again."""
    with writing() as db:
        loops.go_on(db, _mine(db, meeting_id), now=now())
    parts().outside.wake()
    flash("The portal writes to this event again.", "success")
    return _to(meeting_id)


@bp.post("/<int:meeting_id>/changes/<int:change_id>/retry")
def retry(meeting_id: int, change_id: int) -> Redirect:
    with writing() as db:
        stuck.retry(db, _change(db, meeting_id, change_id), by=me().person_id, now=now())
    parts().outside.wake()
    flash("It is tried again now.", "success")
    return _to(meeting_id)


@bp.post("/<int:meeting_id>/changes/<int:change_id>/drop")
def drop(meeting_id: int, change_id: int) -> Redirect:
    with writing() as db:
        stuck.drop(db, _change(db, meeting_id, change_id), by=me().person_id, now=now())
    flash(DROPPED, "warning")
    return _to(meeting_id)


def context(meeting: Meeting) -> dict[str, Any]:
    """What the page of a meeting says of its changes that do not get through."""
    is_frozen = meeting.link is not None and meeting.link.frozen_at is not None
    return {
        "stuck": [row(change) for change in stuck.of_meeting(meeting)],
        "is_frozen": is_frozen,
    }


def row(change: Change) -> dict[str, Any]:
    """A change in words, times in the reader's zone."""
    waits = change.done_at is None
    return {
        "id": change.id,
        "what": KINDS[change.kind],
        "since": wording.moment(change.created_at, my_zone()),
        "why": code_words.words_of(change.code),
        "attempts": change.attempts,
        "next_try": wording.moment(change.due_at, my_zone()) if waits else "",
    }


def _mine(db: Session, meeting_id: int) -> Meeting:
    return found(meetings.of_person(db, me().person_id, meeting_id))


def _change(db: Session, meeting_id: int, change_id: int) -> Change:
    return found(stuck.of_person(db, me().person_id, meeting_id, change_id))


def _to(meeting_id: int) -> Redirect:
    return redirect(url_for("meetings.show", meeting_id=meeting_id))
