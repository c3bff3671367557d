"""One setting at a time: switching it, locking it and unlocking it, inheriting it again. Each is
asked about first, with what it would do; in a dialog where script runs.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, redirect
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from blueprints.admin import meanwhile
from blueprints.admin.acts_table import ACTS, acts_for
from blueprints.admin.settings_pages import again, shown
from blueprints.admin.settings_room import Place, everywhere, place_of
from blueprints.edge import found as there
from blueprints.edge import me, now, page_or_fragment, parts, reading, writing
from blueprints.fields import NotBlank, Plain, trimmed
from blueprints.setting_words import value_words
from portal.configuration import effects, impact, settings
from portal.configuration.proposals import INHERIT, LOCK, UNLOCK, Proposal, Step
from portal.policy import InForce

PAGE, FRAGMENT = "admin/setting_act.html", "admin/_setting_act.html"
LONGEST_REASON = 255


class ActForm(FlaskForm):
    seen = HiddenField()
    opened = HiddenField()  # how the setting stood when it was asked about


class WhyForm(ActForm):
    reason = StringField(
        "Reason",
        filters=[trimmed],
        validators=[
            NotBlank("Say why, for those who meet the lock."),
            Length(max=LONGEST_REASON, message=f"Use at most {LONGEST_REASON} characters."),
            Plain(),
        ],
    )


@everywhere("ask", "/<key>/<act>", methods=["GET"])
def ask_setting(page: str, group_id: int | None, key: str, act: str) -> Response:
    with reading() as db:
        place = place_of(db, page, group_id)
        one = _asked_about(place, place.held(db), key, act)
        found = impact.of(db, _proposal(place, one, act, ""), now=now())
    return _asked(place, one, act, _form(act, empty=True), found)


@everywhere("act", "/<key>/<act>", methods=["POST"])
def act_on_setting(page: str, group_id: int | None, key: str, act: str) -> Response | Redirect:
    form = _form(act, empty=False)
    fits = form.validate()
    with writing() as db:
        place = place_of(db, page, group_id)
        held = place.held(db)
        moved = key in meanwhile.moved(form.opened.data, held)
        if moved and any(row.key == key for row in place.rows):
            return again(place, None, 409, moved=meanwhile.words(db, key, group_id))
        one = _asked_about(place, held, key, act)
        proposal = _proposal(place, one, act, form.reason.data if "reason" in form else "")
        seen = impact.of(db, _proposal(place, one, act, ""), now=now())
        goes = fits and not (seen.matters and form.seen.data != seen.mark)
        if goes:
            effects.apply(db, proposal, by=me().person_id, now=now())
    if not goes:
        answer = _asked(place, one, act, form, seen)
        answer.status_code = 200 if fits else 422
        return answer
    parts().outside.wake()
    flash(ACTS[act].done, "success")
    return redirect(place.url(), 303)


def _asked_about(place: Place, held: Mapping[str, InForce], key: str, act: str) -> InForce:
    """404 for a key that is not on the page, and for an act that does not fit."""
    one = held.get(key) if any(row.key == key for row in place.rows) else None
    one = there(one)
    return there(one if act in acts_for(one, for_group=place.group_id is not None) else None)


def _proposal(place: Place, one: InForce, act: str, reason: str) -> Proposal:
    steps = {
        "enable": Step(one.key, value=True),
        "disable": Step(one.key, value=False),
        "lock": Step(one.key, LOCK, reason=reason),
        "unlock": Step(one.key, UNLOCK, reason=reason),
        "inherit": Step(one.key, INHERIT),
        "keep": Step(one.key, value=one.value),
    }
    return Proposal(place.level, (steps[act],))


def _form(act: str, *, empty: bool) -> ActForm:
    asks_why = act in ACTS and ACTS[act].asks_why
    form_class = WhyForm if asks_why else ActForm
    return form_class(formdata=None) if empty else form_class()


def _asked(place: Place, one: InForce, act: str, form: ActForm, found: impact.Impact) -> Response:
    asked = ACTS[act]
    label = settings.CHOICES[one.key].label
    context: dict[str, Any] = {
        "place": place,
        "form": form,
        "opened": meanwhile.mark({one.key: one}, [one.key]),
        "act": asked,
        "action": place.url(one.key, act),
        "title": asked.title.format(label=label),
        "label": label,
        "value": value_words(one.key, one.value, {}),
    }
    return page_or_fragment(PAGE, FRAGMENT, **context, **shown(found))
