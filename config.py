"""Settings: the only reader of the environment and of `.env`. A wrong value stops the start."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from portal.addresses import is_loopback

# Both addresses stand in the policy that every page carries, where these would begin a new rule.
UNFIT = re.compile(r"[\s;,'\"<>]")
SHORTEST_TOKEN = 20
FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")


class WrongSetting(Exception):
    """A variable holds a value the portal cannot run with. The text names it, for the operator."""


class Settings(BaseSettings):
    """How this process runs. Each field is the variable of the same name in capitals."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", hide_input_in_errors=True, validate_default=True
    )

    instance: Path = Path("instance")
    database_url: str = ""
    seal_keys: Annotated[tuple[str, ...], NoDecode] = Field(default=(), repr=False)
    seal_keys_file: Path | None = None
    bind: str = "127.0.0.1:8080"
    web_threads: int = Field(default=8, ge=2, le=64)
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    jobs: Literal["on", "off"] = "on"
    notices: Literal["on", "off"] = "on"
    durable: Literal["full", "normal"] = "full"
    metrics_token: str = Field(default="", repr=False)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    entra_base: str = "https://login.microsoftonline.com"
    graph_base: str = "https://graph.microsoft.com/v1.0"

    @field_validator("seal_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("seal_keys")
    @classmethod
    def _keys_are_keys(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        if not all(FERNET_KEY.fullmatch(key) for key in keys):
            raise ValueError("every key must be 32 random bytes in URL-safe base64 (44 characters)")
        return keys

    @field_validator("metrics_token")
    @classmethod
    def _token_is_long(cls, value: str) -> str:
        if value and (len(value) < SHORTEST_TOKEN or not value.isascii() or " " in value):
            raise ValueError(f"at least {SHORTEST_TOKEN} signs, without spaces")
        return value

    @field_validator("bind")
    @classmethod
    def _bind_is_an_address(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not (host and colon and port.isdigit() and 0 < int(port) < 65536):
            raise ValueError("expected HOST:PORT, such as 127.0.0.1:8080")
        return value

    @field_validator("database_url")
    @classmethod
    def _sqlite_only(cls, value: str) -> str:
        if value and not value.startswith("sqlite:///"):
            raise ValueError("this version keeps its data in SQLite: sqlite:///path/to/file.db")
        if value and value.removeprefix("sqlite:///").partition("?")[0] in ("", ":memory:"):
            raise ValueError("name a file, as in sqlite:///path/to/file.db")
        return value

    @field_validator("entra_base", "graph_base")
    @classmethod
    def _https_or_loopback(cls, value: str) -> str:
        if UNFIT.search(value):
            raise ValueError("holds signs that no address has")
        address = urlsplit(value)
        plain_is_safe = address.scheme == "http" and is_loopback(address.hostname or "")
        if not address.hostname or not (address.scheme == "https" or plain_is_safe):
            raise ValueError("must begin with https:// unless the host is this machine")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _fill_database_url(self) -> "Settings":
        if not self.database_url:
            self.database_url = f"sqlite:///{self.instance / 'lockstep.db'}"
        return self

    @property
    def port(self) -> int:
        return int(self.bind.rpartition(":")[2])

    @property
    def key_file(self) -> Path:
        """Where the sealing keys lie when SEAL_KEYS does not give them."""
        return self.seal_keys_file or self.instance / "seal.keys"


def load() -> Settings:
    """The settings of this process. Raises WrongSetting, whose sentence names the variable."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        reason = first["msg"].removeprefix("Value error, ")
        raise WrongSetting(f"{name} cannot be used: {reason[:1].lower()}{reason[1:]}.") from None
