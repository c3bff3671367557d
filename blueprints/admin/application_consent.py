"""Authorize and Save: to Microsoft's admin consent and back, and waiting until it counts.

Whatever comes back proves nothing by itself. What counts is a token of the portal's own for the
tenant that was asked, and an answer of Graph to it.
"""

import logging

from flask import Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.application import page
from blueprints.admin.application_forms import AuthorizeForm
from blueprints.admin.room import bp
from blueprints.application_words import AGAIN, refusal_words
from blueprints.edge import elsewhere, found, is_htmx, me, now, parts, reading, writing
from m365.identity import Later, MicrosoftError, consent_error, is_passing_for_the_app
from portal import accounts, admin_consents, application_access, eligibility, policy, registrations
from portal.configuration import settings
from portal.signing_in import oauth_states
from portal.staff import groups
from portal.tables import AdminConsentRequest
from sync.live import registration_of

log = logging.getLogger(__name__)
ANOTHER_TENANT = (
    "The administrator who agreed belongs to another organisation than the one that was asked."
)
Page = str | Response | Redirect | tuple[str, int]
LOCKED = "An administrator has locked this for the whole account, so a group cannot choose it."


@bp.post("/application/authorize")
@bp.post("/groups/<int:group_id>/application/authorize")
def authorize(group_id: int | None = None) -> Page:
    """To Microsoft, with a state that works once, here, for ten minutes."""
    form = AuthorizeForm()
    tenant_id = _tenant(form, group_id)
    if tenant_id is None:
        return page(group_id, form), 422
    state = parts().outside.secrets()
    with writing() as db:
        admin_consents.ask(
            db,
            state=state,
            session_id=me().session_id,
            person_id=me().person_id,
            group_id=group_id,
            tenant_id=tenant_id,
            now=now(),
        )
        registration = registration_of(db)
        address = registrations.admin_redirect_address(accounts.the_account(db))
    where = parts().identity.admin_consent_address(
        registration, tenant_id, redirect_uri=address, state=state
    )
    return redirect(where, 303)


@bp.post("/application/check")
@bp.post("/groups/<int:group_id>/application/check")
def check(group_id: int | None = None) -> Page:
    """The same without Microsoft's page, where an administrator has agreed there before."""
    form = AuthorizeForm()
    tenant_id = _tenant(form, group_id)
    if tenant_id is None:
        return page(group_id, form), 422
    try:
        parts().probe.authorized(tenant_id)
    except MicrosoftError as error:
        return _refused(group_id, error.code, refusal_words(error))
    return _authorized(group_id, tenant_id)


@bp.get("/application/authorized")
def authorized() -> Redirect:
    """Back from Microsoft, whatever happened there."""
    try:
        with writing() as db:
            asked = admin_consents.use(
                db, state=request.args.get("state", ""), session_id=me().session_id, now=now()
            )
    except oauth_states.StateUsed:
        return _refused(None, "state_used", f"That answer of Microsoft was used before. {AGAIN}")
    except oauth_states.StateExpired:
        return _refused(None, "state_expired", f"It took more than ten minutes. {AGAIN}")
    except oauth_states.StateUnknown:
        return _refused(
            None,
            "state_unknown",
            f"This answer of Microsoft does not belong to a way begun in this browser. {AGAIN}",
        )
    if refusal := _said_no(asked):
        return _refused(asked.group_id, *refusal)
    with writing() as db:
        admin_consents.begin_waiting(db, asked.id, now=now())
    return _tried(asked) or redirect(url_for("admin.waiting_for_consent"), 303)


@bp.get("/application/waiting")
def waiting_for_consent() -> Page:
    """For as long as Microsoft has not put the consent into effect."""
    asked = _waiting()
    return render_template(
        "admin/application_waiting.html", asked=asked, attempts=asked.attempts if asked else 0
    )


@bp.post("/application/waiting")
def try_consent() -> Page:
    """Tries again when it is time to; the page asks every two seconds."""
    asked = _waiting()
    if asked is None:
        return elsewhere(redirect(url_for("admin.waiting_for_consent"), 303))
    if answer := _tried(asked):
        return elsewhere(answer)
    fragment = "admin/_application_waiting.html"
    shown = fragment if is_htmx() else "admin/application_waiting.html"
    with reading() as db:
        asked = admin_consents.waiting(db, me().session_id, now=now())
    return render_template(shown, asked=asked, attempts=asked.attempts if asked else 0)


def _tenant(form: AuthorizeForm, group_id: int | None) -> str | None:
    """The directory id of the organisation that is to agree; None: the form says why not."""
    with reading() as db:
        if group_id is not None:
            found(groups.find(db, group_id))
            if policy.of_group(db, group_id)["setup_by"].locked_in == policy.ACCOUNT:
                form.tenant.errors = [LOCKED]
                return None
        registration = registrations.current(db)
    if not form.validate():
        return None
    if registration is None:
        form.tenant.errors = ["Enter the app registration first, under Microsoft registration."]
        return None
    is_for_many = registration.tenant == registrations.MANY_TENANTS
    tenant = form.tenant.data if is_for_many else registration.tenant
    if not tenant:
        form.tenant.errors = ["Enter the organisation whose administrator is to agree."]
        return None
    if registrations.GUID.fullmatch(tenant):
        return str(tenant.lower())
    try:
        return parts().identity.tenant_id(tenant)
    except MicrosoftError as error:
        form.tenant.errors = [refusal_words(error)]
        return None


def _said_no(asked: AdminConsentRequest) -> tuple[str, str] | None:
    """A refusal that came back in the address: its code and its sentence."""
    if error := request.args.get("error"):
        failure = consent_error(error, request.args.get("error_description"))
        return failure.code, refusal_words(failure)
    if request.args.get("admin_consent", "").lower() != "true":
        return "no_answer", f"Microsoft sent you back without an answer. {AGAIN}"
    tenant = request.args.get("tenant")
    if tenant is not None and tenant.lower() != asked.tenant_id:
        return (
            "another_tenant",
            f"{ANOTHER_TENANT} {AGAIN}",
        )
    return None


def _waiting() -> AdminConsentRequest | None:
    with reading() as db:
        return admin_consents.waiting(db, me().session_id, now=now())


def _tried(asked: AdminConsentRequest) -> Redirect | None:
    """One attempt, where it is time for one; None: it does not count yet."""
    with writing() as db:
        if not admin_consents.take_turn(db, asked.id, now=now()):
            return None
    try:
        parts().probe.authorized(asked.tenant_id)
    except MicrosoftError as error:
        if is_passing_for_the_app(error):
            at_least = error.retry_after if isinstance(error, Later) else None
            with writing() as db:
                admin_consents.try_later(db, asked.id, error.code, at_least=at_least, now=now())
            return None
        with writing() as db:
            admin_consents.end(db, asked.id)
        return _refused(asked.group_id, error.code, refusal_words(error))
    with writing() as db:
        admin_consents.end(db, asked.id)
    return _authorized(asked.group_id, asked.tenant_id)


def _authorized(group_id: int | None, tenant_id: str) -> Redirect:
    try:
        with writing() as db:
            application_access.authorize(
                db, group_id=group_id, tenant_id=tenant_id, by=me().person_id, now=now()
            )
            eligibility.review_all(db, now=now())
    except settings.Locked:
        return _refused(group_id, "locked", LOCKED)
    parts().outside.wake()
    flash(
        "Authorised and saved. The mailboxes of the people it is for are being looked for now.",
        "success",
    )
    return _to(group_id)


def _refused(group_id: int | None, code: str, sentence: str) -> Redirect:
    log.warning("application not authorized code=%s request=%s", code, g.request_id)
    with writing() as db:
        application_access.note_refusal(db, code, group_id=group_id, by=me().person_id, now=now())
    flash(sentence, "error")
    return _to(group_id)


def _to(group_id: int | None) -> Redirect:
    return redirect(url_for("admin.application", group_id=group_id), 303)
