"""Switches: for everybody or one mailbox, for good or for a number of times; each has a test."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from simulator.faults.catalogue import CATALOGUE
from simulator.faults.switches import UnknownSwitch
from simulator.world import World
from tests.simulator.desk import Graph

TESTS = Path(__file__).parents[1]
MANUAL = Path(__file__).parents[3] / "docs/quirks.md"


def marked(mark: str) -> set[Any]:
    """What `@pytest.mark.<mark>(...)` names over some test."""
    found: set[Any] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"pytest.mark.{mark}":
                found |= {each.value for each in node.args if isinstance(each, ast.Constant)}
    return found


def test_every_switch_has_a_test_and_every_such_test_a_switch() -> None:
    assert marked("switch") == set(CATALOGUE)


def test_every_known_quirk_has_a_switch_or_is_always_there() -> None:
    switched = {number for switch in CATALOGUE.values() for number in switch.quirks}

    rows = re.findall(r"^\| (\d+) \|.*\| (.+) \|$", MANUAL.read_text(), re.MULTILINE)
    named = {key for _, how in rows for key in re.findall(r"`([a-z]+\.[a-z_]+)`", how)}
    assert [int(number) for number, _ in rows] == sorted(switched | marked("quirk"))
    assert named <= set(CATALOGUE)


def test_keys_titles_and_defaults_make_sense() -> None:
    for key, switch in CATALOGUE.items():
        assert key == switch.key
        assert "." in key
        assert switch.accepts(switch.default)
        assert switch.explains.endswith(".")


def test_the_own_position_of_a_mailbox_wins(world: World) -> None:
    alice, bob = world.person("alice").id, world.person("bob").id

    world.turn("delta.resend", "exception")
    world.turn("delta.resend", "series", "alice")

    assert world.switches.position("delta.resend", alice) == "series"
    assert world.switches.position("delta.resend", bob) == "exception"
    world.switches.all_back()
    assert world.switches.position("delta.resend", bob) == "series"


def test_a_number_of_times_is_used_up(world: World) -> None:
    world.turn("delta.resend", "exception", times=2)

    struck = [world.switches.strikes("delta.resend") for _ in range(3)]

    assert struck == ["exception", "exception", "series"]


@pytest.mark.parametrize(
    ("switch", "position"),
    [("delta.nonsense", True), ("delta.resend", "half"), ("delta.resend", 1)],
)
def test_nonsense_is_refused(world: World, graph: Graph, switch: str, position: object) -> None:
    with pytest.raises(UnknownSwitch):
        world.turn(switch, position)  # type: ignore[arg-type]

    wish = {"switch": switch, "position": position}
    assert graph.client.post("/_control/switch", json=wish).status_code == 400


def test_the_control_addresses_turn_list_and_turn_back(world: World, graph: Graph) -> None:
    wish = {"switch": "delta.resend", "position": "exception", "who": "alice", "times": 3}
    alice = world.person("alice").id

    turned = graph.client.post("/_control/switch", json=wish)
    listed = {each["key"]: each for each in graph.client.get("/_control/switches").json}  # type: ignore[union-attr]
    graph.client.post("/_control/switch-back", json={"switch": "delta.resend", "who": "alice"})

    assert turned.status_code == 200
    assert listed["delta.resend"]["chosen"] == {alice: "exception"}
    assert world.switches.position("delta.resend", alice) == "series"
