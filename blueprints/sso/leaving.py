"""To a provider's door, with a state that works once, in this browser, for ten minutes."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request, session
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints.edge import found, now, parts, reading, writing
from blueprints.sign_in import own_path
from blueprints.sso import words
from blueprints.sso.room import BROWSER, CHOOSE, at_provider, bp, closed, origin, turned_away
from m365.identity import MicrosoftError, names, scopes_for
from portal import accounts, registrations
from portal.signing_in import providers, sign_ins, throttle
from portal.signing_in.providers import MICROSOFT
from portal.tables import SignInProvider
from sync.live import registration_of

Answer = Response | Redirect
FRESH = 60  # seconds; an older sign-in there does not prove who sits here now


@bp.post("/with/<int:provider_id>")
def start(provider_id: int) -> Answer:
    """The button on the sign-in page, and that of whoever has to sign in again."""
    goes_to = own_path(request.form.get("next"))
    return leave(provider_id, goes_to=goes_to, anew="anew" in request.form)


def leave(
    provider_id: int, *, goes_to: str, person_id: int | None = None, anew: bool = False
) -> Answer:
    """`person_id`: whom the identity is to be tied to. `anew`: the password is asked for there."""
    if wait := closed(throttle.on_the_way(origin())):
        return wait
    with reading() as db:
        provider = found(providers.find(db, provider_id))
        stop = _stop(db, provider)
    if stop is not None:
        return turned_away(stop, words.not_let_in(stop, provider), provider=provider)
    make = parts().outside.secrets
    known = {"state": make(), "nonce": make(), "verifier": make() + make()}
    browser = session.setdefault(BROWSER, make())
    prompt = "login" if anew else _prompt(provider, links=person_id is not None)
    try:
        age = FRESH if anew else None
        address = _address(provider, prompt=prompt, max_age=age, **known)
    except MicrosoftError as error:
        return turned_away(error.code, words.failed(error, provider), provider=provider)
    with writing() as db:
        throttle.note_failure(db, throttle.on_the_way(origin()), now=now())
        sign_ins.ask(
            db,
            provider_id=provider.id,
            browser=browser,
            goes_to=goes_to,
            person_id=person_id,
            anew=anew,
            now=now(),
            **known,
        )
    return _onward(provider, address)


def _stop(db: Session, provider: SignInProvider) -> str | None:
    if not provider.enabled:
        return words.OFF
    unregistered = provider.kind == MICROSOFT and registrations.current(db) is None
    return words.NOT_REGISTERED if unregistered else None


def _prompt(provider: SignInProvider, *, links: bool) -> str | None:
    """After a failure the same account would fail again, so another one can be chosen."""
    if not (session.pop(CHOOSE, False) or links):
        return None
    return "select_account" if provider.kind == MICROSOFT else "login"


def _address(provider: SignInProvider, **asked: Any) -> str:
    with reading() as db:
        back = providers.callback_address(accounts.the_account(db), provider)
        registration = registration_of(db) if provider.kind == MICROSOFT else None
    if registration is None:
        return parts().open_id.sign_in_address(
            at_provider(provider),
            redirect_uri=back,
            **asked,
        )
    return parts().identity.consent_address(
        registration, redirect_uri=back, scopes=names(scopes_for()), **asked
    )


def _onward(provider: SignInProvider, address: str) -> Answer:
    """Forms of the portal may lead to Microsoft; to others a page of its own leads on, for a
    browser holds every address on a form's way against the policy.
    """
    if provider.kind == MICROSOFT:
        return redirect(address, 303)
    return make_response(render_template("sso/onward.html", name=provider.name, address=address))
