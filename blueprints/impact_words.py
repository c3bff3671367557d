"""What a change of settings would do, in words: numbers, names, days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from blueprints import coverage_words
from blueprints.wording import full_day
from portal import eligibility
from portal.configuration.impact import Impact, Shift

SHOWN = 20  # names in a list, before it says how many more there are
WHY = {
    eligibility.SWITCHED_OFF: "the integration is switched off for them",
    eligibility.DOMAIN: "their addresses are in none of the allowed domains",
    eligibility.PERMISSION: "people may no longer grant access to their calendar",
    eligibility.OWN_CONSENT: "application permissions end, and each has to connect by themselves",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing it does. `who`: names, the first twenty."""

    words: str
    who: str = ""


def lines(found: Impact, zone: ZoneInfo) -> list[Line]:
    """Worst first."""
    said = _cut_off(found, zone)
    for everybody, one, many in (
        (
            found.stops,
            "connection rests until it is switched on again; nothing is deleted",
            "connections rest until it is switched on again; nothing is deleted",
        ),
        (found.loses, "person loses the integration", "people lose the integration"),
        (
            found.consents,
            "connection needs a new consent for it: its person has to connect again",
            "connections need a new consent for it: their people have to connect again",
        ),
    ):
        said += _counted(everybody, one, many)
    said += _unwritten(found)
    for everybody, one, many in (
        (
            found.returns,
            "connection that was to be cut off, or was, goes on",
            "connections that were to be cut off, or were, go on",
        ),
        (found.gains, "person gains the integration", "people gain the integration"),
        (found.to_one, "person changes to version 1.0", "people change to version 1.0"),
        (found.to_two, "person changes to version 2.0", "people change to version 2.0"),
    ):
        said += _counted(everybody, one, many)
    return said + [Line(_shift(one, found)) for one in found.shifts]


def reach(found: Impact) -> str:
    """How many it holds for, and how many keep what they have."""
    people = f"{found.people} {'person' if found.people == 1 else 'people'}"
    if not found.reached:
        return "Nothing changes for anybody who is here now."
    return f"Something changes for {len(found.reached)} of {people}."


def connected(found: Impact) -> str:
    if not found.connected:
        return "Nobody has connected a calendar yet."
    has = "1 person has" if found.connected == 1 else f"{found.connected} people have"
    return f"{has} a connected calendar."


def names(everybody: Sequence[str]) -> str:
    """The first twenty, "and 12 more"."""
    shown = ", ".join(everybody[:SHOWN])
    rest = len(everybody) - SHOWN
    return f"{shown} and {rest} more" if rest > 0 else shown


def _counted(everybody: Sequence[str], one: str, many: str) -> list[Line]:
    number = len(everybody)
    if not number:
        return []
    return [Line(f"{number} {one if number == 1 else many}.", names(everybody))]


def _cut_off(found: Impact, zone: ZoneInfo) -> list[Line]:
    together: dict[tuple[str, date | None], list[str]] = defaultdict(list)
    for notice in found.notices:
        day = None if notice.day is None else notice.day.astimezone(zone).date()
        together[notice.why, day].append(notice.name)
    return [
        Line(_cut(len(everybody), why, day), names(everybody))
        for (why, day), everybody in together.items()
    ]


def _cut(number: int, why: str, day: date | None) -> str:
    many = "connection is" if number == 1 else "connections are"
    when = "at once" if day is None else f"on {full_day(day)}"
    told = "" if day is None else " They get notice now, and everything goes on until then."
    return f"{number} {many} cut off {when}, because {WHY[why]}.{told} Nothing is deleted."


def _unwritten(found: Impact) -> list[Line]:
    people = len(found.unwritten)
    if not people:
        return []
    whose = f"{people} {'person' if people == 1 else 'people'}"
    words = f"Meetings of {whose} no longer travel from here to Outlook."
    if found.meetings:
        stop = "meeting to come stops" if found.meetings == 1 else "meetings to come stop"
        words = (
            f"{found.meetings} {stop} syncing, of {whose}: changes no longer travel from here to "
            "Outlook. The meetings stay, here and there."
        )
    if found.waiting:
        wait = "change that waits is" if found.waiting == 1 else "changes that wait are"
        words += f" {found.waiting} {wait} not sent meanwhile."
    return [Line(words, names(found.unwritten))]


def _shift(one: Shift, found: Impact) -> str:
    opens, closes = coverage_words.quarters(one.opens), coverage_words.quarters(one.closes)
    said = []
    if one.people and one.people != found.connected:
        said.append(f"For {one.people} of them:")
    if opens:
        said.append(f"{opens} will be read.")
    if closes:
        said.append(
            f"Events of {closes} leave the portal; in Outlook nothing changes, and meetings stay."
        )
    if one.shows_less:
        said.append("Of what remains only meetings to come are shown.")
    if one.shows_more:
        said.append("Everything in the coverage is shown, and what is held is read anew.")
    if one.people:
        said.append(
            "The first look afterwards writes nothing: where mail would go out, each person is "
            "asked first."
        )
    return " ".join(said)
