"""What people choose for themselves in the section Contact and Calendar Integration."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import state_words
from blueprints.edge import me, now, parts, writing
from blueprints.setting_words import value_words
from portal.configuration import own_choices, settings

bp = Blueprint("own_choices", __name__)


def context(db: Session, person_id: int) -> dict[str, Any]:
    """One for each setting that may be a person's own; locked ones say why."""
    shown = [
        {
            "held": one.held,
            "is_open": one.is_open,
            "offered": value_words(one.held.key, one.offered, {}),
            "is_own": one.held.value != one.offered,
            "lock": state_words.lock(one.held),
        }
        for one in own_choices.of_person(db, person_id)
    ]
    return {"own_choices": shown}


@bp.post("/own-choices")
def choose() -> Redirect:
    """A box that is not ticked is not sent; what is shut has none, and stays as it is."""
    try:
        with writing() as db:
            wanted: dict[str, settings.Value] = {
                one.held.key: request.form.get(one.held.key) == "on"
                for one in own_choices.of_person(db, me().person_id)
                if one.is_open or one.held.key in request.form
            }
            is_news = own_choices.choose(db, me().person_id, wanted, now=now())
    except (settings.Locked, settings.NotAllowed) as error:
        flash(f"{error} Nothing was changed.", "error")
    else:
        flash("Saved." if is_news else "Nothing was changed.", "success")
        parts().outside.wake()
    return redirect(url_for("profile.show", _anchor="integration"), 303)
