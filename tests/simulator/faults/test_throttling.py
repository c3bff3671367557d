"""What an application may ask for: at the same time, in ten minutes, of the directory."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from simulator.graph.throttle import charge_directory, directory_units
from simulator.registration import CLIENT_ID
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import NOVEMBER, Graph, timed

VIEW = f"/me/calendarView?{NOVEMBER}"
Ask = Callable[[str, int], list[Future[TestResponse]]]


class Held:
    """Calls that wait on their way until they are let go."""

    def __init__(self, world: World) -> None:
        self._waiting = threading.Semaphore(0)
        self._gone = threading.Event()
        world.turn("wire.latency", 1)
        world.wait = self._wait

    def _wait(self, seconds: float) -> None:
        self._waiting.release()
        assert self._gone.wait(10)

    def arrive(self, calls: int) -> None:
        """Come back when so many calls are under way."""
        assert all(self._waiting.acquire(timeout=10) for _ in range(calls))

    def go(self) -> None:
        """Let everybody go, now and from now on."""
        self._gone.set()


@pytest.fixture
def held(world: World) -> Iterator[Held]:
    holding = Held(world)
    yield holding
    holding.go()


@pytest.fixture
def ask(held: Held, client: FlaskClient, world: World) -> Iterator[Ask]:
    """Begin calls of somebody, each in a thread; the next ones begin when these are under way."""
    with ThreadPoolExecutor(12) as pool:

        def begin(who: str, calls: int, path: str = VIEW) -> list[Future[TestResponse]]:
            graph = Graph(client.application.test_client(), world, who)
            begun = [pool.submit(graph.call, "GET", path) for _ in range(calls)]
            held.arrive(calls)
            return begun

        yield begin
        held.go()


@pytest.mark.switch("wire.concurrency")
def test_the_fifth_call_at_the_same_time_is_one_too_many(
    ask: Ask, held: Held, graph: Graph
) -> None:
    four = ask("alice", 4)

    fifth = graph.call("GET", VIEW)
    held.go()

    assert fifth.status_code == 429
    assert fifth.headers["Retry-After"] == "2"
    assert fifth.json == {"error": {**fifth.json["error"], "code": "ApplicationThrottled",  # type: ignore[index]
        "message": "Application is over its MailboxConcurrency limit."}}  # fmt: skip
    assert [each.result().status_code for each in four] == [200] * 4
    assert graph.get(VIEW)["value"] == []


def test_a_lane_is_free_again_after_an_answer_of_any_kind(graph: Graph, world: World) -> None:
    for _ in range(6):
        assert graph.error("GET", "/me/events/nothing")[0] in (400, 404)

    assert world.gate.under_way == {}


@pytest.mark.parametrize(("most", "refused"), [(2, True), (0, False), (3, False)])
def test_more_or_fewer_calls_may_be_under_way(
    ask: Ask, held: Held, graph: Graph, world: World, most: int, refused: bool
) -> None:
    world.turn("wire.concurrency", most)
    ask("alice", 2)

    def after() -> int:
        return graph.call("GET", VIEW).status_code

    with ThreadPoolExecutor(1) as pool:
        third = pool.submit(after)
        if not refused:
            held.arrive(1)
        held.go()

    assert third.result() == (429 if refused else 200)


@pytest.mark.switch("wire.concurrency_scope")
@pytest.mark.parametrize(("scope", "statuses"), [("mailbox", 200), ("app", 429)])
def test_another_mailbox_is_its_own_lane_or_the_same(
    ask: Ask, held: Held, graph: Graph, world: World, scope: str, statuses: int
) -> None:
    world.turn("wire.concurrency_scope", scope)
    world.turn("wire.concurrency", 2)
    ask("alice", 2)

    graph.sign_in("bob")
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(graph.call, "GET", VIEW)
        if scope == "mailbox":
            held.arrive(1)
        held.go()

    assert other.result().status_code == statuses


def test_the_directory_takes_no_lane_of_the_mailbox(ask: Ask, held: Held, graph: Graph) -> None:
    ask("alice", 4)

    with ThreadPoolExecutor(1) as pool:
        profile = pool.submit(graph.call, "GET", "/me")
        held.arrive(1)
        held.go()

    assert profile.result().status_code == 200


@pytest.mark.switch("wire.concurrency_answer")
def test_a_burst_may_look_like_access_that_is_lost(
    ask: Ask, held: Held, graph: Graph, world: World
) -> None:
    world.turn("wire.concurrency_answer", "403")
    four = ask("alice", 4)

    refusal = graph.call("GET", VIEW)
    held.go()

    assert [each.result().status_code for each in four] == [200] * 4
    assert refusal.status_code == 403
    assert "store ID provided isn't an ID of an item" in refusal.text
    assert graph.get(VIEW)["value"] == []


@pytest.mark.switch("wire.requests")
def test_calls_are_counted_over_ten_minutes(graph: Graph, world: World, clock: Clock) -> None:
    world.turn("wire.requests", 3)
    answers = [graph.call("GET", VIEW) for _ in range(4)]
    clock.advance(minutes=9)

    late = graph.call("GET", VIEW)
    graph.sign_in("bob")
    other = graph.call("GET", VIEW)
    clock.advance(minutes=1)
    graph.sign_in("alice")

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert answers[3].headers["Retry-After"] == "600"
    assert (late.status_code, late.headers["Retry-After"]) == (429, "60")
    assert other.status_code == 200
    assert graph.get(VIEW)["value"] == []


@pytest.mark.parametrize("most", [0, 10_000])
def test_ten_thousand_calls_are_usual_and_more_are_a_matter_of_the_switch(
    graph: Graph, world: World, most: int
) -> None:
    world.turn("wire.requests", most)
    graph.get(VIEW)
    next(iter(world.gate.used.values())).amount = 9_999

    statuses = [graph.call("GET", VIEW).status_code for _ in range(2)]

    assert statuses == [200, 429 if most else 200]


@pytest.mark.switch("wire.upload_mb")
def test_what_is_written_is_counted_over_five_minutes(
    graph: Graph, world: World, clock: Clock
) -> None:
    world.turn("wire.upload_mb", 1)
    long = {**timed(20, 10), "body": {"contentType": "text", "content": "x" * 600_000}}
    graph.create(long)

    refused = graph.error("POST", "/me/events", long)
    read = graph.get(f"{VIEW}&$select=subject")
    clock.advance(minutes=5)

    assert refused == (429, "ApplicationThrottled")
    assert len(read["value"]) == 1
    assert graph.create(long)


@pytest.mark.switch("wire.retry_after")
@pytest.mark.parametrize(
    ("form", "header"),
    [
        ("seconds", "10"), ("missing", None), ("fraction", "10.128"), ("one", "1"),
        ("date", "Wed, 18 Nov 2026 09:00:10 GMT"), ("iso_date", "2026-11-18T09:00:10Z"),
    ],
)  # fmt: skip
def test_the_wait_is_told_in_many_ways(
    graph: Graph, world: World, form: str, header: str | None
) -> None:
    world.turn("wire.retry_after", form)
    world.turn("wire.refuse", "429 ApplicationThrottled", times=1)
    world.turn("wire.requests", 1)
    refused = graph.call("GET", VIEW)
    graph.get(VIEW)

    over = graph.call("GET", VIEW)

    assert refused.headers.get("Retry-After") == header
    assert over.status_code == 429
    assert ("Retry-After" in over.headers) == (header is not None)


@pytest.mark.switch("wire.directory_units")
def test_the_directory_charges_units_and_says_when_they_run_out(
    world: World, graph: Graph, clock: Clock
) -> None:
    tenant = world.person("alice").tenant.id
    world.turn("wire.directory_units", 10)

    answers = [graph.call("GET", "/me") for _ in range(6)]
    clock.advance(seconds=10)
    later = graph.call("GET", "/me")

    share = "x-ms-throttle-limit-percentage"
    assert {each.headers.get("x-ms-resource-unit") for each in answers[:5]} == {"2"}
    assert [each.headers.get(share) for each in answers[2:5]] == [None, "0.80", "1.00"]
    assert [each.status_code for each in (*answers[4:], later)] == [200, 429, 200]
    assert answers[5].headers["Retry-After"] == "10"
    assert answers[5].headers["x-ms-throttle-scope"].endswith(f"{CLIENT_ID}/{tenant}")
    assert share not in later.headers


def test_a_small_tenant_has_3500_units_in_ten_seconds(world: World, graph: Graph) -> None:
    access = next(iter(world.grants.access.values()))

    assert "x-ms-throttle-limit-percentage" not in charge_directory(world, access, 2799)
    assert charge_directory(world, access, 1)["x-ms-throttle-limit-percentage"] == "0.80"


def test_a_narrow_query_of_the_directory_is_cheaper() -> None:
    assert directory_units(2, select=False, expand=False, top=None) == 2
    assert directory_units(2, select=False, expand=True, top=100) == 3
    assert directory_units(2, select=True, expand=False, top=5) == 1
