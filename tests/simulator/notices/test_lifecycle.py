"""The life of a subscription: warned of its end, paused, ended by time, consent or account."""

from datetime import timedelta

import pytest

from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import SCOPES, Graph, at
from tests.simulator.notices.receiver import LIFE, Desk, Receiver


def token_ends(world: World) -> timedelta:
    """How long the token behind Alice's subscription lives on."""
    return world.notices.of("alice")[0].token_ends - world.now()


def later(world: World) -> dict[str, str]:
    return {"expirationDateTime": f"{world.now() + timedelta(hours=60):%Y-%m-%dT%H:%M:%SZ}"}


def test_notices_go_to_their_own_address(desk: Desk, world: World, receiver: Receiver) -> None:
    made = desk.subscribe()

    world.notices.tell("alice", "missed")
    world.notices.deliver_due()

    assert receiver.got == [
        ("life", [{
            "subscriptionId": made["id"],
            "subscriptionExpirationDateTime": made["expirationDateTime"],
            "clientState": "the secret",
            "tenantId": world.person("alice").tenant.id,
            "lifecycleEvent": "missed",
        }]),
    ]  # fmt: skip


def test_with_one_address_they_share_a_post(desk: Desk, world: World, receiver: Receiver) -> None:
    desk.subscribe(notificationUrl=LIFE)

    world.add_event("alice", "Lunch", at(20))
    world.notices.catch_up()
    world.notices.tell("alice", "missed")
    world.notices.deliver_due()

    assert len(receiver.got) == 1
    assert receiver.changes() == ["created", "updated", "missed"]


@pytest.mark.parametrize("how", ["reauthorize", "renew"])
def test_the_end_of_the_token_is_told_once_until_somebody_acts(
    desk: Desk, graph: Graph, world: World, clock: Clock, how: str
) -> None:
    one = f"/subscriptions/{desk.subscribe()['id']}"
    clock.advance(seconds=(token_ends(world) - timedelta(minutes=14)).total_seconds())

    told, again = desk.arrived(), desk.arrived()
    graph.sign_in("alice")
    if how == "renew":
        assert graph.call("PATCH", one, later(world)).status_code == 200
    else:
        assert graph.call("POST", f"{one}/reauthorize").status_code == 204

    assert (told, again, desk.arrived()) == (["reauthorizationRequired"], [], [])
    assert token_ends(world) > timedelta(minutes=59)


@pytest.mark.switch("notices.pauses")
@pytest.mark.parametrize(("pauses", "told"), [(True, []), (False, ["created", "updated"])])
def test_without_an_answer_notifications_pause(
    desk: Desk, graph: Graph, world: World, clock: Clock, pauses: bool, told: list[str]
) -> None:
    world.turn("notices.pauses", pauses)
    one = f"/subscriptions/{desk.subscribe()['id']}"
    clock.advance(hours=2)
    desk.arrived()

    world.add_event("alice", "Unheard", at(20))
    meanwhile = desk.arrived()
    graph.sign_in("alice")
    graph.call("POST", f"{one}/reauthorize")
    world.add_event("alice", "Heard", at(20))

    assert meanwhile == told
    assert desk.arrived() == ["created", "updated"]


def test_without_an_address_for_notices_nothing_pauses(
    desk: Desk, world: World, clock: Clock
) -> None:
    desk.subscribe(lifecycleNotificationUrl=None)
    clock.advance(hours=3)
    desk.arrived()

    world.add_event("alice", "Lunch", at(20))

    assert desk.arrived() == ["created", "updated"]


def test_an_end_is_announced_and_told(desk: Desk, graph: Graph, world: World, clock: Clock) -> None:
    desk.subscribe()

    clock.advance(hours=47, minutes=50)
    announced = desk.arrived()
    clock.advance(minutes=10)
    told = desk.arrived()
    world.add_event("alice", "Lunch", at(20))
    graph.sign_in("alice")

    assert announced == ["reauthorizationRequired"]
    assert told == ["subscriptionRemoved"]
    assert desk.arrived() == []
    assert graph.get("/subscriptions")["value"] == []


def test_an_ended_one_is_gone_before_anybody_delivers(
    desk: Desk, graph: Graph, clock: Clock
) -> None:
    made = desk.subscribe()
    clock.advance(hours=48)
    graph.sign_in("alice")

    renewed = graph.error("PATCH", f"/subscriptions/{made['id']}", later(graph.world))

    assert renewed == (404, "ResourceNotFound")


@pytest.mark.parametrize("act", ["withdraw_consent", "disable", "take_mailbox"])
def test_who_loses_access_loses_the_subscription(desk: Desk, world: World, act: str) -> None:
    world.grant_consent("alice", SCOPES)
    desk.subscribe()

    getattr(world, act)("alice")
    world.add_event("alice", "Lunch", at(20))

    assert desk.arrived() == ["subscriptionRemoved"]
    assert world.notices.subscriptions == []


def test_an_application_loses_what_the_tenant_takes_back(
    desk: Desk, graph: Graph, world: World
) -> None:
    world.grant_roles(["Calendars.Read"])
    graph.as_app("Calendars.Read")
    desk.subscribe(resource="users/bob@contoso.example/events")

    world.grant_roles([])

    assert desk.arrived() == ["subscriptionRemoved"]


def test_it_is_removed_by_hand(desk: Desk, world: World) -> None:
    desk.subscribe()

    world.notices.tell("alice", "subscriptionRemoved")

    assert desk.arrived() == ["subscriptionRemoved"]
    assert world.notices.of("alice") == []
