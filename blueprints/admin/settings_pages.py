"""Mail & Calendar > Integrations and Data Sync, of the account and of each group."""

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Redirect

from blueprints import impact_words
from blueprints.admin import meanwhile, settings_form
from blueprints.admin.application import must_authorize, summary
from blueprints.admin.settings_form import AddressForm, Held, SettingsForm
from blueprints.admin.settings_room import Place, context, everywhere, place_of
from blueprints.admin.settings_table import INTEGRATIONS
from blueprints.edge import is_htmx, me, my_zone, now, parts, reading, writing
from portal.configuration import domains, effects, impact, proposals, settings
from portal.configuration.impact import Impact
from portal.configuration.proposals import Proposal
from portal.configuration.resolution import Levels

PAGE, EFFECT, ADDRESS = "admin/settings.html", "admin/_effect.html", "admin/_address_answer.html"
LONGEST_ADDRESS = 254
Answer = Response | Redirect | str


@everywhere("", methods=["GET"])
def settings_page(page: str, group_id: int | None) -> str:
    with reading() as db:
        place = place_of(db, page, group_id)
        held = place.held(db)
        form = settings_form.made(place.rows, held, empty=True)
        return render_template(PAGE, form=form, **_context(db, place, held))


@everywhere("save", methods=["POST"])
def save_settings(page: str, group_id: int | None) -> Answer:
    """What reaches people is shown first, and saved at the second press."""
    with writing() as db:
        place = place_of(db, page, group_id)
        form, proposal = _read(db, place)
        if proposal is None:
            settings.note_refusal(db, place.level, [*form.errors], by=me().person_id, now=now())
            return again(place, form, 422)
        if must_authorize(db, proposal):
            flash("Nothing is saved yet: authorise the portal at Microsoft first.", "info")
            return redirect(url_for("admin.application", group_id=group_id), 303)
        moved = _was_moved(db, place, form, proposal)
        found = impact.of(db, proposal, now=now())
        asks = found.matters and form.seen.data != found.mark
        if not (asks or moved):
            effects.apply(db, proposal, by=me().person_id, now=now())
    if moved:
        return again(place, form, 409)
    if asks:
        return again(place, form, 200, found, asks=True)
    parts().outside.wake()
    flash("Saved." if proposal.steps else "Nothing was changed.", "success")
    return redirect(place.url(), 303)


@everywhere("effect", "/effect", methods=["POST"])
def settings_effect(page: str, group_id: int | None) -> Answer:
    """What the choices on the page would do, while somebody is still choosing."""
    with reading() as db:
        place = place_of(db, page, group_id)
        form, proposal = _read(db, place)
        if proposal is None:
            return Response(status=204) if is_htmx() else again(place, form, 422)
        found = impact.of(db, proposal, now=now()) if proposal.steps else None
    if is_htmx():
        return render_template(EFFECT, **shown(found))
    return again(place, form, 200, found)


@everywhere("address", "/address", pages=(INTEGRATIONS,), methods=["POST"])
def test_address(page: str, group_id: int | None) -> Answer:
    """Whether an address is admitted, by what holds and by what is entered but not saved yet."""
    form = AddressForm()
    with reading() as db:
        place = place_of(db, page, group_id)
        saved = place.held(db)["allowed_domains"].value
    listed = _entered(saved)
    told = {
        "address_form": form,
        "address": (form.address.data or "")[:LONGEST_ADDRESS],
        "domain": domains.of(form.address.data),
        "listed": listed,
        "is_unsaved": listed != saved,
    }
    if is_htmx():
        return render_template(ADDRESS, **told)
    return again(place, None, 200 if told["domain"] else 422, **told)


def _entered(saved: list[str]) -> list[str]:
    """The list as it stands on the page, where it came along and can be read."""
    try:
        return domains.read_list(request.form.get("allowed_domains", saved))
    except ValueError:
        return saved


def shown(found: Impact | None) -> dict[str, Any]:
    """An effect as its fragment wants it; nothing where there is nothing to tell."""
    if found is None:
        return {"effect": None}
    return {
        "effect": found,
        "lines": impact_words.lines(found, my_zone()),
        "reach": impact_words.reach(found),
        "connected": impact_words.connected(found),
    }


def _read(db: Session, place: Place) -> tuple[SettingsForm, Proposal | None]:
    """The form as sent, and what it would change; None where it cannot be."""
    held = place.held(db)
    form = settings_form.made(place.rows, held, empty=False)
    wanted = settings_form.read(form, place.rows, held, for_group=place.group_id is not None)
    if wanted is None:
        return form, None
    values = {key: one.value for key, one in held.items()}
    proposal = Proposal.of_values(place.level, values, wanted)
    for key, said in proposals.problems(proposal, Levels.of(settings.everywhere(db))).items():
        form[key].errors = [said]
    return form, None if form.errors else proposal


def _was_moved(db: Session, place: Place, form: SettingsForm, proposal: Proposal) -> bool:
    """Whether it would undo what somebody saved while this page was open; the fields then say so.
    What both chose alike, or only the other one touched, is in nobody's way.
    """
    held, steps = place.held(db), {step.key for step in proposal.steps}
    moved = meanwhile.moved(form.opened.data, held) & steps
    if moved:
        told = {key: meanwhile.words(db, key, place.group_id) for key in moved}
        settings_form.take_up(form, held, told)
    return bool(moved)


def _context(db: Session, place: Place, held: Held) -> dict[str, Any]:
    application = summary(db, place.group_id)
    return {
        "address_form": AddressForm(formdata=None),
        "application": application,
        **context(db, place, held),
    }


def again(
    place: Place,
    form: SettingsForm | None,
    status: int,
    found: Impact | None = None,
    **others: Any,
) -> Response:
    with reading() as db:
        held = place.held(db)
        form = form or settings_form.made(place.rows, held, empty=True)
        shows = _context(db, place, held) | shown(found) | others
    return make_response(render_template(PAGE, form=form, **shows), status)
