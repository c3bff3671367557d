"""Account Management > Account Settings > Mail & Calendar > Integrations."""

from flask import Response, flash, redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import HiddenField, RadioField

from blueprints.admin.room import bp
from blueprints.edge import is_htmx, me, now, page_or_fragment, parts, reading, writing
from portal import effects, policy, registrations, settings

PAGE, FRAGMENT = "admin/account_settings.html", "admin/_integrations.html"
NESTED = ("service", "authorize_with", "setup_by")


def _radio(key: str) -> RadioField:
    choice = settings.CHOICES[key]
    # The settings judge the value: they know why one that is listed cannot be chosen.
    return RadioField(choice.label, choices=dict(choice.words), validate_choice=False)


class SwitchForm(FlaskForm):
    enabled = HiddenField()


class ChoicesForm(FlaskForm):
    service = _radio("service")
    authorize_with = _radio("authorize_with")
    setup_by = _radio("setup_by")


@bp.get("/account-settings")
def account_settings() -> Response:
    return _page(_shown_choices())


@bp.post("/account-settings/enabled")
def switch_integration() -> Response | Redirect:
    form = SwitchForm()
    if form.enabled.data not in ("on", "off"):
        return _page(_shown_choices(), status=422)
    on = form.enabled.data == "on"
    with writing() as db:
        effects.choose(db, "enabled", on, by=me().person_id, now=now())
    parts().outside.wake()
    said = "The integration is on: people can connect their calendars from their profile."
    return _saved(
        said if on else "The integration is off. Nothing was deleted, here or in Outlook."
    )


@bp.post("/account-settings/choices")
def choose() -> Response | Redirect:
    form = ChoicesForm()
    for field in (form.service, form.authorize_with, form.setup_by):
        try:
            settings.check(field.name, field.data or "")
        except settings.NotAllowed as error:
            field.errors = [str(error)]
    if form.errors:
        return _page(form, status=422)
    with writing() as db:
        for key in NESTED:
            settings.choose(db, key, form[key].data, by=me().person_id, now=now())
    return _saved("Saved.")


def _saved(said: str) -> Response | Redirect:
    if is_htmx():
        return _page(_shown_choices(), saved=said)
    flash(said, "success")
    return redirect(url_for("admin.account_settings"))


def _shown_choices() -> ChoicesForm:
    with reading() as db:
        held = policy.of_account(db)
    return ChoicesForm(formdata=None, **{key: held[key].value for key in NESTED})


def _page(form: ChoicesForm, *, saved: str = "", status: int = 200) -> Response:
    with reading() as db:
        context = {
            "held": policy.of_account(db),
            "reach": policy.reach_of_switching_off(db),
            "registration": registrations.current(db),
        }
    answer = page_or_fragment(
        PAGE, FRAGMENT, form=form, choices=settings.CHOICES, saved=saved, **context
    )
    answer.status_code = status
    return answer
