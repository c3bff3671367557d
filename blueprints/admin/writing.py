"""Admin > Writing to Outlook: only showing the plan, held mailboxes, a restored database.

Administrators see counts and numbers of meetings; titles are their owners' own.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import plan_words
from blueprints.admin.room import bp
from blueprints.edge import found, me, my_zone, now, parts, reading, writing
from blueprints.held import CANCEL, DONE, NOTHING, PUT_BACK, WHAT, apply, fit_for
from blueprints.sign_in_again import proof, refused
from blueprints.standstill_words import WHY
from portal import people, removals, restored
from portal.operations import holding
from portal.operations.holding import Mailbox

Page = str | Redirect | tuple[str, int]


@bp.get("/writing", endpoint="writing")
def overview() -> str:
    number = request.args.get("page", 1, type=int)
    with reading() as db:
        everybody = holding.is_dry_for_everybody(db)
        listed = holding.everywhere(db, number, now=now())
        return render_template(
            "admin/writing.html",
            everybody=everybody,
            would_go=holding.would_go(db) if everybody else None,
            listed=listed,
            mailboxes=[_row(one) for one in listed.rows],
        )


@bp.post("/writing/everybody")
def only_show_everybody() -> Redirect:
    on = request.form.get("on") == "yes"
    with writing() as db:
        holding.only_show_everybody(db, on, by=me().person_id, now=now())
    parts().outside.wake()
    flash(_switched(on), "success")
    return redirect(url_for("admin.writing"))


@bp.post("/writing/restored")
def dismiss_restored() -> Redirect:
    with writing() as db:
        restored.dismiss(db)
    return redirect(url_for("admin.writing"))


@bp.get("/writing/<int:person_id>")
def writing_of(person_id: int) -> str:
    return _page(person_id)


@bp.post("/writing/<int:person_id>")
def only_show(person_id: int) -> Redirect:
    on = request.form.get("on") == "yes"
    with writing() as db:
        connection = _mailbox(db, person_id).connection
        holding.only_show(db, connection, on, by=me().person_id, now=now())
    parts().outside.wake()
    flash(_switched(on), "success")
    return redirect(url_for("admin.writing_of", person_id=person_id))


@bp.post("/writing/<int:person_id>/held")
def decide_held(person_id: int) -> Page:
    """About all that is held: an administrator cannot see which meetings are which."""
    way = request.form.get("way")
    if way not in DONE:
        return _page(person_id, problem="Choose one of the two ways."), 422
    if refusal := refused():
        return _page(person_id, wrong_password=refusal.sentence), refusal.status
    with writing() as db:
        mailbox = _mailbox(db, person_id)
        chosen = fit_for(way, removals.pending(db, mailbox.connection.id)) if mailbox.held else []
        if chosen:
            apply(db, mailbox.connection, chosen, way)
    if not chosen:
        return _page(person_id, problem=NOTHING[way]), 422
    parts().outside.wake()
    flash(DONE[way], "success")
    return redirect(url_for("admin.writing_of", person_id=person_id), 303)


def _switched(on: bool) -> str:
    if on:
        return "Nothing more is written to Outlook; what would be written is shown here."
    return "What was held back goes now. Mailboxes that wait for another word still do."


def _mailbox(db: Session, person_id: int) -> Mailbox:
    return found(holding.of_person(db, person_id, now=now()))


def _page(person_id: int, *, problem: str = "", wrong_password: str = "") -> str:
    present = proof()
    with reading() as db:
        person = found(people.find(db, person_id))
        mailbox = holding.of_person(db, person_id, now=now())
        if mailbox is None:
            return render_template("admin/writing_of.html", person=person, mailbox=None)
        pending = removals.pending(db, mailbox.connection.id)
        return render_template(
            "admin/writing_of.html",
            person=person,
            problem=problem,
            wrong_password=wrong_password,
            mailbox=_line(mailbox),
            lines=[
                {
                    "title": f"Meeting {line.meeting.id}",
                    "words": f"{plan_words.deed(line)} {plan_words.mail(len(line.mailed))}",
                }
                for line in mailbox.plan.lines
            ],
            held=[_held(one) for one in pending] if mailbox.held else [],
            proof=present,
            ways={"cancel": CANCEL, "put_back": PUT_BACK},
        )


def _held(one: removals.Removal) -> dict[str, Any]:
    count = len(one.meeting.invitees)
    invited = {0: "Nobody is", 1: "1 person is"}.get(count, f"{count} people are")
    return {
        "title": f"Meeting {one.meeting.id}",
        "words": f"{plan_words.when(one.meeting, my_zone())}. "
        f"{WHAT[one.kind].format(count=len(one.days))} {invited} invited.",
    }


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _row(one: holding.Listed) -> dict[str, Any]:
    return {
        "person_id": one.person.id,
        "name": one.person.name,
        "state": one.connection.state,
        "why": WHY[one.why],
        "counts": _words(one.counts.writes, one.counts.ends, one.counts.mails),
    }


def _line(mailbox: Mailbox) -> dict[str, Any]:
    plan = mailbox.plan
    return {
        "person_id": mailbox.person.id,
        "state": mailbox.connection.state,
        "why": WHY[mailbox.why],
        "dry_run": mailbox.connection.dry_run,
        "writes": plan.writes,
        "mails": plan.mails,
        "counts": _words(plan.writes, plan.removals, plan.mails),
    }


def _words(writes: int, ends: int, mails: int) -> str:
    return (
        f"{_counted(writes, 'write')}, {_counted(ends, 'meeting')} that would end, "
        f"{_counted(mails, 'mail')}."
    )
