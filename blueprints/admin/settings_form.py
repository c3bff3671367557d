"""The form of a page of settings: made from the table, for the account or a group."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from blueprints.admin import meanwhile
from blueprints.admin.settings_table import CARDS, LINES, NUMBER, PICK, SWITCH, Shown
from blueprints.fields import trimmed
from blueprints.setting_words import value_words
from portal.configuration import domains, settings
from portal.policy import ACCOUNT, InForce

LONGEST = 30_000  # signs in a list of domains; a hundred of the longest fit
Held = Mapping[str, InForce]


class SettingsForm(FlaskForm):
    """Of it the fields that the table names; `seen` tells which effect the page has shown."""

    seen = HiddenField()
    opened = HiddenField()  # the values it was opened with, as blueprints/admin/meanwhile.py has it


class AddressForm(FlaskForm):
    """What "test an address" asks about. Its own word, as it is no setting."""

    address = StringField("Address", filters=[trimmed])


def made(rows: tuple[Shown, ...], held: Held, *, empty: bool) -> SettingsForm:
    """Filled with what holds, or (`empty` False) with what was sent."""
    fields = {row.key: _field(row) for row in rows if row.control != SWITCH}
    form_class = type("PageForm", (SettingsForm,), fields)
    values = {key: _as_entered(key, held[key].value) for key in fields}
    values["opened"] = meanwhile.mark(held, fields)
    form: SettingsForm = form_class(formdata=None, **values) if empty else form_class()
    return form


def read(
    form: SettingsForm, rows: tuple[Shown, ...], held: Held, *, for_group: bool
) -> dict[str, settings.Value] | None:
    """What was chosen, by key; None where something cannot be, with a message at its field."""
    form.validate()
    wanted: dict[str, settings.Value] = {}
    for row in rows:
        if row.control == SWITCH:
            continue
        if is_shut(held[row.key], for_group=for_group):
            _keep(form, row.key, held[row.key])
        elif row.control == NUMBER or not form[row.key].errors:
            _check(form, row, wanted)
    return None if form.errors else wanted


def take_up(form: SettingsForm, held: Held, moved: Mapping[str, str]) -> None:
    """Shows what was changed meanwhile (key -> who did, in words) as it is now."""
    for key, said in moved.items():
        form[key].process_data(_as_entered(key, held[key].value))
        form[key].errors = [said]
    form.opened.data = meanwhile.mark(held, [key for key in held if key in form])


def is_shut(one: InForce, *, for_group: bool) -> bool:
    """Locked above: this level has no say."""
    return for_group and one.locked_in == ACCOUNT


def _field(row: Shown) -> Field:
    label, allowed = row.choice.label, row.choice.allowed
    if row.control == CARDS:
        # The settings judge the value: they know why one that is listed cannot be chosen.
        return RadioField(label, choices=dict(row.choice.words), validate_choice=False)
    if row.control == PICK:
        choices = {one: value_words(row.key, one, {}) for one in allowed if isinstance(one, int)}
        return SelectField(label, choices=choices, coerce=int)
    if row.control == NUMBER:
        return IntegerField(label)
    return TextAreaField(label) if row.control == LINES else BooleanField(label)


def _as_entered(key: str, value: Any) -> Any:
    return "\n".join(domains.shown(one) for one in value) if key == "allowed_domains" else value


def _check(form: SettingsForm, row: Shown, wanted: dict[str, settings.Value]) -> None:
    field = form[row.key]
    if row.control == NUMBER and field.data is None:
        field.errors = [f"Enter a whole number. {row.hint}"]
    elif row.control == LINES and len(field.data or "") > LONGEST:
        field.errors = [f"Give at most {domains.MOST} domains."]
    else:
        try:
            wanted[row.key] = settings.check(row.key, "" if field.data is None else field.data)
        except settings.NotAllowed as error:
            field.errors = [f"Enter {row.hint.lower()}" if row.control == NUMBER else str(error)]


def _keep(form: SettingsForm, key: str, one: InForce) -> None:
    """A locked field is not sent by its page; who sends it all the same is told."""
    field = form[key]
    sent = key in request.form and field.data != _as_entered(key, one.value)
    field.process_data(_as_entered(key, one.value))
    field.errors = ["This is locked for the whole account."] if sent else []
