"""What must hold once everything came to rest, by the numbers of the invariants."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

from m365.wire import MEETING_PROPERTY
from portal import occurrences
from portal.occurrences import Occurrence
from portal.tables import Calendar, Change, Conflict, Event, Meeting, MeetingException, Window
from sync.judging import content
from sync.judging.inbound import bases
from tests.machine.duo import PEOPLE, Duo
from tests.machine.ledger import OUTLOOK, PORTAL, Ledger, Target
from tests.machine.outlook_acts import span_of

QUIET_ROUNDS = 2


def broken(duo: Duo, ledger: Ledger) -> list[str]:
    """Everything that does not hold, as sentences that begin with the invariant's number."""
    found = list(duo.wire.broken)
    found += _cache(duo)
    found += _meetings(duo, ledger)
    found += _restored(duo, ledger)
    found += _doubles(duo)
    found += _waiting(duo)
    found += _losses(duo, ledger)
    found += _deletions(duo, ledger)
    found += on_the_way(duo, ledger)
    found += _foreign(duo)
    found += strangers_written(duo)
    found += _mails(duo, ledger)
    found += _quiet(duo)
    return found


def cached(duo: Duo) -> list[str]:
    """What of the cache differs from Outlook now."""
    return list(_cache(duo))


def _cache(duo: Duo) -> Iterator[str]:
    """1: the cache holds what Outlook shows in the windows held."""
    windows, events = duo.rows(Window), duo.rows(Event)
    for calendar in duo.rows(Calendar):
        mine = [one for one in windows if one.calendar_id == calendar.id]
        if not calendar.ticked or not mine:
            continue
        who = duo.owner_of(calendar)
        first, last = min(one.starts_at for one in mine), max(one.ends_at for one in mine)
        shown = {one["id"]: span_of(one) for one in duo.world.view(who, first, last, calendar.name)}
        held = {
            one.graph_id: (one.starts_at, one.ends_at)
            for one in events
            if one.calendar_id == calendar.id and one.kind != "master"
        }
        if shown != held:
            differ = {key: (shown.get(key), held.get(key)) for key in shown | held}
            wrong = {key[-8:]: both for key, both in differ.items() if both[0] != both[1]}
            yield f"1 {who}'s cache of {calendar.name} differs (Outlook, here): {wrong}"


def _meetings(duo: Duo, ledger: Ledger) -> Iterator[str]:
    for meeting in duo.rows(Meeting):
        who = duo.name_of(meeting.person_id)
        event = duo.event_of(who, meeting.id)
        there = event is not None and not event["isCancelled"] and duo.is_in_a_calendar(who, event)
        name = f"{who}'s meeting {meeting.id}"
        if meeting.cancelled_at is None:
            yield from _in_step(duo, ledger, meeting, event if there else None, name)
        elif meeting.cancelled_in == "portal" and there:
            yield f"1 {name} was cancelled here and is still in Outlook"
        elif meeting.cancelled_in == "outlook" and meeting.id not in ledger.deleted:
            yield f"6 {name} was cancelled though nobody deleted it"


def _in_step(duo: Duo, ledger: Ledger, meeting: Meeting, event: Any, name: str) -> Iterator[str]:
    if event is None:
        yield f"1 {name} is not in Outlook"
        return
    whole = duo.whole(meeting.id)
    ours = content.of_meeting(whole)
    starts, ends = span_of(event)
    theirs = (event["subject"], starts, ends, event["location"]["displayName"])
    if (ours.title, ours.starts, ours.ends, ours.location) != theirs:
        yield f"1 {name} differs: {ours} is {theirs} in Outlook"
    base_ours, _theirs = bases(whole.link)
    if content.moved(ours, base_ours):
        yield f"1 {name} differs from its base in {sorted(content.moved(ours, base_ours))}"
    if whole.recurrence is not None:
        yield from _series(duo, whole, name)
    kinds = {one["emailAddress"]["address"].lower(): one["type"] for one in event["attendees"]}
    if kinds.keys() != {one.address for one in whole.invitees}:
        yield f"9 {name} invites {sorted(one.address for one in whole.invitees)}, not {kinds}"
    for (meeting_id, address), kind in ledger.invited.items():
        if meeting_id == meeting.id and kinds.get(address, "") != kind:
            yield f"9 {address} should be {kind or 'uninvited'} in {name}: {kinds}"


def _series(duo: Duo, whole: Meeting, name: str) -> Iterator[str]:
    """1 and 11: every occurrence is on both sides as it is on the other."""
    link = whole.link
    assert link is not None
    mine = [one for one in duo.rows(Window) if one.calendar_id == link.calendar_id]
    if not mine:
        return
    first, last = min(one.starts_at for one in mine), max(one.ends_at for one in mine)
    ours = {
        one.starts_at: (one.ends_at, one.title, one.location or whole.join_url or "")
        for one in occurrences.between(whole, first, last)
        if not one.is_cancelled
    }
    who = duo.name_of(whole.person_id)
    theirs = {}
    for one in duo.world.view(who, first, last, duo.calendar_name(link.calendar_id)):
        if one["seriesMasterId"] == link.graph_id:
            starts, ends = span_of(one)
            theirs[starts] = ends, one["subject"], one["location"]["displayName"]
    for at in sorted(ours.keys() | theirs.keys()):
        if ours.get(at) != theirs.get(at):
            yield f"11 {name} on {at:%d %b %H:%M}: {ours.get(at)} is {theirs.get(at)} in Outlook"


def on_the_way(duo: Duo, ledger: Ledger) -> list[str]:
    """What must hold at every moment, also where it would be set right a little later."""
    return [*_called_off(duo, ledger), *_returned(duo, ledger)]


def _called_off(duo: Duo, ledger: Ledger) -> Iterator[str]:
    """6: no occurrence goes that nobody called off."""
    for row in duo.rows(MeetingException):
        behind = {(one, row.original_day) for one in ledger.with_heads(row.meeting_id)}
        if row.cancelled and not behind & ledger.off.keys():
            yield f"6 meeting {row.meeting_id} lost {row.original_day} though nobody called it off"


def _restored(duo: Duo, ledger: Ledger) -> Iterator[str]:
    """6: what somebody called off does not take place after all."""
    alive = {one.id for one in duo.rows(Meeting) if one.cancelled_at is None}
    for meeting_id, day in sorted(set(ledger.still_off()) - ledger.unseen(duo.blind)):
        found = occurrences.of_day(duo.whole(meeting_id), day) if meeting_id in alive else None
        if found is not None and not found.is_cancelled:
            yield f"6 meeting {meeting_id} takes place on {day} though that was called off"


def _doubles(duo: Duo) -> Iterator[str]:
    """4: one live event per meeting."""
    for who in PEOPLE:
        person = duo.world.person(who)
        keys = Counter(
            value
            for item in person.mailbox.items.values()
            for name, value in item.extended.items()
            if name.casefold() == MEETING_PROPERTY.casefold()
        )
        for key, times in keys.items():
            if times > 1:
                yield f"4 {who} has {times} events of meeting {key}"


def _waiting(duo: Duo) -> Iterator[str]:
    """1 and 3: the plan is empty, and nothing was given up silently."""
    for change in duo.rows(Change):
        if change.done_at is None:
            yield f"1 {change.kind} of meeting {change.meeting_id} still waits ({change.code})"
        elif change.outcome == "failed":
            yield f"3 {change.kind} of meeting {change.meeting_id} failed ({change.code})"


def _losses(duo: Duo, ledger: Ledger) -> Iterator[str]:
    """3: each edit stands, was overwritten knowingly, or is kept as a conflict."""
    rows = {one.id: one for one in duo.rows(Meeting)}
    conflicts = duo.rows(Conflict)
    gone = {one.id for one in rows.values() if one.cancelled_at is not None}

    def final(target: Target) -> Any:
        meeting_id, day, unit = target
        held = rows[meeting_id] if day is None else _occurrence(duo, ledger, meeting_id, day)
        if held is None:
            return None
        return (held.starts_at, held.ends_at) if unit == "time" else getattr(held, unit)

    def is_kept(target: Target, value: Any) -> bool:
        return target[0] in gone or _in_conflicts(conflicts, target, value)

    yield from (f"3 lost: {edit}" for edit in ledger.lost(final, is_kept, duo.blind))


def _in_conflicts(conflicts: Iterable[Conflict], target: Target, value: Any) -> bool:
    return any(
        value in _said(side, target[2])
        for one in conflicts
        if one.meeting_id == target[0] and target[2] in one.fields
        for side in (one.ours, one.theirs)
    )


def _returned(duo: Duo, ledger: Ledger) -> Iterator[str]:
    """3: what was left behind does not come back with a late copy, not even for a while."""
    shown = {
        (meeting_id, day, unit): getattr(row, unit)
        for row in (*duo.rows(Meeting), *duo.rows(MeetingException))
        for meeting_id, day in [_whose(row)]
        for unit in ("title", "location")  # nobody uses their words twice
    }
    for target, value in shown.items():
        left = None if value is None else ledger.returned(target, value)
        if left is not None and not _in_conflicts(duo.rows(Conflict), target, left):
            yield f"3 {value!r} came back in the place of {left!r}: {target}"


def _whose(row: Meeting | MeetingException) -> tuple[int, date | None]:
    if isinstance(row, MeetingException):
        return row.meeting_id, row.original_day
    return row.id, None


def _deletions(duo: Duo, ledger: Ledger) -> Iterator[str]:
    """3: what was edited here and Outlook never had is no more deleted with the event."""
    last = ledger.last_edits()
    for meeting in duo.rows(Meeting):
        if meeting.cancelled_in != OUTLOOK:
            continue
        for unit, there in ledger.last_there.get(meeting.id, {}).items():
            edit = last.get((meeting.id, None, unit))
            if edit and edit.side == PORTAL and there != edit.value == getattr(meeting, unit):
                yield f"3 deleted with its event, though it waited: {edit}"


def _occurrence(duo: Duo, ledger: Ledger, meeting_id: int, day: date) -> Occurrence | None:
    """As it is now, in the series or in what was split from it."""
    for one in (meeting_id, *ledger.tails.get(meeting_id, ())):
        found = occurrences.of_day(duo.whole(one), day)
        if found is not None:
            return found
    return None


def _said(side: dict[str, Any], unit: str) -> list[Any]:
    if unit == "time":
        moments = [side.get(one) for one in ("starts", "ends")]
        return [tuple(datetime.fromisoformat(one) for one in moments if one)]
    return [side.get(unit)]


def _foreign(duo: Duo) -> Iterator[str]:
    """6 and 20: what nobody removed is still there."""
    for who, event_id in duo.foreign:
        if duo.world.event(who, event_id) is None:
            yield f"6 {who}'s own event {event_id[-8:]} is gone"


def strangers_written(duo: Duo) -> Iterator[str]:
    """5: only events that meetings are linked to were written."""
    for call in duo.wire.writes:
        steps = call.path.partition("?")[0].split("/")
        if "events" not in steps or steps[-1] == "events":
            continue
        event_id = unquote(steps[steps.index("events") + 1])
        if not duo.is_ours(call.who, event_id):
            yield f"5 {call.method} of {event_id[-8:]}, which is no meeting of {call.who}'s"


def _mails(duo: Duo, ledger: Ledger) -> Iterator[str]:
    """8: every mail that the portal's writes sent has an act here behind it."""
    sent: Counter[tuple[int, str]] = Counter()
    for mail in duo.world.mails:
        whose = duo.meeting_behind(mail.event_id)
        if whose is None:
            yield f"8 a mail ({mail.kind}) about an event that is no meeting's"
        else:
            sent[whose, mail.to] += 1
    for (meeting_id, to), times in sent.items():
        if times > ledger.acts.get(meeting_id, 0):
            yield f"8 {times} mails to {to} for meeting {meeting_id}, acts {ledger.acts}"


def _quiet(duo: Duo) -> Iterator[str]:
    """2: a converged pair makes no writes."""
    before = len(duo.wire.writes)
    for _ in range(QUIET_ROUNDS):
        duo.look_everywhere()
    more = duo.wire.writes[before:]
    if more:
        yield f"2 {len(more)} writes at rest: {more[0].method} {more[0].path[-60:]}"
