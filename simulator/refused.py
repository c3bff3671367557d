"""The one way in which the simulator says no."""

from __future__ import annotations

from collections.abc import Mapping

DENIED = "Access is denied. Check credentials and try again."


class Refused(Exception):
    """Graph refuses a request: HTTP status, error code and the text Graph would give.

    `challenge`: what WWW-Authenticate says with a 401, where it is not the usual.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        challenge: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.challenge = challenge
        self.headers = headers


def bad_request(message: str, code: str = "ErrorInvalidRequest") -> Refused:
    """A 400 with the code that Exchange uses for rules of the calendar."""
    return Refused(400, code, message)


def unreadable(message: str) -> Refused:
    """A 400 for a body whose JSON does not fit the type."""
    return Refused(400, "RequestBodyRead", message)


def item_not_found() -> Refused:
    """The 404 for an item that was deleted or never was."""
    return Refused(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def bad_id() -> Refused:
    """The 400 for an id that is none, or one of another mailbox or of another kind of thing."""
    return Refused(400, "ErrorInvalidIdMalformed", "Id is malformed.")


def access_denied(message: str = DENIED, code: str = "ErrorAccessDenied") -> Refused:
    """The 403 for whoever may not do this."""
    return Refused(403, code, message)


def conflict() -> Refused:
    """The 412 for a write against a version that is no longer there."""
    return Refused(
        412,
        "ErrorIrresolvableConflict",
        "The send or update operation could not be performed because the change key passed "
        "in the request does not match the current change key for the item.",
    )


def name_taken() -> Refused:
    """The 409 for a second folder or calendar of one name."""
    return Refused(409, "ErrorFolderExists", "A folder with the specified name already exists.")


def bad_recipient() -> Refused:
    """The 400 for somebody nobody could mail."""
    return bad_request("At least one recipient isn't valid.", "ErrorInvalidRecipients")


def not_simulated(what: str) -> Refused:
    """A 501 that names what is missing, so that nobody mistakes it for an empty answer."""
    return Refused(501, "NotImplemented", f"The simulator does not imitate this: {what}")
