"""Sealed secrets: authenticated encryption with keys kept outside the database."""

import stat
from collections.abc import Iterable
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class NoKey(Exception):
    """There is no usable key. The text says what to do, for the operator."""


class WrongKey(Exception):
    """A sealed value was not sealed by any of the keys at hand."""


class Keyring:
    """Seals with the first key, opens with any: a rotation keeps the former ones behind the new."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = tuple(keys)
        if not self.keys:
            raise NoKey("There is no sealing key.")
        self._fernet = MultiFernet([Fernet(key) for key in self.keys])

    def seal(self, text: str) -> bytes:
        return self._fernet.encrypt(text.encode())

    def open(self, sealed: bytes) -> str:
        """Raises WrongKey."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise WrongKey from error

    def reseal(self, sealed: bytes) -> bytes:
        """The same secret under the first key. Raises WrongKey."""
        return self.seal(self.open(sealed))

    def derived(self, purpose: str) -> list[str]:
        """One secret per key for another purpose, so that no key does two things."""
        return [
            HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
            .derive(key.encode())
            .hex()
            for key in self.keys
        ]


def new_key() -> str:
    return Fernet.generate_key().decode()


def read_keys(file: Path) -> list[str]:
    """The keys of a key file, one a line, the one in force first. Raises NoKey."""
    if not file.exists():
        raise NoKey(
            f"The sealing key file {file} is missing; put it back from your backup, "
            "or run `python app.py new-key` if this portal has no data yet."
        )
    if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NoKey(f"Others can read the sealing key file {file}; run `chmod 600 {file}`.")
    try:
        keys = file.read_text().split()
        Keyring(keys)
    except (NoKey, ValueError) as error:
        raise NoKey(f"The sealing key file {file} holds no usable key.") from error
    except OSError as error:
        raise NoKey(f"The sealing key file {file} cannot be read: {error.strerror}.") from error
    return keys


def write_keys(file: Path, keys: Iterable[str]) -> None:
    """Replaces the key file whole, readable by its owner alone. Raises NoKey."""
    draft = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.touch(mode=0o600)
        draft.chmod(0o600)
        draft.write_text("".join(f"{key}\n" for key in keys))
        draft.replace(file)
    except OSError as error:
        raise NoKey(f"The key file {file} cannot be written: {error.strerror}.") from error
