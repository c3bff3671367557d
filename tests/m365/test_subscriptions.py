"""Subscriptions: what is asked of Microsoft, and what its answers and notices mean."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from m365 import wire
from m365.errors import BadAnswer, Gone, NoMailbox, Refused, Throttled
from m365.remote import RemoteNotice
from tests.m365.desk import BASE, Wire, answer, error

UNTIL = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


def subscription(**changes: Any) -> dict[str, Any]:
    whole = {
        "id": "7f0b",
        "resource": "me/events",
        "notificationUrl": "https://portal.example/hooks/graph",
        "clientState": None,
        "expirationDateTime": "2026-12-01T08:30:00.1234567Z",
    }
    return whole | changes


def create(wire: Wire, mailbox: str = "me") -> Any:
    return wire.graph(mailbox).subscriptions.create(
        to="https://portal.example/a", life_to="https://portal.example/b", client_state="s",
        until=UNTIL,
    )  # fmt: skip


def told(*items: dict[str, Any]) -> list[RemoteNotice]:
    return wire.notices_from(json.dumps({"value": items}).encode())


@pytest.mark.parametrize(
    ("mailbox", "resource"), [("me", "me/events"), ("c050-a1", "users/c050-a1/events")]
)
def test_all_changes_of_the_mailbox_are_asked_for_with_immutable_ids(
    mailbox: str, resource: str
) -> None:
    desk = Wire(answer(201, subscription()))

    made = create(desk, mailbox)

    [request] = desk.seen
    assert (request.method, str(request.url)) == ("POST", f"{BASE}/subscriptions")
    assert 'IdType="ImmutableId"' in request.headers["Prefer"]
    assert msgspec.json.decode(request.content) == {
        "changeType": "created,updated,deleted",
        "notificationUrl": "https://portal.example/a",
        "lifecycleNotificationUrl": "https://portal.example/b",
        "resource": resource,
        "clientState": "s",
        "latestSupportedTlsVersion": "v1_2",
        "expirationDateTime": "2026-12-01T08:30:00Z",
    }
    assert (made.graph_id, made.expires_at.replace(microsecond=0)) == ("7f0b", UNTIL)


def test_those_of_other_mailboxes_and_unreadable_ones_are_not_listed() -> None:
    others = [subscription(resource="users/x/events"), subscription(expirationDateTime="soon")]
    first = {"value": others, "@odata.nextLink": f"{BASE}/subscriptions?$skiptoken=1"}
    desk = Wire(answer(200, first), answer(200, {"value": [subscription(resource="/Me/Events")]}))

    assert [one.graph_id for one in desk.graph().subscriptions.listed()] == ["7f0b"]


def test_a_list_without_end_is_left() -> None:
    page = {"value": [], "@odata.nextLink": f"{BASE}/subscriptions?$skiptoken=1"}
    desk = Wire(*[answer(200, page) for _ in range(100)])

    with pytest.raises(BadAnswer, match="endless_pages"):
        desk.graph().subscriptions.listed()


@pytest.mark.parametrize("code", ["ResourceNotFound", "ExtensionError", "ErrorItemNotFound"])
def test_a_missing_one_is_gone_and_says_nothing_of_the_mailbox(code: str) -> None:
    desk = Wire(error(404, code), error(404, code))

    with pytest.raises(Gone):
        desk.graph().subscriptions.renew("7f0b", until=UNTIL)
    with pytest.raises(Gone):
        desk.graph().subscriptions.delete("7f0b")


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (error(400, "InvalidRequest"), Refused),
        (error(404, "MailboxNotEnabledForRESTAPI"), NoMailbox),
        (error(429, "TooManyRequests"), Throttled),
    ],
)
def test_a_refusal_to_make_one_keeps_its_meaning(refusal: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        create(Wire(refusal))


@pytest.mark.parametrize("unreadable", [{}, {"id": "7f0b"}, subscription(id="")])
def test_an_answer_without_id_or_end_is_no_subscription(unreadable: dict[str, Any]) -> None:
    with pytest.raises(BadAnswer):
        create(Wire(answer(201, unreadable)))


def test_a_notice_names_the_event_and_proves_itself() -> None:
    [one] = told({"subscriptionId": "7f0b", "clientState": "s", "resourceData": {"id": "AAMk-1="}})

    assert one == RemoteNotice("7f0b", "s", RemoteNotice.CHANGED, "AAMk-1=")


@pytest.mark.parametrize(
    "named", [None, {"id": ""}, {"id": "x" * 513}, {"id": "é"}, {"id": "two\nlines"}]
)
def test_a_notice_about_nothing_that_could_be_asked_for(named: Any) -> None:
    [one] = told({"subscriptionId": "7f0b", "clientState": "s", "resourceData": named})

    assert (one.news, one.event_id) == (RemoteNotice.CHANGED, "")


@pytest.mark.parametrize(
    ("said", "news"),
    [
        ("reauthorizationRequired", RemoteNotice.RENEW),
        ("subscriptionRemoved", RemoteNotice.REMOVED),
        ("missed", RemoteNotice.MISSED),
        ("somethingNew", RemoteNotice.MISSED),
    ],
)
def test_news_of_the_subscription_itself(said: str, news: str) -> None:
    [one] = told({"subscriptionId": "7f0b", "clientState": "s", "lifecycleEvent": said})

    assert (one.news, one.event_id) == (news, "")
