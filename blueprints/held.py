"""What waits for a word: the plan of a first look, and what the brake keeps from going."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import plan_words
from blueprints.edge import found, me, my_zone, now, parts, reading, writing
from blueprints.sign_in_again import proof, refused
from portal import audit, connections, removals, waiting_plan, waits
from portal.removals import Removal
from portal.tables import Connection

bp = Blueprint("held", __name__)
Page = str | Redirect | tuple[str, int]

CANCEL, PUT_BACK = "cancel", "put_back"
DONE = {
    CANCEL: "Cancelled, as you said.",
    PUT_BACK: "They are being put back into Outlook.",
}
NOTHING = {
    CANCEL: "Tick at least one meeting.",
    PUT_BACK: "Tick at least one meeting whose event can be put back.",
}
WHAT = {
    removals.GONE: "Its event is gone in Outlook.",
    removals.TAKES_AWAY: "The portal would take its event out of Outlook.",
    removals.DATES: "{count} of its dates are gone in Outlook; the series is still there.",
}
READ_WHY = {
    connections.RECONNECT: "You connected anew.",
    connections.PAUSE: "The sync was paused for more than a day.",
    connections.VERSION: "The version of the sync has changed.",
    connections.UNBLOCKED: "A setting had ended your connection, and it is allowed again.",
    connections.SWITCHED_ON: "Writing to Outlook was switched off and is on again.",
    "restore": "The portal's database was restored from a copy.",
}
TOO_MANY = (
    "You can decide about {left} more of these. An administrator of this portal can decide about "
    "the others."
)


def waiting_context(db: Session, connection: Connection) -> dict[str, Any]:
    """For the profile: what holds writing back, and what waits."""
    whole = waiting_plan.of_connection(db, connection.id)
    held_back = waits.why(db, connection, now=now())
    return {
        "held_back": held_back,
        "plan_summary": plan_words.summary(whole),
        "plan_size": len(whole.lines),
        "held_count": len(removals.pending(db, connection.id)),
        "asks_to_send": held_back == waits.A_WORD and bool(whole.lines),
        "read_why": READ_WHY.get(connection.only_reads_why or "", READ_WHY["reconnect"]),
    }


@bp.get("/plan")
def show_plan() -> str:
    with reading() as db:
        connection = _mine(db)
        whole = waiting_plan.of_connection(db, connection.id)
        return render_template(
            "held/plan.html",
            lines=plan_words.lines(whole, my_zone()),
            **waiting_context(db, connection),
        )


@bp.get("/held")
def show() -> str:
    return _page()


@bp.post("/held")
def decide() -> Page:
    way, ticked = request.form.get("way"), set(request.form.getlist("meeting"))
    if way not in DONE:
        return _page("Choose one of the two ways."), 422
    if refusal := refused():
        return _page(wrong_password=refusal.sentence, ticked=ticked), refusal.status
    with writing() as db:
        connection = _mine(db)
        chosen = fit_for(way, _chosen(removals.pending(db, connection.id), ticked))
        left = removals.left_to_oneself(connection)
        fits = 0 < len(chosen) <= left
        if fits:
            apply(db, connection, chosen, way)
    if not fits:
        problem = TOO_MANY.format(left=left) if chosen else NOTHING[way]
        return _page(problem, ticked=ticked), 422
    parts().outside.wake()
    flash(DONE[way], "success")
    return redirect(url_for("profile.show", _anchor="integration"), 303)


def apply(db: Session, connection: Connection, chosen: list[Removal], way: str) -> None:
    """One of the two ways, in the audit log with the ids of the meetings."""
    by, at = me().person_id, now()
    ids = [one.meeting.id for one in chosen]
    if way == CANCEL:
        removals.let_go(db, connection, chosen, by=by, now=at)
    else:
        fresh = [parts().outside.ids() for _ in chosen]
        removals.put_back(db, connection, chosen, by=by, transaction_ids=fresh, now=at)
    audit.record(
        db,
        by=by,
        act="removals released" if way == CANCEL else "removals put back",
        subject=f"connection {connection.id}",
        after={"meetings": ids},
        now=at,
    )


def fit_for(way: str, chosen: list[Removal]) -> list[Removal]:
    """Outlook has no way to put back single dates."""
    return [one for one in chosen if way == CANCEL or one.kind != removals.DATES]


def _chosen(pending: list[Removal], ticked: set[str]) -> list[Removal]:
    return [one for one in pending if "all" in ticked or str(one.meeting.id) in ticked]


def _page(problem: str = "", wrong_password: str = "", ticked: set[str] | None = None) -> str:
    present = proof()
    with reading() as db:
        connection = _mine(db)
        return render_template(
            "held/held.html",
            proof=present,
            problem=problem,
            wrong_password=wrong_password,
            ticked=ticked or set(),
            left=removals.left_to_oneself(connection),
            lines=[_line(one) for one in removals.pending(db, connection.id)],
        )


def _line(one: Removal) -> dict[str, Any]:
    meeting = one.meeting
    return {
        "id": meeting.id,
        "title": meeting.title or "(no title)",
        "when": plan_words.when(meeting, my_zone()),
        "what": WHAT[one.kind].format(count=len(one.days)),
        "invitees": len(meeting.invitees),
        "can_put_back": one.kind != removals.DATES,
    }


def _mine(db: Session) -> Connection:
    return found(connections.live_of(db, me().person_id))
