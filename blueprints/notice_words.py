"""How changes in Outlook get here, in one line: told of by Microsoft, or looked for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from blueprints import wording
from portal import notices, subscriptions
from portal.tables import Subscription

UNREACHED = ("InvalidRequest", "ValidationError")  # Microsoft's check of the address failed


def told_of_all(summary: notices.Summary) -> str:
    """For administrators: of how many mailboxes Microsoft tells, and what it says to the others."""
    if not summary.mailboxes:
        return "No calendar is connected."
    said = f"Microsoft tells of changes in {summary.told} of {summary.mailboxes} mailboxes."
    if summary.code is not None:
        said += f" For others it refused ({summary.code}); the portal asks again by itself."
        if summary.code in UNREACHED:
            said += " It could not reach the public address."
    elif not summary.asked:
        said += (
            " It is not asked: it can only call a public address that begins with https, and "
            "NOTICES must not be off."
        )
    return said


def told_words(row: Subscription | None, *, minutes: int, now: datetime, zone: ZoneInfo) -> str:
    looks = "every minute" if minutes == 1 else f"every {minutes} minutes"
    if row is None:
        return looks.capitalize()
    if row.expires_at is not None and subscriptions.is_on(row, now=now):
        at = row.heard_at
        heard = "nothing heard yet" if at is None else f"last heard {wording.moment(at, zone)}"
        until = wording.moment(row.expires_at, zone)
        return f"At once: Microsoft tells of them until {until}, {heard}. Also {looks}"
    if row.code is None:
        return f"{looks.capitalize()}; Microsoft is being asked to tell of them"
    again = wording.moment(row.renew_at, zone)
    return (
        f"{looks.capitalize()}; Microsoft refused to tell ({row.code}), it is asked again {again}"
    )
