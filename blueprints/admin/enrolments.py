"""People whom application permissions do not connect: why, and what to do about it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.application import summary
from blueprints.admin.room import bp
from blueprints.application_words import unwell_words
from blueprints.edge import found, me, now, parts, reading, writing
from portal import enrolments as nouns
from portal import people
from portal.staff import groups


@bp.get("/application/people")
@bp.get("/groups/<int:group_id>/application/people")
def enrolments(group_id: int | None = None) -> str:
    number = max(request.args.get("page", 1, type=int), 1)
    with reading() as db:
        context = summary(db, group_id)
        pages = max(-(-context["unwell"] // nouns.PER_PAGE), 1)
        number = min(number, pages)
        listed = nouns.unwell(db, group_id, page=number)
    return render_template(
        "admin/enrolments.html",
        listed=[(one, unwell_words(one.outcome, one.code)) for one in listed],
        can_replace=nouns.OTHER_ACCOUNT,
        number=number,
        pages=pages,
        **context,
    )


@bp.post("/application/people/look-again")
@bp.post("/groups/<int:group_id>/application/people/look-again")
def look_again(group_id: int | None = None) -> Redirect:
    with writing() as db:
        if group_id is not None:
            found(groups.find(db, group_id))
        nouns.look_again(db, group_id=group_id, now=now())
    flash("Everybody on this list is looked for again within the next minutes.", "success")
    return _to(group_id)


@bp.post("/application/people/<int:person_id>/replace")
def replace_account(person_id: int) -> Redirect:
    """The mailbox of their address takes the place of the account they chose themselves."""
    with writing() as db:
        found(people.find(db, person_id))
        done = nouns.replace(db, person_id, by=me().person_id, now=now())
    if done:
        parts().outside.wake()
        flash("Their mailbox is connected in place of the other account in a moment.", "success")
    else:
        flash("There is no other account to replace any more.", "warning")
    return _to(None)


def _to(group_id: int | None) -> Redirect:
    return redirect(url_for("admin.enrolments", group_id=group_id), 303)
