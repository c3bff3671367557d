"""The first run: the one-time token, the owner with the organisation, Microsoft."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect
from wtforms import StringField
from wtforms.validators import ValidationError

from blueprints.admin import registration
from blueprints.admin.organisation import OrganisationForm
from blueprints.edge import me, now, reading, writing
from blueprints.fields import (
    address_field,
    ask_for_secrets_again,
    name_field,
    needed,
    password_field,
    trimmed,
    zones,
)
from blueprints.sign_in import CLOSED, begin_session, enter
from blueprints.sign_in_again import refused
from portal import accounts, people
from portal.signing_in import passwords, throttle
from portal.tables import Person

bp = Blueprint("setup", __name__)
last = Blueprint("setup_microsoft", __name__)

TOKEN = "setup_token"  # noqa: S105 - where the session keeps it
STEPS = ("One-time token", "Your portal", "Microsoft 365")
Page = str | Redirect | tuple[str, int]


class TokenForm(FlaskForm):
    token = StringField(
        "One-time token", filters=[trimmed], validators=[needed("Enter the token.")]
    )


class PortalForm(OrganisationForm):
    name = name_field("Your name", "Enter your name.")
    address = address_field("Your e-mail address")
    password = password_field("Password", "Choose a password.")
    repeated = password_field("Password once more", "Enter the password once more.")

    def validate_password(self, field: StringField) -> None:
        if problem := passwords.weakness(field.data, address=self.address.data or ""):
            raise ValidationError(problem)

    def validate_repeated(self, field: StringField) -> None:
        if field.data != self.password.data:
            raise ValidationError("The two passwords differ.")


@bp.get("")
def start() -> str:
    return _page("token", 1, TokenForm())


@bp.post("")
def check_token() -> Page:
    form = TokenForm()
    if not form.validate():
        return _page("token", 1, form), 422
    limits = throttle.at_setup(request.remote_addr or "")
    with writing() as db:
        if throttle.is_closed(db, limits, now=now()):
            form.token.errors = [CLOSED]
            return _page("token", 1, form), 429
        if not accounts.setup_token_fits(db, form.token.data):
            throttle.note_failure(db, limits, now=now())
            form.token.errors = ["This is not the token the server printed at its last start."]
            return _page("token", 1, form), 422
    session[TOKEN] = form.token.data
    return redirect(url_for("setup.portal"))


@bp.get("/portal")
def portal() -> Page:
    if not _has_token():
        return redirect(url_for("setup.start"))
    form = PortalForm(public_address=request.url_root.rstrip("/"))
    return _page("portal", 2, form, zones=zones())


@bp.post("/portal")
def make_portal() -> Page:
    form = PortalForm()
    if not _has_token():
        return redirect(url_for("setup.start"))
    if not form.validate():
        return _page("portal", 2, form, zones=zones()), 422
    password_hash = passwords.hashed(form.password.data)
    with writing() as db:
        if not accounts.setup_token_fits(db, session.get(TOKEN, "")):
            return redirect(url_for("setup.start"))
        owner = _owner(db, form, password_hash)
        accounts.set_up(db, **form.entered(), now=now())
        token = begin_session(db, owner.id, proved=True)
    enter(token)
    return redirect(url_for("setup_microsoft.microsoft"))


@last.get("")
def microsoft() -> str:
    return _microsoft_page(registration.empty_form())


@last.post("")
def keep_microsoft() -> Page:
    form = registration.RegistrationForm()
    if refusal := refused():
        ask_for_secrets_again(form)
        return _microsoft_page(form, refusal.sentence), refusal.status
    if not registration.keep(form, by=me().person_id):
        return _microsoft_page(form), 422
    return redirect(url_for("admin.account_settings"))


def _owner(db: Session, form: PortalForm, password_hash: str) -> Person:
    """As entered; somebody made an owner at the command line before the first run is the same."""
    made = people.by_address(db, form.address.data)
    if made is not None:
        people.change_details(db, made.id, name=form.name.data, zone=form.zone.data)
        people.change_password(db, made.id, password_hash)
        return made
    return people.add(
        db,
        address=form.address.data,
        name=form.name.data,
        role=people.OWNER,
        zone=form.zone.data,
        password_hash=password_hash,
        must_change_password=False,
        now=now(),
    )


def _has_token() -> bool:
    with reading() as db:
        return accounts.setup_token_fits(db, session.get(TOKEN, ""))


def _page(name: str, step: int, form: FlaskForm, **context: object) -> str:
    return render_template(f"setup/{name}.html", steps=STEPS, step=step, form=form, **context)


def _microsoft_page(form: registration.RegistrationForm, wrong_password: str = "") -> str:
    return _page("microsoft", 3, form, **registration.context(wrong_password))
