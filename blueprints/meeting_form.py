"""The form of a meeting: reads what was entered and judges it."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from blueprints.fields import zone_field
from portal.meetings import NoSuchTime, Plan, instant
from portal.tables import Meeting

LONGEST = timedelta(days=7)
LATEST_START = timedelta(days=1)  # in the past
FURTHEST = timedelta(days=5 * 366)
MOST_INVITEES = 100
USUAL_LENGTH = timedelta(minutes=30)
# Codes that no page may hold: controls, halves of pairs, and those that stand for no sign at all.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_ADDRESS = re.compile(
    r"(?=.{6,254}\Z)[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@"
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


def one_line(text: str | None) -> str:
    return " ".join(_CONTROL.sub("", text or "").split())


def plain_lines(text: str | None) -> str:
    return _CONTROL.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


class NotValidated(Exception):
    """A form was used before it was found good."""


class MeetingForm(FlaskForm):
    """`shown_at` says which state of the meeting the person was looking at (empty when new)."""

    key = HiddenField(filters=[one_line])
    shown_at = HiddenField()
    title = StringField(
        "Title",
        filters=[one_line],
        validators=[InputRequired("Give the meeting a title."), Length(max=255)],
    )
    day = DateField("Date", validators=[InputRequired("Say on which day it is.")])
    start = TimeField("Starts", validators=[InputRequired("Say when it starts.")])
    end = TimeField("Ends", validators=[InputRequired("Say when it ends.")])
    end_day = DateField("Ends on another day", validators=[Optional()])
    zone = zone_field()
    invitees = TextAreaField("Invite", filters=[plain_lines], validators=[Length(max=40_000)])
    location = StringField("Location", filters=[one_line], validators=[Length(max=255)])
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
        **filled: Any,
    ) -> None:
        super().__init__(**filled)
        self.now, self.own_address, self.meeting = now, own_address, meeting
        self.people: dict[str, str] = {}
        self.times: tuple[datetime, datetime] | None = None

    def validate_title(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError("Give the meeting a title.")

    def validate_invitees(self, field: TextAreaField) -> None:
        self.people = invitees_in(field.data)
        self.people.pop(self.own_address, None)
        if len(self.people) > MOST_INVITEES:
            raise ValidationError(f"Invite at most {MOST_INVITEES} people.")

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        good = super().validate(extra_validators)
        if not any(
            field.errors for field in (self.day, self.start, self.end, self.end_day, self.zone)
        ):
            self._judge_times()
        return good and self.times is not None and self._is_current()

    def plan(self) -> Plan:
        """What was entered. Raises NotValidated before validate() has said that it is good."""
        if self.times is None:
            raise NotValidated
        starts_at, ends_at = self.times
        return Plan(
            title=self.title.data or "",
            starts_at=starts_at,
            ends_at=ends_at,
            zone=self.zone.data,
            location=self.location.data or "",
            description=self.description.data or "",
            invitees=self.people,
            has_link=self.has_link.data,
        )

    def _judge_times(self) -> None:
        start = self._instant(self.day.data, self.start)
        end = self._instant(self.end_day.data or self.day.data, self.end)
        if start is None or end is None:
            return
        if end <= start:
            _refuse(self.end, "The end must come after the start.")
        elif end - start > LONGEST:
            _refuse(self.end_day, "A meeting lasts seven days at most.")
        elif self._is_moved(start) and start < self.now - LATEST_START:
            _refuse(self.day, "This day has passed.")
        elif start > self.now + FURTHEST:
            _refuse(self.day, "This is more than five years ahead.")
        else:
            self.times = start, end

    def _instant(self, day: date, field: TimeField) -> datetime | None:
        try:
            return instant(day, field.data, ZoneInfo(self.zone.data))
        except NoSuchTime:
            _refuse(field, "The clocks go forward then: this time does not exist on that day.")
        except OverflowError:
            _refuse(self.day, "This day is out of range.")
        return None

    def _is_moved(self, start: datetime) -> bool:
        return self.meeting is None or self.meeting.starts_at != start

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


def _refuse(field: Any, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


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


def of_meeting(meeting: Meeting) -> dict[str, Any]:
    """The fields as they stand now, in the zone the meeting was scheduled in."""
    zone = ZoneInfo(meeting.zone)
    starts, ends = meeting.starts_at.astimezone(zone), meeting.ends_at.astimezone(zone)
    named = (f"{one.name} <{one.address}>" if one.name else one.address for one in meeting.invitees)
    return {
        "shown_at": meeting.changed_at.isoformat(),
        "title": meeting.title,
        "day": starts.date(),
        "start": starts.time(),
        "end": ends.time(),
        "end_day": ends.date() if ends.date() != starts.date() else None,
        "zone": meeting.zone,
        "invitees": "\n".join(named),
        "location": meeting.location,
        "description": meeting.description,
        "has_link": meeting.join_url is not None,
    }


def of_start(asked: str, zone: ZoneInfo, *, now: datetime) -> dict[str, Any]:
    """The fields of a new meeting: at the time asked for, or from the next half hour."""
    starts = _asked_start(asked, zone, now) or _next_half_hour(now).astimezone(zone)
    ends = (starts.astimezone(UTC) + USUAL_LENGTH).astimezone(zone)
    return {
        "day": starts.date(),
        "start": starts.time(),
        "end": ends.time(),
        "end_day": ends.date() if ends.date() != starts.date() else None,
        "zone": zone.key,
        "has_link": True,
    }


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
