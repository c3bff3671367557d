"""How notifications travel: again and again, late, in pieces, not at all, forged."""

import threading
from datetime import timedelta

import pytest

from simulator import create_app
from simulator.notices.postman import Postman
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import Graph, at, timed
from tests.simulator.notices.receiver import Desk, Receiver


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Alice's application watches her events, and hears of each change once."""
    desk.world.turn("notices.extra_updates", 0)
    desk.subscribe()
    return desk


def add(world: World, *titles: str) -> list[str]:
    return [world.add_event("alice", title, at(20)) for title in titles]


def test_what_is_not_taken_in_comes_again_later(
    desk: Desk, world: World, receiver: Receiver, clock: Clock
) -> None:
    receiver.status = 500
    add(world, "Lunch")

    tried = [desk.arrived()]
    clock.advance(seconds=9)
    tried.append(desk.arrived())
    clock.advance(seconds=1)
    tried.append(desk.arrived())
    receiver.status = 202
    clock.advance(seconds=20)
    tried.append(desk.arrived())
    clock.advance(minutes=30)

    assert tried == [["created"], [], ["created"], ["created"]]
    assert desk.arrived() == []


def test_after_four_hours_it_is_dropped_and_missed(
    desk: Desk, world: World, receiver: Receiver, clock: Clock
) -> None:
    receiver.status = 503
    add(world, "Lunch")
    end = clock() + timedelta(hours=4)

    tried = []
    while clock() < end:
        tried += desk.arrived()
        clock.advance(minutes=1)
    receiver.status = 202

    assert 9 <= tried.count("created") <= 12
    assert desk.arrived().count("created") == 0
    assert "missed" in tried


def test_an_address_that_times_out_now_and_then_is_told_later(
    desk: Desk, world: World, receiver: Receiver, clock: Clock
) -> None:
    for number in range(16):
        receiver.unreachable = TimeoutError() if number >= 14 else None
        add(world, f"Event {number}")
        world.notices.deliver_due()
    receiver.unreachable = None
    receiver.got.clear()

    add(world, "Late by ten seconds")
    at_once = desk.arrived()
    clock.advance(seconds=10)

    assert (at_once, desk.arrived()) == ([], ["created"] * 3)


@pytest.mark.switch("notices.health")
@pytest.mark.parametrize(("punished", "arrives"), [(True, []), (False, ["created"])])
def test_worse_addresses_are_told_nothing(
    desk: Desk, world: World, receiver: Receiver, punished: bool, arrives: list[str]
) -> None:
    world.turn("notices.health", punished)
    receiver.unreachable = TimeoutError()
    for number in range(10):
        add(world, f"Event {number}")
        world.notices.deliver_due()

    receiver.unreachable = None
    add(world, "Dropped")

    assert desk.arrived() == arrives


@pytest.mark.switch("notices.lost")
@pytest.mark.parametrize(("every", "arrive"), [(1, 0), (2, 2), (3, 3)])
def test_some_or_all_are_lost(desk: Desk, world: World, every: int, arrive: int) -> None:
    world.turn("notices.lost", every, "alice")

    add(world, "One", "Two", "Three", "Four")

    assert len(desk.arrived()) == arrive


@pytest.mark.switch("notices.copies")
def test_each_comes_three_times_word_for_word(desk: Desk, world: World, receiver: Receiver) -> None:
    world.turn("notices.copies", 3, times=1)

    add(world, "Tripled", "Once")
    world.notices.deliver_due()
    posts = [len(value) for _, value in receiver.got]
    notes = receiver.notes

    assert posts == [2, 1, 1]
    assert notes[0] == notes[2] == notes[3]


@pytest.mark.switch("notices.late")
def test_they_come_late(desk: Desk, world: World, clock: Clock) -> None:
    world.turn("notices.late", 90)
    add(world, "Lunch")

    early = desk.arrived()
    clock.advance(seconds=90)

    assert (early, desk.arrived()) == ([], ["created"])


@pytest.mark.switch("notices.reordered")
def test_the_latest_comes_first(desk: Desk, world: World, clock: Clock) -> None:
    world.turn("notices.reordered", True)
    (event,) = add(world, "Lunch")
    desk.arrived()
    world.rename_event("alice", event, "Late lunch")
    world.delete_event("alice", event)
    desk.arrived()

    clock.advance(seconds=5)

    assert desk.arrived() == ["deleted", "updated", "created"]


@pytest.mark.switch("notices.created_last")
def test_the_creation_comes_after_the_edit(desk: Desk, world: World, receiver: Receiver) -> None:
    world.turn("notices.created_last", True)
    add(world, "Lunch")

    world.notices.deliver_due()
    posts = len(receiver.got)

    assert (posts, receiver.changes()) == (2, ["updated", "created"])


@pytest.mark.switch("notices.burst")
def test_many_come_at_once(desk: Desk, world: World, receiver: Receiver, clock: Clock) -> None:
    world.turn("notices.burst", 3)
    add(world, "One", "Two")
    before = desk.arrived()
    add(world, "Three")
    world.notices.deliver_due()
    posts = len(receiver.got)
    add(world, "Alone")

    receiver.got.clear()
    held = desk.arrived()
    clock.advance(minutes=10)

    assert (before, posts, held) == ([], 3, [])
    assert desk.arrived() == ["created"]


@pytest.mark.switch("notices.forged")
@pytest.mark.parametrize("how", ["client_state", "subscription"])
def test_a_stranger_calls_too(desk: Desk, world: World, how: str) -> None:
    world.turn("notices.forged", how, times=1)

    add(world, "Lunch", "Dinner")
    true, forged, after = desk.notes()

    wrong = {"client_state": "clientState", "subscription": "subscriptionId"}[how]
    assert [key for key in true if true[key] != forged[key]] == [wrong]
    assert after[wrong] == true[wrong]


@pytest.mark.switch("notices.silent")
def test_silence_tells_nothing_afterwards(desk: Desk, world: World, clock: Clock) -> None:
    world.turn("notices.silent", True)
    add(world, "Unheard")
    world.notices.tell("alice", "missed")
    clock.advance(minutes=80)
    silence = desk.arrived()

    world.turn("notices.silent", False)
    add(world, "Heard")

    assert silence == []
    assert desk.arrived().count("created") == 1


def test_the_control_addresses_deliver_repeat_and_forge(
    desk: Desk, graph: Graph, world: World, receiver: Receiver
) -> None:
    add(world, "Lunch")
    control = graph.client.post

    sent = control("/_control/notices/deliver").json
    control("/_control/notices/repeat", json={"who": "alice"})
    control("/_control/notices/forge", json={"who": "alice", "how": "client_state"})
    control("/_control/notices/tell", json={"who": "alice", "event": "missed"})
    waiting = graph.client.get("/_control/notices").json
    world.notices.deliver_due()

    assert (sent, waiting["waiting"]) == ({"sent": 1}, 3)  # type: ignore[index]
    first, again, forged, missed = receiver.notes
    assert first == again
    assert forged["clientState"] != first["clientState"]
    assert missed["lifecycleEvent"] == "missed"
    log = graph.client.get("/_control/notices").json["sent"]  # type: ignore[index]
    assert [each["status"] for each in log] == [202, 202, 202]


@pytest.mark.parametrize(
    ("act", "wish"),
    [("forge", {"who": "alice", "how": "kindly"}), ("tell", {"who": "alice", "event": "tea"}),
     ("repeat", {"who": "bob"}), ("forge", {"who": "nobody", "how": "subscription"})],
)  # fmt: skip
def test_nonsense_is_refused(desk: Desk, act: str, wish: dict[str, str]) -> None:
    assert desk.graph.client.post(f"/_control/notices/{act}", json=wish).status_code == 400


def test_the_postman_delivers_by_himself(desk: Desk, world: World, receiver: Receiver) -> None:
    app = create_app(world)
    arrived = threading.Event()
    take = receiver.post

    def post(url: str, kind: str, body: bytes) -> tuple[int, str, bytes]:
        answer = take(url, kind, body)
        arrived.set()
        return answer

    world.post = post
    postman = Postman(world)
    postman.serve(app)
    Graph(app.test_client(), world).create(timed(20, 10))
    there = arrived.wait(10)
    postman.end()

    assert there
    assert receiver.changes() == ["created"]
