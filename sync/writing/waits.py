"""How long a change waits for its next try. Pure."""

from datetime import timedelta

from m365.errors import MicrosoftError
from sync.writing.meaning import Concern, asks_for_quiet

FIRST, LONG = timedelta(seconds=5), timedelta(minutes=15)
QUICK_TRIES = 12  # some two hours; what lasts longer is asked about once an hour
OF_TROUBLE = timedelta(minutes=1)  # the first wait where the calendar or the mailbox has trouble
SLOW = timedelta(hours=1)
QUIET = timedelta(seconds=10)  # where Microsoft asks for quiet and does not say how long
JITTER = 0.25


def wait(error: MicrosoftError, concern: Concern, attempts: int, *, chance: float) -> timedelta:
    """`attempts`: tries before this one. `chance`: 0 to 1, so that many do not come back at once.

    A change never runs out of tries: what nobody mends is tried once an hour, and shown.
    """
    asked: float | None = getattr(error, "retry_after", None)
    if asks_for_quiet(error):
        return QUIET if asked is None else timedelta(seconds=asked)
    if concern is Concern.CHANGE:
        found = min(FIRST * 2 ** min(attempts, 10), LONG) if attempts < QUICK_TRIES else SLOW
    else:
        found = min(OF_TROUBLE * 2 ** min(attempts, 10), SLOW)
    return found + found * JITTER * chance
