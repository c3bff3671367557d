"""People: who signs in, adding somebody, disabling, a new temporary password."""

from flask import abort, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect
from wtforms import SelectField

from blueprints.admin.room import bp
from blueprints.connection_words import brief
from blueprints.edge import found, me, now, parts, reading, writing
from blueprints.fields import address_field, name_field
from portal import accounts, audit, connections, passwords, pauses, sessions, standing
from portal import people as nouns
from portal.tables import Person

TEMPORARY_LENGTH = 20  # of 64 signs each: 120 random bits
ROLE_WORDS = {nouns.MEMBER: "Member", nouns.ADMIN: "Administrator", nouns.OWNER: "Owner"}
Page = str | Redirect | tuple[str, int]


class PersonForm(FlaskForm):
    name = name_field("Name", "Enter a name.")
    address = address_field()
    role = SelectField("Role", choices=ROLE_WORDS, default=nouns.MEMBER)


@bp.get("/people")
def people() -> str:
    with reading() as db:
        everybody = nouns.everybody(db)
        held = standing.of_people(db, [person.id for person in everybody], now=now())
    may_change = {person.id for person in everybody if _may_change(person)}
    stands = {
        person.id: brief(*held[person.id], approval_asked_at=person.approval_asked_at)
        for person in everybody
    }
    return render_template(
        "admin/people.html",
        people=everybody,
        roles=ROLE_WORDS,
        may_change=may_change,
        stands=stands,
    )


@bp.get("/people/new")
def new_person() -> str:
    return render_template("admin/new_person.html", form=_form())


@bp.post("/people/new")
def add_person() -> Page:
    form = _form()
    if not form.validate():
        return render_template("admin/new_person.html", form=form), 422
    password = _temporary()
    password_hash = passwords.hashed(password)
    try:
        with writing() as db:
            person = nouns.add(
                db,
                address=form.address.data,
                name=form.name.data,
                role=form.role.data,
                zone=accounts.the_account(db).zone,
                password_hash=password_hash,
                must_change_password=True,
                now=now(),
            )
            _note(db, "person added", person.id, {"role": person.role})
    except nouns.AddressTaken:
        form.address.errors = ["Somebody already signs in with this address."]
        return render_template("admin/new_person.html", form=form), 422
    return _show_once(person, password)


@bp.post("/people/<int:person_id>/password")
def new_password(person_id: int) -> Page:
    password = _temporary()
    password_hash = passwords.hashed(password)
    with writing() as db:
        person = _changeable(nouns.find(db, person_id))
        nouns.change_password(db, person.id, password_hash, temporary=True)
        sessions.end_others(db, person.id, keep=None, now=now())
        _note(db, "temporary password issued", person.id)
    return _show_once(person, password)


@bp.post("/people/<int:person_id>/disable")
def disable_person(person_id: int) -> Redirect:
    with writing() as db:
        person = _changeable(nouns.find(db, person_id))
        try:
            nouns.disable(db, person, by=me().person_id, now=now())
        except nouns.LastOwner:
            flash(f"{person.name} is the last owner. Make somebody else an owner first.", "error")
        else:
            flash(f"{person.name} can no longer sign in.", "success")
    return redirect(url_for("admin.people"))


@bp.post("/people/<int:person_id>/enable")
def enable_person(person_id: int) -> Redirect:
    with writing() as db:
        person = _changeable(nouns.find(db, person_id))
        nouns.enable(db, person, by=me().person_id, now=now())
    flash(f"{person.name} can sign in again.", "success")
    return redirect(url_for("admin.people"))


@bp.post("/people/<int:person_id>/pause")
def pause_person(person_id: int) -> Redirect:
    """An administrator's pause, which the person cannot end."""
    with writing() as db:
        connection = found(connections.live_of(db, person_id))
        name = nouns.by_id(db, person_id).name
        pauses.pause(db, connection, by=pauses.ADMIN, who=me().person_id, now=now())
    flash(f"The calendar of {name} is paused. Only administrators can resume it.", "success")
    return redirect(url_for("admin.people"))


@bp.post("/people/<int:person_id>/resume")
def resume_person(person_id: int) -> Redirect:
    with writing() as db:
        connection = found(connections.live_of(db, person_id))
        name = nouns.by_id(db, person_id).name
        pauses.resume(db, connection, by=pauses.ADMIN, who=me().person_id, now=now())
    parts().outside.wake()
    flash(f"The calendar of {name} goes on.", "success")
    return redirect(url_for("admin.people"))


def _form() -> PersonForm:
    form = PersonForm()
    if me().role != nouns.OWNER:
        form.role.choices = {role: word for role, word in ROLE_WORDS.items() if role != nouns.OWNER}
    return form


def _may_change(person: Person) -> bool:
    """Nobody changes themselves here, and an owner is changed by owners only."""
    return person.id != me().person_id and (person.role != nouns.OWNER or me().role == nouns.OWNER)


def _changeable(person: Person | None) -> Person:
    if not _may_change(found(person)):
        abort(403)
    return found(person)


def _temporary() -> str:
    return parts().outside.secrets()[:TEMPORARY_LENGTH]


def _note(db: Session, act: str, person_id: int, after: object = None) -> None:
    audit.record(
        db, by=me().person_id, act=act, subject=f"person {person_id}", after=after, now=now()
    )


def _show_once(person: Person, password: str) -> str:
    return render_template("admin/temporary_password.html", person=person, password=password)
