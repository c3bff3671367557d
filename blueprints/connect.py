"""Connecting a calendar: from the profile to Microsoft's consent and back."""

import logging

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, RadioField

from blueprints.connection_words import LEVELS, consent_words
from blueprints.edge import me, now, parts, reading, writing
from m365.identity import (
    AdminApprovalNeeded,
    ConsentDeclined,
    Level,
    MicrosoftError,
    MicrosoftUser,
    Tokens,
    consent_error,
    lacking,
    names,
    scopes_for,
)
from portal import accounts, connections, consents, policy, registrations
from portal.tables import Connection, ConsentRequest
from sync.live import registration_of

bp = Blueprint("connect", __name__)
log = logging.getLogger(__name__)

NEEDED = ("sign_in", "calendar")  # without these nothing works; the others are comforts


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
    """On to step two, for the one service there is."""
    if turned := _refused():
        return turned
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
    known = _known()
    form = PermissionForm(
        calendar_access=connections.READ_WRITE if known is None else known.calendar_access,
        replace_user=request.args.get("other") == "1",
    )
    return _permissions_page(form)


def _known() -> Connection | None:
    """The connection there is or was: coming back as the same Microsoft user finds everything."""
    with reading() as db:
        return connections.of_person(db, me().person_id)


def _permissions_page(form: PermissionForm) -> str:
    known = _known()
    return render_template(
        "connect/permissions.html",
        form=form,
        known=known,
        ended=known is not None and known.state == connections.DISCONNECTED,
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
    return redirect(_asked(form.calendar_access.data, other=form.replace_user.data), 303)


def _asked(level: Level, *, other: bool) -> str:
    """Notes the question, and gives the address at Microsoft where it is put."""
    make = parts().outside.secrets
    state, nonce, verifier = make(), make(), make() + make()
    with writing() as db:
        consents.ask(
            db,
            state=state,
            session_id=me().session_id,
            person_id=me().person_id,
            nonce=nonce,
            verifier=verifier,
            calendar_access=level,
            replace_user=other,
            now=now(),
        )
        registration = registration_of(db)
        address = registrations.redirect_address(accounts.the_account(db))
        known = connections.live_of(db, me().person_id)
        hint = None if known is None or other else known.username
    return parts().identity.consent_address(
        registration,
        redirect_uri=address,
        scopes=names(scopes_for(level)),
        state=state,
        nonce=nonce,
        verifier=verifier,
        login_hint=hint,
        prompt="select_account" if hint is None else None,
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
        return _stopped("state_expired", "This sign-in at Microsoft took more than ten minutes.")
    except consents.StateUnknown:
        return _stopped(
            "state_unknown",
            "This answer from Microsoft does not belong to a sign-in begun in this browser.",
        )
    if _refused():
        return _to_profile()
    if error := request.args.get("error"):
        return _declined(consent_error(error, request.args.get("error_description")))
    code = request.args.get("code", "")
    if code and code.isascii():  # as RFC 6749 has it; the library breaks on anything else
        return _redeemed(asked, code)
    return _stopped("no_code", "Microsoft sent you back without an answer.")


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
    if level is None or tokens.refresh_token is None:
        return _stopped(
            "not_granted",
            "Microsoft did not grant lasting access to the calendar.",
            "Connect again and accept all permissions, or ask your Microsoft 365 administrator.",
        )
    return _established(asked, tokens, user, level)


def _established(
    asked: ConsentRequest, tokens: Tokens, user: MicrosoftUser, level: Level
) -> Redirect:
    tie = connections.MicrosoftTie(
        tenant_id=user.tenant_id,
        object_id=user.object_id,
        username=user.username or user.email or user.name or "Your Microsoft account",
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
        return _stopped(
            "taken_by_another",
            f"Another person of this portal has connected {tie.username}.",
            "Choose your own account at Microsoft, or ask them to disconnect it first.",
        )
    except connections.AnotherUser:
        log.info("another user chosen person=%d request=%s", me().person_id, g.request_id)
        flash(
            f"You chose {tie.username}, which is not the Microsoft account connected before, so "
            "nothing was changed. To change accounts, confirm it below and go there once more.",
            "warning",
        )
        return redirect(url_for("connect.permissions", other="1"), 303)
    return _connected(connection, wanted=asked.calendar_access)


def _connected(connection: Connection, *, wanted: str) -> Redirect:
    level = connection.calendar_access
    parts().outside.wake()
    log.info("connected connection=%d access=%s request=%s", connection.id, level, g.request_id)
    flash(f"{connection.username} is connected. Your events are being read now.", "success")
    if level != wanted:
        flash(
            "Microsoft granted only seeing your calendar, not changing it, so your meetings stay "
            "only here. To send them to Outlook, choose Change permissions and accept all.",
            "warning",
        )
    return _to_profile()


def _granted(tokens: Tokens, wanted: str) -> Level | None:
    """What was granted may be less than what was asked for; None: not even reading."""
    levels: tuple[Level, ...] = ("read_write", "read")
    for level in levels if wanted == connections.READ_WRITE else levels[1:]:
        needed = [scope for scope in scopes_for(level) if scope.purpose in NEEDED]
        if not lacking(tokens.scopes, needed):
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
    expected = isinstance(error, (AdminApprovalNeeded, ConsentDeclined))
    return _back(
        consent_words(error, administers=me().administers), "warning" if expected else "error"
    )


def _back_again() -> Redirect:
    known = _known()
    if known is not None and known.state in connections.AT_WORK:
        return _back("That sign-in at Microsoft was finished before; you are connected.", "info")
    # The first answer may still be on its way: whether it connects anything is not known here.
    log.warning("consent stopped why=state_used request=%s", g.request_id)
    return _back(
        "That sign-in at Microsoft was used before. If your calendar is not connected below, "
        "connect again from here."
    )


def _stopped(why: str, sentence: str, todo: str = "Connect again from here.") -> Redirect:
    log.warning("consent stopped why=%s request=%s", why, g.request_id)
    return _back(f"{sentence} Nothing was connected. {todo}")


def _back(sentence: str, kind: str = "error") -> Redirect:
    flash(sentence, kind)
    return _to_profile()


def _to_profile() -> Redirect:
    return redirect(url_for("profile.show", _anchor="integration"), 303)
