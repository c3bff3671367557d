"""What every page of the simulator has in common: its headers and its frame."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, render_template

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def page_answer(template: str, **context: Any) -> Response:
    """A page. Its forms may lead anywhere: sign-in ends at the application's address."""
    response = make_response(render_template(f"simulator/{template}", **context))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
