"""Account Management > Account Settings > Export and import: all settings as one file."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response as Redirect

from blueprints import impact_words
from blueprints.admin.room import bp
from blueprints.edge import me, my_zone, now, parts, reading, writing
from blueprints.setting_words import value_words
from blueprints.sign_in_again import asks_again, proof, refused
from portal import audit
from portal.configuration import settings, settings_file, settings_import
from portal.configuration.choices import CHOICES
from portal.configuration.proposals import CHOOSE, LOCK
from portal.configuration.settings import ACCOUNT
from portal.configuration.settings_import import Difference, Plan
from portal.staff import groups

PAGE = "admin/settings_file.html"
ACTS = {"inherit": "is inherited from the account again", "unlock": "is unlocked"}
MOVED = "Something was changed here since the page was drawn. Look at it again, then import."


class FileForm(FlaskForm):
    file = FileField("File", validators=[FileRequired("Choose a file.")])


@bp.get("/settings-file")
def settings_page() -> str:
    return _page(FileForm())


@bp.post("/settings-file/export")
def export_settings() -> Response:
    if refusal := refused():
        return make_response(_page(FileForm(), wrong_password=refusal.sentence), refusal.status)
    with writing() as db:
        by = me().person_id
        audit.record(db, by=by, act="settings exported", subject="settings", now=now())
        text = settings_import.export(db)
    file = make_response(text)
    file.headers["Content-Type"] = "application/json"
    name = f"lockstep-settings-{now().astimezone(my_zone()):%Y-%m-%d}.json"
    file.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return file


@bp.post("/settings-file/preview")
def preview_settings() -> Response | str:
    """The differences and what they would do. Nothing is stored."""
    form = FileForm()
    if not form.validate():
        return make_response(_page(form), 422)
    return _shown(form, form.file.data.read(settings_file.LARGEST + 1))


@bp.post("/settings-file/import")
@asks_again("admin.settings_page")
def import_settings() -> Response | Redirect | str:
    """The file comes back with the page that showed it, and is read anew."""
    data = request.form.get("text", "").encode()
    form = FileForm(formdata=None)
    try:
        with writing() as db:
            plan = settings_import.plan(db, data, now=now())
            agreed = bool(plan.mark) and plan.mark == request.form.get("seen")
            if agreed:
                settings_import.carry_out(db, plan, by=me().person_id, now=now())
    except (settings_file.Unreadable, settings.NotAllowed, settings.Locked) as error:
        return _unreadable(form, error)
    if not agreed:
        return _shown(form, data, problem=MOVED)
    parts().outside.wake()
    count = len(plan.differences)
    said = "1 change is" if count == 1 else f"{count} changes are"
    flash(f"The settings are imported: {said} in the audit log.", "success")
    return redirect(url_for("admin.settings_page"), 303)


def _shown(form: FileForm, data: bytes, *, problem: str = "") -> Response | str:
    try:
        with reading() as db:
            plan = settings_import.plan(db, data, now=now())
            names = {one.id: one.name for one in groups.all_of_them(db)}
    except settings_file.Unreadable as error:
        return _unreadable(form, error)
    if plan.problems:
        _note_refusal(len(plan.problems))
        return make_response(_page(form, problems=plan.problems), 422)
    page = _page(
        form,
        plan=plan,
        text=settings_file.compact(data),
        problem=problem,
        differences=[_line(one, names) for one in plan.differences],
        **_impact(plan),
    )
    return make_response(page, 422) if problem else page


def _unreadable(form: FileForm, error: Exception) -> Response:
    _note_refusal(1)
    form.file.errors = [str(error)]
    return make_response(_page(form), 422)


def _note_refusal(problems: int) -> None:
    with writing() as db:
        by, told = me().person_id, {"problems": problems}
        audit.record(
            db, by=by, act="settings import refused", subject="settings", after=told, now=now()
        )


def _impact(plan: Plan) -> dict[str, Any]:
    found = plan.impact
    if found is None:
        return {}
    return {
        "effect": found,
        "lines": impact_words.lines(found, my_zone()),
        "reach": impact_words.reach(found),
        "connected": impact_words.connected(found),
    }


def _line(one: Difference, names: dict[int, str]) -> dict[str, str]:
    step = one.step
    if step.act == CHOOSE:
        before = "the account's" if one.before is None else value_words(step.key, one.before, names)
        does = f"{before} → {value_words(step.key, step.value, names)}"
    elif step.act == LOCK:
        does = f"is locked. Reason: {step.reason}" if step.reason else "is locked"
    else:
        does = ACTS[step.act]
    group = names.get(one.level.group_id or 0, "")
    where = "The account" if one.level == ACCOUNT else f"Group {group}"
    return {"where": where, "label": CHOICES[step.key].label, "does": does}


def _page(form: FileForm, **told: Any) -> str:
    shown = {"plan": None, "problems": [], "problem": "", "wrong_password": "", **told}
    shown["proof"] = proof()
    return render_template(PAGE, form=form, **shown)
