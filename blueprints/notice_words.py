"""How changes in Outlook get here, in one line: told of by Microsoft, or looked for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from blueprints import wording
from portal import subscriptions
from portal.tables import Subscription


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
