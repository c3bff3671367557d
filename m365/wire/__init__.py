"""Where Microsoft's words stop: what it sends becomes ours, what we send becomes its own."""

from m365.wire.notices import (
    notices_from,
    renewal_payload,
    subscription_from,
    subscription_payload,
    subscriptions_from,
)
from m365.wire.reading import (
    MEETING_PROPERTY,
    calendar_id_from,
    calendars_from,
    event_from,
    listed_from,
    mailbox_zone_from,
    page_from,
    user_from,
    users_from,
)
from m365.wire.series import singles_from
from m365.wire.writing import event_payload

__all__ = [
    "MEETING_PROPERTY",
    "calendar_id_from",
    "calendars_from",
    "event_from",
    "event_payload",
    "listed_from",
    "mailbox_zone_from",
    "notices_from",
    "page_from",
    "renewal_payload",
    "singles_from",
    "subscription_from",
    "subscription_payload",
    "subscriptions_from",
    "user_from",
    "users_from",
]
