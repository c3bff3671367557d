"""User Management > Groups > (group) > Import: people from a file, seen before it counts."""

import re
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.room import bp
from blueprints.edge import found, me, now, parts, reading, writing
from portal.staff import group_import, groups, roster
from portal.staff.group_import import Judged, Plan

PAGE = "admin/group_import.html"
# Who is meant, from the page that showed it: numbers of people, starred for the primary group.
CHOSEN = re.compile(r"\d{1,18}\*?")
OUTDATED = "The list did not arrive whole. Upload the file again."
WORDS = {
    group_import.ADDED: "Is added; another group stays the primary one.",
    group_import.ADDED_PRIMARY: "Is added, and this becomes the primary group.",
    group_import.MADE_PRIMARY: "Is in it already; this becomes the primary group.",
    group_import.ALREADY: "Is in it already: nothing changes.",
}


class ListForm(FlaskForm):
    file = FileField("File", validators=[FileRequired("Choose a file.")])


@bp.get("/groups/<int:group_id>/import")
def import_members(group_id: int) -> str:
    return _page(group_id, ListForm())


@bp.post("/groups/<int:group_id>/import")
def preview_members(group_id: int) -> Response | str:
    """What the file would do. Nothing is stored."""
    form = ListForm()
    if not form.validate():
        return make_response(_page(group_id, form), 422)
    try:
        sheet = roster.read(form.file.data.read(roster.LARGEST + 1))
    except roster.Unreadable as error:
        form.file.errors = [str(error)]
        with writing() as db:
            group_import.note_refusal(db, group_id, 1, by=me().person_id, now=now())
        return make_response(_page(group_id, form), 422)
    with reading() as db:
        plan = group_import.plan(db, found(groups.find(db, group_id)), sheet.rows)
    if plan.wrong:
        with writing() as db:
            number = len(plan.wrong)
            group_import.note_refusal(db, group_id, number, by=me().person_id, now=now())
    return _page(group_id, form, plan=_told(plan), notes=sheet.notes)


@bp.post("/groups/<int:group_id>/import/confirm")
def confirm_members(group_id: int) -> Response | Redirect:
    chosen = _chosen(request.form.get("chosen", ""))
    if chosen is None:
        form = ListForm(formdata=None)
        form.file.errors = [OUTDATED]
        return make_response(_page(group_id, form), 422)
    with writing() as db:
        group = found(groups.find(db, group_id))
        number = group_import.carry_out(db, group, chosen, by=me().person_id, now=now())
    parts().outside.wake()
    said = "1 person was" if number == 1 else f"{number} people were"
    flash(f"Imported: {said} added or got this primary group.", "success")
    return redirect(url_for("admin.group", group_id=group_id), 303)


def _chosen(text: str) -> dict[int, bool] | None:
    """None for what no page of ours has sent."""
    said = text.split()
    if not said or len(said) > roster.MOST_ROWS:
        return None
    if not all(CHOSEN.fullmatch(one) for one in said):
        return None
    return {int(one.rstrip("*")): one.endswith("*") for one in said}


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "wrong": [_line(one) for one in plan.wrong],
        "right": [_line(one) for one in plan.rows if not one.problem],
        "changes": len(plan.changes),
        "already": len(plan.already),
        "weight": plan.weight,
        "chosen": " ".join(f"{one}{'*' if p else ''}" for one, p in plan.chosen().items()),
    }


def _line(one: Judged) -> dict[str, Any]:
    return {
        "line": one.row.line,
        "address": one.row.address,
        "name": one.person.name if one.person else "",
        "words": one.problem or WORDS[one.does or group_import.ALREADY],
    }


def _page(group_id: int, form: ListForm, **told: Any) -> str:
    with reading() as db:
        group = found(groups.find(db, group_id))
    told = {"plan": None, "notes": [], **told}
    return render_template(PAGE, group=group, form=form, most=roster.MOST_ROWS, **told)
