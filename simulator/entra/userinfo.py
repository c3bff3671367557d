"""The userinfo endpoint, which lives at Graph's host."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from simulator.current import base_address, current_world
from simulator.entra.id_token import subject
from simulator.graph.call import bearer, error_answer
from simulator.refused import Refused

bp = Blueprint("userinfo", __name__, url_prefix="/oidc")


@bp.route("/userinfo", methods=["GET", "POST"])
def userinfo() -> Response:
    """GET and POST /oidc/userinfo: who the access token speaks for."""
    world = current_world()
    with world.lock:
        try:
            access = bearer()
            if access.person is None or "openid" not in access.permissions:
                raise Refused(403, "Authorization_RequestDenied", "The token lacks 'openid'.")
        except Refused as refusal:
            return error_answer(refusal)
        person, app = world.people[access.person], world.apps[access.client_id]
        given, _, family = person.name.partition(" ")
        wire = {"sub": subject(person, app)}
        if "profile" in access.permissions:
            wire |= {"name": person.name, "given_name": given, "family_name": family}
            wire["picture"] = f"{base_address()}/v1.0/me/photo/$value"
        if "email" in access.permissions and person.has_mailbox:
            wire["email"] = person.address
        return jsonify(wire)
