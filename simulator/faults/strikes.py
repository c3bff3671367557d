"""What may go wrong on request: the next answers that fail, connections that break."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Failure:
    """The next `times` Graph calls that match are answered with this instead."""

    status: int
    code: str
    retry_after: str | None = None
    times: int = 1
    path_contains: str = ""
    person: str | None = None  # object id


@dataclass(slots=True)
class Cut:
    """The next `times` matching connections break, after the effect or before it."""

    times: int
    after_effect: bool
    path_contains: str = ""


@dataclass(slots=True)
class TokenFailure:
    """The next token request is refused with this AADSTS number."""

    number: int
    times: int = 1


@dataclass(slots=True)
class Faults:
    """Everything that waits to go wrong; each entry is used up as it strikes."""

    failures: list[Failure] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    token_failures: list[TokenFailure] = field(default_factory=list)
    forged_claims: dict[str, Any] = field(default_factory=dict)

    def failure_for(self, path: str, person: str | None) -> Failure | None:
        """The failure that strikes this Graph call, if any."""
        for failure in self.failures:
            if failure.path_contains in path and failure.person in (None, person):
                failure.times -= 1
                self.failures = [each for each in self.failures if each.times > 0]
                return failure
        return None

    def cut_for(self, path: str) -> Cut | None:
        """The cut that strikes this call, if any."""
        for cut in self.cuts:
            if cut.path_contains in path:
                cut.times -= 1
                self.cuts = [each for each in self.cuts if each.times > 0]
                return cut
        return None

    def token_failure(self) -> TokenFailure | None:
        """The failure that strikes this token request, if any."""
        for failure in self.token_failures:
            failure.times -= 1
            self.token_failures = [each for each in self.token_failures if each.times > 0]
            return failure
        return None

    def claims_now(self) -> dict[str, Any]:
        """Claims to be forged into the next id_token, used once."""
        forged, self.forged_claims = self.forged_claims, {}
        return forged
