"""Column types: instants that are always UTC, and sealed texts."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from portal.sealing import Keyring


class NaiveInstant(ValueError):
    """A datetime without a zone was about to be stored."""


class Instant(TypeDecorator[datetime]):
    """A moment. Aware on both sides of the column; UTC inside it."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise NaiveInstant("an instant needs its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Sealed(TypeDecorator[str]):
    """A text that the database holds only sealed. The engine's dialect carries the keyring,

    because a column type is shared by every database of the process while keys are not.
    """

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else keyring_of(dialect).seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else keyring_of(dialect).open(value)


def keyring_of(dialect: Dialect) -> Keyring:
    keyring: Keyring = dialect.__dict__["lockstep_keyring"]
    return keyring


def give_keyring(dialect: Dialect, keyring: Keyring) -> None:
    dialect.__dict__["lockstep_keyring"] = keyring
