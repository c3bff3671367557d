"""Who may enter a blueprint. Every blueprint is registered with one of these; a test holds it."""

from typing import Any

from flask import Response, abort, flash, g, redirect, request, url_for
from flask_login import UserMixin, current_user
from werkzeug.wrappers import Response as Redirect

from blueprints.edge import is_htmx, now, reading, writing
from portal import accounts
from portal.signing_in import sessions

Turned = Response | Redirect | None


class SignedInUser(UserMixin):
    """What the sign-in library sees: the session's token stands for the person."""

    def __init__(self, token: str, who: sessions.SignedIn) -> None:
        self.id = token
        self.who = who
        self.name, self.role, self.email = who.name, who.role, who.address

    @property
    def administers(self) -> bool:
        return self.who.administers


def load_user(token: str) -> SignedInUser | None:
    with reading() as db:
        who = sessions.find(db, token, now=now())
    return None if who is None else SignedInUser(token, who)


def open_to_all() -> Turned:
    """Anybody, once the portal is set up."""
    with reading() as db:
        account = accounts.the_account(db)
    g.account_name, g.restored_at = account.name, account.restored_at
    return redirect(url_for("setup.start")) if account.set_up_at is None else None


def open_always() -> Turned:
    """Anybody, set up or not: health checks."""
    return None


def open_to_microsoft() -> Turned:
    """Anybody: Microsoft calls without a session, and sends no form of ours. Each notice proves
    itself by the secret that Microsoft was given; a stranger gets no more than a refusal.
    """
    return None


def before_setup() -> Turned:
    """Only while the portal is new; afterwards the address is not there."""
    with reading() as db:
        if accounts.is_set_up(db):
            abort(404)
    return None


def signed_in() -> Turned:
    """Any person with a live session; a temporary password must be changed first."""
    if turned := open_to_all():
        return turned
    if not current_user.is_authenticated:
        return _to("sign_in.show", next=_here())
    who = current_user.who
    if _must_change_password() and request.endpoint != "profile.password":
        flash("Choose your own password to go on.", "info")
        return _to("profile.password")
    if now() - who.seen_at > sessions.TOUCH_EVERY:
        with writing() as db:
            sessions.touch(db, who.session_id, now=now())
    return None


def signed_in_poll() -> Turned:
    """As signed_in, but a page left open does not prolong the session."""
    if turned := open_to_all():
        return turned
    if not current_user.is_authenticated:
        return _to("sign_in.show")
    return _to("profile.password") if _must_change_password() else None


def admin_only() -> Turned:
    """Owners and administrators. For others the address is not there."""
    if turned := signed_in():
        return turned
    if not current_user.administers:
        abort(404)
    return None


def admin_only_poll() -> Turned:
    """As admin_only, but a page left open does not prolong the session."""
    if turned := signed_in_poll():
        return turned
    if not current_user.administers:
        abort(404)
    return None


def _must_change_password() -> bool:
    person: sessions.SignedIn = current_user.who
    return person.must_change_password


def _here() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" and not is_htmx() else None


def _to(endpoint: str, **values: Any) -> Turned:
    address = url_for(endpoint, **values)
    if is_htmx():
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address)
