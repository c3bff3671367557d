"""Which mailboxes an application may enter, and how access is lost while a token still lives."""

import json
import re
from base64 import b64decode

import pytest

from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import NOVEMBER, Graph

VIEW = f"/me/calendarView?{NOVEMBER}"
ALICE, BOB = "/users/alice@contoso.example", "/users/bob@contoso.example"
DENIED = (403, "ErrorAccessDenied")


def test_a_policy_keeps_an_application_out_of_other_mailboxes(graph: Graph, world: World) -> None:
    graph.as_app("Calendars.Read")

    world.limit_app(["alice"])
    refused = graph.call("GET", f"{BOB}/calendars")

    assert graph.get(f"{ALICE}/calendars")["value"]
    assert refused.status_code == 403
    assert refused.json["error"]["message"].startswith("Access to OData is disabled")  # type: ignore[index]
    world.unlimit_app()
    assert graph.get(f"{BOB}/calendars")["value"]


def test_a_policy_for_applications_does_not_concern_people(graph: Graph, world: World) -> None:
    world.limit_app(["bob"])

    assert graph.get("/me/calendars")["value"]


def test_scoped_roles_reach_their_mailboxes_though_the_token_has_none(
    graph: Graph, world: World
) -> None:
    graph.as_app()

    world.scope_app(["Calendars.Read"], ["alice"])

    assert graph.get(f"{ALICE}/calendars")["value"]
    assert graph.error("GET", f"{BOB}/calendars") == DENIED
    assert graph.error("GET", f"{ALICE}/mailboxSettings") == DENIED


def test_scoped_roles_add_to_what_the_token_carries(graph: Graph, world: World) -> None:
    graph.as_app("Calendars.Read")
    world.limit_app(["bob"])

    world.scope_app(["Calendars.Read"], ["alice"])

    assert graph.get(f"{ALICE}/calendars")["value"]
    assert graph.get(f"{BOB}/calendars")["value"]


@pytest.mark.switch("access.policy")
def test_a_blocked_mailbox_is_refused_and_its_owner_is_not(graph: Graph, world: World) -> None:
    world.turn("access.policy", True, "alice")

    refused = graph.call("GET", VIEW)

    assert "[RAOP]" in refused.json["error"]["message"]  # type: ignore[index]
    assert graph.get("/me")["mail"]
    graph.sign_in("bob")
    assert graph.get(VIEW)["value"] == []


@pytest.mark.switch("access.no_mailbox")
def test_a_mailbox_may_go_away_and_come_back(graph: Graph, world: World) -> None:
    world.turn("access.no_mailbox", True, "alice", times=1)

    assert graph.error("GET", VIEW) == (404, "MailboxNotEnabledForRESTAPI")
    assert graph.get(VIEW)["value"] == []


@pytest.mark.switch("access.challenge")
def test_a_valid_token_is_challenged(graph: Graph, world: World, clock: Clock) -> None:
    world.turn("access.challenge", True, "alice", times=1)

    refused = graph.call("GET", VIEW)

    said = refused.headers["WWW-Authenticate"]
    found = re.search(r'error="insufficient_claims", claims="([^"]+)"', said)
    assert refused.status_code == 401
    assert found is not None
    wanted = json.loads(b64decode(found[1]))["access_token"]["nbf"]
    assert wanted == {"essential": True, "value": str(int(clock().timestamp()))}
    assert graph.get(VIEW)["value"] == []


@pytest.mark.switch("access.burst")
def test_a_single_refusal_in_a_burst_means_nothing(graph: Graph, world: World) -> None:
    world.turn("access.burst", True, times=1)

    assert graph.error("GET", VIEW) == DENIED
    assert graph.get(VIEW)["value"] == []


@pytest.mark.switch("access.withdrawn")
def test_permissions_are_withdrawn_from_tokens(graph: Graph, world: World) -> None:
    world.turn("access.withdrawn", "calendars", "alice")

    assert graph.error("GET", VIEW) == DENIED
    assert graph.get("/me/mailboxSettings")["timeZone"]
    world.turn("access.withdrawn", "everything", "alice")
    assert graph.error("GET", "/me") == (403, "Authorization_RequestDenied")
