"""What the forms of a meeting and of one occurrence share: the title, the place and when it is."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, StringField, TimeField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.plan import NoSuchTime, instant

LONGEST = timedelta(days=7)
LATEST_START = timedelta(days=1)  # in the past
FURTHEST = timedelta(days=5 * 366)
# Codes that no page may hold: controls, halves of pairs, and those that stand for no sign at all.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
Span = tuple[datetime, datetime]


def one_line(text: str | None) -> str:
    return " ".join(_CONTROL.sub("", text or "").split())


def plain_lines(text: str | None) -> str:
    return _CONTROL.sub("", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def refuse(field: Any, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


class NotValidated(Exception):
    """A form was used before it was found good."""


class WhenForm(FlaskForm):
    """`shown_at` says which state of the meeting the person was looking at (empty when new)."""

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
    location = StringField("Location", filters=[one_line], validators=[Length(max=255)])

    def __init__(self, *, now: datetime, begins: datetime | None = None, **filled: Any) -> None:
        """`begins`: when it began so far; it may stay there though that has passed."""
        super().__init__(**filled)
        self.now, self.begins = now, begins
        self.span: Span | None = None

    def validate_title(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError("Give the meeting a title.")

    def says_when(self) -> bool:
        """Whether day and times can be read at all."""
        return not any(field.errors for field in (self.day, self.start, self.end, self.end_day))

    def span_in(self, zone: ZoneInfo, *, later: timedelta = timedelta(0)) -> Span | None:
        """Start and end, moved by so many days; None when something is wrong, which is then said
        at its field.
        """
        start = self._instant(self.day.data, self.start, zone, later)
        end = self._instant(self.end_day.data or self.day.data, self.end, zone, later)
        if start is None or end is None:
            return None
        if end <= start:
            refuse(self.end, "The end must come after the start.")
        elif end - start > LONGEST:
            refuse(self.end_day, "A meeting lasts seven days at most.")
        elif self.is_moved(start, zone) and start < self.now - LATEST_START:
            refuse(self.day, "This day has passed.")
        elif start > self.now + FURTHEST:
            refuse(self.day, "This is more than five years ahead.")
        else:
            return start, end
        return None

    def is_moved(self, start: datetime, zone: ZoneInfo) -> bool:
        return self.begins != start

    def _instant(
        self, day: date, field: TimeField, zone: ZoneInfo, later: timedelta
    ) -> datetime | None:
        try:
            return instant(day + later, field.data, zone)
        except NoSuchTime:
            refuse(field, "The clocks go forward then: this time does not exist on that day.")
        except OverflowError:
            refuse(self.day, "This day is out of range.")
        return None


def when_fields(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """The fields of a span, in its zone."""
    starts, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    return {
        "day": starts.date(),
        "start": starts.time(),
        "end": ends.time(),
        "end_day": ends.date() if ends.date() != starts.date() else None,
    }


MIDNIGHT = time()
