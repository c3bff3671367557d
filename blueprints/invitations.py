"""Answering an invitation: the one thing an attendee writes, and Microsoft is asked at once."""

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints.edge import found, me, moment, my_zone, now, parts, reading, writing
from blueprints.meeting_form import plain_lines
from m365.identity import Later, MicrosoftError, explain
from portal import answers, connections, event_detail, pauses
from portal.pauses import Rest

bp = Blueprint("invitations", __name__)

SAID = {
    answers.ACCEPTED: "You accepted “{title}”.",
    answers.TENTATIVE: "You said that you may come to “{title}”.",
    answers.DECLINED: "You declined “{title}”. It leaves your calendar.",
}


@bp.post("/<int:event_id>/answer")
def answer(event_id: int) -> Redirect:
    given, whole = request.form.get("answer", ""), request.form.get("scope") == "series"
    comment = plain_lines(request.form.get("comment"))
    with reading() as db:
        found(event_detail.of_person(db, me().person_id, event_id, zone=my_zone(), now=now()))
        asked = answers.asked_of(db, me().person_id, event_id, now=now())
        rest = _rest(db)
    if asked is None:
        return _back(event_id, "There is nothing to answer here any more.")
    if rest is not None:
        return _back(event_id, _paused(rest))
    if given not in SAID:
        return _back(event_id, "Choose one of the three answers.")
    if len(comment) > answers.LONGEST_COMMENT:
        longest = answers.LONGEST_COMMENT
        return _back(event_id, f"Not sent: your words are longer than {longest} characters.")
    whole = whole and asked.series_id is not None
    try:
        graph_id = asked.series_id if whole and asked.series_id else asked.graph_id
        parts().live.answer(asked.connection_id, graph_id, given, comment)
    except MicrosoftError as error:
        return _back(event_id, _words(error))
    with writing() as db:
        answers.note(db, asked, given, whole_series=whole, now=now())
    parts().outside.wake()
    flash(SAID[given].format(title=asked.title), "success")
    if given == answers.DECLINED:
        return redirect(url_for("calendar.month", month=f"{asked.starts_at:%Y-%m}"), 303)
    return redirect(url_for("calendar.event", event_id=event_id), 303)


def _rest(db: Session) -> Rest | None:
    connection = connections.live_of(db, me().person_id)
    return None if connection is None else pauses.in_the_way(db, connection)


def _paused(rest: Rest) -> str:
    """An answer goes out at once or not at all, so nothing of it waits for the end of the pause."""
    since = f" on {moment(rest.since)}" if rest.since else ""
    if rest.whose == pauses.EVERYBODY:
        who = rest.by or "An administrator"
        return (
            f"Your answer was not sent: {who} paused the sync for everybody{since}. Answer again "
            "once it goes on, or answer in Outlook."
        )
    who, todo = (
        ("you", "Resume it on your profile")
        if rest.whose == pauses.PERSON
        else ("an administrator", "Ask an administrator to resume it")
    )
    return (
        f"Your answer was not sent: {who} paused your calendar{since}. {todo}, or answer in "
        "Outlook."
    )


def _back(event_id: int, problem: str) -> Redirect:
    flash(problem, "warning")
    return redirect(url_for("calendar.event", event_id=event_id), 303)


def _words(error: MicrosoftError) -> str:
    words = explain(error)
    # Nobody repeats an answer but the person who gives it.
    todo = "Answer again in a few minutes." if isinstance(error, Later) else words.todo
    return f"Your answer was not sent. {words.what} {words.why} {todo}"
