"""Real calendars in, while the simulator runs."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, abort, jsonify, request

from simulator.control.room import bp
from simulator.current import current_world
from simulator.ics import NotACalendar, load


@bp.post("/ics")
def ics() -> Response | tuple[Response, int]:
    """?mailbox=: the body, an iCalendar file, goes into this mailbox; answers the report."""
    world = current_world()
    person = world.find_person(request.args.get("mailbox", ""))
    if person is None:
        abort(400, "?mailbox= names nobody.")
    name = request.args.get("name", "body")
    try:
        report = load(world, person, request.get_data(), name)
    except NotACalendar as problem:
        return jsonify({"error": str(problem)}), 400
    return jsonify({**asdict(report), "lines": report.lines(), "summary": report.summary()})
