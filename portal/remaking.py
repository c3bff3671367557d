"""Events that are made once more. What is gone in Outlook and made again carries the same key, so
the old one, which lists may still show for some minutes, must not be taken for the new one.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from portal import links, outbox, retries
from portal.tables import Change, Link, Meeting


def make_again(
    db: Session,
    link: Link,
    *,
    code: str,
    made_by: int | None = None,
    transaction_id: str,
    now: datetime,
) -> None:
    """As a new meeting's event; `code` says why whatever waits for the old one is given up."""
    meeting, calendar_id = link.meeting, link.calendar_id
    gone = gone_ids(meeting) | {link.graph_id}
    links.drop(db, link)
    outbox.withdraw(db, meeting, code=code, now=now)
    outbox.create(
        db,
        meeting,
        calendar_id,
        instead_of=gone,
        made_by=made_by,
        transaction_id=transaction_id,
        now=now,
    )


def look_for(
    db: Session,
    create: Change,
    calendar_id: int,
    *,
    made_by: int,
    transaction_id: str,
    now: datetime,
) -> Change:
    """A create that ended in doubt goes on: the event is looked for, and made if it is not there;
    in this calendar, once no list can be too late to show it.
    """
    if create.done_at is not None and now - create.done_at > links.LAG:
        create.transaction_id, create.calendar_id = transaction_id, calendar_id
        create.intent = create.intent | {outbox.ANEW: True}
    create.made_by = made_by
    retries.reopen(create, now=now)
    outbox.rouse(db, create.calendar_id, now)
    return create


def may_be_there(create: Change, *, now: datetime) -> None:
    """An event of it may be in this account since before another one was connected."""
    outbox.may_be_sent(create, now=now)
    create.intent = create.intent | {outbox.ANEW: True}


def gone_ids(meeting: Meeting) -> frozenset[str]:
    """Of all events that were made again."""
    intents = (change.intent for change in meeting.changes)
    return frozenset(one for intent in intents for one in intent.get(outbox.INSTEAD_OF, ()))
