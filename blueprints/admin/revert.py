"""Admin > Audit log > Revert: a former value of a setting, set again."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints import audit_words, impact_words
from blueprints.admin.room import bp
from blueprints.edge import found, me, moment, my_zone, now, parts, reading, writing
from portal.configuration import effects, impact, reverting
from portal.configuration.proposals import UNLOCK
from portal.configuration.reverting import Revert
from portal.operations import audit_log
from portal.operations.audit_log import Names
from portal.tables import Audit

PAGE = "admin/revert.html"
MOVED = "Something was changed since the page was drawn. Look at it again, then decide."


@bp.get("/audit/<int:entry_id>/revert")
def show_revert(entry_id: int) -> str:
    return _page(entry_id)


@bp.post("/audit/<int:entry_id>/revert")
def revert(entry_id: int) -> Response | Redirect:
    with writing() as db:
        row = found(audit_log.find(db, entry_id))
        held = reverting.of(db, found(row if reverting.can_be(row) else None))
        does = None if held.refusal else impact.of(db, held.proposal, now=now())
        agreed = does is not None and request.form.get("seen") == f"{held.newest} {does.mark}"
        if agreed:
            effects.revert(db, held.level, held.step, by=me().person_id, now=now())
    if not agreed:
        problem = "" if held.refusal else MOVED
        return make_response(_page(entry_id, problem=problem), 422)
    parts().outside.wake()
    flash("It is as it was before. That is in the audit log, too.", "success")
    return redirect(url_for("admin.audit"), 303)


def _page(entry_id: int, *, problem: str = "") -> str:
    with reading() as db:
        row = found(audit_log.find(db, entry_id))
        held = reverting.of(db, found(row if reverting.can_be(row) else None))
        names = audit_log.names_of(db, [row, *([held.later] if held.later else [])])
        does = None if held.refusal else impact.of(db, held.proposal, now=now())
    effect = {}
    if does is not None:
        effect = {
            "effect": does,
            "lines": impact_words.lines(does, my_zone()),
            "reach": impact_words.reach(does),
            "connected": impact_words.connected(does),
            "seen": f"{held.newest} {does.mark}",
        }
    return render_template(
        PAGE,
        problem=problem,
        entry_id=entry_id,
        words=f"{audit_words.sentence(row, names)[:-1]}, {moment(row.at)}.",
        held=held,
        later=_later(held, names),
        **_sides(row, held, names),
        **effect,
    )


def _later(held: Revert, names: Names) -> str:
    if held.later is None:
        return ""
    return f"{audit_words.sentence(held.later, names)[:-1]}, {moment(held.later.at)}."


def _sides(row: Audit, held: Revert, names: Names) -> dict[str, str]:
    if row.act in reverting.LOCKS:
        return {
            "present": "Locked" if held.present else "Not locked",
            "former": "Not locked" if held.step.act == UNLOCK else "Locked",
        }
    return {
        "present": _value(row, held.present, names),
        "former": _value(row, held.step.value, names),
    }


def _value(row: Audit, value: object, names: Names) -> str:
    if value is None:
        return "What the account has"
    return audit_words.value(row.subject, value, names.groups)
