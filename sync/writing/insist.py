"""How long a change insists while its event keeps changing under it, and how it then gives way."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from m365.errors import Later
from m365.remote import RemoteEvent
from portal import links, outbox, timeline
from portal.tables import Change, Link
from sync.judging import content, exceptions, inbound
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_SAME, MOST_JUDGED = 3, 5
MOST_LATE = 3  # sendings that are put off, since what was read may be late
KEEPS_CHANGING = "keeps_changing"
REST_WAITS = timedelta(minutes=15)


@dataclass(slots=True)
class Tries:
    """What one sending of a change has met so far."""

    same: int = 0  # refused as changed, and it was as both sides last agreed
    judged: int = 0  # it had changed, and was judged

    def met(self, *, changed: bool, attempts: int) -> bool:
        """Counts one more refusal; False when it is time to give way. `attempts`: sendings before.
        Raises Later while the answer that shows no change may be one from before it.
        """
        if changed:
            self.judged += 1
        else:
            self.same += 1
        if self.same > MOST_SAME and attempts < MOST_LATE:
            raise Later("event_from_before")
        return self.same <= MOST_SAME and self.judged < MOST_JUDGED


def has_changed(link: Link, event: RemoteEvent) -> bool:
    """Whether the event says anything else than what both sides last agreed on."""
    theirs = content.of_remote(event)
    return theirs is not None and bool(content.moved(theirs, inbound.bases(link)[1]))


def give_way(turn: Turn, change_id: int, event: RemoteEvent) -> None:
    """Both versions are kept as a conflict, and the one stands that the rule wants.

    What no conflict can hold (invitees, the description) is not given up: it waits.
    """
    with turn.writing() as db:
        change = db.get_one(Change, change_id)
        link, now = change.meeting.link, turn.now()
        if link is None or change.done_at is not None:
            return
        left = _into_a_conflict(db, turn, change, link, event)
        if left:
            outbox.postpone(change, until=now + REST_WAITS, code=KEEPS_CHANGING)
        else:
            outbox.settle(change, outbox.GIVEN_UP, now=now, code=KEEPS_CHANGING)
    log.warning("change gives way change=%d waits=%s", change_id, left)


def _into_a_conflict(
    db: Session, turn: Turn, change: Change, link: Link, event: RemoteEvent
) -> bool:
    """Whether something is left to be sent."""
    ours, theirs = content.of_meeting(change.meeting), content.of_remote(event)
    base_ours, _base_theirs = inbound.bases(link)
    moved = content.moved(ours, base_ours)
    units = moved.intersection(content.UNITS)
    outlook_wins = turn.policy.conflict_rule == links.OUTLOOK
    if theirs is not None and units and change.code != KEEPS_CHANGING:
        winner = links.OUTLOOK if outlook_wins else "portal"
        links.note_conflict(
            db,
            change.meeting,
            fields=units,
            ours=ours.stored(),
            theirs=theirs.stored(),
            winner=winner,
            now=turn.now(),
        )
        subject = timeline.of_link(link)
        timeline.note(
            db, subject, timeline.ENGINE, "conflict", fields=units, why=KEEPS_CHANGING,
            now=turn.now(),
        )  # fmt: skip
    if theirs is None or not outlook_wins:
        return True
    content.take(change.meeting, theirs, units)
    change.meeting.changed_at = turn.now()
    agreed = content.with_units(content.of_meeting(change.meeting), base_ours, moved - units)
    inbound.set_base(link, agreed, theirs, turn)
    if content.TIME in units:
        exceptions.fit(db, turn, link)
    listed = change.intent.get("invite") or change.intent.get("uninvite")
    return bool(listed or moved - units)
