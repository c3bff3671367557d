"""One's own page: name, zone, password, signed-in browsers, the integration."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import StringField
from wtforms.validators import ValidationError

from blueprints.connection import integration_context
from blueprints.edge import found, me, now, reading, writing
from blueprints.fields import name_field, password_field, zone_field, zones
from blueprints.sign_in import CLOSED
from blueprints.ways import ways_context
from portal import audit, people
from portal.signing_in import passwords, sessions, throttle

bp = Blueprint("profile", __name__)
Page = str | Redirect | tuple[str, int]


class DetailsForm(FlaskForm):
    name = name_field("Name", "Enter your name.")
    zone = zone_field()


class PasswordForm(FlaskForm):
    present = password_field("Current password", "Enter your current password.")
    password = password_field("New password", "Choose a new password.")
    repeated = password_field("New password once more", "Enter the new password once more.")

    def validate_password(self, field: StringField) -> None:
        if problem := passwords.weakness(field.data, address=me().address):
            raise ValidationError(problem)
        if field.data == self.present.data:
            raise ValidationError("This is your current password. Choose another.")

    def validate_repeated(self, field: StringField) -> None:
        if field.data != self.password.data:
            raise ValidationError("The two passwords differ.")


@bp.get("")
def show() -> str:
    return _page(DetailsForm(formdata=None, name=me().name, zone=me().zone))


@bp.post("")
def details() -> Page:
    form = DetailsForm()
    if not form.validate():
        return _page(form), 422
    with writing() as db:
        people.change_details(db, me().person_id, name=form.name.data, zone=form.zone.data)
    flash("Saved.", "success")
    return redirect(url_for("profile.show"))


@bp.route("/password", methods=("GET", "POST"))
def password() -> Page:
    with reading() as db:
        has_one = bool(people.by_id(db, me().person_id).password_hash)
    if not has_one:
        flash("You have no password here. An administrator can give you a first one.", "info")
        return redirect(url_for("profile.show", _anchor="ways"))
    form = PasswordForm()
    if not form.is_submitted():
        return _password_page(form)
    if not form.validate():
        return _password_page(form), 422
    limits = throttle.at_own_password(me().person_id)
    with reading() as db:
        closed = throttle.is_closed(db, limits, now=now())
        present = people.by_id(db, me().person_id).password_hash
    if closed:
        form.present.errors = [CLOSED]
        return _password_page(form), 429
    if not passwords.matches(present, form.present.data):
        with writing() as db:
            throttle.note_failure(db, limits, now=now())
        form.present.errors = ["This is not your current password."]
        return _password_page(form), 422
    _change_password(form.password.data, limits)
    flash("Your password is changed. Other browsers were signed out.", "success")
    return redirect(url_for("profile.show"))


@bp.post("/sessions/<int:session_id>/end")
def end_session(session_id: int) -> Redirect:
    with writing() as db:
        found(sessions.end(db, me().person_id, session_id, now=now()) or None)
    flash("That browser is signed out.", "success")
    return redirect(url_for("profile.show"))


@bp.post("/sessions/end-others")
def end_other_sessions() -> Redirect:
    with writing() as db:
        sessions.end_others(db, me().person_id, keep=me().session_id, now=now())
    flash("All other browsers are signed out.", "success")
    return redirect(url_for("profile.show"))


def _change_password(new: str, limits: list[throttle.Limit]) -> None:
    password_hash = passwords.hashed(new)
    with writing() as db:
        people.change_password(db, me().person_id, password_hash)
        throttle.note_success(db, limits)
        sessions.end_others(db, me().person_id, keep=me().session_id, now=now())
        audit.record(
            db,
            by=me().person_id,
            act="own password changed",
            subject=f"person {me().person_id}",
            now=now(),
        )


def _page(form: DetailsForm) -> str:
    with reading() as db:
        live = sessions.live_of(db, me().person_id, now=now())
        return render_template(
            "profile/profile.html",
            form=form,
            zones=zones(),
            sessions=[(row, browser_words(row.browser)) for row in live],
            here=me().session_id,
            **ways_context(db, me().person_id),
            **integration_context(db, me().person_id),
        )


def _password_page(form: PasswordForm) -> str:
    must = me().must_change_password
    if must:
        form.present.label.text = "Temporary password"
    return render_template("profile/password.html", form=form, must=must)


def browser_words(agent: str) -> str:
    """What a user agent is to people. The order matters: most name others they descend from."""
    browsers = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
    systems = ("iPhone", "iPad", "Android", "Windows", "Mac OS", "Linux")
    called = {"Edg": "Edge", "OPR": "Opera", "Mac OS": "a Mac"}
    browser = next((name for name in browsers if name in agent), "")
    system = next((name for name in systems if name in agent), "")
    if not browser:
        return "A browser"
    return called.get(browser, browser) + (f" on {called.get(system, system)}" if system else "")
