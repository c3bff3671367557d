"""The rows of a series' occurrences that are not as the series says."""

from datetime import date

from portal.tables import Meeting, MeetingException


def held(meeting: Meeting, day: date) -> MeetingException | None:
    """The row of that original day, if it has one."""
    return next((row for row in meeting.exceptions if row.original_day == day), None)


def of_day(meeting: Meeting, day: date) -> MeetingException:
    """The row of that original day; a fresh one says nothing yet."""
    row = held(meeting, day)
    if row is None:
        row = MeetingException(original_day=day, cancelled=False)
        meeting.exceptions.append(row)
    return row


def call_off(row: MeetingException) -> None:
    row.cancelled = True
    row.title = row.location = row.starts_at = row.ends_at = None


def drop_if_plain(meeting: Meeting, row: MeetingException) -> None:
    """A row that says nothing goes."""
    if (row.cancelled, row.title, row.starts_at, row.location) == (False, None, None, None):
        meeting.exceptions.remove(row)
