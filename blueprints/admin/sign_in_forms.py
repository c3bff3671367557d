"""The forms of the sign-in pages, and what an administrator wishes by them."""

from collections.abc import Callable
from typing import Any

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, Field, PasswordField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from blueprints.fields import NotBlank, Plain, needed, trimmed
from portal import registrations
from portal.configuration import domains
from portal.signing_in import claim_rules, providers, ways_in
from portal.signing_in.providers import MICROSOFT, OIDC, Wish
from portal.tables import SignInProvider

LONGEST_RULES = 20_000


def _text(label: str, *validators: Any, longest: int = providers.LONGEST_TEXT) -> StringField:
    too_long = Length(max=longest, message=f"Use at most {longest} characters.")
    return StringField(label, filters=[trimmed], validators=[*validators, too_long, Plain()])


def _lines(label: str) -> TextAreaField:
    too_long = Length(max=LONGEST_RULES, message="This is too much text.")
    return TextAreaField(label, filters=[trimmed], validators=[too_long])


def _claim(label: str) -> StringField:
    return _text(label, longest=claim_rules.LONGEST_CLAIM)


class NewProviderForm(FlaskForm):
    name = _text(
        "Name",
        needed("Enter a name."),
        NotBlank("Enter a name."),
        longest=providers.LONGEST_NAME,
    )
    issuer = _text("Issuer address", needed("Enter the issuer address."))

    def validate_issuer(self, field: StringField) -> None:
        if problem := providers.issuer_problem(field.data):
            raise ValidationError(problem)


class RulesForm(FlaskForm):
    """What every provider has."""

    enabled = BooleanField("People may sign in with it")
    creates_people = BooleanField("Add people at their first sign-in")
    allowed_domains = _lines("Allowed domains")
    role_claim = _claim("Claim that decides the role")
    roles = _lines("Roles by its values")
    group_claim = _claim("Claim that decides the groups")
    groups = _lines("Groups by its values")


class MicrosoftForm(RulesForm):
    allowed_tenants = _lines("Allowed organisations (tenants)")


class ProviderForm(RulesForm, NewProviderForm):
    client_id = _text("Client ID")
    secret = PasswordField("Client secret", filters=[trimmed], validators=[Length(max=1024)])


def shown(db: Session, row: SignInProvider | None) -> dict[str, Any]:
    """What the form says of a provider as it is kept."""
    if row is None:
        return {}
    held = providers.told(row)
    return {
        **held,
        "allowed_domains": "\n".join(domains.shown(one) for one in row.allowed_domains),
        "allowed_tenants": "\n".join(row.allowed_tenants),
        "roles": claim_rules.roles_text(row.roles),
        "groups": claim_rules.groups_text(db, row.groups),
    }


def wished(db: Session, form: RulesForm, row: SignInProvider | None) -> Wish | None:
    """What the form asks for; None where it now says what is wrong."""
    kind = MICROSOFT if isinstance(form, MicrosoftForm) else OIDC
    if not form.validate():
        return None
    wish = _read(db, form)
    if form.errors:
        return None
    found = providers.problems(wish, kind, registration=registrations.current(db))
    for name, sentence in found.items():
        form[name].errors = [sentence]
    if row is not None and row.enabled and not wish.enabled and not _owners_get_in(db, row):
        form.enabled.errors = ["No owner has another way to sign in, so it stays on."]
    return None if form.errors else wish


def _owners_get_in(db: Session, row: SignInProvider) -> bool:
    try:
        ways_in.check_owners_get_in(db, without=row)
    except ways_in.LastWay:
        return False
    return True


def _read(db: Session, form: RulesForm) -> Wish:
    own: dict[str, Any] = {}
    if isinstance(form, MicrosoftForm):
        own["allowed_tenants"] = _parsed(form.allowed_tenants, providers.read_tenants)
    elif isinstance(form, ProviderForm):
        own = {name: form[name].data for name in ("name", "issuer", "client_id")}
        own["secret"] = form.secret.data or None
    return Wish(
        enabled=form.enabled.data,
        creates_people=form.creates_people.data,
        allowed_domains=_parsed(form.allowed_domains, domains.read_list) or [],
        role_claim=form.role_claim.data or "",
        roles=_parsed(form.roles, claim_rules.read_roles) or {},
        group_claim=form.group_claim.data or "",
        groups=_parsed(form.groups, lambda text: claim_rules.read_groups(db, text)) or {},
        **own,
    )


def _parsed(field: Field, read: Callable[[str], Any]) -> Any:
    try:
        return read(field.data or "")
    except ValueError as error:
        field.errors = [str(error)]
        return None
