"""Application permissions, of the account and of a group: the page, and what is shown elsewhere."""

from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from blueprints import exchange_commands
from blueprints.admin.application_forms import AuthorizeForm, NarrowForm, ProbeForm
from blueprints.admin.room import bp
from blueprints.application_words import CACHES, WAYS, finding_words
from blueprints.edge import found, reading
from m365.identity import scopes_of_the_app
from portal import accounts, application_access, enrolments, people, policy, registrations
from portal.configuration.choices import APPLICATION
from portal.configuration.proposals import Proposal
from portal.staff import groups
from portal.tables import ApplicationAccess

PAGE = "admin/application.html"


@bp.get("/application")
@bp.get("/groups/<int:group_id>/application")
def application(group_id: int | None = None) -> str:
    return page(group_id)


def page(group_id: int | None, *forms: AuthorizeForm | NarrowForm | ProbeForm) -> str:
    """With these forms in place of fresh ones: they say what is wrong with them."""
    with reading() as db:
        context = summary(db, group_id)
        access: ApplicationAccess | None = context["access"]
        context |= _reach(db, access, context["own"])
        context |= _fresh_forms(db, access)
        context["redirect_address"] = registrations.admin_redirect_address(accounts.the_account(db))
    context |= {one.called: one for one in forms}
    return render_template(PAGE, **context)


def summary(db: Session, group_id: int | None) -> dict[str, Any]:
    """What the pages of settings show of it: who authorised what, and how people fare."""
    group = None if group_id is None else found(groups.find(db, group_id))
    access = application_access.counting(db, group_id)
    held = policy.of_account(db) if group_id is None else policy.of_group(db, group_id)
    counted = enrolments.counts(db, group_id)
    enrolled = counted.pop(enrolments.ENROLLED, 0)
    by = access.authorized_by if access else None
    return {
        "group": group,
        "group_id": group_id,
        "access": access,
        "own": access is not None and access.group_id == group_id,
        "authorized_by": people.names(db, {by})[by] if by else "",
        "chosen": held["setup_by"].value == APPLICATION,
        "setup_by": held["setup_by"],
        "locked_above": group_id is not None and held["setup_by"].locked_in == policy.ACCOUNT,
        "registration": registrations.current(db),
        "enrolled": enrolled,
        "unwell": sum(counted.values()),
    }


def must_authorize(db: Session, proposal: Proposal) -> bool:
    """Whether choosing this is finished only by an administrator of Microsoft's. Nothing is saved
    before that: people would neither be connected nor able to connect.
    """
    chosen = {step.key: step.value for step in proposal.steps}
    group_id = proposal.level.group_id
    is_asked = chosen.get("setup_by") == APPLICATION
    return is_asked and application_access.counting(db, group_id) is None


def _reach(db: Session, access: ApplicationAccess | None, own: bool) -> dict[str, Any]:
    """The permissions, the commands that narrow them, and what the last probe found."""
    registration = registrations.current(db)
    context: dict[str, Any] = {"permissions": scopes_of_the_app(), "caches": CACHES}
    if access is None or registration is None or not own:
        return context
    client_id, group = registration.client_id, access.mail_group
    sides = {"inside": access.reached, "outside": access.refused}
    let_in = [one for one in access.findings if one["name"] == "outsider"]
    return context | {
        "ways": {way: words[1] for way, words in WAYS.items()},
        "policy_commands": exchange_commands.application_access_policy(client_id, group, **sides),
        "rbac_commands": exchange_commands.rbac(client_id, group, **sides),
        "withdrawal": exchange_commands.withdrawal(client_id),
        "findings": [finding_words(one, outsider=access.refused) for one in access.findings],
        "outsider_let_in": bool(let_in) and let_in[0]["ok"] is False,
        "outsider_tried": bool(let_in) and let_in[0]["ok"] is not None,
    }


def _fresh_forms(db: Session, access: ApplicationAccess | None) -> dict[str, Any]:
    known = {}
    if access is not None:
        known = {
            "way": access.narrowing,
            "mail_group": access.mail_group,
            "reached": access.reached,
            "refused": access.refused,
        }
    return {
        "authorize": AuthorizeForm(formdata=None, tenant=access.tenant_id if access else ""),
        "narrow": NarrowForm(formdata=None, **known),
        "probe": ProbeForm(formdata=None, **known),
    }
