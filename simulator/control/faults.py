"""What goes wrong from now on: delays, failures, broken connections, dead cursors."""

from __future__ import annotations

from flask import Response

from simulator.control.room import bp, done, wish
from simulator.current import current_world


@bp.post("/latency")
def latency() -> Response:
    """{ms}: how much longer Graph and token answers take from now on."""
    current_world().latency_ms = int(wish()["ms"])
    return done()


@bp.post("/fail")
def fail() -> Response:
    """{status, code, retry_after, times, path_contains, person}: the next Graph calls fail."""
    current_world().fail_next(**wish())
    return done()


@bp.post("/drop")
def drop() -> Response:
    """{times, after_effect, path_contains}: the next connections break."""
    current_world().drop_next(**wish())
    return done()


@bp.post("/expire-cursors")
def expire_cursors() -> Response:
    """{person}: every delta cursor of the mailbox dies."""
    current_world().expire_delta_tokens(wish()["person"])
    return done()
