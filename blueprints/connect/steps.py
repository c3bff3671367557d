"""From the profile to Microsoft's door: the service, the permissions, the consent address."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, RadioField

from blueprints.connect.room import bp, known, outside, refused
from blueprints.connection_words import LEVELS
from blueprints.edge import me, now, parts, reading, writing
from blueprints.ending_words import domain_list
from m365.identity import Level, names, scopes_for
from portal import accounts, connections, consents, policy, registrations
from portal.policy import Policy
from portal.tables import Connection
from sync.live import registration_of


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
    if turned := refused():
        return turned
    return render_template("connect/service.html", form=ServiceForm())


@bp.post("/service")
def choose_service() -> Redirect | tuple[str, int]:
    """On to step two, for the one service there is."""
    if turned := refused():
        return turned
    form = ServiceForm()
    if not form.validate() or form.service.data != "office365":
        form.service.errors = [*form.service.errors, "This service cannot be connected here."]
        return render_template("connect/service.html", form=form), 422
    return redirect(url_for("connect.permissions"))


@bp.get("/permissions")
def permissions() -> str | Redirect:
    """Step two: what will be asked for, in plain words."""
    if turned := refused():
        return turned
    former = known()
    form = _form(
        calendar_access=connections.READ_WRITE if former is None else former.calendar_access,
        replace_user=request.args.get("other") == "1",
    )
    return _permissions_page(form)


def _policy() -> Policy:
    with reading() as db:
        return policy.of(db, me().person_id)


def _form(**filled: Any) -> PermissionForm:
    """With what the administrators let people grant, and nothing above it."""
    form = PermissionForm(**filled)
    if _policy().calendar_permission == connections.READ:
        words = {level: said for level, (said, _) in LEVELS.items() if level == connections.READ}
        form.calendar_access.choices = list(words.items())
        if not form.is_submitted():
            form.calendar_access.data = connections.READ
    return form


def _permissions_page(form: PermissionForm) -> str:
    former, chosen = known(), _policy()
    return render_template(
        "connect/permissions.html",
        form=form,
        known=former,
        only_read=chosen.calendar_permission == connections.READ,
        domains=domain_list(chosen.allowed_domains),
        ended=former is not None and former.state == connections.DISCONNECTED,
        levels={level: words[1] for level, words in LEVELS.items()},
        always=[scope for scope in scopes_for("read") if scope.level is None],
    )


@bp.post("/microsoft")
def to_microsoft() -> Redirect | tuple[str, int]:
    """Step three: off to Microsoft, with a state that works once, here, for ten minutes."""
    if turned := refused():
        return turned
    form = _form()
    if not form.validate():
        return _permissions_page(form), 422
    if turned := _known_outside(other=form.replace_user.data):
        return turned
    return redirect(ask(form.calendar_access.data, other=form.replace_user.data), 303)


def _known_outside(*, other: bool) -> Redirect | None:
    """Whom the domains leave out is told so before Microsoft asks them for anything."""
    former: Connection | None = known()
    if former is None or other:
        return None
    return outside([former.username, former.mailbox_address], held=former)


def ask(level: Level, *, other: bool, hint: str | None = None) -> str:
    """Notes the question, and gives the address at Microsoft where it is put. `hint`: whose
    account it is, where that is known already.
    """
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
        former = connections.live_of(db, me().person_id)
        if former is not None and not other:
            hint = former.username
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
