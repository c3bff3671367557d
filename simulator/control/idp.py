"""What the general provider says about people from now on."""

from __future__ import annotations

from flask import Response

from simulator.control.room import bp, done, wish
from simulator.current import current_world


@bp.post("/idp")
def idp() -> Response:
    """{email_verified}; {person, claims}: said beside the rest; {forged}: of the next token."""
    world = current_world()
    asked = wish()
    with world.lock:
        if "email_verified" in asked:
            world.idp.email_verified = bool(asked["email_verified"])
        if "claims" in asked:
            world.idp.claims[world.person(asked["person"]).id] = dict(asked["claims"])
        if "forged" in asked:
            world.idp.forged = dict(asked["forged"])
    return done()
