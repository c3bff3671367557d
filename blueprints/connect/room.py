"""What the steps of connecting share: one blueprint, and the ways back to the profile."""

import logging

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.edge import me, reading
from portal import connections, policy
from portal.tables import Connection

bp = Blueprint("connect", __name__)
log = logging.getLogger(__name__)


def refused() -> Redirect | None:
    """The server's own refusal, whatever the page showed."""
    with reading() as db:
        refusal = policy.may_connect(db, me().person_id)
    return None if refusal is None else back(f"{refusal.sentence} {refusal.todo}")


def known() -> Connection | None:
    """The connection there is or was: coming back as the same Microsoft user finds everything."""
    with reading() as db:
        return connections.of_person(db, me().person_id)


def stopped(why: str, sentence: str, todo: str = "Connect again from here.") -> Redirect:
    log.warning("consent stopped why=%s request=%s", why, g.request_id)
    return back(f"{sentence} Nothing was connected. {todo}")


def back(sentence: str, kind: str = "error") -> Redirect:
    flash(sentence, kind)
    return to_profile()


def to_profile() -> Redirect:
    return redirect(url_for("profile.show", _anchor="integration"), 303)
