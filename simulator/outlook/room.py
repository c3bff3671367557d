"""The room of the Outlook pages: one blueprint, one guard, and what its pages share."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from simulator.current import current_world
from simulator.directory import Person
from simulator.pages import page_answer

bp = Blueprint("outlook", __name__, url_prefix="/outlook")


@bp.before_request
def only_from_its_own_pages() -> None:
    """Refuse forms that another site's page sends through somebody's browser."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


@bp.errorhandler(404)
def missing(_: HTTPException) -> Response:
    """A page in the place of the mailbox or event that is not there."""
    response = page_answer("outlook_missing.html")
    response.status_code = 404
    return response


def person_named(who: str) -> Person:
    """Whose mailbox the address means; 404 for nobody."""
    return current_world().find_person(who) or abort(404)


def to_week(person: Person, day: str, *, told: int = 0) -> AnyResponse:
    """Back to the week of a day (yyyy-MM-dd), saying how many mails Exchange sent."""
    week = url_for("outlook.week", who=person.address, day=day, told=told or None)
    return redirect(week, code=303)
