"""What an answer to a write means for the change that was sent. Pure.

Every answer means exactly one thing. What Microsoft says about the content is the change's own
fault and ends it; trouble of the calendar or the mailbox is not, and the change waits for its end.
Whatever is unknown ends the change and is shown: trying it for ever would hide it.
"""

from dataclasses import dataclass
from enum import StrEnum

from m365 import errors


class Meaning(StrEnum):
    OK = "ok"
    LATER = "later"
    JUDGE_AGAIN = "judge again"
    NEEDS_CONSENT = "needs consent"
    TERMINAL = "terminal"


class Concern(StrEnum):
    """Whom it concerns: who else need not be tried now."""

    CHANGE = "change"
    CALENDAR = "calendar"
    MAILBOX = "mailbox"


@dataclass(frozen=True, slots=True)
class Answer:
    meaning: Meaning
    concern: Concern


OK = Answer(Meaning.OK, Concern.CHANGE)
UNKNOWN = Answer(Meaning.TERMINAL, Concern.CHANGE)
# The first that fits, so the narrower ones come first.
_TABLE: tuple[tuple[type[errors.MicrosoftError], Answer], ...] = (
    (errors.NeedsConsent, Answer(Meaning.NEEDS_CONSENT, Concern.MAILBOX)),
    (errors.TokenRefused, Answer(Meaning.NEEDS_CONSENT, Concern.MAILBOX)),
    (errors.Throttled, Answer(Meaning.LATER, Concern.MAILBOX)),
    (errors.NoMailbox, Answer(Meaning.LATER, Concern.MAILBOX)),
    (errors.AdminApprovalNeeded, Answer(Meaning.LATER, Concern.MAILBOX)),
    (errors.Misconfigured, Answer(Meaning.LATER, Concern.MAILBOX)),
    (errors.MailboxFull, Answer(Meaning.LATER, Concern.CALENDAR)),
    (errors.Forbidden, Answer(Meaning.LATER, Concern.CALENDAR)),
    (errors.Later, Answer(Meaning.LATER, Concern.CHANGE)),
    (errors.BadAnswer, Answer(Meaning.LATER, Concern.CHANGE)),
    (errors.ChangedMeanwhile, Answer(Meaning.JUDGE_AGAIN, Concern.CHANGE)),
    (errors.Gone, Answer(Meaning.JUDGE_AGAIN, Concern.CHANGE)),
)


def of(error: errors.MicrosoftError | None) -> Answer:
    """None: the answer wished for."""
    if error is None:
        return OK
    return next((answer for kind, answer in _TABLE if isinstance(error, kind)), UNKNOWN)


def asks_for_quiet(error: errors.MicrosoftError) -> bool:
    """Whether Microsoft wants nobody to ask anything of this mailbox for a while."""
    told = isinstance(error, errors.Later) and error.retry_after is not None
    return told or isinstance(error, errors.Throttled)


def may_be_done(error: errors.MicrosoftError) -> bool:
    """Whether the write may have had its effect although this came back."""
    lost = isinstance(error, errors.Later | errors.BadAnswer)
    return lost and not isinstance(error, errors.Throttled)
