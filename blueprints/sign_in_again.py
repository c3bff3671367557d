"""Before something grave is done the person signs in again: whoever found a browser signed in
does not know the password. Who has none here goes to their provider once more, and is believed for
some minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from blueprints.edge import me, now, reading, writing
from blueprints.sign_in import CLOSED
from portal import people
from portal.signing_in import passwords, throttle, ways_in
from portal.tables import SignInProvider

BELIEVED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class NotConfirmed(Exception):
    """The sentence for the field, and the status of the page."""

    sentence: str
    status: int


@dataclass(frozen=True, slots=True)
class AtProvider:
    """For somebody without a password: where they can sign in again, or that they just did."""

    done: bool
    providers: Sequence[SignInProvider]


def at_provider() -> AtProvider | None:
    """None: the password is asked for."""
    with reading() as db:
        has_password = bool(people.by_id(db, me().person_id).password_hash)
        if has_password and not ways_in.passwords_off(db):
            return None
        mine = ways_in.providers_of(db, me().person_id)
    proved_at = me().proved_at
    lately = proved_at is not None and now() - proved_at <= BELIEVED
    return AtProvider(lately, mine)


def confirm(password: str) -> None:
    """Raises NotConfirmed; guesses are slowed down as at sign-in."""
    elsewhere = at_provider()
    if elsewhere is not None:
        if not elsewhere.done:
            raise NotConfirmed("Sign in again first.", 422)
        return
    if not password:
        raise NotConfirmed("Enter your password.", 422)
    limits = throttle.at_own_password(me().person_id)
    with reading() as db:
        closed = throttle.is_closed(db, limits, now=now())
        present = people.by_id(db, me().person_id).password_hash
    if closed:
        raise NotConfirmed(CLOSED, 429)
    if not passwords.matches(present, password):
        with writing() as db:
            throttle.note_failure(db, limits, now=now())
        raise NotConfirmed("This is not your password.", 422)
    with writing() as db:
        throttle.note_success(db, limits)
