"""The file that keeps the world."""

from __future__ import annotations

from flask import Response, abort, current_app

from simulator.control.room import bp, done
from simulator.keeper import Keeper


@bp.post("/save")
def save() -> Response:
    """Write the file of --state now."""
    keeper = current_app.config.get("KEEPER")
    if not isinstance(keeper, Keeper):
        abort(409, "The simulator was started without --state.")
    keeper.save()
    return done()
