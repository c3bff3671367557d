"""What the steps of connecting share: one blueprint, and the ways back to the profile."""

import logging

from flask import Blueprint, flash, g, redirect, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.edge import me, now, reading, writing
from blueprints.ending_words import domain_list
from portal import connections, consents, eligibility, policy
from portal.configuration import domains
from portal.tables import Connection

bp = Blueprint("connect", __name__)
log = logging.getLogger(__name__)


def refused() -> Redirect | None:
    """The server's own refusal, whatever the page showed."""
    with reading() as db:
        refusal = policy.may_connect(db, me().person_id)
    return None if refusal is None else back(f"{refusal.sentence} {refusal.todo}")


def outside(addresses: list[str | None], *, held: Connection | None) -> Redirect | None:
    """The refusal of an account that no allowed domain admits, by the domain's name. `held`: the
    connection whose addresses these are.
    """
    with reading() as db:
        address = eligibility.outside(db, me().person_id, addresses, held=held)
        allowed = policy.of(db, me().person_id).allowed_domains
    if address is None:
        return None
    domain, listed = domains.of(address), domain_list(allowed)
    whose = f"an account of {domains.shown(domain)}" if domain else "an account without a domain"
    return stopped(
        "domain",
        f"{address} is {whose}. Your administrators let only accounts of {listed} be connected.",
        f"Choose an account of {listed} at Microsoft, or ask an administrator to allow yours.",
    )


def known() -> Connection | None:
    """The connection there is or was: coming back as the same Microsoft user finds everything."""
    with reading() as db:
        return connections.of_person(db, me().person_id)


def stopped(why: str, sentence: str, todo: str = "Connect again from here.") -> Redirect:
    log.warning("consent stopped why=%s request=%s", why, g.request_id)
    with writing() as db:
        consents.note_refusal(db, me().person_id, why, now=now())
    return back(f"{sentence} Nothing was connected. {todo}")


def back(sentence: str, kind: str = "error") -> Redirect:
    flash(sentence, kind)
    return to_profile()


def to_profile() -> Redirect:
    return redirect(url_for("profile.show", _anchor="integration"), 303)
