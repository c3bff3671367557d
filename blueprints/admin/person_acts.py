"""What an administrator does for one person. Every act is in the audit log, and so is a refusal to
take the last owner away.
"""

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.new_people import roles_to_give
from blueprints.admin.room import bp
from blueprints.admin.touching import touchable
from blueprints.edge import found, me, now, parts, writing
from blueprints.people_words import ROLES
from blueprints.sign_in_again import asks_again
from portal import connections, pauses, people
from portal.mailing import mail_settings, mails
from portal.staff import person_acts

LAST_OWNER = "{name} is the last owner, and there is always one. Make somebody else an owner first."


@bp.post("/people/<int:person_id>/disable")
@asks_again("admin.person")
def disable_person(person_id: int) -> Redirect:
    with writing() as db:
        person = touchable(db, person_id)
        try:
            people.keep_an_owner(db, person)
        except people.LastOwner:
            people.note_refusal(db, person, "disable", by=me().person_id, now=now())
            flash(LAST_OWNER.format(name=person.name), "error")
            return _back(person_id)
        if person.id == me().person_id:
            abort(403)
        people.disable(db, person, by=me().person_id, now=now())
        flash(f"{person.name} can no longer sign in.", "success")
    return _back(person_id)


@bp.post("/people/<int:person_id>/enable")
@asks_again("admin.person")
def enable_person(person_id: int) -> Redirect:
    with writing() as db:
        person = touchable(db, person_id)
        people.enable(db, person, by=me().person_id, now=now())
    flash(f"{person.name} can sign in again.", "success")
    return _back(person_id)


@bp.post("/people/<int:person_id>/role")
@asks_again("admin.person")
def change_role(person_id: int) -> Redirect:
    """Also one's own, downwards: whoever hands the portal over steps back."""
    role = request.form.get("role", "")
    with writing() as db:
        person = touchable(db, person_id)
        name = person.name
        if role not in roles_to_give():
            flash("Choose one of the roles offered. Only owners make owners.", "error")
            return _back(person_id)
        try:
            changed = people.change_role(db, person, role, by=me().person_id, now=now())
        except people.LastOwner:
            people.note_refusal(db, person, f"role {role}", by=me().person_id, now=now())
            flash(LAST_OWNER.format(name=name), "error")
            return _back(person_id)
    if changed:
        flash(f"{name} is now: {ROLES[role].lower()}.", "success")
    if person_id == me().person_id and role == people.MEMBER:
        return redirect(url_for("profile.show"), 303)
    return _back(person_id)


@bp.post("/people/<int:person_id>/end-sessions")
def end_sessions(person_id: int) -> Redirect:
    with writing() as db:
        person = touchable(db, person_id)
        ended = person_acts.end_sessions(db, person, by=me().person_id, now=now())
        name = person.name
    where = "nowhere" if not ended else "in 1 browser" if ended == 1 else f"in {ended} browsers"
    flash(f"{name} was signed in {where}, and is signed out now.", "success")
    return _back(person_id)


@bp.post("/people/<int:person_id>/sync-now")
def sync_person(person_id: int) -> Redirect:
    with writing() as db:
        person = found(people.find(db, person_id))
        looks = person_acts.look_now(db, person, by=me().person_id, now=now())
        name = person.name
    if looks:
        parts().outside.wake()
        flash(f"The portal is looking at the calendar of {name} now.", "info")
    else:
        flash(f"The calendar of {name} cannot be read now. The reason is given below.", "warning")
    return _back(person_id)


@bp.post("/people/<int:person_id>/remind")
def remind_person(person_id: int) -> Redirect:
    """Only who has no connection is asked to make one."""
    with writing() as db:
        person = found(people.find(db, person_id))
        if not person_acts.can_be_reminded(db, person):
            flash(f"{person.name} has nothing to connect now.", "warning")
            return _back(person_id)
        reminded = mails.remind(db, person, by=me().person_id, now=now())
        by_mail = mail_settings.is_set_up(db)
        name = person.name
    how = "by mail and on their calendar page" if by_mail else "on their calendar page"
    if reminded:
        flash(f"{name} is asked {how} to connect their calendar.", "success")
    else:
        flash(f"{name} was reminded within the last day. Nothing was sent.", "info")
    return _back(person_id)


@bp.post("/people/<int:person_id>/pause")
def pause_person(person_id: int) -> Redirect:
    """An administrator's pause, which the person cannot end."""
    with writing() as db:
        connection = found(connections.live_of(db, person_id))
        name = people.by_id(db, person_id).name
        pauses.pause(db, connection, by=pauses.ADMIN, who=me().person_id, now=now())
    flash(f"The calendar of {name} is paused. Only administrators can resume it.", "success")
    return _back(person_id)


@bp.post("/people/<int:person_id>/resume")
def resume_person(person_id: int) -> Redirect:
    with writing() as db:
        connection = found(connections.live_of(db, person_id))
        name = people.by_id(db, person_id).name
        pauses.resume(db, connection, by=pauses.ADMIN, who=me().person_id, now=now())
    parts().outside.wake()
    flash(f"The calendar of {name} goes on.", "success")
    return _back(person_id)


def _back(person_id: int) -> Redirect:
    return redirect(url_for("admin.person", person_id=person_id), 303)
