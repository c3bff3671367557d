"""The log of mails that Exchange would have sent."""

from __future__ import annotations

from flask import Response, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from simulator.current import current_world
from simulator.outlook.room import bp
from simulator.pages import page_answer

SHOWN = 200


@bp.get("/mails")
def mails() -> Response:
    """The latest mails first, all or those of one mailbox."""
    world = current_world()
    person = world.find_person(request.args.get("who", ""))
    with world.lock:
        found = [
            mail
            for mail in reversed(world.mails)
            if person is None or person.address in (mail.sender, mail.to)
        ]
    return page_answer("outlook_mails.html", mails=found[:SHOWN], count=len(found), person=person)


@bp.post("/mails/clear")
def clear_mails() -> AnyResponse:
    """Begin the log anew."""
    world = current_world()
    with world.lock:
        world.mails.clear()
    return redirect(url_for("outlook.mails"), code=303)
