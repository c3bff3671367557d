"""Before something grave is done the person signs in again: whoever found a browser signed in
does not know the password.
"""

from dataclasses import dataclass

from blueprints.edge import me, now, reading, writing
from blueprints.sign_in import CLOSED
from portal import passwords, people, throttle


@dataclass(frozen=True, slots=True)
class NotConfirmed(Exception):
    """The sentence for the field, and the status of the page."""

    sentence: str
    status: int


def confirm(password: str) -> None:
    """Raises NotConfirmed; guesses are slowed down as at sign-in."""
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
