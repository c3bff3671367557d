"""The check that an address wants notifications: it sends back a token, word for word."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote_plus

from simulator.notices.post import Outcome, Post, attempt
from simulator.refused import Refused

ASKED = "text/plain; charset=utf-8"
TIMED_OUT = "Subscription validation request timed out."
FAILED = "Subscription validation request failed."
MUST = "Notification endpoint must respond with 200 OK to validation request."


def token_with(unique: str) -> str:
    """A token in Microsoft's words. Who decodes it twice, or not at all, sends something else."""
    return (
        "Validation: Testing client application reachability for subscription "
        f"Request-Id: {unique} 1+1%2B1/3="
    )


def shake_hands(post: Post, url: str, token: str) -> None:
    """Ask one address; refused with Graph's texts unless it answers as it should."""
    joint = "&" if "?" in url else "?"
    address = f"{url}{joint}validationToken={quote_plus(token)}"
    problem = _problem(attempt(post, address, ASKED, b""), token)
    if problem:
        raise Refused(400, "InvalidRequest", problem)


def _problem(outcome: Outcome, token: str) -> str | None:
    if outcome.timed_out:
        return TIMED_OUT
    if outcome.status != HTTPStatus.OK:
        said = f"HTTP status code is '{_name(outcome.status)}'. " if outcome.status else ""
        return f"{FAILED} {said}{MUST}"
    if outcome.content_type.partition(";")[0].strip().lower() != "text/plain":
        return f"{FAILED} Notification endpoint must respond with content type text/plain."
    if outcome.body != token.encode():
        return f"{FAILED} Response must exactly match validationToken query parameter."
    return None


def _name(status: int) -> str:
    """The name .NET gives a status."""
    try:
        return HTTPStatus(status).phrase.replace(" ", "").replace("-", "")
    except ValueError:
        return str(status)
