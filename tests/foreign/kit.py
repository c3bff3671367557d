"""Microsoft's own kit for Graph, with nothing changed but the base address and the tokens."""

from __future__ import annotations

from typing import Any

from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient


class Held(AccessTokenProvider):
    """Hands out a token that is already there, to this machine only."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._hosts = AllowedHostsValidator(["localhost", "127.0.0.1"])

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] | None = None
    ) -> str:
        """The token, for whichever address."""
        return self._token

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        """Where the token may go."""
        return self._hosts


def kit(base: str, token: str) -> GraphServiceClient:
    """The kit at the simulator."""
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Held(token)))
    adapter.base_url = f"{base}/v1.0"
    return GraphServiceClient(request_adapter=adapter)


def asking(
    headers: dict[str, str] | None = None, *, builder: Any = None, **query: Any
) -> RequestConfiguration[Any]:
    """Query parameters as the kit's own dataclass of `builder` takes them, and headers."""
    wish = RequestConfiguration(query_parameters=builder(**query) if builder else None)
    for name, value in (headers or {}).items():
        wish.headers.add(name, value)
    return wish
