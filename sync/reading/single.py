"""Questions about one event or list: where Microsoft has no answer to one, the others go on."""

from collections.abc import Callable
from typing import TypeVar

from m365.errors import BadAnswer, Gone, Later, NoMailbox, Refused, Throttled, Unreachable
from sync.turn import Turn

T = TypeVar("T")


class Unanswered(BadAnswer):
    """Microsoft fails whenever it is asked for this item, and answers otherwise. It may know more
    later.
    """


def about_one(turn: Turn, ask: Callable[[], T]) -> T:
    """The answer. Raises Unanswered for a failure of Microsoft's that is about this item alone, and
    otherwise what `ask` and a light question raise, of the latter never Gone.

    Keeps the mailbox meanwhile: many items may be asked about before anything is written.
    """
    turn.renew()
    try:
        return ask()
    except Later as error:
        if not _may_be_its_own(error):
            raise
        _question_the_mailbox(turn, error)
        turn.renew()
    try:
        return ask()
    except Later as error:
        if not _may_be_its_own(error):
            raise
        raise Unanswered(error.code, status=error.status, request_id=error.request_id) from None


def _question_the_mailbox(turn: Turn, failure: Later) -> None:
    """A light one. An answer that cannot be read is one; a refusal is no news of the item: the
    failure stays.
    """
    turn.renew()
    try:
        turn.graph.calendars()
    except NoMailbox:
        raise
    except BadAnswer:
        return
    except (Gone, Refused):
        raise failure from None


def _may_be_its_own(error: Later) -> bool:
    asks_to_wait = isinstance(error, Throttled | Unreachable) or error.retry_after is not None
    return error.status >= 500 and not asks_to_wait
