"""What goes wrong at Entra: sessions, consent, tokens."""

from __future__ import annotations

from flask import Response, abort

from simulator.control.room import bp, done, wish
from simulator.graph.call import world


@bp.post("/revoke")
def revoke() -> Response:
    """{person}: end the person's sessions."""
    world().revoke(wish()["person"])
    return done()


@bp.post("/consent")
def consent() -> Response:
    """{policy}: who may consent, `user` or `admin_only`."""
    policy = wish()["policy"]
    if policy not in ("user", "admin_only"):
        abort(400, "policy is user or admin_only.")
    world().consent_policy = policy
    return done()


@bp.post("/token-fail")
def token_fail() -> Response:
    """{number, times}: the next token requests are refused with an AADSTS number."""
    world().fail_next_token(**wish())
    return done()


@bp.post("/token-claims")
def token_claims() -> Response:
    """{iss, nonce, aud, tid …}: wrong claims in the next id_token."""
    world().forge_next_id_token(**wish())
    return done()
