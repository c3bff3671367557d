"""Where a request meets the parts: the two ways into the database, the clock, answers in HTML."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, abort, current_app, g, make_response, render_template, request
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as Redirect

from m365.identity import Identity
from m365.identity.oidc import OpenId
from outside import Outside
from portal.database import Database
from portal.signing_in.sessions import SignedIn
from sync.live import Inbox, Live
from sync.probe import Probe

EXTENSION = "lockstep"
# Pages that take a file: how large the form may be that brings it, in bytes.
FILES = {
    "admin.preview_members": 2 * 1024 * 1024,
    "admin.preview_settings": 1024 * 1024,
    "admin.import_settings": 1024 * 1024,
}
Found = TypeVar("Found")


class RowId(IntegerConverter):
    """A number in an address that a row can have: what the database cannot hold leads nowhere."""

    regex = r"\d{1,18}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What app.py puts together and every page may use."""

    database: Database
    outside: Outside
    identity: Identity
    open_id: OpenId
    live: Live
    probe: Probe
    inbox: Inbox
    version: str


def parts() -> Parts:
    held: Parts = current_app.extensions[EXTENSION]
    return held


def reading() -> AbstractContextManager[Session]:
    return parts().database.reading()


def writing() -> AbstractContextManager[Session]:
    return parts().database.writing()


def now() -> datetime:
    """Aware, UTC."""
    return parts().outside.clock()


def me() -> SignedIn:
    """Who asks. Only behind a guard that lets nobody else in."""
    person: SignedIn = current_user.who
    return person


def my_zone() -> ZoneInfo:
    """The zone this person reads times in."""
    return ZoneInfo(me().zone)


def make_room() -> None:
    """Before anything reads the form: a page that takes a file takes a larger one."""
    if request.endpoint in FILES:
        request.max_content_length = FILES[request.endpoint]


def is_htmx() -> bool:
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def page_or_fragment(page: str, fragment: str, **context: Any) -> Response:
    """One address, two shapes: the header chooses."""
    answer = make_response(render_template(fragment if is_htmx() else page, **context))
    answer.vary.update({"HX-Request", "HX-History-Restore-Request"})
    return answer


def form_again(template: str, form: FlaskForm, **context: Any) -> Response:
    """The same form with its messages; nothing was stored."""
    return make_response(render_template(template, form=form, **context), 422)


def elsewhere(answer: Redirect) -> Response | Redirect:
    """A page that asked by script is told where to go."""
    if not is_htmx():
        return answer
    return Response(status=204, headers={"HX-Redirect": answer.location or "/"})


def found(thing: Found | None) -> Found:
    """404 for what is not there and for what is somebody else's: they look the same."""
    if thing is None:
        abort(404)
    return thing


def context_for_pages() -> dict[str, Any]:
    return {
        "product_version": parts().version,
        "account_name": g.get("account_name", ""),
        "restored_at": g.get("restored_at"),
        "moment": moment,
        "current_user": current_user,
    }


def moment(at: datetime) -> str:
    """An instant as the person asking reads it: "18 November 2026, 10:00"."""
    return f"{at.astimezone(my_zone()):%-d %B %Y, %H:%M}"
