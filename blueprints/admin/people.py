"""People: who is here and how their connections stand, as a page and as a file."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request, url_for
from wtforms import Form, SelectField, StringField

from blueprints import csv_file, people_words
from blueprints.admin.room import bp
from blueprints.edge import me, my_zone, now, page_or_fragment, parts, reading, writing
from blueprints.fields import trimmed
from blueprints.sign_in_again import asks_again
from portal import audit
from portal.database import Database
from portal.staff import groups, people_list
from portal.staff.people_list import Wanted
from portal.tables import Group

PAGE, FRAGMENT = "admin/people.html", "admin/_people.html"
LONGEST_WORDS = 200
EXPORTED_AT_ONCE = 500
NO_GROUP = "0"
HEADS = (
    "Name",
    "E-mail address",
    "Role",
    "Disabled since",
    "Primary group",
    "Other groups",
    "Connection",
    "Reason",
    "Code",
    "Mailbox",
    "Set up by",
    "Sync version",
    "Last good round",
)


def _select(label: str, everything: str, words: dict[str, str]) -> SelectField:
    return SelectField(label, choices={"": everything} | words, default="")


class FilterForm(Form):
    """In the address of the page; it changes nothing, so it carries no token."""

    words = StringField("Name or e-mail address", filters=[trimmed])
    state = _select("Connection", "Any", dict(people_words.STATES))
    role = _select("Role", "Any", people_words.ROLES)
    group = SelectField("Group", default="")
    mode = _select("Set up by", "Any", people_words.MODES)
    version = _select("Sync version", "Any", {"2.0": "2.0", "1.0": "1.0"})
    signs_in = _select(
        "Signing in",
        "Everybody",
        {people_list.ACTIVE: "May sign in", people_list.DISABLED: "Disabled"},
    )
    sort = SelectField("Sort by", choices=people_words.SORTS, default=people_list.NAME)

    def wanted(self) -> Wanted:
        group = self.group.data
        return Wanted(
            words=(self.words.data or "")[:LONGEST_WORDS],
            state=self.state.data,
            role=self.role.data,
            group_id=int(group) if group else None,
            mode=self.mode.data,
            version=self.version.data,
            signs_in=self.signs_in.data,
            sort=self.sort.data,
        )

    def chosen(self) -> dict[str, Any]:
        """What is not as it is by itself, for addresses that keep it."""
        held = {one.name: one.data for one in self if one.data and one.data != one.default}
        return {name: str(value) for name, value in held.items()}


@bp.get("/people")
def people() -> Response:
    number = request.args.get("page", 1, type=int)
    with reading() as db:
        form = _form(groups.all_of_them(db))
        found = people_list.page(db, form.wanted(), number, now=now())
        lines = [people_words.told(line, my_zone()) for line in found.lines]
    chosen = form.chosen()
    return page_or_fragment(
        PAGE,
        FRAGMENT,
        form=form,
        found=found,
        lines=lines,
        narrowed=not form.wanted().is_all,
        narrowings=len(set(chosen) - {"words", "sort"}),
        chosen=chosen,
        at=lambda page: url_for("admin.people", **chosen, page=page),
    )


@bp.post("/people.csv")
@asks_again("admin.people")
def people_file() -> Response:
    at, database = now(), parts().database
    with writing() as db:
        form = _form(groups.all_of_them(db))
        ids = people_list.ids_of(db, form.wanted(), now=at)
        by, count = me().person_id, {"people": len(ids)}
        audit.record(db, by=by, act="people exported", subject="people", after=count, now=at)
    name = f"people-{at:%Y-%m-%d}"
    return csv_file.answer(name, HEADS, _rows(database, ids, zone=my_zone(), now=at))


def _rows(
    database: Database, ids: list[int], *, zone: ZoneInfo, now: datetime
) -> Iterator[list[csv_file.Cell]]:
    """Some at a time: a slow download holds neither memory nor the database."""
    for start in range(0, len(ids), EXPORTED_AT_ONCE):
        with database.reading() as db:
            lines = people_list.lines_of(db, ids[start : start + EXPORTED_AT_ONCE], now=now)
        yield from (_row(line, zone) for line in lines)


def _row(line: people_list.Line, zone: ZoneInfo) -> list[csv_file.Cell]:
    shown = people_words.told(line, zone)
    has_primary = line.person.primary_group_id is not None
    return [
        line.person.name,
        line.person.address,
        shown["role"],
        line.person.disabled_at,
        line.groups[0] if has_primary else "",
        "; ".join(line.groups[1:] if has_primary else line.groups),
        shown["state_words"],
        shown["stands"].cause,
        shown["stands"].code,
        shown["mailbox"],
        shown["mode"],
        shown["sync_version"],
        shown["stands"].good_at,
    ]


def _form(known: list[Group]) -> FilterForm:
    """What is not offered counts as not chosen, such as a group that is gone since."""
    form = FilterForm(request.form if request.method == "POST" else request.args)
    form.group.choices = [("", "Any"), (NO_GROUP, "No group")]
    form.group.choices += [(str(group.id), group.name) for group in known]
    form.validate()
    for field in (one for one in form if one.errors):
        field.data = field.default or ""
    return form
