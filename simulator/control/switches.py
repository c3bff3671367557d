"""The switches: where they stand, turning them and turning them back."""

from __future__ import annotations

from flask import Response, jsonify

from simulator.control.room import bp, done, wish
from simulator.current import current_world


@bp.get("/switches")
def switches() -> Response:
    """Every switch, what it takes, and where it stands for everybody and for single people."""
    world = current_world()
    with world.lock:
        board = world.switches
        return jsonify(
            [
                {
                    "key": each.key, "title": each.title, "kind": each.kind,
                    "default": each.default, "choices": each.choices,
                    "chosen": {
                        person or "everybody": one.position
                        for (key, person), one in board.chosen.items() if key == each.key
                    },
                }
                for each in board.catalogue.values()
            ]
        )  # fmt: skip


@bp.post("/switch")
def switch() -> Response:
    """{switch, position, who, times}: turn a switch, for everybody or for one person."""
    current_world().turn(**wish())
    return done()


@bp.post("/switch-back")
def switch_back() -> Response:
    """{switch, who}: undo one choice; without a switch, all of them."""
    world = current_world()
    asked = wish()
    with world.lock:
        if "switch" in asked:
            who = asked.get("who")
            world.switches.back(asked["switch"], world.person(who).id if who else None)
        else:
            world.switches.all_back()
    return done()
