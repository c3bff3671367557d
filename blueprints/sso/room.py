"""What the way to a provider and back shares: one blueprint, and how it ends without a session."""

import logging

from flask import Blueprint, flash, g, redirect, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from m365.identity.oidc import Provider
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
    log.warning(
        "sign-in stopped why=%s provider=%s microsoft=%s request=%s",
        why,
        provider.id if provider else "-",
        microsoft or "-",
        g.request_id,
    )
    session[CHOOSE] = True
    flash(sentence, "error")
    return redirect(back or beginning(), 303)


def beginning() -> str:
    """Ties are made from the profile, by somebody who is signed in."""
    if current_user.is_authenticated:
        return url_for("profile.show", _anchor="ways")
    return url_for("sign_in.show")


def at_provider(provider: SignInProvider) -> Provider:
    return Provider(provider.issuer, provider.client_id, provider.client_secret)
