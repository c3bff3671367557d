"""What happens when somebody creates, changes, deletes or cancels an event.

The same rules hold for Graph and for the Outlook page; each refusal carries Graph's code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from simulator.mailbox.item import Divergence, Instance, Item, When, master_of
from simulator.mailbox.recurrence import Recurrence, read_recurrence
from simulator.mailbox.store import Calendar, Mailbox
from simulator.mailbox.words import DEFAULTS, WHEN, read_extended, read_words, teams_block
from simulator.refused import Refused, bad_request, not_simulated, unreadable
from simulator.zones import wall_time, zone_named

FAMILY = UUID("6f4d2b3a-93c1-4d57-8f0e-5d6f6f1d2c10")
DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?$")
MOST_YEARS = 5


@dataclass(frozen=True, slots=True)
class Written:
    """An event after a write, and whether its invitees hear of it."""

    instance: Instance
    repeated: bool = False


def create(
    mailbox: Mailbox, calendar: Calendar, wire: dict[str, Any], *, uid: str = "", lone: int = 0
) -> Written:
    """A new event. A `transactionId` seen before gives the event it made then.

    `uid` and `lone` are for what comes from elsewhere and is known by an iCalUId already.
    """
    _writable(calendar)
    transaction = wire.get("transactionId")
    if not isinstance(transaction, str | None):
        raise unreadable("The property 'transactionId' must be a string.")
    known = mailbox.by_transaction.get(transaction or "")
    if known is not None:
        return Written(master_of(mailbox.items[known]), repeated=True)
    if not wire.get("start") or not wire.get("end"):
        raise bad_request("An event needs a start and an end.", "ErrorPropertyValidationFailure")
    words, extended = read_words(wire), read_extended(wire)
    when = read_when(mailbox, wire)
    number, now = mailbox.next_number(), mailbox.now()
    item = Item(
        number=number,
        calendar=calendar.number,
        uid=uid or new_uid(mailbox, number),
        created=now,
        modified=now,
        words=words,
        when=when,
        home=mailbox.home,
        transaction_id=transaction,
        extended=extended,
        lone=lone,
    )
    if wire.get("recurrence"):
        _begin_series(item, wire["recurrence"])
    settle_online_meeting(item.words, item.uid)
    mailbox.put(item)
    return Written(master_of(item))


def _writable(calendar: Calendar) -> None:
    if not calendar.can_edit:
        raise Refused(
            403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
        )


def new_uid(mailbox: Mailbox, number: int) -> str:
    """The iCalUId of a new event: the same in every mailbox that gets a copy."""
    unique = uuid5(FAMILY, f"{mailbox.key}/{number}")
    return f"040000008200E00074C5B7101A82E008{unique.hex.upper() * 3}"


def _begin_series(item: Item, wire: Any) -> None:
    series = read_recurrence(wire)
    if series.range.first != item.when.start.date():
        raise bad_request("The recurrence must start on the date of the event's start.")
    _follow(item, series)


def _follow(item: Item, series: Recurrence) -> None:
    first = next(series.dates(), None)
    if first is None:
        raise bad_request("The recurrence has no occurrence.", "ErrorRecurrenceHasNoOccurrence")
    # A pattern need not fall on the start that was sent; the series then begins with its first day.
    item.when = item.when.on(first, item.home)
    item.repattern(series)


def read_when(mailbox: Mailbox, wire: dict[str, Any], old: When | None = None) -> When:
    """The span in a request body, completed from the old one; Graph's rules are applied."""
    start, zone = _moment(
        wire.get("start"), old.start if old else None, old.start_zone if old else None
    )
    end, end_zone = _moment(
        wire.get("end"), old.end if old else None, old.end_zone if old else None
    )
    all_day = wire.get("isAllDay", old.all_day if old else False)
    when = When.written(
        start, end, zone=zone, end_zone=end_zone, home=mailbox.home, all_day=bool(all_day)
    )
    if when.ends < when.starts:
        raise bad_request(
            "The end of the event lies before its start.",
            "ErrorCalendarEndDateIsEarlierThanStartDate",
        )
    if when.length > MOST_YEARS * 366 * 86400:
        raise bad_request("The event is too long.", "ErrorCalendarDurationIsTooLong")
    if when.all_day:
        _check_days(when)
    return when


def _moment(wire: Any, old: datetime | None, old_zone: str | None) -> tuple[datetime, str]:
    if wire is None and old is not None and old_zone is not None:
        return old, old_zone
    text = wire.get("dateTime") if isinstance(wire, dict) else None
    if not isinstance(text, str) or not DATE_TIME.match(text):
        raise unreadable("The property 'dateTime' must be a date and time without an offset.")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise unreadable(f"Cannot convert '{text}' to a date and time.") from problem
    if not 1601 < moment.year < 4500:
        raise bad_request(f"The date {text} is outside what a calendar holds.")
    return moment.replace(microsecond=0), str(wire.get("timeZone") or old_zone or "UTC")


def _check_days(when: When) -> None:
    midnights = when.start.time() == when.end.time() == datetime.min.time()
    if not midnights or when.start_zone != when.end_zone:
        raise bad_request(
            "The Event.Start and Event.End of an all-day event need to be set to midnight "
            "in the same time zone."
        )
    if when.end - when.start < timedelta(days=1):
        raise bad_request("The duration of an event marked as All day must be at least 24 hours.")


def settle_online_meeting(words: dict[str, Any], uid: str) -> None:
    """Give an online meeting its join address and its block, or take a lost one away."""
    if not words.get("isOnlineMeeting"):
        words.pop("onlineMeeting", None)
        return
    words.setdefault("onlineMeetingProvider", "teamsForBusiness")
    if words["onlineMeetingProvider"] == "unknown":
        words["onlineMeetingProvider"] = "teamsForBusiness"
    if "onlineMeeting" in words:
        return
    thread = uuid5(FAMILY, uid).hex
    address = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{thread}%40thread.v2/0"
    words["onlineMeeting"] = {"joinUrl": address}
    content = words.get("body", DEFAULTS["body"])["content"]
    page = content or "<html><body>\r\n</body></html>"
    words["body"] = {
        "contentType": "html",
        "content": page.replace("</body>", f"{teams_block(address)}\r\n</body>"),
    }


def change(mailbox: Mailbox, instance: Instance, wire: dict[str, Any]) -> Instance:
    """PATCH: only what the body names changes. An occurrence becomes an exception."""
    _writable(mailbox.calendars[instance.item.calendar])
    words = read_words(wire)
    when = read_when(mailbox, wire, instance.when) if wire.keys() & WHEN else instance.when
    extended = read_extended(wire)
    if instance.ordinal:
        if extended:
            raise not_simulated("extended properties of one occurrence")
        return _diverge(mailbox, instance, wire, words, when)
    return _change_item(mailbox, instance.item, wire, words, when, extended)


def _merge(old: dict[str, Any], new: dict[str, Any], uid: str) -> dict[str, Any]:
    words = {**old, **new}
    if "attendees" in new:
        words["attendees"] = _with_answers(new["attendees"], old.get("attendees") or ())
    link = (words.get("onlineMeeting") or {}).get("joinUrl")
    if "body" in new and link and link not in words["body"]["content"].replace("&amp;", "&"):
        # Whoever overwrites the meeting block disables the meeting, as at Microsoft.
        words["isOnlineMeeting"] = False
    settle_online_meeting(words, uid)
    return words


def _with_answers(
    attendees: list[dict[str, Any]], before: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Whoever stays invited keeps the answer given before."""
    answers = {each["emailAddress"]["address"]: each["status"] for each in before}
    return [
        {**each, "status": answers.get(each["emailAddress"]["address"], each["status"])}
        for each in attendees
    ]


def _change_item(
    mailbox: Mailbox,
    item: Item,
    wire: dict[str, Any],
    words: dict[str, Any],
    when: When,
    extended: dict[str, str],
) -> Instance:
    merged = _merge(item.words, words, item.uid)
    before = (item.when, item.recurrence)

    def apply() -> None:
        item.when = when
        try:
            _repeat(item, wire, moved=when != before[0])
        except Refused:
            item.when, item.recurrence = before
            raise
        item.words = merged
        item.extended.update(extended)

    mailbox.rewrite(item, apply)
    return master_of(item)


def _repeat(item: Item, wire: dict[str, Any], *, moved: bool) -> None:
    if "recurrence" in wire and wire["recurrence"] is None:
        item.repattern(None)
    elif wire.get("recurrence"):
        unchanged = item.recurrence and item.recurrence == read_recurrence(wire["recurrence"])
        if moved or not unchanged:
            _begin_series(item, wire["recurrence"])
    elif moved and item.recurrence:
        span = replace(item.recurrence.range, first=item.when.start.date())
        _follow(item, replace(item.recurrence, range=span))


def _diverge(
    mailbox: Mailbox, instance: Instance, wire: dict[str, Any], words: dict[str, Any], when: When
) -> Instance:
    item, ordinal = instance.item, instance.ordinal
    mailbox.remember(item)
    if wire.get("recurrence"):
        raise bad_request("An occurrence has no recurrence of its own.")
    if when != instance.when:
        _check_neighbours(item, ordinal, when)
    merged = _merge(instance.words, words, f"{item.uid}/{ordinal}")
    item.exceptions[ordinal] = Divergence(merged, when, 0, mailbox.now())
    mailbox.touch(item, ordinal)
    return item.occurrence(ordinal)


def _check_neighbours(item: Item, ordinal: int, when: When) -> None:
    before, after = item.expanded().around(ordinal) or (None, None)
    day = _series_day(item, when.starts)
    crossed = (before and item.has(before) and day <= _day_of(item, before)) or (
        after and item.has(after) and day >= _day_of(item, after)
    )
    if crossed:
        raise bad_request(
            "Modified occurrence is crossing or overlapping adjacent occurrence.",
            "ErrorOccurrenceCrossingBoundary",
        )


def _day_of(item: Item, ordinal: int) -> date:
    return _series_day(item, item.when_of(ordinal).starts)


def _series_day(item: Item, starts: int) -> date:
    zone = item.home if item.when.all_day else zone_named(item.when.start_zone)
    return wall_time(starts, zone).date()


def delete(mailbox: Mailbox, instance: Instance) -> None:
    """Delete an event, a whole series or one occurrence."""
    _writable(mailbox.calendars[instance.item.calendar])
    if not instance.ordinal:
        mailbox.remove(instance.item)
        return
    mailbox.remember(instance.item)
    instance.item.exceptions.pop(instance.ordinal, None)
    instance.item.cancelled |= {instance.ordinal}
    # The master counts as changed: the rest of the series is sent again, without this one.
    mailbox.touch(instance.item)
