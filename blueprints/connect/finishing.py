"""Waiting for a consent to come into effect at Microsoft, which takes seconds to minutes."""

from flask import Response, g, render_template
from werkzeug.wrappers import Response as Redirect

from blueprints.connect.prompt import note_outcome
from blueprints.connect.redeeming import redeemed, waiting
from blueprints.connect.room import back, bp, log, refused
from blueprints.edge import elsewhere, is_htmx, now, writing
from portal import consents


@bp.get("/finishing")
def finishing() -> str | Redirect:
    """The last step, for as long as Microsoft is not ready."""
    asked = waiting()
    if asked is None:
        return _too_late()
    return render_template("connect/finishing.html", attempts=asked.attempts)


@bp.post("/finishing")
def finish() -> str | Response | Redirect:
    """Tries again when it is time to; the page asks every two seconds."""
    asked = waiting()
    if asked is None:
        return elsewhere(_too_late())
    if turned := refused():
        return elsewhere(turned)
    with writing() as db:
        code = consents.take_turn(db, asked.id, now=now())
    if code is not None:
        answer = redeemed(asked, code)
        note_outcome()
        if waiting() is None:
            return elsewhere(answer)
    page = "connect/_finishing.html" if is_htmx() else "connect/finishing.html"
    return render_template(page, attempts=asked.attempts + (code is not None))


def _too_late() -> Redirect:
    log.warning("consent stopped why=no_code_waits request=%s", g.request_id)
    return back(
        "No sign-in at Microsoft waits to be finished, or it took too long. Nothing was connected. "
        "Connect again from here."
    )
