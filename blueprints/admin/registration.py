"""The app registration at Microsoft: entering it, testing it live, keeping it."""

from dataclasses import asdict, replace
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Redirect
from wtforms import DateField, FileField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from blueprints.admin.room import bp
from blueprints.edge import found, is_htmx, me, now, parts, reading, writing
from blueprints.fields import KEY, ask_for_secrets_again, needed, trimmed
from blueprints.sign_in_again import proof, refused
from m365.identity import Registration as AtMicrosoft
from portal import accounts, certificates, registrations
from portal.signing_in import providers
from portal.tables import Registration
from sync.live import as_registration

SECRET, CERTIFICATE = "secret", "certificate"
PAGE = "admin/registration.html"
LAST_YEAR = 2399  # Entra's own "never"; beyond it lie mistakes


class PemField(TextAreaField):
    """Several lines of PEM. A private key among them is never sent back to a page."""

    def _value(self) -> str:
        text = self.data or ""
        return "" if KEY in text else text


class RegistrationForm(FlaskForm):
    tenant = StringField(
        "Directory (tenant) ID", filters=[trimmed], validators=[needed("Enter the tenant.")]
    )
    client_id = StringField(
        "Application (client) ID", filters=[trimmed], validators=[needed("Enter the client ID.")]
    )
    proof = RadioField(
        "How the portal proves who it is",
        choices={SECRET: "Client secret", CERTIFICATE: "Certificate"},
        default=SECRET,
    )
    secret = PasswordField("Client secret", filters=[trimmed])
    secret_ends = DateField(
        "The secret ends on (optional)",
        validators=[Optional()],
    )
    certificate = PemField("Certificate (PEM)", filters=[trimmed])
    certificate_file = FileField("Or the certificate's file")
    private_key = PemField("Private key (PEM)", filters=[trimmed])
    private_key_file = FileField("Or the key's file")

    def validate_secret_ends(self, field: DateField) -> None:
        if field.data is not None and field.data.year > LAST_YEAR:
            raise ValidationError("Microsoft makes no secret that lasts so long.")

    def validate_tenant(self, field: StringField) -> None:
        if problem := registrations.tenant_problem(field.data):
            raise ValidationError(problem)

    def validate_client_id(self, field: StringField) -> None:
        if problem := registrations.client_id_problem(field.data):
            raise ValidationError(problem)


@bp.get("/registration")
def registration() -> str:
    return render_template(PAGE, form=empty_form(), **context())


@bp.post("/registration")
def keep_registration() -> str | Redirect | tuple[str, int]:
    form = RegistrationForm()
    if refusal := refused():
        ask_for_secrets_again(form)
        return render_template(PAGE, form=form, **context(refusal.sentence)), refusal.status
    if not keep(form, by=me().person_id):
        return render_template(PAGE, form=form, **context()), 422
    return redirect(url_for("admin.registration"))


@bp.post("/registration/test")
def test_registration() -> str | tuple[str, int]:
    """Asks Microsoft about what is entered; keeps only what it found about the kept one."""
    form = RegistrationForm()
    entered = read(form)
    if entered is None:
        return _not_testable(form), 422
    with reading() as db:
        kept = registrations.current(db)
        redirect_uri = registrations.redirect_address(accounts.the_account(db))
    asked = _at_microsoft(entered, kept)
    findings = [asdict(one) for one in parts().identity.check_registration(asked, redirect_uri)]
    if kept is not None and asked == as_registration(kept):
        with writing() as db:
            registrations.note_test(db, findings, now=now())
    shown = {**context(), "findings": findings, "tested_at": now()}
    if is_htmx():
        return render_template("admin/_findings.html", **shown)
    return render_template(PAGE, form=form, **shown)


def empty_form() -> RegistrationForm:
    """The form as what is kept fills it; secrets stay where they are."""
    with reading() as db:
        kept = registrations.current(db)
    if kept is None:
        return RegistrationForm(formdata=None)
    return RegistrationForm(
        formdata=None,
        tenant=kept.tenant,
        client_id=kept.client_id,
        proof=SECRET if kept.client_secret else CERTIFICATE,
        secret_ends=kept.expires_on if kept.client_secret else None,
    )


def context(wrong_password: str = "") -> dict[str, Any]:
    """What the form's page shows beside it."""
    with reading() as db:
        kept = registrations.current(db)
        account = accounts.the_account(db)
        redirect_uri = registrations.redirect_address(account)
        sign_in_uri = providers.callback_address(account, None)
        admin_uri = registrations.admin_redirect_address(account)
    return {
        "kept": kept,
        "admin_uri": admin_uri,
        "sign_in_uri": sign_in_uri,
        "redirect_uri": redirect_uri,
        "findings": kept.findings if kept else [],
        "tested_at": kept.tested_at if kept else None,
        "proof": proof(),
        "wrong_password": wrong_password,
    }


def read(form: RegistrationForm) -> registrations.Entered | None:
    """What was entered, checked; None where the form now says what is wrong."""
    if not form.validate():
        return None
    with reading() as db:
        kept = registrations.current(db)
    secret, pair = None, None
    if form.proof.data == SECRET:
        secret = _secret(form, kept)
    else:
        pair = _pair(form, kept)
    if form.errors:
        return None
    return registrations.Entered(
        form.tenant.data, form.client_id.data, secret, pair, form.secret_ends.data
    )


def keep(form: RegistrationForm, *, by: int) -> bool:
    """Stores it; False where the form now says what is wrong."""
    entered = read(form)
    if entered is None:
        return False
    with writing() as db:
        registrations.keep(db, entered, by=by, now=now())
    parts().outside.wake()
    flash("The app registration is saved.", "success")
    return True


def _secret(form: RegistrationForm, kept: Registration | None) -> str | None:
    secret: str = form.secret.data or ""
    if not secret and not (kept and kept.client_secret):
        form.secret.errors = ["Enter the client secret's value."]
    if problem := registrations.secret_problem(secret):
        form.secret.errors = [problem]
    return secret or None


def _pair(form: RegistrationForm, kept: Registration | None) -> certificates.Pair | None:
    certificate = _pem(form.certificate, form.certificate_file)
    private_key = _pem(form.private_key, form.private_key_file)
    if not (certificate or private_key) and kept and kept.certificate_pem:
        return None
    try:
        return certificates.read_pair(certificate, private_key or certificate, now=now())
    except certificates.CertificateProblem as error:
        form[error.field].errors = [str(error)]
        return None


def _pem(text: PemField, file: FileField) -> str:
    pasted: str = text.data or ""
    if not pasted and isinstance(file.data, FileStorage):
        return file.data.read().decode(errors="replace")
    return pasted


def _at_microsoft(entered: registrations.Entered, kept: Registration | None) -> AtMicrosoft:
    """With what is kept in place of a secret or certificate that was left out."""
    if entered.secret:
        return AtMicrosoft(entered.tenant.lower(), entered.client_id.lower(), entered.secret)
    if entered.pair:
        return AtMicrosoft(
            entered.tenant.lower(),
            entered.client_id.lower(),
            certificate_pem=entered.pair.certificate_pem,
            private_key_pem=entered.pair.private_key_pem,
        )
    held = as_registration(found(kept))
    return replace(held, tenant=entered.tenant.lower(), client_id=entered.client_id.lower())


def _not_testable(form: RegistrationForm) -> str:
    if not is_htmx():
        return render_template(PAGE, form=form, **context())
    problems = [
        {"name": form[name].label.text, "ok": False, "sentence": " ".join(messages)}
        for name, messages in form.errors.items()
    ]
    return render_template("admin/_findings.html", findings=problems, tested_at=None)
