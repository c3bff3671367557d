"""The organisation: what it is called, where it is reached, which join link meetings get."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from blueprints.admin.room import bp
from blueprints.edge import me, now, reading, writing
from blueprints.fields import name_field, needed, trimmed, zone_field, zones
from blueprints.sign_in_again import asks_again
from portal import accounts
from portal.addresses import public_address_problem

PAGE = "admin/organisation.html"


class OrganisationForm(FlaskForm):
    organisation = name_field("Name of the organisation", "Enter the name of your organisation.")
    public_address = StringField(
        "Public address",
        filters=[trimmed],
        validators=[needed("Enter the address people reach this portal by.")],
    )
    zone = zone_field()
    with_link = BooleanField("Give meetings a join link", default=True)
    link_template = StringField("Link template", filters=[trimmed], default=accounts.LINK_TEMPLATE)

    def validate_public_address(self, field: StringField) -> None:
        if problem := public_address_problem(field.data):
            raise ValidationError(problem)

    def validate_link_template(self, field: StringField) -> None:
        problem = accounts.link_template_problem(field.data or "") if self.with_link.data else None
        if problem:
            raise ValidationError(problem)

    def entered(self) -> dict[str, Any]:
        """What `accounts` keeps of it."""
        return {
            "name": self.organisation.data,
            "public_address": self.public_address.data,
            "zone": self.zone.data,
            "link_template": self.link_template.data if self.with_link.data else "",
        }


@bp.get("/organisation")
def organisation() -> str:
    with reading() as db:
        account = accounts.the_account(db)
    form = OrganisationForm(
        formdata=None,
        organisation=account.name,
        public_address=account.public_address,
        zone=account.zone,
        with_link=bool(account.join_link_template),
        link_template=account.join_link_template or accounts.LINK_TEMPLATE,
    )
    return render_template(PAGE, form=form, zones=zones())


@bp.post("/organisation")
@asks_again("admin.organisation")
def change_organisation() -> Redirect | tuple[str, int]:
    form = OrganisationForm()
    if not form.validate():
        return render_template(PAGE, form=form, zones=zones()), 422
    with writing() as db:
        moved = accounts.change(db, **form.entered(), by=me().person_id, now=now())
    flash("Saved.", "success")
    if moved:
        flash("The redirect address has changed with it: enter the new one in Entra.", "warning")
        return redirect(url_for("admin.registration"))
    return redirect(url_for("admin.organisation"))
