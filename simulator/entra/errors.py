"""How Entra refuses: by a number, in a JSON body or on a page."""

from __future__ import annotations

from typing import Any

import msgspec
from flask import Response, request

from simulator.entra.aadsts import CODES, STATUS, STATUS_OF, UNKNOWN
from simulator.world import World


class EntraRefused(Exception):
    """Entra refuses; `number` is the AADSTS number, `error` the OAuth word for it.

    `claims`: the challenge that an application hands on when the person signs in again. `error`
    given: this once, another word than usual.
    """

    def __init__(
        self, number: int, detail: str = "", *, claims: str | None = None, error: str | None = None
    ) -> None:
        known = CODES.get(number, UNKNOWN)
        self.number = number
        self.error = error or known.error
        self.suberror = known.suberror
        self.claims = claims
        self.text = f"AADSTS{number}: {known.text}{' ' if detail else ''}{detail}"
        super().__init__(self.text)

    @property
    def status(self) -> int:
        """The HTTP status at the token endpoint: 401 for the client's own failing, else 400."""
        return STATUS_OF.get(self.number) or STATUS.get(self.error, 400)


def described(refusal: EntraRefused, world: World) -> dict[str, str]:
    """The text as it is sent, and the ids by which support would find the request."""
    trace = world.new_id()
    correlation = request.headers.get("client-request-id") or world.new_id()
    stamp = world.now().strftime("%Y-%m-%d %H:%M:%SZ")
    text = (
        f"{refusal.text} Trace ID: {trace}\r\nCorrelation ID: {correlation}\r\nTimestamp: {stamp}"
    )
    return {
        "error_description": text,
        "timestamp": stamp,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={refusal.number}",
    }


def token_error(refusal: EntraRefused, world: World) -> Response:
    """The error body of the token endpoint."""
    wire: dict[str, Any] = {"error": refusal.error, **described(refusal, world)}
    wire["error_codes"] = [refusal.number]
    if refusal.suberror:
        wire["suberror"] = refusal.suberror
    if refusal.claims:
        wire["claims"] = refusal.claims
    return Response(msgspec.json.encode(wire), refusal.status, content_type="application/json")
