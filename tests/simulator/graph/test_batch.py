"""$batch: many calls in one, each with its own answer."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from simulator.world import World
from tests import wire
from tests.simulator.desk import IMMUTABLE, NOVEMBER, Graph, at, timed

JSON = {"Content-Type": "application/json"}
VIEW = f"/me/calendarView?{NOVEMBER}"


def ask(name: str, method: str = "GET", url: str = VIEW, **more: Any) -> dict[str, Any]:
    """A member of a batch."""
    return {"id": name, "method": method, "url": url, **more}


def send(graph: Graph, *members: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers to a batch."""
    response = graph.call("POST", "/$batch", {"requests": list(members)})
    assert response.status_code == 200, response.text
    return list(response.json["responses"])  # type: ignore[index]


def statuses(answers: list[dict[str, Any]]) -> dict[str, int]:
    return {each["id"]: each["status"] for each in answers}


def test_each_member_is_answered_as_if_it_had_come_alone(graph: Graph, world: World) -> None:
    event = world.add_event("alice", "Lunch", at(4))

    shown, made, missed = send(
        graph,
        ask("shown", url=f"/me/events/{event}", headers={"Prefer": IMMUTABLE}),
        ask("made", "POST", "me/events", headers=JSON, body=timed(20, 10)),
        ask("missed", url="/me/messages"),
    )

    alone = graph.get(f"/me/events/{event}")
    assert shown["body"] == alone
    assert shown["headers"]["Preference-Applied"] == IMMUTABLE
    assert (made["status"], made["headers"]["Location"][:16]) == (201, "http://localhost")
    wire.check("POST", "/v1.0/me/events", 201, made["body"])
    assert (missed["status"], missed["body"]["error"]["code"]) == (501, "NotImplemented")
    assert len(world.events("alice")) == 2


def test_a_preference_counts_for_its_member_alone(graph: Graph, world: World) -> None:
    world.add_event("alice", "Lunch", at(4))
    prefer = {"Prefer": f'{IMMUTABLE}, outlook.timezone="Tokyo Standard Time"'}

    with_one, without = send(graph, ask("1", headers=prefer), ask("2"))

    zones = [each["body"]["value"][0]["start"]["timeZone"] for each in (with_one, without)]
    assert zones == ["Tokyo Standard Time", "UTC"]
    assert with_one["body"]["value"][0]["id"] != without["body"]["value"][0]["id"]


def test_a_delete_answers_without_a_body(graph: Graph, world: World) -> None:
    event = world.add_event("alice", "Lunch", at(4))

    (answer,) = send(graph, ask("1", "DELETE", f"/me/events/{event}"))

    assert answer["status"] == 204
    assert "body" not in answer
    assert world.events("alice") == []


def test_what_depends_on_a_failure_is_not_tried(graph: Graph, world: World) -> None:
    new = {"headers": JSON, "body": timed(20, 10)}

    answers = send(
        graph,
        ask("1", "DELETE", "/me/events/nothing"),
        ask("2", "POST", "/me/events", dependsOn=["1"], **new),
        ask("3", "POST", "/me/events", dependsOn=["2"], **new),
    )

    assert [each["status"] for each in answers[1:]] == [424, 424]
    assert answers[1]["body"]["error"]["code"] == "FailedDependency"
    assert world.events("alice") == []


@pytest.mark.parametrize(
    "members",
    [
        [],
        "everything",
        [ask("1")] * 2,
        [ask(str(number)) for number in range(21)],
        [{"method": "GET", "url": "/me"}],
        [{"id": 1, "method": "GET", "url": "/me"}],
        [{"id": "1", "url": "/me"}],
        [ask("1", url="https://graph.microsoft.com/v1.0/me")],
        [ask("1", "POST", "/$batch", headers=JSON, body={"requests": []})],
        [ask("1", "POST", "/me/events", body=timed(20, 10))],
        [ask("1", dependsOn=["2"]), ask("2")],
        [ask("1"), ask("2"), ask("3", dependsOn=["1"]), ask("4", dependsOn=["2"])],
        [ask("1", headers={"Prefer": 7})],
    ],
)
def test_an_envelope_that_is_out_of_order_is_refused(graph: Graph, members: object) -> None:
    refusal = graph.error("POST", "/$batch", {"requests": members})

    assert refusal == (400, "BadRequest")


def test_the_token_outside_is_the_token_of_all(graph: Graph, world: World) -> None:
    bob = Graph(graph.client, world, "bob").headers["Authorization"]

    (answer,) = send(graph, ask("1", url="/me", headers={"Authorization": bob}))
    graph.headers = {}

    assert answer["body"]["mail"] == "alice@contoso.example"
    assert graph.error("POST", "/$batch", {"requests": [ask("1")]})[0] == 401


def test_every_member_counts_as_a_call(graph: Graph, world: World) -> None:
    world.turn("wire.requests", 2)

    answers = send(graph, ask("1"), ask("2"), ask("3"))

    assert statuses(answers) == {"1": 200, "2": 200, "3": 429}
    assert answers[2]["headers"]["Retry-After"] == "600"


def test_faults_strike_single_members(graph: Graph, world: World) -> None:
    world.turn("wire.refuse", "503 ErrorServerBusy", times=1)
    world.turn("wire.refusal_body", "html")

    answers = send(graph, ask("1"), ask("2"))

    assert statuses(answers) == {"1": 503, "2": 200}
    assert isinstance(answers[0]["body"], str)


def test_a_member_whose_line_breaks_times_out(graph: Graph, world: World) -> None:
    world.turn("wire.drop", "after", times=1)
    make = ask("1", "POST", "/me/events", headers=JSON, body=timed(20, 10))

    (answer,) = send(graph, make)

    assert (answer["status"], answer["body"]["error"]["code"]) == (504, "UnknownError")
    assert len(world.events("alice")) == 1


def test_twenty_members_of_a_mailbox_usually_succeed(graph: Graph) -> None:
    answers = send(graph, *(ask(str(number)) for number in range(20)))

    assert set(statuses(answers).values()) == {200}


@pytest.mark.switch("wire.batch_overflow")
def test_a_batch_may_run_into_the_limit_of_its_mailbox(graph: Graph, world: World) -> None:
    world.turn("wire.batch_overflow", True, "alice")

    answers = send(graph, *(ask(str(n)) for n in range(19)), ask("me", url="/me"))
    chain = send(graph, ask("0"), *(ask(str(n), dependsOn=[str(n - 1)]) for n in range(1, 20)))

    assert [each["status"] for each in answers] == [200] * 4 + [429] * 15 + [200]
    assert all(each["headers"]["Retry-After"] for each in answers[4:19])
    assert set(statuses(chain).values()) == {200}


@pytest.mark.switch("wire.batch_order")
def test_answers_may_come_in_any_order(graph: Graph, world: World) -> None:
    members = [ask(str(number), url="/me") for number in range(20)]
    in_order = [each["id"] for each in send(graph, *members)]
    world.turn("wire.batch_order", "shuffled")

    mixed = [each["id"] for each in send(graph, *members)]

    assert in_order == [each["id"] for each in members]
    assert sorted(mixed) == sorted(in_order)
    assert mixed != in_order


def test_an_envelope_is_not_larger_than_4_mb(graph: Graph) -> None:
    long: TestResponse = graph.call("POST", "/$batch", {"requests": ["x" * 5_000_000]})

    assert (long.status_code, long.json["error"]["code"]) == (413, "RequestEntityTooLarge")  # type: ignore[index]
