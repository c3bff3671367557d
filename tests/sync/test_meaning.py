"""Every answer of Microsoft means exactly one thing for the change that was sent."""

import msgspec
import pytest

from m365 import errors
from sync.writing import meaning
from sync.writing.meaning import Concern, Meaning

CODES = (
    "", "ErrorAccessDenied", "ErrorItemNotFound", "ErrorQuotaExceeded", "ErrorInvalidRequest",
    "ErrorIrresolvableConflict", "ErrorOccurrenceCrossingBoundary", "MailboxNotEnabledForRESTAPI",
    "SyncStateNotFound", "quotaLimitReached", "somethingNobodyKnows",
)  # fmt: skip


def said(status: int, code: str = "", **headers: str) -> errors.MicrosoftError:
    body = msgspec.json.encode({"error": {"code": code}}) if code else b"<html>"
    return errors.from_graph(status, headers, body)


@pytest.mark.parametrize("code", CODES)
def test_no_answer_is_without_a_meaning(code: str) -> None:
    met = {meaning.of(said(status, code)).meaning for status in range(300, 600)}

    assert met <= set(Meaning) - {Meaning.OK}
    assert Meaning.TERMINAL in met


@pytest.mark.parametrize(
    ("status", "code", "means", "whom"),
    [
        (400, "ErrorInvalidRequest", Meaning.TERMINAL, Concern.CHANGE),
        (400, "ErrorOccurrenceCrossingBoundary", Meaning.TERMINAL, Concern.CHANGE),
        (413, "RequestEntityTooLarge", Meaning.TERMINAL, Concern.CHANGE),
        (418, "", Meaning.TERMINAL, Concern.CHANGE),
        (501, "NotImplemented", Meaning.TERMINAL, Concern.CHANGE),
        (401, "InvalidAuthenticationToken", Meaning.NEEDS_CONSENT, Concern.MAILBOX),
        (403, "ErrorAccessDenied", Meaning.LATER, Concern.CALENDAR),
        (403, "ErrorQuotaExceeded", Meaning.LATER, Concern.CALENDAR),
        (507, "quotaLimitReached", Meaning.LATER, Concern.CALENDAR),
        (404, "MailboxNotEnabledForRESTAPI", Meaning.LATER, Concern.MAILBOX),
        (429, "ApplicationThrottled", Meaning.LATER, Concern.MAILBOX),
        (503, "", Meaning.LATER, Concern.CHANGE),
        (404, "ErrorItemNotFound", Meaning.JUDGE_AGAIN, Concern.CHANGE),
        (409, "ErrorIrresolvableConflict", Meaning.JUDGE_AGAIN, Concern.CHANGE),
        (412, "", Meaning.JUDGE_AGAIN, Concern.CHANGE),
    ],
)
def test_what_the_documented_answers_mean(
    status: int, code: str, means: Meaning, whom: Concern
) -> None:
    answer = meaning.of(said(status, code))

    assert (answer.meaning, answer.concern) == (means, whom)


def test_every_kind_of_error_has_a_meaning_and_only_lost_answers_leave_a_doubt() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type)]
    known = [one for one in kinds if issubclass(one, errors.MicrosoftError)]

    doubtful = {one.__name__ for one in known if meaning.may_be_done(one("x"))}

    assert all(meaning.of(one("x")).meaning is not Meaning.OK for one in known)
    assert doubtful == {"Later", "Unreachable", "BadAnswer", "BadProof"}
    assert meaning.of(None).meaning is Meaning.OK
