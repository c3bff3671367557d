"""The one door of the control addresses, and what every address behind it needs."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

bp = Blueprint("control", __name__, url_prefix="/_control")


FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@bp.before_request
def only_from_here() -> None:
    """Refuse everybody who is not on this machine."""
    here = ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 - not loopback
    # A proxy on this machine comes from here, too, and speaks for anybody.
    if not here or any(name in request.headers for name in FORWARDED):
        abort(403)


def wish() -> dict[str, Any]:
    """The JSON object somebody sent."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        abort(400, "A JSON object is expected.")
    return sent


def done() -> Response:
    """The answer where there is nothing to say."""
    return jsonify({"ok": True})


@bp.errorhandler(KeyError)
@bp.errorhandler(TypeError)
@bp.errorhandler(ValueError)
def misunderstood(problem: Exception) -> tuple[Response, int]:
    """A wish with a missing or unknown word."""
    return jsonify({"error": f"{type(problem).__name__}: {problem}"}), 400
