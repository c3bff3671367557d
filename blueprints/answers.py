"""What every answer carries: security headers, a request id; and errors that say what to do."""

import logging
import time
from http import HTTPStatus

from flask import Flask, Response, g, make_response, render_template, request
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from blueprints.edge import parts

log = logging.getLogger(__name__)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self' {entra}",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
YEAR = 365 * 24 * 3600


class HostCookies(SecureCookieSessionInterface):
    """The session cookie, locked to this host wherever the portal is reached by https."""

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-lockstep" if request.is_secure else "lockstep"

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def prepare(app: Flask, *, entra_base: str) -> None:
    """Hooks the headers, the request log and the error pages into the application."""
    app.session_interface = HostCookies()
    policy = POLICY.format(entra=entra_base)

    @app.before_request
    def begin() -> None:
        g.request_id = parts().outside.ids()
        g.began = time.monotonic()

    @app.after_request
    def finish(answer: Response) -> Response:
        return _with_headers(answer, policy)

    app.register_error_handler(HTTPException, _for_http_error)
    for error in (DatabaseError, NoConnectionFree):
        app.register_error_handler(error, _for_database_error)
    app.register_error_handler(Exception, _for_surprise)


def _with_headers(answer: Response, policy: str) -> Response:
    answer.headers.update(HEADERS)
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["X-Request-ID"] = g.request_id
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"
        log.info(
            "request id=%s method=%s endpoint=%s status=%d took=%.3fs",
            g.request_id,
            request.method,
            request.endpoint,
            answer.status_code,
            time.monotonic() - g.began,
        )
    return answer


def _for_http_error(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < HTTPStatus.BAD_REQUEST:
        return error
    page = _error_page(status)
    if isinstance(error, MethodNotAllowed):
        page.allow.update(error.valid_methods or ())
    return page


def _for_database_error(error: DatabaseError | NoConnectionFree) -> Response:
    """Busy, full, read-only, damaged or gone. A statement the schema refuses is our own mistake."""
    if type(error) not in (DatabaseError, OperationalError, NoConnectionFree):
        return _for_surprise(error)
    cause = getattr(error, "orig", None) or error
    log.error("database refused request=%s error=%s: %s", g.request_id, type(cause).__name__, cause)
    return _error_page(503)


def _for_surprise(error: Exception) -> Response:
    log.exception("unexpected error request=%s", g.request_id, exc_info=error)
    return _error_page(500)


def _error_page(status: int) -> Response:
    page = render_template("errors/error.html", code=status, request_id=g.request_id, home="/")
    return make_response(page, status)
