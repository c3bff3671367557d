"""The simulator's time."""

from __future__ import annotations

from datetime import datetime

from flask import Response, jsonify

from simulator.control.room import bp, wish
from simulator.current import current_world


@bp.get("/clock")
def clock() -> Response:
    """The simulator's time (UTC), and whether it stands still until it is moved."""
    world = current_world()
    return jsonify({"now": world.now().isoformat(), "driven": world.clock.driven})


@bp.post("/clock")
def move_clock() -> Response:
    """{now}: stand still there; {advance}: seconds forward; {run: true}: run on from here."""
    world = current_world()
    asked = wish()
    with world.lock:
        if "now" in asked:
            world.clock.set(datetime.fromisoformat(asked["now"]))
        if "advance" in asked:
            world.clock.advance(seconds=float(asked["advance"]))
        if asked.get("run"):
            world.clock.run()
    return clock()
