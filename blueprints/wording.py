"""Days, times and series in words, in the zone of whoever reads them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import format_date

LOCALE = "en_GB"
DASH = "–"
DAY = timedelta(days=1)


def day_words(day: date) -> str:
    return format_date(day, "EEEE d MMMM", locale=LOCALE)


@lru_cache(maxsize=1_000)  # lists say the same few days in every line
def full_day(day: date) -> str:
    return format_date(day, "EEEE d MMMM yyyy", locale=LOCALE)


def month_words(day: date) -> str:
    return format_date(day, "MMMM yyyy", locale=LOCALE)


def days_words(first: date, last: date) -> str:
    """ "23 Nov – 6 Dec 2026", without saying a year or a month twice."""
    if first == last:
        return format_date(first, "d MMMM yyyy", locale=LOCALE)
    shape = "d" if (first.year, first.month) == (last.year, last.month) else "d MMM"
    shape = shape if first.year == last.year else "d MMM yyyy"
    start = format_date(first, shape, locale=LOCALE)
    return f"{start} {DASH} {format_date(last, 'd MMM yyyy', locale=LOCALE)}"


def clock(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")


def when(starts: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """Day and times of something timed."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    if first.date() == last.date():
        times = clock(starts, zone)
        times += "" if starts == ends else f" {DASH} {clock(ends, zone)}"
        return f"{full_day(first.date())}, {times}"
    return (
        f"{full_day(first.date())}, {clock(starts, zone)} {DASH} "
        f"{full_day(last.date())}, {clock(ends, zone)}"
    )


def all_day(first: date, end: date) -> str:
    """`end` is exclusive."""
    last = max(end - DAY, first)
    return f"{full_day(first)}, all day" if first == last else f"{days_words(first, last)}, all day"


def moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{full_day(at.astimezone(zone).date())}, {clock(at, zone)}"


def elsewhere(starts: datetime, ends: datetime, *, zone: ZoneInfo, reader: ZoneInfo) -> str | None:
    """The times in another zone; None where its clocks show what the reader's show."""

    def walls(of: ZoneInfo) -> list[datetime]:
        return [at.astimezone(of).replace(tzinfo=None) for at in (starts, ends)]

    if walls(zone) == walls(reader):
        return None
    return f"{when(starts, ends, zone)}, {zone_words(zone, starts)}"


def safe_link(address: str | None) -> str | None:
    """A link we may offer: https, or http on this very machine, where the simulator lives."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    plain_is_safe = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    return address if parts.scheme == "https" or plain_is_safe else None


def zone_words(zone: ZoneInfo, at: datetime) -> str:
    """ "Europe/Berlin (UTC+1)"; the offset is that of the moment `at`."""
    minutes = int((at.astimezone(zone).utcoffset() or timedelta()).total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"{zone.key} (UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def counted(count: int, one: str, many: str) -> str:
    """ "1 mailbox", "3 mailboxes"."""
    return f"{count:,} {one if count == 1 else many}"
