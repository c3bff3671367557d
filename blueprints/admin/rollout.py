"""Account Management > Account Settings > Mail & Calendar > Rollout of 2.0."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import StopValidation, ValidationError

from blueprints import rollout_words
from blueprints.admin import meanwhile
from blueprints.admin.room import bp, live
from blueprints.admin.settings_room import Place
from blueprints.edge import is_htmx, me, my_zone, now, parts, reading, writing
from portal import policy
from portal.configuration import rollout, settings
from portal.configuration.choices import GROUPS, PERCENT, Value
from portal.staff import groups, people_list
from portal.staff.people_list import Wanted

PAGE, EFFECT = "admin/rollout.html", "admin/_rollout_effect.html"
LONGEST_WORDS = 200
MOST_ANSWERS = 10
MOVING, RESTING = 5, 30  # seconds between two looks of the page


class RolloutForm(FlaskForm):
    rollout = RadioField(
        settings.CHOICES["rollout"].label, choices=dict(settings.CHOICES["rollout"].words)
    )
    rollout_groups = SelectMultipleField(settings.CHOICES["rollout_groups"].label, coerce=int)
    rollout_percent = IntegerField(settings.CHOICES["rollout_percent"].label)
    seen = HiddenField()  # the change whose effect the page has shown
    opened = HiddenField()  # the values it was opened with

    def validate_rollout_groups(self, field: SelectMultipleField) -> None:
        if self.rollout.data == GROUPS and not field.data:
            raise ValidationError("Choose at least one group.")

    def validate_rollout_percent(self, field: IntegerField) -> None:
        """Asked for by one of the choices alone; what stands there besides is nobody's matter."""
        if self.rollout.data != PERCENT:
            field.errors.clear()
            raise StopValidation
        if field.data is None or not 0 <= field.data <= 100:
            field.errors.clear()
            raise StopValidation("Enter a whole number from 0 to 100.")

    def wanted(self, held: dict[str, Any]) -> dict[str, Value]:
        """What is not asked for by the choice stays as it was."""
        chosen: str = self.rollout.data
        percent, listed = self.rollout_percent.data, self.rollout_groups.data
        return {
            "rollout": chosen,
            "rollout_groups": sorted(listed) if chosen == GROUPS else held["rollout_groups"],
            "rollout_percent": percent if chosen == PERCENT else held["rollout_percent"],
            "rollout_paused": held["rollout_paused"],
        }


@bp.get("/rollout")
def show_rollout() -> str:
    return _as_it_is()


def _as_it_is(moved: str = "") -> str:
    """With what is chosen now. `moved`: who chose it while somebody else's page was open."""
    with reading() as db:
        held = rollout.held(db)
        chosen = {key: held[key] for key in ("rollout", "rollout_groups", "rollout_percent")}
        chosen["opened"] = meanwhile.mark(policy.of_account(db), rollout.KEYS)
    return _page(_form(formdata=None, **chosen), moved=moved)


def _moved(db: Session, form: RolloutForm) -> str:
    """Who changed the rollout since the page was opened; empty where nobody did."""
    moved = meanwhile.moved(form.opened.data, policy.of_account(db)) & {*rollout.KEYS}
    return meanwhile.words(db, min(moved), None) if moved else ""


@bp.post("/rollout")
def save_rollout() -> Response | Redirect | str:
    """Says first who changes version; the second press saves."""
    form = _form()
    if not form.validate():
        return make_response(_page(form), 422)
    with writing() as db:
        moved = _moved(db, form)
        wanted = form.wanted(rollout.held(db))
        found = rollout.preview(db, wanted, now=now())
        asks = found.people > 0 and form.seen.data != found.mark
        if not (asks or moved):
            rollout.save(db, wanted, by=me().person_id, now=now())
    if moved:
        return make_response(_as_it_is(moved), 409)
    if asks:
        return _page(form, asks=True)
    parts().outside.wake()
    flash(rollout_words.saved(found), "success")
    return redirect(url_for("admin.show_rollout"), 303)


@bp.post("/rollout/effect")
def rollout_effect() -> Response | str:
    """What the choices on the page would do, while somebody is still choosing."""
    form = _form()
    if not form.validate():
        return Response(status=204)
    return render_template(EFFECT, **_effect(form)) if is_htmx() else _page(form)


@bp.post("/rollout/pause")
def pause_rollout() -> Redirect:
    """Paused it reaches nobody new; whoever has 2.0 keeps it."""
    paused = request.form.get("paused") == "on"
    with writing() as db:
        wanted = rollout.held(db) | {"rollout_paused": paused}
        found = rollout.save(db, wanted, by=me().person_id, now=now())
    parts().outside.wake()
    said = "The rollout is paused." if paused else "The rollout goes on."
    flash(f"{said} {rollout_words.saved(found).removeprefix('Saved. ')}", "success")
    return redirect(url_for("admin.show_rollout"), 303)


@live.get("/rollout")
def rollout_progress() -> str:
    return render_template("admin/_rollout_progress.html", **_progress())


def _form(**filled: Any) -> RolloutForm:
    form = RolloutForm(**filled)
    with reading() as db:
        form.rollout_groups.choices = [(one.id, one.name) for one in groups.all_of_them(db)]
    return form


def _page(form: RolloutForm, *, asks: bool = False, moved: str = "") -> str:
    words = request.args.get("q", "").strip()[:LONGEST_WORDS]
    with reading() as db:
        held = rollout.held(db)
        found = people_list.page(db, Wanted(words=words), 1, now=now()) if words else None
        shown = found.lines[:MOST_ANSWERS] if found else []
        whys = rollout.whys(db, [line.person for line in shown])
        answers = [rollout_words.why(one) for one in whys]
    return render_template(
        PAGE,
        place=Place("rollout"),
        form=form,
        asks=asks,
        moved=moved,
        held=held,
        words=words,
        answers=answers,
        more=found.total - len(answers) if found else 0,
        **({} if form.errors else _effect(form)),
        **_progress(),
    )


def _effect(form: RolloutForm) -> dict[str, Any]:
    with reading() as db:
        held = rollout.held(db)
        wanted = form.wanted(held)
        if wanted == held:
            return {}
        found = rollout.preview(db, wanted, now=now())
    return {"effect": rollout_words.effect(found), "mark": found.mark}


def _progress() -> dict[str, Any]:
    with reading() as db:
        found = rollout.progress(db, now=now())
    zone = my_zone()
    return {
        "so_far": found,
        "failed": [rollout_words.failed(one, zone) for one in found.failed],
        "every": f"every {MOVING if found.moves else RESTING}s",
    }
