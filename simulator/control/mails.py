"""The sent-mail log, for whoever counts what people would have received."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify

from simulator.control.room import bp, done
from simulator.current import current_world
from simulator.exchange import Mail


def _shown(mail: Mail) -> dict[str, Any]:
    return {
        "at": mail.at.isoformat(),
        "from": mail.sender,
        "to": mail.to,
        "kind": mail.kind,
        "subject": mail.subject,
        "comment": mail.comment,
        "event_id": mail.event_id,
        "occurrence": mail.occurrence,
    }


@bp.get("/mails")
def mails() -> Response:
    """The mails that Exchange would have sent."""
    world = current_world()
    with world.lock:
        return jsonify([_shown(each) for each in world.mails])


@bp.post("/mails/clear")
def clear_mails() -> Response:
    """Forget them, to count from here."""
    world = current_world()
    with world.lock:
        world.mails.clear()
    return done()
