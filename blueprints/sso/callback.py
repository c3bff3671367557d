"""Back from a provider: with a code, or a refusal. Every end is a session or a sentence."""

from datetime import timedelta

from flask import Response, flash, g, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as Redirect

from blueprints.edge import found, me, now, reading, writing
from blueprints.sign_in import begin_session, enter, own_path
from blueprints.sso import words
from blueprints.sso.leaving import FRESH
from blueprints.sso.proofs import proven
from blueprints.sso.room import BROWSER, bp, closed, log, origin, turned_away
from m365.identity import MicrosoftError, check_signed_in, consent_error
from portal import prompts
from portal.addresses import network_of
from portal.signing_in import identities, oauth_states, providers, sessions, sign_ins, throttle
from portal.signing_in.identities import Arrival, NotLetIn
from portal.signing_in.providers import MICROSOFT, OIDC
from portal.tables import SignInProvider, SignInRequest

_STATES = {
    oauth_states.StateExpired: (
        "state_expired",
        "This sign-in took more than ten minutes. Try again.",
    ),
    oauth_states.StateUnknown: (
        "state_unknown",
        "This answer does not belong to a sign-in begun in this browser. Try again from here.",
    ),
    oauth_states.StateUsed: (
        "state_used",
        "This sign-in was finished before. Try again from here.",
    ),
}


@bp.get("/microsoft/callback")
def microsoft_callback() -> Response | Redirect:
    """Microsoft sends people back to here."""
    with reading() as db:
        known = {one.id for one in providers.of_kind(db, MICROSOFT)}
    return _back(known)


@bp.get("/oidc/<int:provider_id>/callback")
def oidc_callback(provider_id: int) -> Response | Redirect:
    """Each other provider sends people back to an address of its own, so that the answer of one
    is never taken for another's.
    """
    with reading() as db:
        provider = found(providers.find(db, provider_id))
        known = {provider.id} if provider.kind == OIDC else set()
    return _back(known)


def _back(known: set[int]) -> Response | Redirect:
    if wait := closed(throttle.at_provider(origin())):
        return wait
    state, browser = request.args.get("state", ""), session.get(BROWSER, "")
    try:
        with writing() as db:
            asked = sign_ins.use(db, state=state, browser=browser, providers=known, now=now())
            provider = providers.find(db, asked.provider_id)
    except tuple(_STATES) as stop:
        why, sentence = _STATES[type(stop)]
        return turned_away(why, sentence, provider=None)
    if provider is None or not provider.enabled:
        return turned_away(words.OFF, words.not_let_in(words.OFF, provider), provider=provider)
    try:
        came = proven(provider, asked, _code())
        if asked.anew:
            since = asked.created_at - timedelta(seconds=FRESH)
            check_signed_in(came.claims, since=since, now=now())
        return _finished(asked, provider, came)
    except MicrosoftError as error:
        return turned_away(
            error.code,
            words.failed(error, provider),
            provider=provider,
            microsoft=error.request_id,
            back=own_path(asked.goes_to) if asked.anew and current_user.is_authenticated else "",
        )
    except NotLetIn as stop:
        return turned_away(stop.why, words.not_let_in(stop.why, provider), provider=provider)


def _code() -> str:
    """Raises MicrosoftError for a refusal, and where there is neither code nor refusal."""
    error, code = request.args.get("error"), request.args.get("code", "")
    # As RFC 6749 has it; the library breaks on anything else.
    if error or not code or not code.isascii():
        raise consent_error(error or "no_code", request.args.get("error_description"))
    return code


def _finished(asked: SignInRequest, provider: SignInProvider, came: Arrival) -> Redirect:
    return (
        _entered(asked, provider, came) if asked.person_id is None else _tied(asked, provider, came)
    )


def _entered(asked: SignInRequest, provider: SignInProvider, came: Arrival) -> Redirect:
    """A new session, whatever this browser held before."""
    with writing() as db:
        person = identities.arrive(db, provider, came, now=now())
        if current_user.is_authenticated:
            sessions.end(db, me().person_id, me().session_id, now=now())
        token = begin_session(db, person.id, provider_id=provider.id, proved=asked.anew)
        asks = not current_user.is_authenticated and prompts.is_due(db, person.id)
        if asks:
            prompts.note_asked(db, person.id, now=now())
    _note("granted", person.id, provider)
    enter(token)
    goes_to = own_path(asked.goes_to)
    return redirect(url_for("connect.prompt", next=goes_to) if asks else goes_to, 303)


def _tied(asked: SignInRequest, provider: SignInProvider, came: Arrival) -> Redirect:
    """Only for whoever is signed in and asked for it."""
    if not current_user.is_authenticated or me().person_id != asked.person_id:
        why, sentence = _STATES[oauth_states.StateUnknown]
        return turned_away(why, sentence, provider=provider)
    with writing() as db:
        identities.link(db, provider, came, me().person_id, now=now())
    _note("linked", me().person_id, provider)
    flash(f"You can sign in with {provider.name} from now on.", "success")
    return redirect(url_for("profile.show", _anchor="ways"), 303)


def _note(outcome: str, person_id: int, provider: SignInProvider) -> None:
    log.info(
        "sign-in %s person=%d provider=%d network=%s request=%s",
        outcome,
        person_id,
        provider.id,
        network_of(request.remote_addr or ""),
        g.request_id,
    )
