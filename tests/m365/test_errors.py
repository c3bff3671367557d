"""What an answer of Graph means."""

import json

import pytest

from m365 import errors
from m365.errors import from_graph, retry_after
from tests.m365.desk import DATE


def told(code: str, *inner: str) -> bytes:
    node: dict[str, object] = {}
    for each in reversed(inner):
        node = {"code": each, "innererror": node}
    return json.dumps({"error": {"code": code, "message": "private", "innerError": node}}).encode()


@pytest.mark.invariant(18)
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "ErrorItemNotFound", errors.Gone),
        (404, "errorITEMnotfound", errors.Gone),
        (404, "itemNotFound", errors.Refused),
        (404, "MailboxNotEnabledForRESTAPI", errors.NoMailbox),
        (404, "Request_ResourceNotFound", errors.NoMailbox),
        (401, "InvalidAuthenticationToken", errors.TokenRefused),
        (403, "ErrorAccessDenied", errors.Forbidden),
        (403, "ErrorQuotaExceeded", errors.MailboxFull),
        (507, "quotaLimitReached", errors.MailboxFull),
        (409, "ErrorIrresolvableConflict", errors.ChangedMeanwhile),
        (412, "ErrorIrresolvableConflict", errors.ChangedMeanwhile),
        (410, "SyncStateNotFound", errors.CursorDead),
        (410, "anythingElse", errors.CursorDead),
        (400, "InvalidDeltaToken", errors.CursorDead),
        (400, "ErrorInvalidUrlQuery", errors.Refused),
        (400, "ErrorInvalidRequest", errors.Refused),
        (400, "TimeZoneNotSupportedException", errors.Refused),
        (429, "ApplicationThrottled", errors.Throttled),
        (500, "ErrorInternalServerTransientError", errors.Later),
        (502, "x", errors.Later),
        (503, "ErrorServerBusy", errors.Later),
        (504, "UnknownError", errors.Later),
        (501, "NotImplemented", errors.Refused),
        (413, "RequestEntityTooLarge", errors.Refused),
        (302, "", errors.BadAnswer),
        (418, "brandNewCode", errors.Refused),
    ],
)
def test_each_answer_has_one_meaning(
    status: int, code: str, kind: type[errors.MicrosoftError]
) -> None:
    error = from_graph(status, {"request-id": "6a3b"}, told(code))

    assert type(error) is kind
    assert error.status == status
    assert error.request_id == "6a3b"
    assert "private" not in repr(error)


def test_the_innermost_known_code_decides() -> None:
    error = from_graph(404, {}, told("notFound", "ErrorItemNotFound", "somethingInternal"))

    assert isinstance(error, errors.Gone)
    assert error.code == "ErrorItemNotFound"


def test_a_bad_address_of_a_stored_cursor_means_a_dead_cursor() -> None:
    error = from_graph(400, {}, told("ErrorInvalidUrlQuery"), following=True)

    assert isinstance(error, errors.CursorDead)


@pytest.mark.parametrize(
    "body", [b"", b"<html>502</html>", b"[]", b'{"error": "text"}', b"\xff", b"[" * 100_000]
)
def test_an_unreadable_error_is_judged_by_its_status(body: bytes) -> None:
    error = from_graph(503, {}, body)

    assert type(error) is errors.Later
    assert error.code == "http_503"


def test_a_404_nobody_can_read_is_not_gone() -> None:
    assert not isinstance(from_graph(404, {}, b"<html>not found</html>"), errors.Gone)


def test_a_code_that_is_no_code_does_not_reach_the_log() -> None:
    error = from_graph(400, {"request-id": "x\ny"}, told("Alice's lunch\nat noon"))

    assert (error.code, error.request_id) == ("unreadable", "unreadable")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        ("2.128", 2.128),
        ("0", 0.0),
        ("-3", 0.0),
        ("Wed, 18 Nov 2026 09:00:30 GMT", 30.0),
        ("Wed, 18 Nov 2026 08:00:00 GMT", 0.0),
        ("99999999", errors.LONGEST_PAUSE),
        ("nan", None),
        ("1e999", None),
        ("soon", None),
        ("", None),
    ],
)
def test_every_form_of_retry_after_is_read(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text, "date": DATE}) == seconds


def test_no_retry_after_means_that_microsoft_did_not_say() -> None:
    error = from_graph(429, {}, told("TooManyRequests"))

    assert isinstance(error, errors.Throttled)
    assert error.retry_after is None
