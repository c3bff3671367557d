"""Notifications: what waits and what went out; deliver, repeat, forge, tell."""

from __future__ import annotations

from typing import Any, get_args

from flask import Response, jsonify

from simulator.control.room import bp, done, wish
from simulator.current import current_world
from simulator.notices.payload import Forgery, Lifecycle


@bp.get("/notices")
def notices() -> Response:
    """The subscriptions, how many notifications wait, and the latest POSTs with their answers."""
    world = current_world()
    with world.lock:
        kept = world.notices
        outbox = kept.dispatch.outbox
        return jsonify(
            {
                "subscriptions": [
                    {"id": one.id, "person": one.person, "resource": one.resource,
                     "url": one.url, "expires": one.expires.isoformat()}
                    for one in kept.subscriptions
                ],
                "waiting": len(outbox.waiting),
                "sent": [
                    {"at": one.at.isoformat(), "url": one.url, "status": one.status,
                     "value": one.value}
                    for one in outbox.sent
                ],
            }
        )  # fmt: skip


@bp.post("/notices/deliver")
def deliver() -> Response:
    """Send everything that is due by the simulator's clock, now."""
    return jsonify({"sent": current_world().notices.deliver_due()})


@bp.post("/notices/tell")
def tell() -> Response:
    """{who, event}: a lifecycle notice about every subscription of a mailbox."""
    wished = wish()
    if wished["event"] not in get_args(Lifecycle):
        raise ValueError(f"event is one of {', '.join(get_args(Lifecycle))}")
    return _count(current_world().notices.tell(wished["who"], wished["event"]))


@bp.post("/notices/forge")
def forge() -> Response:
    """{who, how}: a notification nobody at Microsoft wrote; `client_state` or `subscription`."""
    wished = wish()
    if wished["how"] not in get_args(Forgery):
        raise ValueError(f"how is one of {', '.join(get_args(Forgery))}")
    return _count(current_world().notices.forge(wished["who"], wished["how"]))


@bp.post("/notices/repeat")
def repeat() -> Response:
    """{who}: the latest notification of each subscription of a mailbox once more."""
    return _count(current_world().notices.repeat(wish()["who"]))


def _count(count: int) -> Any:
    return done() if count else (jsonify({"error": "nothing to send for this mailbox"}), 400)
