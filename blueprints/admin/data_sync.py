"""Account Management > Account Settings > Mail & Calendar > Data Sync."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange

from blueprints import coverage_words
from blueprints.admin.room import bp
from blueprints.edge import is_htmx, me, now, parts, reading, writing
from portal import effects, policy, settings

PAGE, EFFECT = "admin/data_sync.html", "admin/_effect.html"
KEYS = (
    "bidirectional",
    "sync_version",
    "back_months",
    "forward_months",
    "conflict_rule",
    "poll_minutes",
)
COVERAGE = ("sync_version", "back_months", "forward_months")


def _label(key: str) -> str:
    return settings.CHOICES[key].label


def _months(key: str) -> SelectField:
    allowed = [value for value in settings.CHOICES[key].allowed if isinstance(value, int)]
    choices = {value: "1 month" if value == 1 else f"{value} months" for value in allowed}
    return SelectField(_label(key), choices=choices, coerce=int)


def _radio(key: str) -> RadioField:
    return RadioField(_label(key), choices=dict(settings.CHOICES[key].words))


class DataSyncForm(FlaskForm):
    bidirectional = BooleanField(_label("bidirectional"))
    sync_version = _radio("sync_version")
    back_months = _months("back_months")
    forward_months = _months("forward_months")
    conflict_rule = _radio("conflict_rule")
    poll_minutes = IntegerField(
        _label("poll_minutes"), validators=[NumberRange(1, 60, "Enter 1 to 60 minutes.")]
    )
    seen = HiddenField()  # the change whose effect the page has shown

    def chosen(self) -> dict[str, settings.Value]:
        return {key: self[key].data for key in KEYS}

    def coverage(self) -> dict[str, settings.Value]:
        return {key: self[key].data for key in COVERAGE}

    def named(self) -> str:
        return " ".join(str(value) for value in self.coverage().values())


@bp.get("/account-settings/data-sync")
def data_sync() -> str:
    with reading() as db:
        held = policy.of_account(db)
    return _page(DataSyncForm(formdata=None, **{key: held[key].value for key in KEYS}))


@bp.post("/account-settings/data-sync")
def choose_data_sync() -> Response | Redirect | str:
    """Saves; what reaches everybody's calendar is shown first and saved at the second press."""
    form = DataSyncForm()
    if not form.validate():
        return make_response(_page(form), 422)
    with writing() as db:
        effect = effects.of_coverage(db, form.coverage(), now=now())
        asks = effect is not None and effect.people > 0 and form.seen.data != form.named()
        if not asks:
            for key, value in form.chosen().items():
                effects.choose(db, key, value, by=me().person_id, now=now())
    if asks:
        return _page(form)
    parts().outside.wake()
    flash("Saved.", "success")
    return redirect(url_for("admin.data_sync"), 303)


@bp.post("/account-settings/data-sync/effect")
def data_sync_effect() -> Response | str:
    """What the choices on the page would do, while somebody is still choosing."""
    form = DataSyncForm()
    if not form.validate():
        return Response(status=204)
    if not is_htmx():
        return _page(form)
    return render_template(EFFECT, **_effect(form))


def _page(form: DataSyncForm) -> str:
    with reading() as db:
        held = policy.of_account(db)
    shown = {} if form.errors else _effect(form)
    return render_template(PAGE, form=form, held=held, **shown)


def _effect(form: DataSyncForm) -> dict[str, Any]:
    with reading() as db:
        found = effects.of_coverage(db, form.coverage(), now=now())
    if found is None:
        return {}
    return {
        "effect": found,
        "opens": coverage_words.quarters(found.opens),
        "closes": coverage_words.quarters(found.closes),
        "named": form.named(),
    }
