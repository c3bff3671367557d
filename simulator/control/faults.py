"""What goes wrong from now on: delays, failures, broken connections, dead cursors."""

from __future__ import annotations

from flask import Response

from simulator.control.room import bp, done, wish
from simulator.graph.call import world


@bp.post("/latency")
def latency() -> Response:
    """{ms}: how much longer Graph and token answers take from now on."""
    world().latency_ms = int(wish()["ms"])
    return done()


@bp.post("/fail")
def fail() -> Response:
    """{status, code, retry_after, times, path_contains, person}: the next Graph calls fail."""
    world().fail_next(**wish())
    return done()


@bp.post("/drop")
def drop() -> Response:
    """{times, after_effect, path_contains}: the next connections break."""
    world().drop_next(**wish())
    return done()


@bp.post("/expire-cursors")
def expire_cursors() -> Response:
    """{person}: every delta cursor of the mailbox dies."""
    world().expire_delta_tokens(wish()["person"])
    return done()
