"""The form of a meeting: reads what was entered and judges it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import Length, ValidationError

from blueprints import series_words
from blueprints.fields import zone_field
from blueprints.repeat_form import RepeatForm, fields_of
from blueprints.when_form import (
    FURTHEST,
    LATEST_START,
    NotValidated,
    WhenForm,
    one_line,
    plain_lines,
    refuse,
    when_fields,
)
from blueprints.wording import full_day
from portal import occurrences, recurrence
from portal.occurrences import Occurrence
from portal.plan import Plan
from portal.tables import Meeting

MOST_INVITEES = 100
USUAL_LENGTH = timedelta(minutes=30)
_ADDRESS = re.compile(
    r"(?=.{6,254}\Z)[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


class MeetingForm(WhenForm, RepeatForm):
    """Of a meeting, of a whole series, or of the later part of one, which begins with `one`."""

    key = HiddenField(filters=[one_line])
    zone = zone_field()
    invitees = TextAreaField("Invite", filters=[plain_lines], validators=[Length(max=40_000)])
    description = TextAreaField(
        "Description", filters=[plain_lines], validators=[Length(max=8_000)]
    )
    has_link = BooleanField("Add a join link")

    def __init__(
        self,
        *,
        now: datetime,
        own_address: str,
        meeting: Meeting | None = None,
        one: Occurrence | None = None,
        **filled: Any,
    ) -> None:
        held = one or meeting
        super().__init__(now=now, begins=None if held is None else held.starts_at, **filled)
        self.own_address, self.meeting = own_address, meeting
        self.people: dict[str, str] = {}
        self.repetition: dict[str, Any] | None = None
        self.offer(None if meeting is None else meeting.recurrence)
        if self.repeats.data and not self.is_submitted():
            self.repetition = self.rule(self.day.data)

    def validate_invitees(self, field: TextAreaField) -> None:
        self.people = invitees_in(field.data)
        self.people.pop(self.own_address, None)
        if len(self.people) > MOST_INVITEES:
            raise ValidationError(f"Invite at most {MOST_INVITEES} people.")

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        super().validate(extra_validators)
        self.forget_unasked()
        if self.says_when() and not self.zone.errors:
            self._judge_times(ZoneInfo(self.zone.data))
        return self.span is not None and not self.errors and self._is_current()

    def plan(self) -> Plan:
        """What was entered. Raises NotValidated before validate() has said that it is good."""
        if self.span is None:
            raise NotValidated
        starts_at, ends_at = self.span
        return Plan(
            title=self.title.data or "",
            starts_at=starts_at,
            ends_at=ends_at,
            zone=self.zone.data,
            location=self.location.data or "",
            description=self.description.data or "",
            invitees=self.people,
            has_link=self.has_link.data,
            recurrence=self.repetition,
        )

    def _judge_times(self, zone: ZoneInfo) -> None:
        if not self.repeats.data:
            self.span = self.span_in(zone)
            return
        if self.repeats.errors:
            return
        self.repetition = self.rule(self.day.data)
        if self.repetition is None:
            return
        later = recurrence.first_day(self.repetition) - self.day.data
        span = self.span_in(zone, later=later)
        if span and occurrences.overlaps_itself(self.repetition, span[1] - span[0]):
            refuse(self.end, "It would not be over when the next one begins.")
        else:
            self.span = span

    def answer_for_now(self) -> None:
        """While it is being filled in: fields follow a new date, and what is wrong is said."""
        super().validate()
        if self.day.data is not None:
            self.follow(self.day.data)
        self.forget_unasked()
        if self.repeats.data and not self.repeats.errors and self.day.data is not None:
            self.repetition = self.rule(self.day.data)

    @property
    def words(self) -> str:
        """How it repeats, and when first, as far as that can be said."""
        if self.repetition is None:
            return ""
        first, last = recurrence.first_day(self.repetition), recurrence.last_day(self.repetition)
        said = f"{series_words.sentence(self.repetition)}. The first is on {full_day(first)}"
        return f"{said}." if last is None else f"{said}, the last on {full_day(last)}."

    def is_moved(self, start: datetime, zone: ZoneInfo) -> bool:
        """The hours of a series that began long ago may change; the past ones then change too."""
        if self.begins is not None and self.repetition is not None:
            return self.begins.astimezone(zone).date() != start.astimezone(zone).date()
        return super().is_moved(start, zone)

    def _is_current(self) -> bool:
        """False, and said, when the meeting changed while the form was open."""
        if self.meeting is None or self.shown_at.data == self.meeting.changed_at.isoformat():
            return True
        self.shown_at.data = self.meeting.changed_at.isoformat()
        self.form_errors.append(
            "This meeting was changed elsewhere while the form was open. Compare before you save: "
            f"it is now “{self.meeting.title}”, {_wall(self.meeting)}. Saving again makes it "
            "as entered below."
        )
        return False


def _wall(meeting: Meeting) -> str:
    return f"{meeting.starts_at.astimezone(ZoneInfo(meeting.zone)):%Y-%m-%d %H:%M} {meeting.zone}"


def invitees_in(text: str | None) -> dict[str, str]:
    """Addresses with the names given to them, each once. Raises ValidationError."""
    people: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text or ""):
        if not part.strip():
            continue
        name, address = _name_and_address(part)
        address = address.lower()
        if not _ADDRESS.fullmatch(address) or ".." in address:
            raise ValidationError(f"“{one_line(part)[:80]}” is not an e-mail address.")
        people.setdefault(address, name[:255])
    return people


def _name_and_address(part: str) -> tuple[str, str]:
    """Of `Name <address>`, `"Name" <address>` or an address alone; else all of it as address."""
    name, bracket, rest = part.partition("<")
    address, closing, after = rest.partition(">")
    name = name.strip()
    quoted = len(name) > 1 and name.startswith('"') and name.endswith('"')
    name = name[1:-1].strip() if quoted else name
    well_formed = closing and not after.strip() and not set('">') & set(name)
    return (name, address.strip()) if bracket and well_formed else ("", part.strip())


def of_meeting(meeting: Meeting, one: Occurrence | None = None) -> dict[str, Any]:
    """The fields as they stand now, in the zone the meeting was scheduled in; of a series the
    whole, or the part of it that begins with `one`.
    """
    zone, held = ZoneInfo(meeting.zone), one or meeting
    first, repeats = held.starts_at.astimezone(zone).date(), meeting.recurrence
    if one is not None and repeats is not None:
        repeats = recurrence.remaining_from(repeats, one.day)
    named = (f"{one.name} <{one.address}>" if one.name else one.address for one in meeting.invitees)
    return {
        **when_fields(held.starts_at, held.ends_at, zone),
        **fields_of(repeats, first),
        "shown_at": meeting.changed_at.isoformat(),
        "title": held.title,
        "zone": meeting.zone,
        "invitees": "\n".join(named),
        "location": held.location,
        "description": meeting.description,
        "has_link": meeting.join_url is not None,
    }


def of_start(asked: str, zone: ZoneInfo, *, now: datetime) -> dict[str, Any]:
    """The fields of a new meeting: at the time asked for, or from the next half hour."""
    starts = _asked_start(asked, zone, now) or _next_half_hour(now).astimezone(zone)
    ends = starts.astimezone(UTC) + USUAL_LENGTH
    filled = when_fields(starts, ends, zone) | fields_of(None, starts.date())
    return filled | {"zone": zone.key, "has_link": True}


def _asked_start(asked: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """ "2026-11-24T10:00", or a day alone, whose nine o'clock is meant. None for anything else."""
    try:
        day_alone = len(asked) == len("2026-11-24")
        wall = datetime.fromisoformat(f"{asked}T09:00" if day_alone else asked)
    except ValueError:
        return None
    starts = wall.replace(tzinfo=zone, second=0, microsecond=0)
    ahead = starts.year < date.max.year and now - LATEST_START < starts < now + FURTHEST
    return starts if ahead else None


def _next_half_hour(now: datetime) -> datetime:
    whole = now.replace(second=0, microsecond=0)
    return whole + timedelta(minutes=30 - whole.minute % 30)
