"""The form of one occurrence of a series: what it may have for itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blueprints import wording
from blueprints.when_form import MIDNIGHT, NotValidated, WhenForm, refuse, when_fields
from portal.occurrences import Occurrence
from portal.series import Version
from portal.tables import Meeting


class OccurrenceForm(WhenForm):
    """Times are in the zone of the series. Of an all-day series only the days can be chosen."""

    def __init__(self, *, now: datetime, meeting: Meeting, one: Occurrence, **filled: Any) -> None:
        super().__init__(now=now, begins=one.starts_at, **filled)
        self.meeting, self.one, self.zone = meeting, one, ZoneInfo(meeting.zone)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if self.meeting.all_day:
            self.start.data = self.end.data = MIDNIGHT
        super().validate(extra_validators)
        if self.meeting.all_day:
            self.start.errors = self.end.errors = []
        if self.says_when():
            self.span = self.span_in(self.zone)
        return self.span is not None and not self.errors and self._is_current()

    def version(self) -> Version:
        """What was entered. Raises NotValidated before validate() has said that it is good."""
        if self.span is None:
            raise NotValidated
        starts_at, ends_at = self.span
        return Version(self.title.data or "", starts_at, ends_at, self.location.data or "")

    def _is_current(self) -> bool:
        """False, and said, when the series changed while the form was open."""
        if self.shown_at.data == self.meeting.changed_at.isoformat():
            return True
        self.shown_at.data = self.meeting.changed_at.isoformat()
        self.form_errors.append(
            "This series was changed elsewhere while the form was open. Compare before you save: "
            f"this occurrence is now “{self.one.title}”, "
            f"{wording.when(self.one.starts_at, self.one.ends_at, self.zone)}."
        )
        return False

    def refuse_order(self, neighbour: Occurrence) -> None:
        """It would come to lie on or past the day of the one before or after it."""
        starts = neighbour.starts_at.astimezone(self.zone).date()
        side = "before" if self.one.day < neighbour.day else "after"
        refuse(
            self.day,
            f"Another one takes place on {wording.full_day(starts)}: choose a day {side} it.",
        )


def fields_of(meeting: Meeting, one: Occurrence) -> dict[str, Any]:
    return when_fields(one.starts_at, one.ends_at, ZoneInfo(meeting.zone)) | {
        "shown_at": meeting.changed_at.isoformat(),
        "title": one.title,
        "location": one.location,
    }
