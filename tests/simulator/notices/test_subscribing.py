"""Subscribing: what may be watched, by whom, for how long."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from simulator.world import World
from tests.simulator.desk import Graph, at
from tests.simulator.notices.receiver import HOOK, LIFE, Desk, Receiver


def in_minutes(world: World, minutes: float) -> str:
    return (world.now() + timedelta(minutes=minutes)).isoformat()


def life_of(world: World, subscription: Any) -> float:
    ends = datetime.fromisoformat(subscription["expirationDateTime"])
    return (ends - world.now()).total_seconds() / 60


def test_a_subscription_is_made_listed_renewed_and_deleted(desk: Desk, graph: Graph) -> None:
    made = desk.subscribe()
    one = f"/subscriptions/{made['id']}"

    listed = graph.get("/subscriptions")["value"]
    renewed = graph.call("PATCH", one, {"expirationDateTime": "2026-11-20T20:00:00Z"}).json
    gone = graph.call("DELETE", one)

    assert [each["id"] for each in listed] == [made["id"]]
    assert made["clientState"] == "the secret"
    assert renewed["expirationDateTime"] == "2026-11-20T20:00:00.0000000Z"  # type: ignore[index]
    assert gone.status_code == 204
    assert graph.error("GET", one) == (404, "ResourceNotFound")
    assert graph.get("/subscriptions")["value"] == []


@pytest.mark.parametrize(
    "resource",
    ["me/events", "/me/events", "users/alice@contoso.example/events", "Users('{alice}')/Events",
     "me/calendar/events", "me/calendars/{calendar}/events"],
)  # fmt: skip
def test_what_may_be_watched(desk: Desk, graph: Graph, world: World, resource: str) -> None:
    names = {
        "alice": world.person("alice").id,
        "calendar": graph.get("/me/calendars")["value"][0]["id"],
    }

    made = desk.subscribe(resource=resource.format(**names))
    world.add_event("alice", "Lunch", at(20))

    assert made["resource"] == resource.format(**names)
    assert desk.arrived() == ["created", "updated"]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"resource": "me/calendarView"}, (400, "InvalidRequest")),
        ({"resource": "nonsense"}, (400, "InvalidRequest")),
        ({"resource": None}, (400, "InvalidRequest")),
        ({"resource": "me/messages"}, (501, "NotImplemented")),
        ({"resource": "me/events?$filter=isAllDay"}, (501, "NotImplemented")),
        ({"resource": "users/bob@contoso.example/events"}, (403, "ErrorAccessDenied")),
        ({"resource": "users/dave@fabrikam.example/events"}, (404, "Request_ResourceNotFound")),
        ({"resource": "me/calendars/xyz/events"}, (400, "ErrorInvalidIdMalformed")),
        ({"changeType": "touched"}, (400, "InvalidRequest")),
        ({"changeType": None}, (400, "InvalidRequest")),
        ({"notificationUrl": "http://app.example/hook"}, (400, "InvalidRequest")),
        ({"notificationUrl": "ftp://localhost/hook"}, (400, "InvalidRequest")),
        ({"notificationUrl": "hook"}, (400, "InvalidRequest")),
        ({"lifecycleNotificationUrl": "http://[::1"}, (400, "InvalidRequest")),
        ({"clientState": "x" * 129}, (400, "InvalidRequest")),
        ({"clientState": 7}, (400, "InvalidRequest")),
        ({"expirationDateTime": "soon"}, (400, "InvalidRequest")),
        ({"expirationDateTime": "2026-11-18T08:59:00Z"}, (400, "InvalidRequest")),
        ({"latestSupportedTlsVersion": "v3"}, (400, "InvalidRequest")),
        ({"includeResourceData": True}, (501, "NotImplemented")),
    ],
)
def test_what_graph_refuses_is_refused(
    desk: Desk, receiver: Receiver, changed: dict[str, Any], refusal: tuple[int, str]
) -> None:
    assert desk.refused(**changed) == refusal
    assert receiver.tokens == []


@pytest.mark.parametrize("host", ["localhost:5000", "127.0.0.1", "[::1]:80", "portal.localhost"])
def test_plain_http_will_do_on_this_machine(desk: Desk, host: str) -> None:
    assert desk.subscribe(notificationUrl=f"http://{host}/hook")["id"]


def test_an_application_subscribes_for_everybody_of_its_tenant(desk: Desk, graph: Graph) -> None:
    graph.as_app("Calendars.Read")

    made = desk.subscribe(resource="users/bob@contoso.example/events")

    assert made["creatorId"] != desk.world.person("bob").id
    assert desk.refused(resource="me/events") == (400, "BadRequest")
    assert desk.refused(resource="users/dave@fabrikam.example/events")[0] == 404


def test_only_who_may_read_may_watch(desk: Desk, graph: Graph) -> None:
    graph.sign_in("alice", "Calendars.ReadBasic", "Contacts.Read")

    assert desk.refused() == (403, "ErrorAccessDenied")


def test_the_secret_of_somebody_else_stays_secret(desk: Desk, graph: Graph) -> None:
    made = desk.subscribe()
    one = f"/subscriptions/{made['id']}"

    graph.sign_in("bob")
    for_bob = graph.error("GET", one)
    graph.as_app("Calendars.Read")
    for_app = graph.get(one)

    assert for_bob == (404, "ResourceNotFound")
    assert for_app["clientState"] is None


def test_what_lives_too_short_is_extended(desk: Desk, world: World) -> None:
    made = desk.subscribe(expirationDateTime=in_minutes(world, 5))

    assert life_of(world, made) == 45


@pytest.mark.switch("notices.longest")
@pytest.mark.parametrize("longest", [4230, 10_080])
def test_the_longest_life_is_a_switch(desk: Desk, world: World, longest: int) -> None:
    world.turn("notices.longest", longest)

    made = desk.subscribe(expirationDateTime=in_minutes(world, longest))
    wish = desk.wish(expirationDateTime=in_minutes(world, longest + 1))
    refused = desk.graph.call("POST", "/subscriptions", wish).json

    assert life_of(world, made) == longest
    text = f"Subscription expiration can only be {longest} minutes in the future."
    assert refused["error"]["message"] == text  # type: ignore[index]


@pytest.mark.switch("notices.duplicate_refused")
def test_a_second_one_for_the_same_is_accepted_or_refused(desk: Desk, world: World) -> None:
    first = desk.subscribe()
    twin = desk.subscribe()

    world.turn("notices.duplicate_refused", True)

    assert twin["id"] != first["id"]
    assert desk.refused() == (409, "ExtensionError")
    assert desk.subscribe(changeType="deleted")["changeType"] == "deleted"


def test_a_mailbox_has_a_thousand_and_no_more(desk: Desk, world: World) -> None:
    desk.subscribe()
    first = world.notices.of("alice")[0]

    for _ in range(998):
        world.notices.add(replace(first, id=world.new_id()))
    desk.subscribe()

    assert desk.refused() == (403, "ExtensionError")


def test_a_new_address_is_checked_and_others_stay(desk: Desk, receiver: Receiver) -> None:
    one = f"/subscriptions/{desk.subscribe()['id']}"
    receiver.tokens.clear()

    moved = desk.graph.call("PATCH", one, {"notificationUrl": f"{HOOK}/2"}).json
    life = desk.graph.error("PATCH", one, {"lifecycleNotificationUrl": f"{LIFE}/2"})
    state = desk.graph.error("PATCH", one, {"clientState": "another"})

    assert moved["notificationUrl"] == f"{HOOK}/2"  # type: ignore[index]
    assert len(receiver.tokens) == 1
    assert life == state == (400, "InvalidRequest")


def test_a_property_that_subscriptions_lack_is_refused(desk: Desk) -> None:
    assert desk.refused(notificationURI="https://app.example/hook") == (400, "RequestBodyRead")
