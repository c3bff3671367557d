"""The check of an address: while the request is open, by a token that comes back decoded."""

import threading
from urllib.parse import quote

import pytest
from flask import Response

from simulator.world import World
from tests.simulator.desk import Graph
from tests.simulator.notices.receiver import HOOK, Desk, Receiver, plain

FAILED = "Subscription validation request failed."
MUST = "Notification endpoint must respond with 200 OK to validation request."


def told(desk: Desk) -> str:
    """Why the subscription was refused."""
    refused = desk.graph.call("POST", "/subscriptions", desk.wish())
    assert refused.status_code == 400
    assert refused.json["error"]["code"] == "InvalidRequest"  # type: ignore[index]
    assert desk.graph.get("/subscriptions")["value"] == []
    return str(refused.json["error"]["message"])  # type: ignore[index]


def test_both_addresses_are_asked_with_a_token_to_decode(desk: Desk, receiver: Receiver) -> None:
    desk.subscribe()

    assert len(set(receiver.tokens)) == 2
    assert all({" ", ":", "+", "%"} <= set(token) for token in receiver.tokens)


def test_an_address_with_a_query_keeps_it(desk: Desk, world: World, receiver: Receiver) -> None:
    asked: list[str] = []

    def post(url: str, kind: str, body: bytes) -> tuple[int, str, bytes]:
        asked.append(url)
        return receiver.post(url, kind, body)

    world.post = post
    desk.subscribe(notificationUrl=f"{HOOK}?team=7")

    assert asked[0].startswith(f"{HOOK}?team=7&validationToken=Validation%3A+Testing+")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Response(status=403), f"{FAILED} HTTP status code is 'Forbidden'. {MUST}"),
        (Response(status=202), f"{FAILED} HTTP status code is 'Accepted'. {MUST}"),
        (Response(status=302, headers={"Location": "/x"}),
         f"{FAILED} HTTP status code is 'Found'. {MUST}"),
        (Response("else", 200, mimetype="text/plain"),
         f"{FAILED} Response must exactly match validationToken query parameter."),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused_in_microsofts_words(
    desk: Desk, receiver: Receiver, answer: Response, text: str
) -> None:
    receiver.echo = lambda token: answer

    assert told(desk) == text


def test_the_token_has_to_be_decoded_and_plain(desk: Desk, receiver: Receiver) -> None:
    receiver.echo = lambda token: plain(quote(token))
    encoded = told(desk)
    receiver.echo = lambda token: Response(token, 200, mimetype="text/html")
    as_page = told(desk)

    assert encoded.endswith("must exactly match validationToken query parameter.")
    assert as_page.endswith("must respond with content type text/plain.")


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (TimeoutError(), "Subscription validation request timed out."),
        (ConnectionRefusedError(), f"{FAILED} {MUST}"),
    ],
)
def test_nobody_there(desk: Desk, receiver: Receiver, problem: Exception, text: str) -> None:
    receiver.unreachable = problem

    assert told(desk) == text


def test_the_world_goes_on_while_an_address_is_asked(
    desk: Desk, world: World, receiver: Receiver
) -> None:
    asked: list[int] = []

    def ask_back(token: str) -> Response:
        # The address looks at Graph, from another thread, before it answers.
        call = threading.Thread(target=lambda: asked.append(len(world.events("alice"))))
        call.start()
        call.join(10)
        return plain(token)

    receiver.echo = ask_back
    desk.subscribe()

    assert asked == [0, 0]


@pytest.mark.switch("notices.validation_fails")
def test_a_healthy_address_fails_now_and_then(desk: Desk, world: World, receiver: Receiver) -> None:
    world.turn("notices.validation_fails", 100, "alice", times=1)

    assert told(desk) == "Subscription validation request timed out."
    assert len(receiver.tokens) == 1
    assert desk.subscribe()["id"]


@pytest.mark.switch("notices.renew_validates")
def test_renewing_asks_again_when_switched(
    desk: Desk, graph: Graph, world: World, receiver: Receiver
) -> None:
    one = f"/subscriptions/{desk.subscribe()['id']}"
    later = {"expirationDateTime": "2026-11-20T20:00:00Z"}

    graph.call("PATCH", one, later)
    usual = len(receiver.tokens)
    world.turn("notices.renew_validates", True)
    graph.call("PATCH", one, later)
    graph.call("POST", f"{one}/reauthorize")

    assert (usual, len(receiver.tokens)) == (2, 6)
