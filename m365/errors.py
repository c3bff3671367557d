"""What can go wrong at Microsoft, by what to do next. Messages of Microsoft are never kept: they
hold names and addresses; the code, the status and the request id are enough to look a case up.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

LONGEST_PAUSE = 86_400.0  # seconds; a longer Retry-After is a mistake of somebody's
_PRINTABLE = re.compile(r"[A-Za-z0-9_.:-]{1,80}")


class MicrosoftError(Exception):
    """Not the answer wished for. `code` is Microsoft's or ours; status 0: there was no answer."""

    def __init__(self, code: str, *, status: int = 0, request_id: str = "") -> None:
        self.code = printable(code)
        self.status = status
        self.request_id = printable(request_id)
        super().__init__(self.code)


class Later(MicrosoftError):
    """Worth another try. `retry_after`: seconds Microsoft asked us to wait, None = it did not say.

    A write that ends in Later (other than Throttled) may have been done all the same.
    """

    retry_after: float | None = None


class Throttled(Later):
    """Too many requests: nothing may be sent to this mailbox before `retry_after` is over."""


class Unreachable(Later):
    """No answer came, or not within the time given."""


class BadAnswer(MicrosoftError):
    """An answer that is not what it should be. A write that ends so may have been done."""


class BadProof(BadAnswer):
    """The id_token did not stand one of its checks: nobody is signed in by it."""


class Gone(MicrosoftError):
    """404 ErrorItemNotFound: Microsoft says that the item is not there."""


class ChangedMeanwhile(MicrosoftError):
    """Somebody else was faster (412, 409): read again, then decide."""


class CursorDead(MicrosoftError):
    """The delta cursor is no longer known: the window is filled anew."""


class TokenRefused(MicrosoftError):
    """401 from Graph. The gate refreshes once; a second one means NeedsConsent."""


class NeedsConsent(MicrosoftError):
    """Only the person can mend it, by signing in at Microsoft again.

    `claims`: what the next sign-in has to bring (step-up), to be passed on as it is.
    """

    claims: str | None = None


class StartAgain(NeedsConsent):
    """The sign-in itself went stale or was used twice: the same way once more."""


class WrongAccount(NeedsConsent):
    """The account chosen at Microsoft does not belong there: another one is needed."""


class ConsentDeclined(NeedsConsent):
    """The person pressed Cancel on Microsoft's page."""


class Refused(MicrosoftError):
    """No, and asking again does not change it. Whatever is unknown is this."""


class Forbidden(Refused):
    """403: a permission is missing or an administrator's rule forbids it."""


class AdminApprovalNeeded(Refused):
    """An administrator of the Microsoft tenant has to agree first."""


class NoMailbox(Refused):
    """The person has no mailbox that Graph can open."""


class MailboxFull(Refused):
    """The mailbox takes nothing more in."""


class Misconfigured(Refused):
    """The app registration (or our copy of it) is wrong: work for whoever runs the portal."""


# Codes of Graph, compared without case: microsoft.com/graph/errors and the pages of each call.
_BY_CODE: dict[str, type[MicrosoftError]] = {
    "erroritemnotfound": Gone,
    "mailboxnotenabledforrestapi": NoMailbox,
    "mailboxnotsupportedforrestapi": NoMailbox,
    "errornonexistentmailbox": NoMailbox,
    "errorinvaliduser": NoMailbox,
    "request_resourcenotfound": NoMailbox,
    "resourcenotfound": NoMailbox,
    "syncstatenotfound": CursorDead,
    "syncstateinvalid": CursorDead,
    "resyncrequired": CursorDead,
    "fullsyncrequired": CursorDead,
    "invaliddeltatoken": CursorDead,
    "errorquotaexceeded": MailboxFull,
    "quotalimitreached": MailboxFull,
}
_CODE_COUNTS_AT = frozenset({400, 403, 404, 410, 507})
_BY_STATUS: dict[int, type[MicrosoftError]] = {
    401: TokenRefused,
    403: Forbidden,
    408: Later,
    409: ChangedMeanwhile,
    410: CursorDead,
    412: ChangedMeanwhile,
    429: Throttled,
    500: Later,
    502: Later,
    503: Later,
    504: Later,
    507: MailboxFull,
    509: Throttled,
}


def from_graph(
    status: int, headers: Mapping[str, str], body: bytes, *, following: bool = False
) -> MicrosoftError:
    """The meaning of an answer of Graph that is not a success.

    `following`: the request was a stored cursor, so a 400 about its address means a dead cursor.
    """
    codes = _codes(body)
    code = codes[-1] if codes else f"http_{status}"
    kind = _BY_STATUS.get(status, Refused)
    if 300 <= status < 400:
        kind = BadAnswer
    if status in _CODE_COUNTS_AT:
        # The innermost known code is the most exact one.
        known = [found for found in codes if found.casefold() in _BY_CODE]
        if known:
            code, kind = known[-1], _BY_CODE[known[-1].casefold()]
        elif following and status == 400 and code.casefold() == "errorinvalidurlquery":
            kind = CursorDead
    error = kind(code, status=status, request_id=headers.get("request-id", ""))
    if isinstance(error, Later):
        error.retry_after = retry_after(headers)
    return error


def _codes(body: bytes) -> list[str]:
    """The error codes of a Graph answer, outermost first; an unreadable body has none."""
    try:
        found: Any = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return []
    codes: list[str] = []
    node = found.get("error") if isinstance(found, dict) else None
    while isinstance(node, dict) and len(codes) < 10:
        if isinstance(node.get("code"), str) and node["code"]:
            codes.append(node["code"])
        node = node.get("innerError") or node.get("innererror")
    return codes


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait from a Retry-After header: whole or fractional seconds, or an HTTP date.

    A date is measured against the Date header of the same answer, so our own clock plays no part.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        until, answered = http_date(text), http_date(headers.get("date", ""))
        if until is None or answered is None:
            return None
        seconds = (until - answered).total_seconds()
    return min(max(seconds, 0.0), LONGEST_PAUSE) if math.isfinite(seconds) else None


def http_date(text: str) -> datetime | None:
    """An HTTP date as an aware UTC instant; None when it is none."""
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def printable(text: str) -> str:
    """A code or request id as it may stand in a log line; anything odd is named so."""
    if not text:
        return ""
    return text if _PRINTABLE.fullmatch(text) else "unreadable"
