"""What the way to a provider and back shares: one blueprint, and how it ends without a session."""

import logging

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from blueprints.edge import now, reading, writing
from m365.identity.oidc import Provider
from portal.signing_in import sign_ins, throttle
from portal.tables import SignInProvider

bp = Blueprint("sso", __name__)
log = logging.getLogger(__name__)

BROWSER = "sign_in_browser"  # where the session cookie keeps the secret of this browser
CHOOSE = "sign_in_choose"  # the last try failed: the next one asks which account


def turned_away(
    why: str,
    sentence: str,
    *,
    provider: SignInProvider | None,
    microsoft: str = "",
    back: str = "",
) -> Redirect:
    """Back to where one began, with the reason. `microsoft`: the id of the provider's answer.
    `back`: the page that asked somebody who is signed in to do so again.
    """
    note_stop(why, provider, microsoft)
    with writing() as db:
        throttle.note_failure(db, throttle.at_provider(origin()), now=now())
        sign_ins.note_refusal(db, why, provider.id if provider else None, now=now())
    session[CHOOSE] = True
    flash(sentence, "error")
    return redirect(back or beginning(), 303)


def note_stop(why: str, provider: SignInProvider | None = None, microsoft: str = "") -> None:
    log.warning(
        "sign-in stopped why=%s provider=%s microsoft=%s request=%s",
        why,
        provider.id if provider else "-",
        microsoft or "-",
        g.request_id,
    )


def origin() -> str:
    return request.remote_addr or ""


def closed(limits: list[throttle.Limit]) -> Response | None:
    """The page that says to wait, once there were too many tries."""
    with reading() as db:
        is_closed = throttle.is_closed(db, limits, now=now())
    if not is_closed:
        return None
    note_stop("too_many")
    return make_response(render_template("sso/closed.html", back=beginning()), 429)


def beginning() -> str:
    """Ties are made from the profile, by somebody who is signed in."""
    if current_user.is_authenticated:
        return url_for("profile.show", _anchor="ways")
    return url_for("sign_in.show")


def at_provider(provider: SignInProvider) -> Provider:
    return Provider(provider.issuer, provider.client_id, provider.client_secret)
