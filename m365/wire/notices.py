"""Subscriptions as Graph answers them, and the notices it sends to whoever subscribed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from m365 import zones
from m365.errors import BadAnswer
from m365.remote import RemoteNotice, RemoteSubscription
from m365.wire.decode import decode, known_id
from m365.wire.shapes import Identified, PageShape, Shape

LONGEST_EVENT_ID = 512  # characters kept; Graph's are about 250 at most
_LIFE: Mapping[str, str] = {
    "reauthorizationrequired": RemoteNotice.RENEW,
    "subscriptionremoved": RemoteNotice.REMOVED,
}


class SubscriptionShape(Shape):
    id: str
    expiration_date_time: str
    resource: str | None = None
    notification_url: str | None = None
    client_state: str | None = None


class NoticeShape(Shape):
    subscription_id: str
    client_state: str | None = None
    lifecycle_event: str | None = None
    resource_data: Identified | None = None


class NoticesShape(Shape):
    value: list[NoticeShape]


def subscription_payload(
    resource: str, *, address: str, life_address: str, client_state: str, until: datetime
) -> dict[str, Any]:
    return {
        "changeType": "created,updated,deleted",
        "notificationUrl": address,
        "lifecycleNotificationUrl": life_address,
        "resource": resource,
        "clientState": client_state,
        "latestSupportedTlsVersion": "v1_2",
        **renewal_payload(until),
    }


def renewal_payload(until: datetime) -> dict[str, Any]:
    return {"expirationDateTime": until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}


def subscription_from(body: bytes) -> RemoteSubscription:
    return _subscription(decode(body, SubscriptionShape))


def subscriptions_from(body: bytes) -> tuple[list[RemoteSubscription], str | None]:
    """One page of subscriptions and the link to the next one. Unreadable ones are left out."""
    page = decode(body, PageShape)
    found: list[RemoteSubscription] = []
    for raw in page.value:
        try:
            found.append(_subscription(decode(raw, SubscriptionShape)))
        except BadAnswer:
            continue
    return found, page.next_link


def notices_from(body: bytes) -> list[RemoteNotice]:
    """What one POST tells. Anybody may have sent it. Raises BadAnswer."""
    try:
        told = msgspec.json.decode(body, type=NoticesShape).value
    except (ValueError, RecursionError) as error:
        raise BadAnswer("unreadable") from error
    return [_notice(one) for one in told]


def _subscription(shape: SubscriptionShape) -> RemoteSubscription:
    return RemoteSubscription(
        graph_id=known_id(shape.id),
        expires_at=zones.parse_instant(shape.expiration_date_time),
        resource=(shape.resource or "").strip("/"),
        address=shape.notification_url or "",
        client_state=shape.client_state,
    )


def _notice(shape: NoticeShape) -> RemoteNotice:
    news = RemoteNotice.CHANGED
    if shape.lifecycle_event is not None:
        # Events of this kind grow; an unknown one may mean that something was missed.
        news = _LIFE.get(shape.lifecycle_event.casefold(), RemoteNotice.MISSED)
    return RemoteNotice(
        subscription_id=shape.subscription_id,
        client_state=shape.client_state or "",
        news=news,
        event_id=_event_id(shape.resource_data) if news == RemoteNotice.CHANGED else "",
    )


def _event_id(named: Identified | None) -> str:
    try:
        event_id = known_id(named.id if named else "")
    except BadAnswer:
        return ""
    return event_id if len(event_id) <= LONGEST_EVENT_ID else ""
