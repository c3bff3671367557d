"""The sent-mail log."""

from __future__ import annotations

from flask import Response, jsonify

from simulator.control.room import bp
from simulator.graph.call import world


@bp.get("/mails")
def mails() -> Response:
    """The mails that Exchange would have sent."""
    with world().lock:
        return jsonify(
            [
                {"to": each.to, "from": each.sender, "kind": each.kind, "subject": each.subject}
                for each in world().mails
            ]
        )
