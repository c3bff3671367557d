"""Signing in with a password, and signing out."""

import logging

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect
from wtforms import HiddenField

from blueprints.edge import now, parts, reading, writing
from blueprints.fields import address_field, password_field
from blueprints.guards import SignedInUser
from portal import people
from portal.addresses import network_of
from portal.signing_in import passwords, providers, sessions, throttle, ways_in
from portal.tables import Person

log = logging.getLogger(__name__)

bp = Blueprint("sign_in", __name__)
WRONG = "The e-mail address or the password is not right."
OFF = "Passwords are switched off in this portal. Sign in with one of the buttons below."
CLOSED = "There were too many failed tries. Wait 15 minutes, then try again."


class SignInForm(FlaskForm):
    address = address_field()
    password = password_field("Password", "Enter your password.")
    next = HiddenField()


@bp.get("/")
def front() -> Redirect:
    return redirect(url_for("calendar.month"))


@bp.get("/sign-in")
def show() -> str | Redirect:
    target = own_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    return _page(SignInForm(next=target))


@bp.post("/sign-in")
def sign_in() -> Redirect | tuple[str, int]:
    form = SignInForm()
    with reading() as db:
        off = ways_in.passwords_off(db)
    if off:
        form.form_errors.append(OFF)
        return _page(form), 403
    if not form.validate():
        return _page(form), 422
    address, origin = form.address.data, request.remote_addr or ""
    with reading() as db:
        limits = throttle.at_sign_in(db, address, origin)
        closed = throttle.is_closed(db, limits, now=now())
        person = people.by_address(db, address)
    if closed:
        _note("closed", person, origin)
        form.form_errors.append(CLOSED)
        return _page(form), 429
    if not _fits(person, form.password.data) or person is None:
        with writing() as db:
            throttle.note_failure(db, limits, now=now())
        _note("refused", person, origin)
        form.form_errors.append(WRONG)
        return _page(form), 422
    with writing() as db:
        throttle.note_success(db, limits)
        token = begin_session(db, person.id, proved=True)
    _note("granted", person, origin)
    enter(token)
    return redirect(own_path(form.next.data))


def _page(form: SignInForm) -> str:
    with reading() as db:
        others = providers.enabled(db)
        off = ways_in.passwords_off(db)
    target = own_path(form.next.data)
    return render_template(
        "sign_in/sign_in.html", form=form, providers=others, passwords_off=off, target=target
    )


@bp.post("/sign-out")
def sign_out() -> Redirect:
    if current_user.is_authenticated:
        who = current_user.who
        with writing() as db:
            sessions.end(db, who.person_id, who.session_id, now=now())
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.show"))


def begin_session(
    db: Session, person_id: int, *, provider_id: int | None = None, proved: bool
) -> str:
    """A new session of this browser; its random token, which only the cookie keeps. `proved`: the
    person was asked who they are.
    """
    token = parts().outside.secrets()
    browser, origin = request.user_agent.string, request.remote_addr or ""
    sessions.begin(
        db,
        person_id,
        token=token,
        browser=browser,
        origin=origin,
        provider_id=provider_id,
        proved=proved,
        now=now(),
    )
    return token


def enter(token: str) -> None:
    """After the commit: this browser is signed in, and nothing of what it held before remains."""
    session.clear()
    with reading() as db:
        who = sessions.find(db, token, now=now())
    if who is not None:
        login_user(SignedInUser(token, who))


def _note(outcome: str, person: Person | None, origin: str) -> None:
    """For the operator's watch; never the address, which may be a password in the wrong field."""
    log.log(
        logging.INFO if outcome == "granted" else logging.WARNING,
        "sign-in %s person=%s network=%s request=%s",
        outcome,
        person.id if person else "-",
        network_of(origin),
        g.request_id,
    )


def own_path(text: str | None) -> str:
    """`text` if it can only lead to a page of this portal, else the calendar.

    Browsers read a backslash as a slash and skip tabs and line breaks, so that both /\\host and
    /<tab>/host leave the site as //host does.
    """
    path = text or ""
    leads_away = path.startswith("//") or "\\" in path or any(sign <= " " for sign in path)
    if not path.startswith("/") or leads_away or "\x7f" in path:
        return url_for("calendar.month")
    return path


def _fits(person: Person | None, password: str) -> bool:
    """Takes equally long whether or not there is such a person."""
    if person is None or person.disabled_at is not None or not person.password_hash:
        passwords.spend_as_much()
        return False
    return passwords.matches(person.password_hash, password)
