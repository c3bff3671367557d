"""The forms of the page about application permissions."""

from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import ValidationError

from blueprints.application_words import WAYS
from blueprints.fields import Mailable, Plain, trimmed
from portal import application_access, registrations

LONGEST_ADDRESS = 254


class OneAddress:
    """A mail address, or nothing."""

    def __call__(self, form: FlaskForm, field: StringField) -> None:
        if not field.data:
            return
        if len(field.data) > LONGEST_ADDRESS:
            raise ValidationError(f"Use at most {LONGEST_ADDRESS} characters.")
        Mailable()(form, field)


class AuthorizeForm(FlaskForm):
    """`tenant` counts where the registration is for several organisations."""

    called: ClassVar = "authorize"
    tenant = StringField("Organisation (tenant)", filters=[trimmed])

    def validate_tenant(self, field: StringField) -> None:
        if not field.data:
            return
        problem = registrations.tenant_problem(field.data)
        if problem or field.data.lower() == registrations.MANY_TENANTS:
            raise ValidationError("Give the tenant's ID (a GUID), or one of its domains.")


class NarrowForm(FlaskForm):
    called: ClassVar = "narrow"
    way = RadioField(
        "How the portal's reach is narrowed",
        choices={way: words[0] for way, words in WAYS.items()},
        default=application_access.NONE,
    )
    mail_group = StringField(
        "Mail-enabled group", filters=[trimmed], validators=[Plain(), OneAddress()]
    )

    def validate_mail_group(self, field: StringField) -> None:
        if not field.data and self.way.data != application_access.NONE:
            raise ValidationError("Name the group whose mailboxes the portal may reach.")


class ProbeForm(FlaskForm):
    called: ClassVar = "probe"
    reached = StringField(
        "A mailbox it has to reach", filters=[trimmed], validators=[Plain(), OneAddress()]
    )
    refused = StringField(
        "A mailbox that must be refused", filters=[trimmed], validators=[Plain(), OneAddress()]
    )

    def validate_reached(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError("Name a mailbox of somebody who is to be connected.")

    def validate_refused(self, field: StringField) -> None:
        if field.data and field.data.lower() == (self.reached.data or "").lower():
            raise ValidationError("This is the mailbox that has to be reached. Name another one.")
