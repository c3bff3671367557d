"""Admin > Tenant doctor: the tie to Microsoft on one page, explained, with a letter to the
administrator of Microsoft 365. A job looks; the page only shows.
"""

from typing import Any

from flask import Response, render_template, request

from blueprints import doctor_words
from blueprints.admin.room import bp
from blueprints.edge import is_htmx, me, now, page_or_fragment, parts, reading, writing
from portal import accounts, people, registrations
from portal.operations import checkups

PAGE, FRAGMENT = "admin/doctor.html", "admin/_doctor.html"


@bp.get("/doctor")
def doctor() -> Response:
    return page_or_fragment(PAGE, FRAGMENT, **_context())


@bp.post("/doctor")
def ask_doctor() -> str:
    with writing() as db:
        checkups.ask(db, by=me().person_id, seen_as=request.url_root.rstrip("/"), now=now())
    parts().outside.wake()
    return render_template(FRAGMENT if is_htmx() else PAGE, **_context())


def _context() -> dict[str, Any]:
    with reading() as db:
        latest, ended = checkups.latest(db), checkups.latest_ended(db)
        running = latest if checkups.is_running(latest, now=now()) else None
        kept, account = registrations.current(db), accounts.the_account(db)
        by = people.find(db, ended.asked_by) if ended and ended.asked_by else None
    findings = ended.findings if ended else []
    return {
        "running": running,
        "ended": ended,
        "by": by.name if by else "the clock",
        "areas": doctor_words.areas(findings),
        "summary": doctor_words.summary(findings),
        "letter": doctor_words.letter(findings, account, kept) if ended else "",
    }
