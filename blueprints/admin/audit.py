"""Admin > Audit log: who changed what, to be filtered, and to be taken along as a file."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from blueprints import audit_words, csv_file
from blueprints.admin.room import bp
from blueprints.edge import me, my_zone, now, parts, reading, writing
from blueprints.fields import trimmed
from blueprints.sign_in_again import proof, refused
from portal import audit as audit_rows
from portal import audit_chain
from portal.configuration import reverting
from portal.operations import audit_log
from portal.operations.audit_log import Filter, Names
from portal.staff import groups
from portal.tables import Audit

HEADS = (
    "When (UTC)",
    "Who",
    "What",
    "Details",
    "Act",
    "Subject",
    "Group",
    "Before",
    "After",
    "Seal",
)
FIELDS = ("person", "act", "group", "since", "until")
EARLIEST, LATEST = date(2000, 1, 1), date(9998, 12, 31)


class FilterForm(FlaskForm):
    class Meta:
        csrf = False  # it only reads

    person = StringField(
        "Person", filters=[trimmed], validators=[Length(max=100, message="Use at most 100 signs.")]
    )
    act = SelectField("Act", validate_choice=False)
    group = SelectField("Group", validate_choice=False)
    since = DateField("From", validators=[Optional()])
    until = DateField("To", validators=[Optional()])

    def validate_since(self, field: DateField) -> None:
        if field.data and not EARLIEST <= field.data <= LATEST:
            raise ValidationError("Enter a day from 2000 on.")

    def validate_until(self, field: DateField) -> None:
        self.validate_since(field)
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError("This is before the first day.")

    def wanted(self) -> Filter:
        return Filter(
            person=self.person.data or "",
            act=self.act.data or "",
            group_id=_number(self.group.data),
            since=_midnight(self.since.data),
            until=_midnight(self.until.data and self.until.data + timedelta(days=1)),
        )


@bp.get("/audit")
def audit() -> Response:
    form = FilterForm(request.args)
    return _page(form, 200 if form.validate() else 422)


@bp.post("/audit.csv")
def audit_file() -> Response:
    """Everything that fits leaves the portal, so it is asked for with the password."""
    form = FilterForm(request.form)
    if not form.validate():
        return _page(form, 422)
    if refusal := refused():
        return _page(form, refusal.status, wrong_password=refusal.sentence)
    with writing() as db:
        by, told = me().person_id, _chosen()
        audit_rows.record(
            db, by=by, act="audit log exported", subject="audit", after=told, now=now()
        )
    rows = audit_log.everything(parts().database, form.wanted())
    return csv_file.answer("audit-log", HEADS, _cells(rows))


@bp.post("/audit/check")
def check_audit() -> Redirect:
    """Every row against the seal it was written with."""
    checked = audit_chain.check(parts().database)
    if checked.broken is None:
        flash(f"The log is intact: all {checked.rows} rows are as they were written.", "success")
    else:
        flash(
            f"Row {checked.broken} is not as it was written, or a row before it is missing. The "
            f"log is intact until row {checked.last}. Compare it with a backup or with a file of "
            "the log, and ask who can write to the database.",
            "error",
        )
    return redirect(url_for("admin.audit"), 303)


def _chosen() -> dict[str, str]:
    """What is filtered by, as it stands in an address."""
    sent = request.form if request.method == "POST" else request.args
    return {name: value for name in FIELDS if (value := sent.get(name))}


def _page(form: FilterForm, status: int, *, wrong_password: str = "") -> Response:
    fits = not form.errors
    before = _number(request.args.get("before"))
    with reading() as db:
        found = audit_log.page(db, form.wanted() if fits else Filter(), before=before)
        _offer(form, audit_log.acts(db), {one.id: one.name for one in groups.all_of_them(db)})
    chosen = _chosen()
    page = render_template(
        "admin/audit.html",
        form=form,
        lines=[_line(row, found.names) for row in found.rows] if fits else [],
        chosen=chosen,
        older=found.older if fits else None,
        is_later=before is not None,
        proof=proof(),
        wrong_password=wrong_password,
    )
    return make_response(page, status)


def _cells(rows: Iterator[tuple[Audit, Names]]) -> Iterator[list[csv_file.Cell]]:
    for row, names in rows:
        yield [
            row.at,
            audit_words.who(row, names),
            audit_words.sentence(row, names),
            " ".join(audit_words.details(row)),
            row.act,
            row.subject,
            names.groups.get(row.group_id, "") if row.group_id else "",
            audit_words.raw(row.before),
            audit_words.raw(row.after),
            row.hash,
        ]


def _line(row: Audit, names: Names) -> dict[str, Any]:
    return {
        "at": row.at,
        "revert": row.id if reverting.can_be(row) else None,
        "words": audit_words.sentence(row, names),
        "details": audit_words.details(row),
    }


def _offer(form: FilterForm, acts: list[str], names: dict[int, str]) -> None:
    called = sorted((audit_words.called(act), act) for act in acts)
    form.act.choices = [("", "Every act"), *((act, words) for words, act in called)]
    form.group.choices = [("", "Every group"), *((str(one), name) for one, name in names.items())]
    gone = _number(form.group.data)
    if gone is not None and gone not in names:
        form.group.choices.append((str(gone), f"Group {gone}, removed since"))


def _number(text: str | None) -> int | None:
    """A row's number from an address; None for whatever else stands there."""
    fits = text is not None and text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if text and fits else None


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, my_zone())
