"""For the operator's monitor: alive, and able to work."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify

from blueprints.edge import now, parts, reading
from portal import leases, schema

bp = Blueprint("health", __name__)
LATE_TICK = timedelta(seconds=60)


@bp.get("/healthz")
def alive() -> Response:
    return jsonify(alive=True)


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Ready: the schema is at head and the dispatcher ticked within the last minute."""
    at_head = schema.is_at_head(parts().database)
    with reading() as db:
        tick = leases.last_tick(db)
    ticking = tick is not None and now() - tick < LATE_TICK
    return jsonify(schema=at_head, dispatcher=ticking), 200 if at_head and ticking else 503
