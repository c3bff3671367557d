"""The page behind an invitation's link: whoever was invited becomes a person of this portal."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import StringField
from wtforms.validators import ValidationError

from blueprints.edge import now, reading, writing
from blueprints.fields import name_field, password_field, zone_field, zones
from blueprints.sign_in import CLOSED, begin_session, enter
from portal import accounts, people
from portal.signing_in import passwords, providers, throttle, ways_in
from portal.staff import invitation_links
from portal.staff.invitation_links import EXPIRED, OPEN, USED, WITHDRAWN
from portal.tables import Invitation

bp = Blueprint("invitation_links", __name__)
PAGE, OVER = "invitation/accept.html", "invitation/over.html"
LONGEST_TOKEN = 100
Page = str | Redirect | tuple[str, int]
ENDED = {
    USED: "This invitation was used already. If it was you, sign in with your address.",
    WITHDRAWN: "This invitation was withdrawn. Ask whoever invited you for another.",
    EXPIRED: "This invitation has expired. Ask whoever invited you to renew it.",
}
TAKEN = "Somebody with your address is in this portal already. Sign in with it."


class AcceptForm(FlaskForm):
    name = name_field("Your name", "Enter your name.")
    zone = zone_field()
    password = password_field("Password", "Choose a password.")
    repeated = password_field("Password once more", "Enter the password once more.")
    address = ""  # of the invitation

    def validate_password(self, field: StringField) -> None:
        if problem := passwords.weakness(field.data, address=self.address):
            raise ValidationError(problem)

    def validate_repeated(self, field: StringField) -> None:
        if field.data != self.password.data:
            raise ValidationError("The two passwords differ.")


@bp.get("/<token>")
def show(token: str) -> Page:
    invitation, ended = _looked_up(token)
    if ended is not None:
        return ended
    with reading() as db:
        zone = accounts.the_account(db).zone
    form = AcceptForm(formdata=None, name=invitation.name, zone=zone)
    return _page(token, invitation, form)


@bp.post("/<token>")
def accept(token: str) -> Page:
    invitation, ended = _looked_up(token)
    if ended is not None:
        return ended
    form = AcceptForm()
    form.address = invitation.address
    with reading() as db:
        if ways_in.passwords_off(db):
            abort(404)
    if not form.validate():
        return _page(token, invitation, form), 422
    password_hash = passwords.hashed(form.password.data)
    try:
        with writing() as db:
            person = invitation_links.accept(
                db,
                invitation_links.by_token(db, token) or abort(404),
                name=form.name.data,
                zone=form.zone.data,
                password_hash=password_hash,
                now=now(),
            )
            begun = begin_session(db, person.id, proved=True)
    except invitation_links.NotOpen as over:
        return _over(ENDED[over.why])
    except people.AddressTaken:
        return _over(TAKEN)
    enter(begun)
    return redirect(url_for("profile.show"), 303)


def _looked_up(token: str) -> tuple[Invitation, Page | None]:
    """The invitation, and the answer where nothing can be done with it. A token that opens nothing
    is counted as a wrong password is.
    """
    limits = throttle.at_invitation(request.remote_addr or "")
    with reading() as db:
        closed = throttle.is_closed(db, limits, now=now())
        known = len(token) <= LONGEST_TOKEN and not closed
        invitation = invitation_links.by_token(db, token) if known else None
        state = invitation and invitation_links.state_of(db, invitation, now=now())
    if closed:
        return Invitation(), (render_template(OVER, sentence=CLOSED), 429)
    if invitation is None:
        with writing() as db:
            throttle.note_failure(db, limits, now=now())
        abort(404)
    return invitation, None if state == OPEN else _over(ENDED[state or EXPIRED])


def _over(sentence: str) -> tuple[str, int]:
    return render_template(OVER, sentence=sentence), 410


def _page(token: str, invitation: Invitation, form: AcceptForm) -> str:
    with reading() as db:
        inviter = people.find(db, invitation.made_by)
        context: dict[str, Any] = {
            "inviter": inviter.name if inviter else "",
            "passwords_off": ways_in.passwords_off(db),
            "as_owner": (as_owner := invitation.role == people.OWNER),
            # Nobody becomes an owner through one.
            "providers": [] if as_owner else providers.enabled(db),
        }
    address = invitation.address
    return render_template(PAGE, token=token, address=address, form=form, zones=zones(), **context)
