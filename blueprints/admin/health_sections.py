"""Admin > Operations, how things fare: health, rounds, jobs, conflicts; pausing everything."""

from collections import Counter
from datetime import datetime
from typing import Any

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import conflict_words, wording
from blueprints.admin.room import bp
from blueprints.edge import me, my_zone, now, parts, writing
from portal import accounts, conflicts, leases, pauses, removals
from portal.operations import health, holding, job_runs, standing
from portal.tables import Conflict, Connection, JobRun

SHOWN, HELD_SHOWN = 20, 50
# In the order in which somebody has to act on them.
STATES = (
    standing.STALLED,
    "needs_consent",
    "needs_approval",
    "no_mailbox",
    "blocked",
    standing.BLOCKED,
    standing.HELD,
    standing.DELAYED,
    standing.RETRYING,
    standing.PAUSED,
    "connecting",
    "connected",
    "disconnected",
    standing.NOT_SET_UP,
)
JOBS = {
    job_runs.ROUNDS: ("Rounds", "Mailboxes that are due are read and written, every two seconds."),
    job_runs.MAIL: ("Mail", "Notes what people should hear of, and sends what waits."),
    job_runs.REVIEW: ("Settings", "Connections are held against them; notices end on time."),
    job_runs.ENROLMENT: (
        "Enrolment",
        "Finds mailboxes where application permissions connect people.",
    ),
    job_runs.DOCTOR: ("Tenant doctor", "Looks over the tie to Microsoft once a day."),
    job_runs.HOUSEKEEPING: ("Housekeeping", "What has had its time goes."),
}
STOPPED = (
    (removals.GONE, "meeting gone in Outlook", "meetings gone in Outlook"),
    (removals.TAKES_AWAY, "event the portal would delete", "events the portal would delete"),
    (removals.DATES, "series that lost dates", "series that lost dates"),
)
DID = {job_runs.ROUNDS: "round", job_runs.MAIL: "mail", job_runs.REVIEW: "connection"}


def state_of_health(db: Session, at: datetime) -> dict[str, Any]:
    counted = health.by_state(db, now=at)
    known = [one for one in STATES if counted[one]]
    return {
        "states": [(one, counted[one]) for one in (*known, *sorted(counted.keys() - set(STATES)))],
        "rounds": health.rounds(db, now=at),
        "changes": health.changes(db, now=at),
        "leads": leases.somebody_leads(db, now=at),
        "ticked_at": leases.last_tick(db),
        "paused_at": accounts.the_account(db).paused_at,
    }


def jobs(db: Session, at: datetime) -> dict[str, Any]:
    ran = {row.name: row for row in job_runs.everything(db)}
    names = (*JOBS, *sorted(ran.keys() - JOBS.keys()))
    return {"jobs": [_job(name, ran.get(name)) for name in names]}


def latest_conflicts(db: Session, at: datetime) -> dict[str, Any]:
    shown = conflicts.everywhere(db, most=SHOWN, now=at)
    return {
        "conflicts": [_conflict(one, name) for one, name in shown],
        "more_conflicts": conflicts.count(db, now=at) - len(shown),
    }


def held_mailboxes(db: Session, _at: datetime) -> dict[str, Any]:
    found = holding.held(db, most=HELD_SHOWN)
    counts = removals.counts(db, [connection.id for _, connection in found])
    return {
        "held_mailboxes": [
            {
                "person_id": person.id,
                "person": person.name,
                "words": _stopped(connection, counts),
            }
            for person, connection in found
        ]
    }


def _stopped(connection: Connection, counts: Counter[tuple[int, str]]) -> str:
    said = [
        wording.counted(counts[connection.id, kind], one, many)
        for kind, one, many in STOPPED
        if counts[connection.id, kind]
    ]
    since = f" Since {wording.moment(connection.held_at, my_zone())}." if connection.held_at else ""
    return f"{'; '.join(said) or 'Nothing waits any more'}.{since}"


@bp.post("/operations/pause")
def pause_everything() -> Redirect:
    with writing() as db:
        count = pauses.pause_everything(db, by=me().person_id, now=now())
    flash(f"Everything is paused: {wording.counted(count, 'mailbox', 'mailboxes')}.", "success")
    return redirect(url_for("admin.operations"))


@bp.post("/operations/resume")
def resume_everything() -> Redirect:
    with writing() as db:
        count = pauses.resume_everything(db, by=me().person_id, now=now())
    parts().outside.wake()
    flash(f"Everything goes on: {wording.counted(count, 'mailbox', 'mailboxes')}.", "success")
    return redirect(url_for("admin.operations"))


def _job(name: str, row: JobRun | None) -> dict[str, Any]:
    title, text = JOBS.get(name, (name.capitalize(), ""))
    told = {"title": title, "text": text, "badge": ("Not run yet", None), "words": ""}
    if row is None:
        return told
    told["badge"] = ("Well", "ok") if row.outcome == job_runs.OK else ("Broke", "danger")
    said = []
    if row.ended_at is not None:
        took = (row.ended_at - row.began_at).total_seconds()
        said.append(f"Last run {wording.moment(row.ended_at, my_zone())}, {took:.1f} s.")
    if name in DID:
        said.append(f"Then: {wording.counted(row.count, DID[name], DID[name] + 's')}.")
    if row.outcome == job_runs.FAILED:
        said.append("The log has the reason.")
    if row.next_at is not None:
        said.append(f"Next run {wording.moment(row.next_at, my_zone())}.")
    return told | {"words": " ".join(said)}


def _conflict(one: Conflict, name: str) -> dict[str, str]:
    """By the number of the meeting alone: what it says is its owner's."""
    won = "Outlook's version stands" if one.winner == conflicts.OUTLOOK else "The portal's stands"
    parts_of = ", ".join(conflict_words.LABELS.get(field, field) for field in one.fields)
    back = " Taken back by its owner." if one.taken_back_at else ""
    return {
        "title": f"{name}, meeting {one.meeting_id}",
        "words": f"{wording.moment(one.found_at, my_zone())}: {won} ({parts_of.lower()}).{back}",
    }
