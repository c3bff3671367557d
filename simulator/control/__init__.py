"""Switches for what goes wrong, for hands and scripts on this machine only."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from simulator.graph.call import world

bp = Blueprint("control", __name__, url_prefix="/_control")


@bp.before_request
def only_from_here() -> None:
    """Refuse everybody who is not on this machine."""
    if not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - not loopback
        abort(403)


def _wish() -> dict[str, Any]:
    wish = request.get_json(silent=True)
    if not isinstance(wish, dict):
        abort(400, "A JSON object is expected.")
    return wish


def _done() -> Response:
    return jsonify({"ok": True})


@bp.post("/latency")
def latency() -> Response:
    """{ms}: how much longer Graph and token answers take from now on."""
    world().latency_ms = int(_wish()["ms"])
    return _done()


@bp.post("/revoke")
def revoke() -> Response:
    """{person}: end the person's sessions."""
    world().revoke(_wish()["person"])
    return _done()


@bp.post("/consent")
def consent() -> Response:
    """{policy}: who may consent, `user` or `admin_only`."""
    policy = _wish()["policy"]
    if policy not in ("user", "admin_only"):
        abort(400, "policy is user or admin_only.")
    world().consent_policy = policy
    return _done()


@bp.post("/fail")
def fail() -> Response:
    """{status, code, retry_after, times, path_contains, person}: the next Graph calls fail."""
    world().fail_next(**_wish())
    return _done()


@bp.post("/token-fail")
def token_fail() -> Response:
    """{number, times}: the next token requests are refused with an AADSTS number."""
    world().fail_next_token(**_wish())
    return _done()


@bp.post("/token-claims")
def token_claims() -> Response:
    """{iss, nonce, aud, tid …}: wrong claims in the next id_token."""
    world().forge_next_id_token(**_wish())
    return _done()


@bp.post("/drop")
def drop() -> Response:
    """{times, after_effect, path_contains}: the next connections break."""
    world().drop_next(**_wish())
    return _done()


@bp.get("/switches")
def switches() -> Response:
    """Every switch, what it takes, and where it stands for everybody and for single people."""
    with world().lock:
        board = world().switches
        return jsonify(
            [
                {
                    "key": each.key, "title": each.title, "kind": each.kind,
                    "default": each.default, "choices": each.choices,
                    "chosen": {
                        person or "everybody": one.position
                        for (key, person), one in board.chosen.items() if key == each.key
                    },
                }
                for each in board.catalogue.values()
            ]
        )  # fmt: skip


@bp.post("/switch")
def switch() -> Response:
    """{switch, position, who, times}: turn a switch, for everybody or for one person."""
    world().turn(**_wish())
    return _done()


@bp.post("/switch-back")
def switch_back() -> Response:
    """{switch, who}: undo one choice; without a switch, all of them."""
    wish = _wish()
    with world().lock:
        if "switch" in wish:
            who = wish.get("who")
            world().switches.back(wish["switch"], world().person(who).id if who else None)
        else:
            world().switches.all_back()
    return _done()


@bp.get("/clock")
def clock() -> Response:
    """The simulator's time (UTC), and whether it stands still until it is moved."""
    return jsonify({"now": world().now().isoformat(), "driven": world().clock.driven})


@bp.post("/clock")
def move_clock() -> Response:
    """{now}: stand still there; {advance}: seconds forward; {run: true}: run on from here."""
    wish = _wish()
    with world().lock:
        if "now" in wish:
            world().clock.set(datetime.fromisoformat(wish["now"]))
        if "advance" in wish:
            world().clock.advance(seconds=float(wish["advance"]))
        if wish.get("run"):
            world().clock.run()
    return clock()


@bp.post("/expire-cursors")
def expire_cursors() -> Response:
    """{person}: every delta cursor of the mailbox dies."""
    world().expire_delta_tokens(_wish()["person"])
    return _done()


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


@bp.errorhandler(KeyError)
@bp.errorhandler(TypeError)
@bp.errorhandler(ValueError)
def misunderstood(problem: Exception) -> tuple[Response, int]:
    """A wish with a missing or unknown word."""
    return jsonify({"error": f"{type(problem).__name__}: {problem}"}), 400
