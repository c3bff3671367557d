"""Adoption: an event of the person's own that leads into a conference becomes a meeting here.

Nothing is written to Outlook because of it. Each version of an event is looked at once: by the
words in the cache, and by a GET where those hold a join link.
"""

import logging
from dataclasses import dataclass
from enum import Enum

from sqlalchemy.orm import Session

from conferencing.recognise import join_link_in
from m365.errors import BadAnswer, Gone, NoMailbox, Refused
from m365.remote import RemoteEvent
from m365.wire import MEETING_PROPERTY
from portal import adoption, connections, links, outbox, people, timeline, views
from portal.adoption import Candidate
from portal.cache import MASTER
from portal.tables import Link, Meeting
from sync.judging import content, exceptions, inbound
from sync.reading import keep
from sync.turn import Turn

log = logging.getLogger(__name__)

MOST_GETS = 20  # in one turn
NO_KEY = ""  # of a link whose event has yet to be judged


class Fate(Enum):
    """What becomes of a candidate; the values are the codes that pages have sentences for."""

    ADOPT = "adopt"
    JOIN = "join"  # it is the event of a meeting that has none
    NOTHING = "nothing"  # no longer what it was when it was cached: it comes again
    COPY = "copy"
    ELSEWHERE = "elsewhere"
    CALLED_OFF = "called off"
    LINK_TAKEN = "link taken"
    DRAFT = "draft"
    UNCLEAR = "unclear"


SPOKEN_OF = frozenset(
    {Fate.COPY, Fate.ELSEWHERE, Fate.CALLED_OFF, Fate.LINK_TAKEN, Fate.DRAFT, Fate.UNCLEAR}
)


def adopt(turn: Turn, calendar_id: int) -> None:
    """Looks at what is new in a calendar, as far as the turn goes."""
    asked = 0
    while asked < MOST_GETS and not turn.is_over():
        with turn.database.reading() as db:
            found = adoption.candidates(db, turn.claim.connection_id, calendar_id, now=turn.now())
        if not found:
            return
        with turn.writing() as db:
            adoption.considered(db, [one for one in found if one.join_url is None])
        for candidate in [one for one in found if one.join_url is not None][: MOST_GETS - asked]:
            asked += 1
            _look_at(turn, calendar_id, candidate)


def _look_at(turn: Turn, calendar_id: int, candidate: Candidate) -> None:
    try:
        event = turn.graph.event(candidate.graph_id, MEETING_PROPERTY)
    except NoMailbox:
        raise
    except Gone:
        fate: Fate | None = Fate.NOTHING
    except (BadAnswer, Refused) as error:
        log.warning("event not adopted calendar=%d code=%s", calendar_id, error.code)
        fate = Fate.UNCLEAR
    else:
        fate = None
    with turn.writing() as db:
        if fate is None:
            fate = _decide(db, turn, calendar_id, event)
        _leave(db, turn, calendar_id, candidate, fate)


def _decide(db: Session, turn: Turn, calendar_id: int, event: RemoteEvent) -> Fate:
    sight = _sight(db, turn, event)
    fate = fate_of(sight)
    if fate is Fate.JOIN and sight.meeting is not None:
        _join(db, turn, sight.meeting, calendar_id, event)
    elif fate is Fate.ADOPT and sight.theirs is not None and sight.join_url is not None:
        _begin(db, turn, calendar_id, event, sight.theirs, sight.join_url)
    return fate


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of a candidate when Microsoft was asked for it."""

    stands: bool  # still the person's own, not over and not called off
    is_draft: bool
    join_url: str | None
    link_is_taken: bool
    named: str | None  # the key of a meeting that it carries
    is_mine: bool  # the meeting is this person's
    meeting: Meeting | None  # that it names; or that began with such a link and has lost its event
    theirs: content.Content | None  # None: it repeats in a way nobody can follow


def fate_of(sight: Sight) -> Fate:
    """A pure judgement. Our own mark in an event says more than anything that was written there."""
    if not sight.stands:
        return Fate.NOTHING
    if sight.named is not None:
        return _of_known(sight.meeting if sight.is_mine else None)
    if sight.join_url is None:
        return Fate.NOTHING
    if sight.is_mine:
        return _of_known(sight.meeting)
    if sight.link_is_taken:
        return Fate.LINK_TAKEN
    if sight.is_draft:
        return Fate.DRAFT
    return Fate.UNCLEAR if sight.theirs is None else Fate.ADOPT


def _of_known(meeting: Meeting | None) -> Fate:
    if meeting is None:
        return Fate.ELSEWHERE
    if meeting.link is not None:
        return Fate.COPY
    return Fate.JOIN if meeting.cancelled_at is None else Fate.CALLED_OFF


def _sight(db: Session, turn: Turn, event: RemoteEvent) -> Sight:
    connection = connections.by_id(db, turn.claim.connection_id)
    link = join_link_in(
        event.join_url, event.location, event.body_html, own_hosts=views.own_hosts(db)
    )
    named = event.extended.get(MEETING_PROPERTY)
    theirs = content.of_remote(event)
    if named is not None:
        meeting = adoption.named(db, named)
    elif link is not None and theirs is not None:
        lost = adoption.without_event(db, connection.person_id, link.url, now=turn.now())
        meeting = next((one for one in lost if _is_at_its_time(one, theirs)), None)
    else:
        meeting = None
    organizer = (event.organizer_address or "").lower()
    own = event.is_organizer and organizer in adoption.own_addresses(connection)
    over = event.kind != MASTER and theirs is not None and theirs.ends <= turn.now()
    return Sight(
        stands=own and not event.is_cancelled and not over,
        is_draft=event.is_draft,
        join_url=None if link is None else link.url,
        link_is_taken=link is not None and adoption.link_is_taken(db, link.url),
        named=named,
        is_mine=meeting is not None and meeting.person_id == connection.person_id,
        meeting=meeting,
        theirs=theirs,
    )


def _is_at_its_time(meeting: Meeting, theirs: content.Content) -> bool:
    """A room is often used for several meetings."""
    return content.TIME in content.agreed(content.of_meeting(meeting), theirs)


def _begin(
    db: Session,
    turn: Turn,
    calendar_id: int,
    event: RemoteEvent,
    theirs: content.Content,
    join_url: str,
) -> None:
    connection = connections.by_id(db, turn.claim.connection_id)
    key = turn.outside.ids()
    meeting = adoption.begin(db, connection.person_id, key=key, join_url=join_url, now=turn.now())
    meeting.zone = connection.mailbox_zone or people.by_id(db, connection.person_id).zone
    content.take(meeting, theirs, frozenset(content.UNITS))
    link = _tie(db, turn, meeting, calendar_id, event)
    inbound.set_base(link, content.of_meeting(meeting), theirs, turn)
    links.note_version(link, event.change_key, event.modified)
    link.series_due = event.kind == MASTER
    inbound.mirror_invitees(meeting, event)
    timeline.note(db, timeline.of_link(link), timeline.ENGINE, "adopted", now=turn.now())
    log.info("event adopted meeting=%d", meeting.id)


def _join(db: Session, turn: Turn, meeting: Meeting, calendar_id: int, event: RemoteEvent) -> None:
    """The event is that of this meeting, which has lost it, or never had the answer. What was sent
    is the base; where nobody knows any more what that was, each difference is a conflict.
    """
    theirs = content.of_remote(event)
    if theirs is None:
        return
    creates = [one for one in meeting.changes if one.kind == outbox.CREATE]
    known = [one for one in creates if outbox.UNSURE not in one.intent]
    sent = next((v for one in known for v in outbox.sent_versions(one)[:1]), None)
    ours = content.of_meeting(meeting)
    base = content.never_agreed(ours) if sent is None else content.restored(sent)
    both = content.agreed(base, theirs)
    link = _tie(db, turn, meeting, calendar_id, event)
    inbound.set_base(link, base, content.with_units(base, theirs, both), turn)
    for change in creates:
        if change.done_at is None:
            outbox.settle(change, outbox.DONE, now=turn.now())
    db.flush()
    timeline.note(db, timeline.of_link(link), timeline.ENGINE, "found again", now=turn.now())
    inbound.judge_event(db, turn, link, event)
    link.series_due = event.kind == MASTER
    if meeting.cancelled_at is None and exceptions.unsent(meeting, link):
        outbox.update_event(db, meeting, transaction_id=turn.outside.ids(), now=turn.now())
    log.info("event found again meeting=%d", meeting.id)


def _tie(db: Session, turn: Turn, meeting: Meeting, calendar_id: int, event: RemoteEvent) -> Link:
    keep.doubt_version(db, calendar_id, event, now=turn.now())
    return links.make(
        db,
        meeting,
        calendar_id,
        graph_id=event.graph_id,
        ical_uid=event.ical_uid,
        change_key=NO_KEY,
        base={},
        now=turn.now(),
    )


def _leave(db: Session, turn: Turn, calendar_id: int, candidate: Candidate, fate: Fate) -> None:
    why = fate.value if fate in SPOKEN_OF else None
    if adoption.left(db, candidate, why=why):
        subject = timeline.Subject(calendar_id=calendar_id, graph_id=candidate.graph_id)
        timeline.note(db, subject, timeline.ENGINE, "not adopted", why=why, now=turn.now())
