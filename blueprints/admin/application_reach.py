"""How far application permissions reach: narrowing them, and finding out by probes."""

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.application import page
from blueprints.admin.application_forms import NarrowForm, ProbeForm
from blueprints.admin.room import bp
from blueprints.application_words import refusal_words
from blueprints.edge import found, me, now, parts, reading, writing
from m365.identity import MicrosoftError
from portal import application_access
from portal.tables import ApplicationAccess

Page = Redirect | tuple[str, int]


@bp.post("/application/narrow")
@bp.post("/groups/<int:group_id>/application/narrow")
def narrow(group_id: int | None = None) -> Page:
    """Which way is taken; Microsoft's administrators do it with the commands that are shown."""
    form = NarrowForm()
    with reading() as db:
        _own(db, group_id)
    if not form.validate():
        return page(group_id, form), 422
    with writing() as db:
        application_access.narrow(
            db,
            _own(db, group_id),
            form.way.data,
            form.mail_group.data or "",
            by=me().person_id,
            now=now(),
        )
    flash("Saved. The commands for it stand below.", "success")
    return redirect(url_for("admin.application", group_id=group_id, _anchor="narrowing"), 303)


@bp.post("/application/probe")
@bp.post("/groups/<int:group_id>/application/probe")
def probe_mailboxes(group_id: int | None = None) -> Page:
    """Tries each permission, on a mailbox that has to be reached and on one that must not."""
    form = ProbeForm()
    with reading() as db:
        tenant_id = _own(db, group_id).tenant_id
    if not form.validate():
        return page(group_id, form), 422
    reached, refused = form.reached.data, form.refused.data or ""
    try:
        findings: list[dict[str, Any]] = [
            asdict(one) for one in parts().probe.mailbox(tenant_id, reached)
        ]
        if refused:
            findings.append(asdict(parts().probe.outsider(tenant_id, refused)))
    except MicrosoftError as error:
        form.reached.errors = [refusal_words(error)]
        return page(group_id, form), 422
    with writing() as db:
        application_access.note_probe(
            db,
            _own(db, group_id),
            reached=reached,
            refused=refused,
            findings=findings,
            by=me().person_id,
            now=now(),
        )
    parts().outside.wake()
    return redirect(url_for("admin.application", group_id=group_id, _anchor="probe"), 303)


def _own(db: Session, group_id: int | None) -> ApplicationAccess:
    """Of this level itself; what the account was given is looked after on the account's page."""
    return found(application_access.of_level(db, group_id))
