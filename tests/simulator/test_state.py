"""--state: the world outlives the program, and nothing but a world of ours is read."""

import io
import os
import pickle
import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from simulator import create_app
from simulator.clock import Clock, wall_clock
from simulator.keeper import Keeper
from simulator.registration import SCOPES
from simulator.state import FORMAT, MARK, NotAWorld, load, read, shape, write
from simulator.world import World
from tests import wire
from tests.simulator.contract import notices
from tests.simulator.contract.case import run
from tests.simulator.contract.test_contract import CASES, known
from tests.simulator.desk import Graph, SignIn, at, timed, weekly


def copied(world: World) -> World:
    """The same world after a restart."""
    file = io.BytesIO()
    write(world, file)
    file.seek(0)
    return read(file, "the copy")


def again(world: World) -> World:
    """The world after a restart, its clock where it was: tests do not wait for the real one."""
    moment = world.now()
    after = copied(world)
    after.clock.set(moment)
    return after


def at_desk(world: World, before: Graph) -> Graph:
    """The same application, with the same token, after the restart."""
    graph = Graph(wire.validating(create_app(world)).test_client(), world)
    graph.headers = before.headers
    return graph


def test_events_tokens_and_cursors_go_on(graph: Graph, world: World) -> None:
    graph.create({**timed(3, 9), "subject": "Once"})
    series = graph.create({**timed(2, 9), "recurrence": weekly(2, "monday")})["id"]
    _, cursor = graph.first_round()
    world.rename_event("alice", series, "Renamed later")

    after = at_desk(again(world), graph)

    assert after.get("/me/events") == graph.get("/me/events")
    assert after.round(cursor) == graph.round(cursor)
    assert after.round(cursor)[0][0]["subject"] == "Renamed later"


def test_refresh_tokens_switches_and_mails_go_on(sign_in: SignIn, world: World) -> None:
    tokens = sign_in.redeem(sign_in.code()).json
    world.turn("delta.resend", "exception", "alice", times=2)
    world.add_event("alice", "Lunch", at(3), attendees=["bob@contoso.example"])

    after = again(world)
    later = SignIn(create_app(after).test_client(), after)

    refreshed = later.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert refreshed.status_code == 200
    alice = after.person("alice").id
    assert after.switches.position("delta.resend", alice) == "exception"
    assert after.mails == world.mails != []


def test_subscriptions_go_on(graph: Graph, world: World) -> None:
    world.post = notices.listening
    made = graph.call("POST", "/subscriptions", {**notices.WISH, "resource": "/me/events"})
    assert made.status_code == 201, made.text

    after = again(world)
    after.add_event("alice", "News", at(3))

    news = list(after.person("alice").mailbox.news or ())
    assert [one.change for one in news] == ["created"]
    assert [one.id for one in after.notices.subscriptions] == [made.json["id"]]  # type: ignore[index]


def test_ids_and_secrets_go_on_where_they_were(world: World) -> None:
    after = again(world)

    assert after.new_id() == world.new_id()
    assert after.random.random() == world.random.random()
    assert after.person("alice").mailbox.switches is after.switches


def test_a_world_in_which_everything_was_done_is_kept(graph: Graph, world: World) -> None:
    graph.sign_in("alice", *SCOPES)
    world.post = notices.listening
    run(graph, CASES, known(world, "/me"))

    after = at_desk(again(world), graph)

    assert after.get("/me/events") == graph.get("/me/events")
    assert vars(after.world).keys() == vars(world).keys()


@pytest.fixture
def kept(world: World, tmp_path: Path, simulator: Flask) -> Iterator[Keeper]:
    keeper = Keeper(world, tmp_path / "world")
    keeper.begin(simulator)
    yield keeper
    world.mails.clear()
    keeper.end()


def test_the_file_is_for_its_owner_only(kept: Keeper) -> None:
    kept.save()

    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert [each.name for each in kept.path.parent.iterdir()] == ["world"]


def test_it_is_written_on_request_and_at_the_end(kept: Keeper, graph: Graph, world: World) -> None:
    world.add_event("alice", "Before", at(3))
    assert graph.client.post("/_control/save").status_code == 200
    before = load(kept.path)
    world.add_event("alice", "After", at(4))
    kept.end()
    after = load(kept.path)

    assert before is not None
    assert after is not None
    assert [len(each.events("alice")) for each in (before, after)] == [1, 2]


def test_it_is_written_from_time_to_time_when_something_happened(
    kept: Keeper, graph: Graph
) -> None:
    kept.save_if_needed()
    first = kept.path.stat().st_ino
    kept.save_if_needed()
    idle = kept.path.stat().st_ino
    graph.create(timed(3, 9))
    kept.save_if_needed()

    assert idle == first
    after = load(kept.path)
    assert after is not None
    assert len(after.events("alice")) == 1


def test_without_a_file_there_is_nothing_to_save_to(graph: Graph) -> None:
    assert graph.client.post("/_control/save").status_code == 409


def test_a_save_that_fails_leaves_the_old_file(kept: Keeper, world: World) -> None:
    before = kept.path.read_bytes()
    world.mails.append(sys.stdout)  # type: ignore[arg-type]

    with pytest.raises(TypeError):
        kept.save()

    assert kept.path.read_bytes() == before


class Trap:
    """What a hostile file would like to have made."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("echo caught",)


def holding(content: bytes, head: str = f"{MARK} {FORMAT} {shape()}") -> io.BytesIO:
    """A file with this content behind a proper first line."""
    return io.BytesIO(f"{head}\n".encode() + content)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (io.BytesIO(b""), "holds no world"),
        (io.BytesIO(b"\x89PNG and so on\n\n"), "holds no world"),
        (holding(b"", head=f"{MARK} 99 abc"), "newer simulator"),
        (holding(b"", head=f"{MARK} {FORMAT} abc"), "another version"),
        (holding(b""), "damaged"),
        (holding(pickle.dumps({})), "holds no world"),
        (holding(pickle.dumps(Trap())), "does not hold posix.system"),
        (holding(b"csimulator.state\nimportlib.import_module\n."), "does not hold"),
        (holding(b"csimulator.state\nload\n."), "does not hold"),
        (holding(b"cbuiltins\neval\n."), "does not hold"),
    ],
)  # fmt: skip
def test_what_is_no_world_of_ours_is_refused_in_a_sentence(file: io.BytesIO, said: str) -> None:
    with pytest.raises(NotAWorld, match=said) as refusal:
        read(file, "the file")

    assert str(refusal.value).startswith("the file ")
    assert str(refusal.value).endswith(".")


def test_a_file_cut_short_is_refused(world: World) -> None:
    file = io.BytesIO()
    write(world, file)

    with pytest.raises(NotAWorld, match="damaged"):
        read(io.BytesIO(file.getvalue()[:-100]), "the file")


def test_no_file_is_no_world_yet_and_a_folder_never(tmp_path: Path) -> None:
    assert load(tmp_path / "new") is None
    with pytest.raises(NotAWorld, match="cannot be read"):
        load(tmp_path)


def test_a_clock_goes_on_as_it_was(world: World) -> None:
    world.clock.set(at(20))
    standing = copied(world)
    world.clock = Clock()
    world.clock.advance(days=3)
    running = copied(world)

    assert standing.now() == at(20)
    assert running.clock() - wall_clock() > timedelta(days=2)
