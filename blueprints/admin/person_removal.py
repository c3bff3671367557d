"""Deleting a person: what happens with their data is said first, and their address typed in."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.person_acts import LAST_OWNER
from blueprints.admin.room import bp
from blueprints.admin.touching import touchable
from blueprints.edge import me, now, parts, reading, writing
from blueprints.sign_in_again import asks_again
from portal import connections, people
from portal.staff import people_removal

PAGE = "admin/person_removal.html"
Page = str | Redirect | tuple[str, int]


@bp.get("/people/<int:person_id>/delete")
def removal(person_id: int) -> str:
    return _page(person_id)


@bp.post("/people/<int:person_id>/delete")
@asks_again("admin.removal")
def remove_person(person_id: int) -> Page:
    with reading() as db:
        person = touchable(db, person_id)
        connection = connections.live_of(db, person_id)
    typed = people.normal_address(request.form.get("address", ""))
    if typed != person.address:
        problem = f"Type {person.address} to confirm. Nothing was deleted."
        return _page(person_id, problem=problem), 422
    with writing() as db:
        if people.is_last_owner(db, touchable(db, person_id)):
            people.note_refusal(db, person, "delete", by=me().person_id, now=now())
            flash(LAST_OWNER.format(name=person.name), "error")
            return redirect(url_for("admin.person", person_id=person_id), 303)
    if connection is not None:
        parts().live.end_notices(connection.id)
    return _remove(person_id)


def _remove(person_id: int) -> Redirect:
    """Microsoft was asked meanwhile, so the last owner is looked for once more."""
    with writing() as db:
        person = touchable(db, person_id)
        name = person.name
        try:
            people_removal.remove(db, person, by=me().person_id, now=now())
        except people.LastOwner:
            people.note_refusal(db, person, "delete", by=me().person_id, now=now())
            flash(LAST_OWNER.format(name=name), "error")
            return redirect(url_for("admin.person", person_id=person_id), 303)
    if person_id == me().person_id:
        return redirect(url_for("sign_in.show"), 303)
    flash(f"{name} was deleted. Their events stay in Outlook.", "success")
    return redirect(url_for("admin.people"), 303)


def _page(person_id: int, *, problem: str = "") -> str:
    with reading() as db:
        person = touchable(db, person_id)
        return render_template(
            PAGE,
            whom=person,
            itself=person.id == me().person_id,
            is_last_owner=people.is_last_owner(db, person),
            what=people_removal.consequences(db, person, now=now()),
            problem=problem,
        )
