"""What a mailbox notes down for its subscribers."""

from __future__ import annotations

from collections import deque
from datetime import datetime
from typing import Literal, NamedTuple

ChangeType = Literal["created", "updated", "deleted"]
Thing = Literal["event", "contact"]
# A mailbox whose news nobody collects must not grow without end; who loses some is told `missed`.
MOST_KEPT = 5000


class News(NamedTuple):
    """One change, with the ids the thing had at that moment: it may be gone when this is read."""

    change: ChangeType
    thing: Thing
    place: int  # the calendar or contact folder
    number: int
    version: int
    normal_id: str
    immutable_id: str
    at: datetime


def news_list() -> deque[News]:
    """Room for the news of a mailbox that somebody subscribed to."""
    return deque(maxlen=MOST_KEPT)
