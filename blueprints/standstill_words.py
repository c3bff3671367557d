"""What stands still in plain words, for administrators."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from blueprints import code_words, wording
from portal import waits
from portal.operations import standstill
from portal.operations.standstill import Frozen, Unread, Unwritten

DAY = timedelta(days=1)
WHY: Mapping[str | None, str] = {
    waits.BLOCKED: "Blocked by a setting, which has ended the connection.",
    waits.HELD: "Held by the brake: it waits for a word.",
    waits.ONE_WAY: "Only read: the person granted no more, or a setting allows no more.",
    waits.DRY_RUN: "Only shown: you hold changes back.",
    waits.LOOKS: "Being read before anything is written.",
    waits.A_WORD: "Waits for the person to agree.",
    None: "Writing goes on.",
}


def of_mailbox(one: Unwritten, zone: ZoneInfo) -> str:
    since = f" Since {wording.moment(one.since, zone)}." if one.since else ""
    return WHY[one.why] + since


def of_frozen(one: Frozen, zone: ZoneInfo) -> tuple[str, str]:
    """Its title and the line below."""
    return f"{one.person}, meeting {one.meeting_id}", f"Since {wording.moment(one.since, zone)}."


def of_unread(one: Unread, zone: ZoneInfo) -> tuple[str, str]:
    """Its title and the line below."""
    since = _since(one, zone)
    again = f" Next look: {wording.moment(one.next_at, zone)}." if one.next_at else ""
    said = [f"{_what(one)}.", code_words.words_of(one.code), since]
    return f"{one.person}, {one.calendar}", " ".join(filter(None, said)) + again


def _what(one: Unread) -> str:
    if one.what == standstill.PART and one.first and one.end:
        days = wording.days_words(one.first.date(), (one.end - DAY).date())
        return f"{days}, read as a list" if one.by_list else days
    if one.what == standstill.EVENTS:
        return "1 event" if one.count == 1 else f"{one.count} events"
    return "The whole calendar"


def _since(one: Unread, zone: ZoneInfo) -> str:
    if one.what == standstill.EVENTS:
        return f"Since {wording.moment(one.since, zone)}." if one.since else ""
    return f"Last read {wording.moment(one.since, zone)}." if one.since else "Never read yet."
