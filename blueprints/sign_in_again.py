"""Before something grave is done, whoever asks for it proves that they are there: somebody who
found a browser signed in does not know the password. Who has none here goes to their provider once
more. A proof is believed for some minutes, and so is a sign-in at which they were asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import g, render_template, request, url_for

from blueprints.edge import me, now, reading, writing
from blueprints.sign_in import CLOSED
from portal import people
from portal.signing_in import passwords, sessions, throttle, ways_in
from portal.tables import SignInProvider

BELIEVED = timedelta(minutes=10)
FIELD = "own_password"
NOT_SENT_ON = ("csrf_token", "next", FIELD)
Answer = Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """The sentence for the field, and the status of the page."""

    sentence: str
    status: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether somebody just proved who they are; if not, how they can."""

    done: bool
    by_password: bool
    providers: Sequence[SignInProvider]


def proof() -> Proof:
    proved_at = g.get("proved_at") or me().proved_at
    lately = proved_at is not None and now() - proved_at <= BELIEVED
    with reading() as db:
        has_password = bool(people.by_id(db, me().person_id).password_hash)
        by_password = has_password and not ways_in.passwords_off(db)
        return Proof(lately, by_password, ways_in.providers_of(db, me().person_id))


def refused() -> Refusal | None:
    """Why the act that is asked for has to wait; None where whoever asks has proved themselves,
    lately or by the password sent with it. Guesses are slowed down as at sign-in.
    """
    present, password = proof(), request.form.get(FIELD, "")
    if present.done:
        return None
    if not present.by_password:
        return Refusal("Sign in again first.", 422)
    if not password:
        return Refusal("Enter your password.", 422)
    limits = throttle.at_own_password(me().person_id)
    with reading() as db:
        closed = throttle.is_closed(db, limits, now=now())
        password_hash = people.by_id(db, me().person_id).password_hash
    if closed:
        return Refusal(CLOSED, 429)
    if not passwords.matches(password_hash, password):
        with writing() as db:
            throttle.note_failure(db, limits, now=now())
        return Refusal("This is not your password.", 422)
    with writing() as db:
        throttle.note_success(db, limits)
        sessions.prove(db, me().session_id, now=now())
    g.proved_at = now()  # for the page, where something else in the form is wrong
    return None


def asks_again(page: str) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """For an act whose form holds no secret: who has to prove themselves is asked on a page of its
    own, which keeps what was sent and goes on with it. `page` is where it was asked for.
    """

    def guarded(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def asked(**values: Any) -> Answer:
            refusal = refused()
            return _ask(refusal, url_for(page, **values)) if refusal else view(**values)

        return asked

    return guarded


def _ask(refusal: Refusal, back: str) -> tuple[str, int]:
    sent = [
        (name, value) for name, value in request.form.items(multi=True) if name not in NOT_SENT_ON
    ]
    page = render_template(
        "sign_in/again.html",
        proof=proof(),
        wrong=refusal.sentence if FIELD in request.form else "",
        back=back,
        sent=sent,
    )
    return page, refusal.status
