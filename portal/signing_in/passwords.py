"""Password hashing (argon2id) and what a password must be."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

SHORTEST, LONGEST = 12, 256
TELLING = 4  # characters of a sign-in name that make a password guessable; fewer are chance
COMMON = frozenset(
    """
    password1234 passwordpassword 123456789012 1234567890123 qwertyuiop12 qwertyuiopas adminadmin12
    administrator letmeinletmein welcome12345 iloveyou1234 correcthorsebatterystaple abcdefghijkl
    lockstep1234 locksteplockstep 111111111111 000000000000 changeme1234
    """.split()  # noqa: SIM905 - a list of words reads better as words
)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    return _hasher().hash(password)


def matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return hashed("nobody has this password")


def spend_as_much() -> None:
    """Takes as long as a real check, so that the answer's time does not tell who has an account."""
    matches(_nobody(), "wrong")


def weakness(password: str, *, address: str) -> str | None:
    """Why this password is refused, as a sentence, or None."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if password.lower() in COMMON or len(set(password)) < 5:
        return "This password is among the first that attackers try. Choose another."
    name = address.partition("@")[0].lower()
    if len(name) >= TELLING and name in password.lower() and len(password) < SHORTEST + 8:
        return "The password contains your sign-in name. Choose another."
    return None
