"""Connecting a calendar: from the profile to Microsoft's consent and back."""

import logging

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, RadioField

from blueprints.edge import me, now, parts, reading, writing
from m365.identity import (
    AdminApprovalNeeded,
    MicrosoftError,
    MicrosoftUser,
    Tokens,
    consent_error,
    explain,
    lacking,
    names,
    scopes_for,
)
from portal import accounts, connections, consents, policy, registrations
from portal.tables import ConsentRequest
from sync.live import registration_of

bp = Blueprint("connect", __name__)
log = logging.getLogger(__name__)

LEVELS = {
    connections.READ_WRITE: (
        "See and change my calendar",
        "Meetings you schedule here appear in Outlook, and changes travel both ways.",
    ),
    connections.READ: (
        "Only see my calendar",
        "Your Outlook events are shown here. Meetings you schedule here stay only here.",
    ),
}


class ServiceForm(FlaskForm):
    service = RadioField(
        "Calendar and contacts service",
        choices={"office365": "Office 365", "google": "Google", "exchange": "Exchange"},
        default="office365",
    )


class PermissionForm(FlaskForm):
    calendar_access = RadioField(
        "What the portal may do with your calendar",
        choices={level: words[0] for level, words in LEVELS.items()},
        default=connections.READ_WRITE,
    )
    replace_user = BooleanField("Connect another Microsoft account in place of the present one")


@bp.get("/service")
def service() -> str | Redirect:
    """Step one: Configure Calendar and Contacts Service."""
    if turned := _refused():
        return turned
    return render_template("connect/service.html", form=ServiceForm())


@bp.post("/service")
def choose_service() -> Redirect | tuple[str, int]:
    form = ServiceForm()
    if not form.validate() or form.service.data != "office365":
        form.service.errors = [*form.service.errors, "This service cannot be connected here."]
        return render_template("connect/service.html", form=form), 422
    return redirect(url_for("connect.permissions"))


@bp.get("/permissions")
def permissions() -> str | Redirect:
    """Step two: what will be asked for, in plain words."""
    if turned := _refused():
        return turned
    form = PermissionForm(replace_user=request.args.get("other") == "1")
    return _permissions_page(form)


def _permissions_page(form: PermissionForm) -> str:
    with reading() as db:
        connection = connections.live_of(db, me().person_id)
        username = None if connection is None else connection.username
    return render_template(
        "connect/permissions.html",
        form=form,
        username=username,
        levels={level: words[1] for level, words in LEVELS.items()},
        always=[scope for scope in scopes_for("read") if scope.level is None],
    )


@bp.post("/microsoft")
def to_microsoft() -> Redirect | tuple[str, int]:
    """Step three: off to Microsoft, with a state that works once, here, for ten minutes."""
    if turned := _refused():
        return turned
    form = PermissionForm()
    if not form.validate():
        return _permissions_page(form), 422
    level = form.calendar_access.data
    make = parts().outside.secrets
    state, nonce, verifier = make(), make(), make() + make()
    who = me()
    with writing() as db:
        consents.ask(
            db,
            state=state,
            session_id=who.session_id,
            person_id=who.person_id,
            nonce=nonce,
            verifier=verifier,
            calendar_access=level,
            replace_user=form.replace_user.data,
            now=now(),
        )
        registration = registration_of(db)
        address = registrations.redirect_address(accounts.the_account(db))
        known = connections.live_of(db, who.person_id)
        hint = None if known is None else known.username
    other = form.replace_user.data
    return redirect(
        parts().identity.consent_address(
            registration,
            redirect_uri=address,
            scopes=names(scopes_for(level)),
            state=state,
            nonce=nonce,
            verifier=verifier,
            login_hint=None if other else hint,
            prompt="select_account" if other or hint is None else None,
        ),
        303,
    )


@bp.get("/microsoft/callback")
def callback() -> Redirect:
    """Back from Microsoft, whatever happened there. Ends on the profile with a sentence."""
    who = me()
    try:
        with writing() as db:
            asked = consents.use(
                db, state=request.args.get("state", ""), session_id=who.session_id, now=now()
            )
    except consents.StateUsed:
        return _back_again()
    except consents.StateExpired:
        return _back("This sign-in at Microsoft took more than ten minutes. Connect again.")
    except consents.StateUnknown:
        log.warning("callback with unknown state request=%s", g.request_id)
        return _back(
            "This answer from Microsoft does not belong to a sign-in begun in this browser. "
            "Connect again from here."
        )
    if _refused():
        return _to_profile()
    if error := request.args.get("error"):
        return _declined(consent_error(error, request.args.get("error_description")))
    return _redeemed(asked, request.args.get("code", ""))


def _redeemed(asked: ConsentRequest, code: str) -> Redirect:
    with reading() as db:
        registration = registration_of(db)
        address = registrations.redirect_address(accounts.the_account(db))
    try:
        tokens, user = parts().identity.redeem(
            registration,
            code=code,
            verifier=asked.verifier,
            redirect_uri=address,
            nonce=asked.nonce,
        )
    except MicrosoftError as error:
        return _declined(error)
    level = _granted(tokens, asked.calendar_access)
    if level is None:
        return _back(
            "Microsoft did not grant access to the calendar, so nothing was connected. "
            "Connect again and accept all permissions, or ask your Microsoft 365 administrator."
        )
    return _established(asked, tokens, user, level)


def _established(
    asked: ConsentRequest, tokens: Tokens, user: MicrosoftUser, level: str
) -> Redirect:
    tie = connections.MicrosoftTie(
        tenant_id=user.tenant_id,
        object_id=user.object_id,
        username=user.username or user.name,
        calendar_access=level,
        scopes=tuple(sorted(tokens.scopes)),
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_at=tokens.expires_at,
    )
    try:
        with writing() as db:
            connection = connections.establish(
                db, me().person_id, tie, replace_user=asked.replace_user, now=now()
            )
    except connections.TakenByAnother:
        return _back(
            f"Another person of this portal has connected {tie.username}. "
            "Choose your own account at Microsoft, or ask them to disconnect it first."
        )
    except connections.AnotherUser:
        flash(
            f"You chose {tie.username}, which is not the account connected here, so nothing was "
            "changed. To change accounts, confirm it below and go to Microsoft once more.",
            "warning",
        )
        return redirect(url_for("connect.permissions", other="1"), 303)
    parts().outside.wake()
    log.info("connected connection=%d access=%s", connection.id, level)
    flash(f"{tie.username} is connected. Your events are being read now.", "success")
    return _to_profile()


def _granted(tokens: Tokens, wanted: str) -> str | None:
    """What was granted may be less than what was asked for; None: not even reading."""
    for level in (connections.READ_WRITE, connections.READ):
        asked_for = wanted == connections.READ_WRITE or level == connections.READ
        calendar = [scope for scope in scopes_for(level) if scope.purpose == "calendar"]  # type: ignore[arg-type]
        if asked_for and not lacking(tokens.scopes, calendar):
            return level
    return None


def _refused() -> Redirect | None:
    """The server's own refusal, whatever the page showed."""
    with reading() as db:
        refusal = policy.may_connect(db, me().person_id)
    return None if refusal is None else _back(f"{refusal.sentence} {refusal.todo}")


def _declined(error: MicrosoftError) -> Redirect:
    log.warning(
        "consent failed code=%s microsoft=%s request=%s",
        error.code,
        error.request_id or "-",
        g.request_id,
    )
    words = explain(error)
    kind = "warning" if isinstance(error, AdminApprovalNeeded) else "error"
    return _back(f"{words.what} {words.why} {words.todo}", kind)


def _back_again() -> Redirect:
    with reading() as db:
        connected = connections.live_of(db, me().person_id) is not None
    if connected:
        flash("That sign-in at Microsoft was finished already; your calendar is connected.", "info")
        return _to_profile()
    return _back("That sign-in at Microsoft was used already. Connect again to start a new one.")


def _back(sentence: str, kind: str = "error") -> Redirect:
    flash(sentence, kind)
    return _to_profile()


def _to_profile() -> Redirect:
    return redirect(url_for("profile.show", _anchor="integration"), 303)
