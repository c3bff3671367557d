"""Inviting people by a link that is shown once, and mailed where mail is set up."""

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect
from wtforms import SelectField

from blueprints import mailing
from blueprints.admin.new_people import roles_to_give
from blueprints.admin.room import bp
from blueprints.edge import found, me, moment, now, parts, reading, writing
from blueprints.fields import address_field, name_field
from blueprints.people_words import ROLES
from blueprints.sign_in_again import asks_again
from portal import accounts, people
from portal.mailing import letters, mail_settings
from portal.staff import groups, invitation_links
from portal.tables import Invitation

PAGE, LIST, LINK = "admin/invite.html", "admin/invitations.html", "admin/invitation_link.html"
Page = str | Redirect | tuple[str, int]


class InviteForm(FlaskForm):
    name = name_field("Name", "Enter a name.")
    address = address_field()
    role = SelectField("Role", default=people.MEMBER)
    group = SelectField("Group", default="")


@dataclass(frozen=True, slots=True)
class Link:
    """What is shown once. `mailed`: None where no mail is set up; else empty, or why it failed."""

    address: str
    name: str
    url: str
    until: datetime
    mailed: str | None


@bp.get("/people/invite")
def invite() -> str:
    return render_template(PAGE, form=_form())


@bp.post("/people/invite")
@asks_again("admin.invite")
def send_invitation() -> Page:
    form = _form()
    if not form.validate():
        return render_template(PAGE, form=form), 422
    token = parts().outside.secrets()
    try:
        with writing() as db:
            invitation = invitation_links.invite(
                db,
                address=form.address.data,
                name=form.name.data,
                role=form.role.data,
                group_id=int(form.group.data) if form.group.data else None,
                token=token,
                by=me().person_id,
                now=now(),
            )
    except people.AddressTaken:
        form.address.errors = ["Somebody already signs in with this address."]
        return render_template(PAGE, form=form), 422
    return _shown_once(invitation, token)


@bp.get("/people/invitations")
def invitations() -> str:
    number = request.args.get("page", 1, type=int)
    with reading() as db:
        waiting, pages = invitation_links.waiting(db, number)
        inviters = people.names(db, {one.made_by for one in waiting})
        known = {group.id: group.name for group in groups.all_of_them(db)}
    lines = [
        {
            "invitation": one,
            "role": ROLES[one.role],
            "group": known.get(one.group_id or 0, ""),
            "by": inviters[one.made_by],
            "expired": one.expires_at <= now(),
            "touch": one.role in roles_to_give(),
        }
        for one in waiting
    ]
    return render_template(LIST, lines=lines, number=min(max(1, number), pages), pages=pages)


@bp.post("/people/invitations/<int:invitation_id>/renew")
@asks_again("admin.invitations")
def renew_invitation(invitation_id: int) -> str:
    token = parts().outside.secrets()
    with writing() as db:
        invitation = _touchable(db, invitation_id)
        invitation_links.renew(db, invitation, token=token, by=me().person_id, now=now())
    return _shown_once(invitation, token)


@bp.post("/people/invitations/<int:invitation_id>/withdraw")
def withdraw_invitation(invitation_id: int) -> Redirect:
    with writing() as db:
        invitation = _touchable(db, invitation_id)
        invitation_links.withdraw(db, invitation, by=me().person_id, now=now())
    flash(f"The invitation of {invitation.name} is withdrawn: its link opens nothing.", "success")
    return redirect(url_for("admin.invitations"), 303)


def _form() -> InviteForm:
    form = InviteForm()
    form.role.choices = roles_to_give()
    with reading() as db:
        known = groups.all_of_them(db)
    form.group.choices = {"": "None"} | {str(group.id): group.name for group in known}
    return form


def _touchable(db: Session, invitation_id: int) -> Invitation:
    invitation = found(invitation_links.find(db, invitation_id))
    if invitation.role not in roles_to_give():
        abort(403)
    return invitation


def _shown_once(invitation: Invitation, token: str) -> str:
    path = url_for("invitation_links.show", token=token)
    with reading() as db:
        base = accounts.the_account(db).public_address
        sends = mail_settings.is_set_up(db)
    link = Link(
        invitation.address,
        invitation.name,
        f"{base}{path}",
        invitation.expires_at,
        _mailed(invitation, path) if sends else None,
    )
    return render_template(LINK, link=link)


def _mailed(invitation: Invitation, path: str) -> str:
    """Why it could not be mailed, as a sentence; empty: it was."""
    with reading() as db:
        sender = letters.sender_of(db)
    try:
        message = letters.invitation(
            to=invitation.address,
            name=invitation.name,
            by=me().name,
            link=path,
            until=moment(invitation.expires_at),
            sender=sender,
            key=parts().outside.ids(),
            now=now(),
        )
    except letters.CannotWrite:
        return "No mail can go to this address."
    return mailing.send_now(message) or ""
