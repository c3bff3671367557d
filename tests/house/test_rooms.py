"""Blueprints are guarded, routes are deliberate, a GET does not write."""

import ast
from pathlib import Path

from blueprints import guards
from blueprints.rooms import ROOMS
from tests.house.rooms import ROOT, parsed, python_files, room_of
from tests.rules import GETS_THAT_WRITE

ROUTES = Path(__file__).parent / "routes.txt"
GUARDS = {
    guards.open_always,
    guards.open_to_all,
    guards.open_to_microsoft,
    guards.before_setup,
    guards.signed_in,
    guards.signed_in_poll,
    guards.admin_only,
    guards.admin_only_poll,
}


def routes(portal) -> list[str]:
    rules = portal.app.url_map.iter_rules()
    return sorted(
        f"{rule.rule} {','.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule.endpoint}"
        for rule in rules
    )


def test_every_blueprint_is_registered_with_a_guard(portal):
    registered = set(portal.app.blueprints)
    guarded = {blueprint.name: guard for blueprint, _address, guard in ROOMS}

    assert registered == set(guarded)
    assert set(guarded.values()) <= GUARDS
    for name, guard in guarded.items():
        assert guard in portal.app.before_request_funcs[name]


def test_a_stranger_sees_no_page_but_sign_in(portal, visitor):
    """Asked of the running portal, so that a guard that guards nothing is found."""
    open_rooms = {"health", "metrics", "sign_in", "setup", "sso", "invitation_links"}
    for rule in portal.app.url_map.iter_rules():
        room = rule.endpoint.split(".")[0]
        if "GET" in rule.methods and room not in {*open_rooms, "static"}:
            address = rule.rule
            for name in rule.arguments:
                converter = "int:" if f"<int:{name}>" in address else ""
                address = address.replace(f"<{converter}{name}>", "1")
            assert visitor.get(address).path == "/sign-in", address


def test_the_list_of_routes_is_deliberate(portal):
    """After a deliberate change: python -m tests.house.routes"""
    assert ROUTES.read_text(encoding="utf-8").splitlines() == routes(portal)


def test_a_get_does_not_write():
    """What the code shows; the tests' browser watches every GET at work as well."""
    writers = set()
    for path in python_files():
        if room_of(path) != "blueprints":
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef) and _is_get_only(node) and _writes(node):
                writers.add(f"{path.parts[1].removesuffix('.py')}.{node.name}")

    assert writers <= set(GETS_THAT_WRITE)


def test_no_code_knows_that_it_is_tested_or_shown():
    wrong = []
    for path in python_files():
        if room_of(path) in ("tests", "benchmarks"):
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.If | ast.IfExp):
                said = ast.unparse(node.test).lower()
                if any(word in said for word in ("testing", "pytest", "demo", "simulat")):
                    wrong.append(f"{path}:{node.lineno} {said}")

    assert not wrong


def _is_get_only(view: ast.FunctionDef) -> bool:
    return any(
        isinstance(mark, ast.Call)
        and isinstance(mark.func, ast.Attribute)
        and mark.func.attr == "get"
        for mark in view.decorator_list
    )


def _writes(view: ast.FunctionDef) -> bool:
    calls = (node.func for node in ast.walk(view) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Name) and call.id == "writing" for call in calls)


def test_the_root_holds_nothing_unknown():
    """A new module beside the program would stand outside of every other rule here."""
    known = {"app.py", "config.py", "demo.py", "outside.py", "server.py"}

    assert {path.name for path in ROOT.glob("*.py")} <= known
