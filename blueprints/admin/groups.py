"""User Management > Groups: the list, one group with its people, removing it."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.room import bp
from blueprints.edge import found, is_htmx, me, now, parts, reading, writing
from blueprints.fields import name_field
from portal import people
from portal.staff import group_lists
from portal.staff import groups as nouns
from portal.tables import Group, Person

MOST_WORDS = 100  # of a search
TAKEN = "There is a group of this name already."
Page = Redirect | Response | str


class GroupForm(FlaskForm):
    name = name_field("Name of the group", "Enter a name for the group.")


@bp.get("/groups")
def groups() -> str:
    return _list(GroupForm(formdata=None))


@bp.post("/groups")
def add_group() -> Page:
    form = GroupForm()
    if form.validate():
        try:
            with writing() as db:
                group = nouns.add(db, form.name.data, by=me().person_id, now=now())
        except nouns.NameTaken:
            form.name.errors = [TAKEN]
        else:
            flash(f"{group.name} is there. Add its people.", "success")
            return redirect(url_for("admin.group", group_id=group.id), 303)
    return make_response(_list(form), 422)


@bp.get("/groups/<int:group_id>")
def group(group_id: int) -> str:
    if is_htmx():
        with reading() as db:
            return render_template("admin/_candidates.html", **_candidates(db, group_id))
    return _page(group_id)


@bp.post("/groups/<int:group_id>/rename")
def rename_group(group_id: int) -> Page:
    form = GroupForm()
    if form.validate():
        try:
            with writing() as db:
                held = found(nouns.find(db, group_id))
                nouns.rename(db, held, form.name.data, by=me().person_id, now=now())
        except nouns.NameTaken:
            form.name.errors = [TAKEN]
        else:
            flash("Saved.", "success")
            return _back(group_id)
    return make_response(_page(group_id, form), 422)


@bp.get("/groups/<int:group_id>/remove")
def group_removal(group_id: int) -> str:
    """What becomes of its people and settings, before anything is done."""
    with reading() as db:
        held = found(nouns.find(db, group_id))
        return render_template(
            "admin/group_removal.html", group=held, does=group_lists.removal(db, held)
        )


@bp.post("/groups/<int:group_id>/remove")
def remove_group(group_id: int) -> Redirect:
    with writing() as db:
        held = found(nouns.find(db, group_id))
        name = held.name
        nouns.remove(db, held, by=me().person_id, now=now())
    parts().outside.wake()
    flash(f"The group {name} is removed. Its people stay.", "success")
    return redirect(url_for("admin.groups"), 303)


@bp.post("/groups/<int:group_id>/members")
def add_member(group_id: int) -> Redirect:
    number = request.form.get("person", type=int) or 0
    with writing() as db:
        held, person = _both(db, group_id, number)
        is_news = nouns.join(db, held, person, by=me().person_id, now=now())
        said = _joined(held, person) if is_news else f"{person.name} is in the group already."
    parts().outside.wake()
    flash(said, "success" if is_news else "info")
    return _back(group_id)


@bp.post("/groups/<int:group_id>/members/<int:person_id>/remove")
def remove_member(group_id: int, person_id: int) -> Redirect:
    with writing() as db:
        held, person = _both(db, group_id, person_id)
        is_news = nouns.leave(db, held, person, by=me().person_id, now=now())
        primary = group_lists.primary_names(db, [person]).get(person.id)
        said = f"{person.name} is no longer in {held.name}. " + (
            f"Their primary group is {primary}." if primary else "The account's settings hold now."
        )
    parts().outside.wake()
    flash(said if is_news else f"{person.name} was not in the group.", "success")
    return _back(group_id)


@bp.post("/groups/<int:group_id>/members/<int:person_id>/primary")
def make_primary(group_id: int, person_id: int) -> Redirect:
    with writing() as db:
        held, person = _both(db, group_id, person_id)
        is_news = nouns.make_primary(db, held, person, by=me().person_id, now=now())
        said = f"The settings of {held.name} hold for {person.name} now."
    parts().outside.wake()
    flash(said if is_news else "Nothing changed.", "success" if is_news else "info")
    return _back(group_id)


def words(name: str) -> str:
    """What a search in the address asks for."""
    return request.args.get(name, "").strip()[:MOST_WORDS]


def _both(db: Session, group_id: int, person_id: int) -> tuple[Group, Person]:
    fits = 0 < person_id < 10**18
    person = people.find(db, person_id) if fits else None
    return found(nouns.find(db, group_id)), found(person)


def _joined(group: Group, person: Person) -> str:
    if person.primary_group_id == group.id:
        return f"{person.name} is in {group.name}, and its settings hold for them."
    return f"{person.name} is in {group.name}. Another group stays their primary one."


def _back(group_id: int) -> Redirect:
    return redirect(url_for("admin.group", group_id=group_id), 303)


def _list(form: GroupForm) -> str:
    asked = request.args.get("page", 1, type=int)
    with reading() as db:
        listed = group_lists.lines(db, words("q"), asked)
    return render_template("admin/groups.html", form=form, listed=listed, words=words("q"))


def _candidates(db: Session, group_id: int) -> dict[str, Any]:
    found(nouns.find(db, group_id))
    asked = words("add")
    people_found = group_lists.others(db, group_id, asked) if asked else []
    return {
        "group_id": group_id,
        "asked": asked,
        "candidates": people_found,
        "is_cut": len(people_found) == group_lists.MOST_FOUND,
    }


def _page(group_id: int, form: GroupForm | None = None) -> str:
    asked = request.args.get("page", 1, type=int)
    with reading() as db:
        held = found(nouns.find(db, group_id))
        listed = group_lists.members(db, group_id, words("q"), asked)
        return render_template(
            "admin/group.html",
            group=held,
            form=form or GroupForm(formdata=None, name=held.name),
            told=group_lists.line(db, held),
            listed=listed,
            primary=group_lists.primary_names(db, listed.rows),
            words=words("q"),
            **_candidates(db, group_id),
        )
