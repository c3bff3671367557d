"""Windows whose changes Microsoft cannot tell: cut in two, and at last kept by list.

Some mailboxes get the same page for ever, or a time-out for every longer window. A shorter window
often helps; where none does, the list of the calendar still says what is there.
"""

import hashlib
import logging
from datetime import timedelta

from m365.errors import BadAnswer, Later
from m365.remote import Page, RemoteEvent
from portal import pieces, windows
from sync.turn import Turn

log = logging.getLogger(__name__)

TIMED_OUT = 504
MOST_TIME_OUTS = 3
FIRST_WAIT = timedelta(seconds=10)


class CannotTell(Exception):
    """A sign that this window's round will never end. `code` for pages and the log."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def digest(page: Page) -> str | None:
    """What tells a page from another: ids and etags. None for an empty one."""
    seen = [
        f"{item.graph_id} {item.change_key if isinstance(item, RemoteEvent) else '-'}"
        for item in page.items
    ]
    seen += [str(item.graph_id) for item in page.broken]
    return hashlib.sha256("\n".join(seen).encode()).hexdigest() if seen else None


def mend(turn: Turn, window_id: int, code: str) -> None:
    """Raises BadAnswer where even the list of the window does not end."""
    with turn.writing() as db:
        window = windows.by_id(db, window_id)
        if window.by_list:
            raise BadAnswer(code)
        splits = pieces.can_split(window)
        if splits:
            pieces.split(db, window, now=turn.now())
        else:
            pieces.keep_by_list(window, code=code, now=turn.now())
    log.warning("window mended window=%d code=%s split=%s", window_id, code, splits)


def timed_out(turn: Turn, window_id: int, error: Later) -> None:
    """Sets the window aside, or mends it the third time. Raises what a light question raises: when
    Microsoft has no answer to anything, no window is to blame.
    """
    turn.graph.me()
    with turn.writing() as db:
        window = windows.by_id(db, window_id)
        window.failures += 1
        window.due_at = turn.now() + FIRST_WAIT * 2 ** min(window.failures - 1, 8)
        worn_out = window.failures >= MOST_TIME_OUTS or pieces.was_by_list(window)
        if worn_out and not window.by_list:
            window.failures = MOST_TIME_OUTS - 1  # one more is enough for a piece
    if worn_out:
        mend(turn, window_id, "delta_times_out")
    log.info("window timed out window=%d code=%s", window_id, error.code)
