"""What one change has to say to Microsoft, worked out at the moment of sending."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from m365.errors import ChangedMeanwhile
from m365.graph import Graph
from m365.remote import Attendee, Content, RemoteEvent
from m365.wire import event_payload
from m365.wire.reading import LONGEST_BODY
from portal import outbox, remaking
from portal.tables import Calendar, Change, Meeting
from sync.judging import content, inbound
from sync.writing import body

LONGEST_CHARACTER = 4  # bytes in UTF-8: a body is cut before one that does not fit whole


@dataclass(frozen=True, slots=True)
class Job:
    """One change with what it takes to send it, read in one go."""

    change_id: int
    kind: str
    calendar_id: int
    calendar_graph_id: str
    key: str
    transaction_id: str
    gone_ids: frozenset[str]  # of events that this one is made instead of
    in_doubt: bool
    attempts: int
    intent: dict[str, Any]
    meeting: content.Content
    invitees: tuple[Attendee, ...]
    graph_id: str | None
    change_key: str | None
    changed: frozenset[str]
    is_series: bool  # the event, as it was last seen


def job_of(db: Session, change: Change) -> Job:
    meeting, link = change.meeting, change.meeting.link
    calendar = db.get_one(Calendar, change.calendar_id)
    ours = content.of_meeting(meeting)
    bases = None if link is None else inbound.bases(link)
    sent = outbox.sent_versions(change)
    if change.kind == outbox.CREATE and sent:
        # The event may be there as it was sent first; later edits follow as updates.
        ours = content.restored(sent[0])
    return Job(
        change_id=change.id,
        kind=change.kind,
        calendar_id=calendar.id,
        calendar_graph_id=calendar.graph_id,
        key=meeting.key,
        transaction_id=change.transaction_id,
        gone_ids=remaking.gone_ids(meeting) if link is None else frozenset(),
        in_doubt=change.sent_at is not None,
        attempts=change.attempts,
        intent=change.intent,
        meeting=ours,
        invitees=_invitees(meeting),
        graph_id=None if link is None else link.graph_id,
        change_key=None if link is None else link.change_key,
        changed=_changed(ours, bases[0], sent) if bases else frozenset(),
        is_series=bases is not None and bases[1].recurrence is not None,
    )


def _changed(
    ours: content.Content, base: content.Content, sent: list[dict[str, Any]]
) -> frozenset[str]:
    """Also what was sent and is taken back since: nobody knows whether it was done."""
    others = [base, *(content.restored(version) for version in sent)]
    return frozenset().union(*(content.moved(ours, one) for one in others))


def _invitees(meeting: Meeting) -> tuple[Attendee, ...]:
    return tuple(Attendee(name=one.name, address=one.address) for one in meeting.invitees)


def fields_to_send(graph: Graph, job: Job) -> dict[str, Any]:
    """Only what changed. Invitees are additions and removals on the list just read. Raises
    ChangedMeanwhile where what was read is another version than the one that is written over.
    """
    only = {unit for unit in job.changed if unit != content.DESCRIPTION}
    only |= {"recurrence"} if content.TIME in only else set()
    invitees, body_html = job.invitees, None
    listed = job.intent.get("invite") or job.intent.get("uninvite")
    describes = content.DESCRIPTION in job.changed
    if listed or describes:
        now_there = graph.event(job.graph_id or "")
        if now_there.change_key != job.change_key:
            raise ChangedMeanwhile("read_another_version")
        if listed:
            only.add("invitees")
            invitees = _applied(job, now_there.attendees)
        body_html = _body_to_send(job, now_there) if describes else None
        if body_html is not None:
            only.add("body")
    fields = event_payload(_outgoing(job, body_html, invitees), only) if only else {}
    if content.TIME in only and job.is_series and job.meeting.recurrence is None:
        fields["recurrence"] = None
    return fields


def _body_to_send(job: Job, now_there: RemoteEvent) -> str | None:
    """None where nothing would change, or where sending would spoil what others put there: an
    online meeting's own block, or the end of a body too long to be read whole.
    """
    held = now_there.body_html or ""
    may_be_cut = len(held.encode()) > LONGEST_BODY - LONGEST_CHARACTER
    if now_there.is_online or now_there.join_url or may_be_cut:
        return None
    fresh = body.with_block(held, body.block(job.meeting))
    # A late answer shows the body that was there before a sending of which nobody heard.
    sent = (content.restored(version) for version in job.intent.get("sent", ()))
    doubtful = any(content.DESCRIPTION in content.moved(job.meeting, one) for one in sent)
    return None if fresh == held and not doubtful else fresh


def whole(job: Job) -> dict[str, Any]:
    """Everything a new event takes."""
    return event_payload(_outgoing(job, body.block(job.meeting), job.invitees))


def _applied(job: Job, listed: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    off, on = set(job.intent.get("uninvite", ())), set(job.intent.get("invite", ()))
    kept = [one for one in listed if one.address.lower() not in off]
    there = {one.address.lower() for one in kept}
    names = {one.address: one.name for one in job.invitees}
    added = [Attendee(names.get(address, ""), address) for address in sorted(on - there)]
    return (*kept, *added)


def _outgoing(job: Job, body_html: str | None, invitees: tuple[Attendee, ...]) -> Content:
    ours = job.meeting
    return Content(
        title=ours.title,
        starts=None if ours.all_day else ours.starts,
        ends=None if ours.all_day else ours.ends,
        zone=ours.zone,
        all_day=ours.all_day,
        first_day=ours.starts.date() if ours.all_day else None,
        last_day_exclusive=ours.ends.date() if ours.all_day else None,
        location=ours.location,
        body_html=body_html,
        invitees=invitees,
        recurrence=_recurrence(ours),
    )


def _recurrence(ours: content.Content) -> dict[str, Any] | None:
    """Microsoft refuses a series that does not begin on the date of its event."""
    if ours.recurrence is None:
        return None
    zone = ZoneInfo("UTC" if ours.all_day else ours.zone or "UTC")
    first = ours.starts.astimezone(zone).date()
    span = {**ours.recurrence["range"], "startDate": first.isoformat()}
    return {**ours.recurrence, "range": span}
