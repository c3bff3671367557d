"""Forty series worked out with a paper calendar; moments are UTC.

Clocks in Berlin: 2024-03-31, 2025-03-30, 2026-03-29, 2027-03-28 forward at 02:00 (01:00 UTC), and
2024-10-27, 2025-10-26, 2026-10-25 back at 03:00 (01:00 UTC). New York: 2026-03-08 and 2026-11-01.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BERLIN, LONDON, NEW_YORK = "Europe/Berlin", "GMT Standard Time", "Eastern Standard Time"
SYDNEY, LORD_HOWE, APIA = "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Apia"
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


@dataclass(frozen=True, slots=True)
class Worked:
    """A series and the moments it happens at, with what is remarkable about it."""

    why: str
    zone: str
    start: str
    pattern: dict[str, Any]
    span: dict[str, Any]
    moments: str  # "2026-01-05T08:00 2026-01-06T08:00", UTC
    all_day: bool = False


def times(number: int) -> dict[str, Any]:
    """So many occurrences."""
    return {"type": "numbered", "numberOfOccurrences": number}


def until(day: str) -> dict[str, Any]:
    """To this day, inclusive."""
    return {"type": "endDate", "endDate": day}


def daily(interval: int = 1) -> dict[str, Any]:
    """Every so many days."""
    return {"type": "daily", "interval": interval}


def weekly(days: list[str], interval: int = 1, first: str = "sunday") -> dict[str, Any]:
    """On these days of every so-manieth week, weeks beginning on `first`."""
    return {"type": "weekly", "interval": interval, "daysOfWeek": days, "firstDayOfWeek": first}


def monthly(day: int, interval: int = 1) -> dict[str, Any]:
    """On this day of the month."""
    return {"type": "absoluteMonthly", "interval": interval, "dayOfMonth": day}


def nth(index: str, days: list[str], interval: int = 1) -> dict[str, Any]:
    """On the first, second … of these days in the month."""
    return {"type": "relativeMonthly", "interval": interval, "daysOfWeek": days, "index": index}


def yearly(month: int, day: int, interval: int = 1) -> dict[str, Any]:
    """On this day of the year."""
    return {"type": "absoluteYearly", "interval": interval, "dayOfMonth": day, "month": month}


def nth_of_year(month: int, index: str, days: list[str], interval: int = 1) -> dict[str, Any]:
    """On the first, second … of these days in one month of the year."""
    kind = {"type": "relativeYearly", "month": month}
    return {**kind, "interval": interval, "daysOfWeek": days, "index": index}


SERIES = [
    # --- daily ---
    Worked("plain days", "UTC", "2026-01-05T08:00", daily(), times(3),
           "2026-01-05T08:00 2026-01-06T08:00 2026-01-07T08:00"),
    Worked("every third day, past a leap day", "UTC", "2024-02-25T12:00", daily(3), times(3),
           "2024-02-25T12:00 2024-02-28T12:00 2024-03-02T12:00"),  # 28, 29, 1, 2
    Worked("the same without a leap day", "UTC", "2025-02-25T12:00", daily(3), times(3),
           "2025-02-25T12:00 2025-02-28T12:00 2025-03-03T12:00"),
    Worked("the last day counts", "UTC", "2026-04-29T23:30", daily(), until("2026-05-01"),
           "2026-04-29T23:30 2026-04-30T23:30 2026-05-01T23:30"),
    Worked("nine o'clock stays nine o'clock in spring", BERLIN, "2026-03-28T09:00", daily(),
           times(3), "2026-03-28T08:00 2026-03-29T07:00 2026-03-30T07:00"),
    # 02:30 does not exist on the 29th: it is 03:30 summer time, which is 01:30 UTC.
    Worked("a gap moves forward, for one day", BERLIN, "2026-03-28T02:30", daily(), times(3),
           "2026-03-28T01:30 2026-03-29T01:30 2026-03-30T00:30"),
    # 02:30 comes twice on the 25th; the first, still summer time, is 00:30 UTC.
    Worked("of a double hour the first counts", BERLIN, "2026-10-24T02:30", daily(), times(3),
           "2026-10-24T00:30 2026-10-25T00:30 2026-10-26T01:30"),
    Worked("over New Year, by two", NEW_YORK, "2025-12-30T20:00", daily(2), times(3),
           "2025-12-31T01:00 2026-01-02T01:00 2026-01-04T01:00"),
    # Lord Howe moves by half an hour: on 2026-04-05 from +11:00 to +10:30.
    Worked("half an hour of winter", LORD_HOWE, "2026-04-04T09:00", daily(), times(3),
           "2026-04-03T22:00 2026-04-04T22:30 2026-04-05T22:30"),
    # and on 2026-10-04 at 02:00 forward to 02:30: 02:15 becomes 02:45 at +11:00.
    Worked("half a gap", LORD_HOWE, "2026-10-03T02:15", daily(), times(3),
           "2026-10-02T15:45 2026-10-03T15:45 2026-10-04T15:15"),
    # --- weekly ---
    Worked("Mondays across the change", NEW_YORK, "2026-03-02T10:00", weekly(["monday"]), times(2),
           "2026-03-02T15:00 2026-03-09T14:00"),
    Worked("workdays", LONDON, "2026-01-01T09:00", weekly(WEEKDAYS), times(4),
           "2026-01-01T09:00 2026-01-02T09:00 2026-01-05T09:00 2026-01-06T09:00"),
    # A Tuesday. Weeks from Monday: Sunday the 4th lies in the same week, then a week is skipped.
    Worked("week begins on Monday", "UTC", "2026-01-06T10:00",
           weekly(["tuesday", "sunday"], 2, "monday"), times(4),
           "2026-01-06T10:00 2026-01-11T10:00 2026-01-20T10:00 2026-01-25T10:00"),
    # Weeks from Sunday: the 11th belongs to the skipped week; the 18th begins the next one.
    Worked("week begins on Sunday", "UTC", "2026-01-06T10:00",
           weekly(["tuesday", "sunday"], 2, "sunday"), times(4),
           "2026-01-06T10:00 2026-01-18T10:00 2026-01-20T10:00 2026-02-01T10:00"),
    Worked("days are taken in the week's order", "UTC", "2026-01-05T10:00",
           weekly(["friday", "monday"]), times(3),
           "2026-01-05T10:00 2026-01-09T10:00 2026-01-12T10:00"),
    # The 7th is a Wednesday: the Monday of that week lies before the start.
    Worked("days before the start do not count", "UTC", "2026-01-07T10:00",
           weekly(["monday", "wednesday"], 1, "monday"), times(3),
           "2026-01-07T10:00 2026-01-12T10:00 2026-01-14T10:00"),
    Worked("every third week, from Saturday", "UTC", "2026-01-03T10:00",
           weekly(["saturday", "friday"], 3, "saturday"), times(4),
           "2026-01-03T10:00 2026-01-09T10:00 2026-01-24T10:00 2026-01-30T10:00"),
    Worked("Sundays in the gap", BERLIN, "2026-03-22T02:00", weekly(["sunday"]), times(3),
           "2026-03-22T01:00 2026-03-29T01:00 2026-04-05T00:00"),
    Worked("an end on a day without occurrence", "UTC", "2026-01-05T10:00", weekly(["monday"]),
           until("2026-01-18"), "2026-01-05T10:00 2026-01-12T10:00"),
    # Evening in New York is the next day in UTC.
    Worked("days are local days", NEW_YORK, "2026-01-09T21:00", weekly(["friday"]),
           until("2026-01-16"), "2026-01-10T02:00 2026-01-17T02:00"),
    # --- absoluteMonthly ---
    Worked("the 15th", "UTC", "2026-01-15T10:00", monthly(15), times(3),
           "2026-01-15T10:00 2026-02-15T10:00 2026-03-15T10:00"),
    Worked("the 31st falls on the last day", "UTC", "2026-01-31T10:00", monthly(31), times(5),
           "2026-01-31T10:00 2026-02-28T10:00 2026-03-31T10:00 2026-04-30T10:00 2026-05-31T10:00"),
    Worked("the 30th in a leap February", "UTC", "2024-01-30T10:00", monthly(30), times(3),
           "2024-01-30T10:00 2024-02-29T10:00 2024-03-30T10:00"),
    Worked("the 29th in a short February", "UTC", "2026-01-29T10:00", monthly(29), times(3),
           "2026-01-29T10:00 2026-02-28T10:00 2026-03-29T10:00"),
    Worked("quarterly on the 31st, local time", BERLIN, "2025-12-31T18:00", monthly(31, 3),
           times(3), "2025-12-31T17:00 2026-03-31T16:00 2026-06-30T16:00"),
    # The 10th of the month of the start lies before it: the first is in the month after next.
    Worked("a day before the start waits an interval", "UTC", "2026-01-20T10:00", monthly(10, 2),
           times(2), "2026-03-10T10:00 2026-05-10T10:00"),
    Worked("every thirteenth month", "UTC", "2024-01-31T10:00", monthly(31, 13), times(3),
           "2024-01-31T10:00 2025-02-28T10:00 2026-03-31T10:00"),
    # --- relativeMonthly ---
    # Tuesdays: January 13, February 10, March 10, 2026.
    Worked("second Tuesday", NEW_YORK, "2026-01-13T10:00", nth("second", ["tuesday"]), times(3),
           "2026-01-13T15:00 2026-02-10T15:00 2026-03-10T14:00"),
    # May 31, 2026 is a Sunday, so May 29; January 31 a Saturday, so January 30.
    Worked("last working day", LONDON, "2026-04-30T17:00", nth("last", WEEKDAYS), times(3),
           "2026-04-30T16:00 2026-05-29T16:00 2026-06-30T16:00"),
    # January 1 is a Thursday; February and March 2026 begin on Sundays.
    Worked("first working day", "UTC", "2026-01-01T07:00", nth("first", WEEKDAYS), times(3),
           "2026-01-01T07:00 2026-02-02T07:00 2026-03-02T07:00"),
    Worked("fourth Friday, not the last", "UTC", "2026-01-23T07:00", nth("fourth", ["friday"]),
           times(3), "2026-01-23T07:00 2026-02-27T07:00 2026-03-27T07:00"),
    Worked("last Friday, of four or five", "UTC", "2026-01-30T07:00", nth("last", ["friday"]),
           times(3), "2026-01-30T07:00 2026-02-27T07:00 2026-03-27T07:00"),
    # Weekend days of February 2026: 1, 7, 8; of April: 4, 5, 11.
    Worked("third weekend day, every second month", "UTC", "2026-02-08T10:00",
           nth("third", ["saturday", "sunday"], 2), times(2),
           "2026-02-08T10:00 2026-04-11T10:00"),
    # Sydney leaves summer time on 2026-04-05, the first Sunday, at 03:00.
    Worked("first Sunday down under", SYDNEY, "2026-03-01T09:00", nth("first", ["sunday"]),
           times(3), "2026-02-28T22:00 2026-04-04T23:00 2026-05-02T23:00"),
    # --- absoluteYearly ---
    Worked("born on a leap day", "UTC", "2024-02-29T10:00", yearly(2, 29), times(5),
           "2024-02-29T10:00 2025-02-28T10:00 2026-02-28T10:00 2027-02-28T10:00 2028-02-29T10:00"),
    Worked("every second year", BERLIN, "2026-07-01T12:00", yearly(7, 1, 2), until("2030-07-01"),
           "2026-07-01T10:00 2028-07-01T10:00 2030-07-01T10:00"),
    Worked("a whole day, midnight at home", BERLIN, "2026-10-25T00:00", yearly(10, 25), times(2),
           "2026-10-24T22:00 2027-10-24T22:00", all_day=True),
    # --- relativeYearly ---
    # Thanksgiving: November 26, 2026; 25, 2027; 23, 2028.
    Worked("fourth Thursday of November", NEW_YORK, "2026-11-26T12:00",
           nth_of_year(11, "fourth", ["thursday"]), times(3),
           "2026-11-26T17:00 2027-11-25T17:00 2028-11-23T17:00"),
    # The day on which clocks change, at a time that does not exist; Germany, every year.
    Worked("always in the gap", BERLIN, "2026-03-29T02:30", nth_of_year(3, "last", ["sunday"]),
           until("2027-12-31"), "2026-03-29T01:30 2027-03-28T01:30"),
    # Samoa keeps +13:00 all the year since 2021: the local day is the day before in UTC.
    Worked("first Monday of February, far west of the date line", APIA, "2027-02-01T08:00",
           nth_of_year(2, "first", ["monday"], 2), times(2),
           "2027-01-31T19:00 2029-02-04T19:00"),
]  # fmt: skip
