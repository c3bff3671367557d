"""Ways to sign in, on one's own profile: linking a provider, and unlinking it, never the last."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints.edge import found, me, now, writing
from blueprints.sign_in_again import asks_again
from blueprints.sso.leaving import leave
from portal import people
from portal.signing_in import identities, providers, ways_in

bp = Blueprint("ways", __name__)


@bp.post("/<int:provider_id>/link")
@asks_again("profile.show")
def link(provider_id: int) -> Response | Redirect:
    """To the provider, to come back with a proof that is tied to whoever is signed in here."""
    return leave(provider_id, goes_to="", person_id=me().person_id)


@bp.post("/<int:identity_id>/unlink")
@asks_again("profile.show")
def unlink(identity_id: int) -> Redirect:
    try:
        with writing() as db:
            identity = found(identities.find(db, me().person_id, identity_id))
            ways_in.unlink(db, people.by_id(db, me().person_id), identity, now=now())
    except ways_in.LastWay:
        flash(
            "This is your last way to sign in, so it stays. Link another one first, or ask an "
            "administrator for a password.",
            "error",
        )
    else:
        flash("Unlinked. You can no longer sign in that way.", "success")
    return redirect(url_for("profile.show", _anchor="ways"), 303)


def ways_context(db: Session, person_id: int) -> dict[str, Any]:
    """What the section of the profile shows. It is empty where passwords are the only way."""
    by_id = {one.id: one for one in providers.all_of_them(db)}
    tied = identities.of_person(db, person_id)
    held = {one.provider_id for one in tied}
    person = people.by_id(db, person_id)
    return {
        "has_password": bool(person.password_hash),
        "passwords_off": ways_in.passwords_off(db),
        "ways": [
            {
                "id": one.id,
                "provider": by_id[one.provider_id],
                "address": one.address,
                "used_at": one.used_at,
            }
            for one in tied
        ],
        "linkable": [one for one in by_id.values() if one.enabled and one.id not in held],
    }
