"""The copies of a meeting in the calendars of those who are invited.

A copy has the organiser's iCalUId. What the organiser says about the meeting travels; how the time
is shown, reminders, categories and the own answer stay with each copy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from simulator.directory import Person
from simulator.exchange.meeting import address_of, invitees
from simulator.mailbox.item import Divergence, Instance, Item, When, master_of
from simulator.mailbox.store import Mailbox
from simulator.mailbox.words import NEVER
from simulator.zones import aware, instant

Words = dict[str, Any]
NOT_RESPONDED = {"response": "notResponded", "time": NEVER}
STAYS = {
    "showAs", "isReminderOn", "reminderMinutesBeforeStart", "categories", "organizer",
    "responseStatus",
}  # fmt: skip
OWNERS = STAYS | {"sensitivity"}  # comes with the invitation and belongs to the copy from then on
CANCELED = "Canceled: "


def bring(meeting: Instance, host: Words, to: Person, *, new_time: bool = False) -> None:
    """Bring somebody's copy of a meeting, or of one occurrence, up to what the organiser has.

    `host` names the organiser. A new time takes the answer back.
    """
    mailbox = to.mailbox
    whole = whole_copy(mailbox, meeting.item.uid)
    if not meeting.ordinal:
        if whole is None:
            _first(meeting.item, host, to)
        else:
            _renew(whole, meeting.item, host, to, new_time=new_time)
    elif whole is not None and _falls_on(whole, meeting.ordinal):
        _renew_occurrence(whole, meeting, host, to, new_time=new_time)
    else:
        _bring_alone(meeting, host, to, new_time=new_time)


def withdraw(mailbox: Mailbox, uid: str, ordinal: int) -> None:
    """Mark a copy, or one occurrence of it, as cancelled; it stays until its owner removes it."""
    whole = whole_copy(mailbox, uid)
    if whole is not None and not whole.words.get("isCancelled") and _holds(whole, ordinal):
        _cancel(mailbox, whole, ordinal)
    elif ordinal and (alone := lone_copy(mailbox, uid, ordinal)):
        _cancel(mailbox, alone, 0)


def whole_copy(mailbox: Mailbox, uid: str) -> Item | None:
    """The item of this iCalUId, unless the mailbox knows only single occurrences of it."""
    return mailbox.items.get(mailbox.by_uid.get(uid, 0))


def lone_copy(mailbox: Mailbox, uid: str, ordinal: int) -> Item | None:
    """The copy of one occurrence of a series that the mailbox does not have."""
    return mailbox.items.get(mailbox.by_uid.get(f"{uid}/{ordinal}", 0))


def _cancel(mailbox: Mailbox, copy: Item, ordinal: int) -> None:
    for each in [ordinal] if ordinal else copy.exceptions:
        mailbox.remember(copy)
        found = copy.occurrence(each)
        copy.exceptions[each] = Divergence(_cancelled(found.words), found.when, 0, mailbox.now())
        mailbox.touch(copy, each)
    if not ordinal:
        mailbox.remember(copy)
        copy.words = _cancelled(copy.words)
        mailbox.touch(copy)


def _cancelled(words: Words) -> Words:
    if words.get("isCancelled"):
        return words
    subject = CANCELED + words.get("subject", "")
    return {**words, "subject": subject, "isCancelled": True, "showAs": "free"}


def _first(item: Item, host: Words, to: Person) -> None:
    mailbox = to.mailbox
    master = master_of(item)
    copy = copy_for(master, received(master, host, to, None), to)
    if item.recurrence:
        copy.repattern(item.recurrence)
        take_series(copy, item, host, to)
        for ordinal in item.exceptions:
            if alone := lone_copy(mailbox, item.uid, ordinal):
                mailbox.remove(alone, keep=False)
    mailbox.put(copy)


def copy_for(meeting: Instance, words: Words, to: Person) -> Item:
    """A copy of a meeting with these words, not yet in the calendar."""
    mailbox, now = to.mailbox, to.mailbox.now()
    return Item(
        number=mailbox.next_number(),
        calendar=mailbox.default_calendar.number,
        uid=meeting.item.uid,
        created=now,
        modified=now,
        words=words,
        when=_at_home(meeting.when, mailbox.home),
        home=mailbox.home,
    )


def take_series(copy: Item, item: Item, host: Words, to: Person) -> None:
    """The exceptions and cancelled occurrences of the organiser's series."""
    copy.cancelled = item.cancelled
    if not item.when.all_day:
        copy.expansion = item.expanded()  # the same dates in every mailbox
    for ordinal in sorted(item.exceptions):
        meeting = item.occurrence(ordinal)
        if to.address.lower() in invitees(meeting):
            copy.exceptions[ordinal] = _divergence(meeting, host, to, None)
        else:
            copy.cancelled = copy.cancelled | {ordinal}


def _bring_alone(meeting: Instance, host: Words, to: Person, *, new_time: bool) -> None:
    """Somebody without the series gets one occurrence of it: an exception without a master."""
    mailbox = to.mailbox
    copy = lone_copy(mailbox, meeting.item.uid, meeting.ordinal)
    words = received(meeting, host, to, copy.words if copy else None, new_time=new_time)
    original = aware(meeting.item.original(meeting.ordinal).starts)
    words["originalStart"] = f"{original:%Y-%m-%dT%H:%M:%S}.0000000Z"
    if copy is None:
        copy = copy_for(meeting, words, to)
        copy.lone = meeting.ordinal
        mailbox.put(copy)
        return
    kept = copy

    def apply() -> None:
        kept.when = _at_home(meeting.when, mailbox.home)
        kept.words = words

    mailbox.rewrite(copy, apply)


def _renew(copy: Item, item: Item, host: Words, to: Person, *, new_time: bool) -> None:
    mailbox, meeting = to.mailbox, master_of(item)
    when = _at_home(item.when, mailbox.home)
    repeats = bool(copy.recurrence or item.recurrence)
    other_dates = repeats and (copy.recurrence, copy.when) != (item.recurrence, when)

    def apply() -> None:
        copy.when = when
        copy.words = received(meeting, host, to, copy.words, new_time=new_time)
        if other_dates:
            copy.repattern(item.recurrence)

    mailbox.rewrite(copy, apply)
    if other_dates and item.recurrence:
        take_series(copy, item, host, to)
    elif item.recurrence:
        _renew_exceptions(copy, item, host, to, new_time=new_time)


def _renew_exceptions(copy: Item, item: Item, host: Words, to: Person, *, new_time: bool) -> None:
    for ordinal in sorted({*copy.exceptions, *item.exceptions}):
        # What the organiser or the owner took away stays away.
        if item.has(ordinal) and ordinal not in copy.cancelled:
            meeting = item.occurrence(ordinal)
            if to.address.lower() in invitees(meeting):
                _renew_occurrence(copy, meeting, host, to, new_time=new_time)


def _renew_occurrence(
    copy: Item, meeting: Instance, host: Words, to: Person, *, new_time: bool
) -> None:
    ordinal = meeting.ordinal
    to.mailbox.remember(copy)
    copy.cancelled = copy.cancelled - {ordinal}
    kept = copy.occurrence(ordinal).words
    copy.exceptions[ordinal] = _divergence(meeting, host, to, kept, new_time=new_time)
    to.mailbox.touch(copy, ordinal)


def _divergence(
    meeting: Instance, host: Words, to: Person, kept: Words | None, *, new_time: bool = False
) -> Divergence:
    words = received(meeting, host, to, kept, new_time=new_time)
    return Divergence(words, _at_home(meeting.when, to.mailbox.home), 1, to.mailbox.now())


def _holds(copy: Item, ordinal: int) -> bool:
    return not ordinal or copy.has(ordinal)


def _falls_on(copy: Item, ordinal: int) -> bool:
    return copy.recurrence is not None and copy.expanded().around(ordinal) is not None


def received(
    meeting: Instance, host: Words, to: Person, kept: Words | None, *, new_time: bool = False
) -> Words:
    """The words of a copy: the organiser's, and those that its owner chose for it before."""
    sent = meeting.words
    words = {name: value for name, value in sent.items() if name not in STAYS}
    if words.get("hideAttendees"):
        own = to.address.lower()
        words["attendees"] = [each for each in words["attendees"] if address_of(each) == own]
    words["organizer"] = host
    if kept:
        words.pop("sensitivity", None)
        words.update((name, value) for name, value in kept.items() if name in OWNERS)
    if not kept or new_time or kept.get("isCancelled"):
        words["responseStatus"] = NOT_RESPONDED
        words["showAs"] = "free" if sent.get("showAs") == "free" else "tentative"
    return words


def _at_home(when: When, home: ZoneInfo) -> When:
    """The same time in another mailbox: whole days are days of that mailbox's own zone."""
    if not when.all_day:
        return when
    return replace(when, starts=instant(when.start, home), ends=instant(when.end, home))
