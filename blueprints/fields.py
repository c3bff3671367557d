"""What the forms of the portal share: fields that trim, and sentences for what is wrong."""

import unicodedata
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from wtforms import EmailField, Field, FileField, Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from portal.addresses import is_mail_address

LONGEST_NAME = 120
KEY = "PRIVATE KEY"  # of a PEM that is never sent back to a page
NOT_PLACES = ("Etc/", "SystemV/", "US/", "posix", "right", "Factory", "localtime")


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def needed(sentence: str) -> InputRequired:
    return InputRequired(sentence)


def ask_for_secrets_again(form: Form) -> None:
    """For a form that comes back although nothing in it was wrong: no secret and no file comes
    back in it, and an empty field would mean that the kept one stays.
    """
    for field in form:
        is_hidden = isinstance(field, PasswordField | FileField) or KEY in str(field.data)
        if field.data and is_hidden:
            field.errors = ["Enter it once more: it is never sent back to a page."]


class Plain:
    """One line of text people can read: no control characters, no invisible reordering."""

    def __call__(self, form: Form, field: Field) -> None:
        text = field.data or ""
        if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in text):
            raise StopValidation("Leave out invisible characters and line breaks.")


def name_field(label: str, sentence: str) -> StringField:
    """A name of at most LONGEST_NAME characters; `sentence` asks for it where it is missing."""
    return StringField(
        label,
        filters=[trimmed],
        validators=[
            needed(sentence),
            NotBlank(sentence),
            Length(max=LONGEST_NAME, message=f"Use at most {LONGEST_NAME} characters."),
            Plain(),
        ],
    )


class NotBlank:
    """Spaces alone are nothing."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation(self.sentence)


class Mailable:
    """An e-mail address as people have them."""

    def __call__(self, form: Form, field: Field) -> None:
        if not is_mail_address(field.data or ""):
            raise ValidationError("This is not an e-mail address.")


def address_field(label: str = "E-mail address") -> EmailField:
    return EmailField(
        label,
        filters=[trimmed],
        validators=[needed("Enter an e-mail address."), Plain(), Mailable()],
    )


@cache
def known_zones() -> frozenset[str]:
    """Every IANA name this machine knows; asking it reads its files."""
    return frozenset(available_timezones())


@cache
def zones() -> tuple[str, ...]:
    """Names of time zones (IANA) that stand for places, and UTC."""
    places = {zone for zone in known_zones() if "/" in zone}
    return ("UTC", *sorted(zone for zone in places if not zone.startswith(NOT_PLACES)))


class KnownZone:
    """Any IANA name the machine knows, also those the list does not offer."""

    def __call__(self, form: Form, field: Field) -> None:
        if field.data not in known_zones():
            raise ValidationError("There is no such time zone. Pick one from the list.")


def zone_field(label: str = "Time zone") -> StringField:
    return StringField(
        label, filters=[trimmed], validators=[needed("Pick a time zone."), KnownZone()]
    )


def password_field(label: str, sentence: str) -> PasswordField:
    return PasswordField(label, validators=[needed(sentence)])
