"""Every address of notices."""

from urllib.parse import parse_qs, urlsplit

from tests.simulator.contract.case import Case

WISH = {
    "changeType": "created,updated", "notificationUrl": "https://app.example/hook",
    "lifecycleNotificationUrl": "https://app.example/life", "resource": "{owner}/events",
    "expirationDateTime": "2026-11-20T09:00:00Z", "clientState": "the secret",
}  # fmt: skip
LATER = {"expirationDateTime": "2026-11-20T12:00:00Z"}

CASES = [
    Case("POST", "/subscriptions", WISH, 201, {"subscription": "id"}),
    Case("GET", "/subscriptions"),
    Case("GET", "/subscriptions/{subscription}"),
    Case("PATCH", "/subscriptions/{subscription}", LATER),
    Case("POST", "/subscriptions/{subscription}/reauthorize", status=204),
    Case("DELETE", "/subscriptions/{subscription}", status=204),
]


def listening(url: str, content_type: str, body: bytes) -> tuple[int, str, bytes]:
    """An application that takes every notification and passes every check."""
    tokens = parse_qs(urlsplit(url).query).get("validationToken")
    return (200, "text/plain", tokens[0].encode()) if tokens else (202, "", b"")
