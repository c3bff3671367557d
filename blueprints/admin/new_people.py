"""Adding somebody with a temporary password, and a new one for somebody who forgot theirs."""

from flask import render_template
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import SelectField

from blueprints.admin.room import bp
from blueprints.admin.touching import changeable
from blueprints.edge import me, now, parts, writing
from blueprints.fields import address_field, name_field
from blueprints.people_words import ROLES
from blueprints.sign_in_again import asks_again
from portal import accounts, audit, people
from portal.signing_in import passwords, sessions
from portal.tables import Person

TEMPORARY_LENGTH = 20  # of 64 signs each: 120 random bits
PAGE = "admin/new_person.html"
Page = str | Redirect | tuple[str, int]


class PersonForm(FlaskForm):
    name = name_field("Name", "Enter a name.")
    address = address_field()
    role = SelectField("Role", choices=ROLES, default=people.MEMBER)


def roles_to_give() -> dict[str, str]:
    """Only owners make owners."""
    owner = me().role == people.OWNER
    return {role: word for role, word in ROLES.items() if owner or role != people.OWNER}


@bp.get("/people/new")
def new_person() -> str:
    return render_template(PAGE, form=_form())


@bp.post("/people/new")
@asks_again("admin.new_person")
def add_person() -> Page:
    form = _form()
    if not form.validate():
        return render_template(PAGE, form=form), 422
    password = _temporary()
    password_hash = passwords.hashed(password)
    try:
        with writing() as db:
            person = people.add(
                db,
                address=form.address.data,
                name=form.name.data,
                role=form.role.data,
                zone=accounts.the_account(db).zone,
                password_hash=password_hash,
                must_change_password=True,
                now=now(),
            )
            subject, after = f"person {person.id}", {"role": person.role}
            audit.record(
                db, by=me().person_id, act="person added", subject=subject, after=after, now=now()
            )
    except people.AddressTaken:
        form.address.errors = ["Somebody already signs in with this address."]
        return render_template(PAGE, form=form), 422
    return _show_once(person, password)


@bp.post("/people/<int:person_id>/password")
@asks_again("admin.person")
def new_password(person_id: int) -> Page:
    password = _temporary()
    password_hash = passwords.hashed(password)
    with writing() as db:
        person = changeable(db, person_id)
        people.change_password(db, person.id, password_hash, temporary=True)
        sessions.end_others(db, person.id, keep=None, now=now())
        subject = f"person {person.id}"
        act = "temporary password issued"
        audit.record(db, by=me().person_id, act=act, subject=subject, now=now())
    return _show_once(person, password)


def _form() -> PersonForm:
    form = PersonForm()
    form.role.choices = roles_to_give()
    return form


def _temporary() -> str:
    return parts().outside.secrets()[:TEMPORARY_LENGTH]


def _show_once(person: Person, password: str) -> str:
    return render_template("admin/temporary_password.html", person=person, password=password)
