"""Account Management > Mail: the server that notices are sent by, with a test."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as Redirect
from wtforms import IntegerField, PasswordField, RadioField, StringField
from wtforms.validators import Length, NumberRange, Optional

from blueprints import mail_problems
from blueprints.admin.room import bp
from blueprints.edge import is_htmx, me, now, parts, reading, writing
from blueprints.fields import Plain, address_field, ask_for_secrets_again, needed, trimmed
from blueprints.sign_in_again import asks_again, proof, refused
from outside import MailProblem
from portal.mailing import letters, mail_settings, mails
from portal.mailing.mail_settings import Entered
from portal.tables import OutgoingMail

PAGE = "admin/mail.html"
Page = str | Redirect | tuple[str, int]
SHOWN = 20
PORT = "A port is a number from 1 to 65535; 587 is usual."
KINDS = {
    mails.CONSENT_LOST: "Sign in at Microsoft again",
    mails.CONSENT_BACK: "Connected again",
    mails.HELD: "Calendar held",
    mails.HELD_MAILBOXES: "Mailboxes held",
    mails.CUT_OFF: "Connection will be cut off",
    mails.BLOCKED: "Connection cut off",
    mails.APP_LOST: "The portal's permission lost",
    mails.EXPIRING: "Secret or certificate ends",
    mails.REMINDER: "Reminder to connect",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a test came to."""

    ok: bool
    sentence: str


class MailForm(FlaskForm):
    host = StringField(
        "Server",
        filters=[trimmed],
        validators=[
            needed("Enter the server's name."),
            Plain(),
            Length(max=253, message="Use at most 253 characters."),
        ],
    )
    port = IntegerField(
        "Port", validators=[Optional(), NumberRange(1, 65535, message=PORT)], default=587
    )
    security = RadioField(
        "Security",
        choices={
            mail_settings.STARTTLS: "STARTTLS",
            mail_settings.TLS: "TLS",
            mail_settings.PLAIN: "None",
        },
        default=mail_settings.STARTTLS,
    )
    username = StringField(
        "User name",
        filters=[trimmed],
        validators=[Plain(), Length(max=255, message="Use at most 255 characters.")],
    )
    password = PasswordField(
        "Password", validators=[Length(max=500, message="Use at most 500 characters.")]
    )
    sender = address_field("Sender's address")

    def entered(self) -> Entered | None:
        """What was entered, checked; None where the form now says what is wrong."""
        if not self.validate():
            return None
        given = Entered(
            host=self.host.data.lower(),
            port=self.port.data or mail_settings.PORTS[self.security.data],
            security=self.security.data,
            username=self.username.data or "",
            password=self.password.data or None,
            sender=self.sender.data,
        )
        with reading() as db:
            problem = given.problem(mail_settings.current(db))
        if problem is None and not letters.can_send_from(given.sender):
            problem = "sender", "No mail can be sent from this address."
        if problem is not None:
            field, sentence = problem
            self[field].errors = [sentence]
            return None
        return given


@bp.get("/mail")
def mail() -> str:
    return render_template(PAGE, form=_kept_form(), **_context())


@bp.post("/mail")
def keep_mail() -> Page:
    form = MailForm()
    if refusal := refused():
        ask_for_secrets_again(form)
        return render_template(PAGE, form=form, **_context(refusal.sentence)), refusal.status
    entered = form.entered()
    if entered is None:
        return render_template(PAGE, form=form, **_context()), 422
    with writing() as db:
        mail_settings.keep(db, entered, by=me().person_id, now=now())
    flash("The mail server is saved. Notices go by mail from now on.", "success")
    return redirect(url_for("admin.mail"))


@bp.post("/mail/test")
def test_mail() -> Page:
    """Sends one to whoever asks, by what is entered; keeps what came of it for the kept server."""
    form = MailForm()
    entered = form.entered()
    if entered is None:
        return _wrong(form), 422
    with reading() as db:
        is_kept = mail_settings.is_kept(db, entered)
    code = _tried(entered)
    if is_kept:
        with writing() as db:
            mail_settings.note_attempt(db, code, now=now())
    sentence = mail_problems.words(code) if code else f"The mail to {me().address} was taken."
    return _tested(form, Outcome(code is None, sentence))


@bp.post("/mail/stop")
@asks_again("admin.mail")
def stop_mail() -> Redirect:
    with writing() as db:
        mail_settings.forget(db, by=me().person_id, now=now())
    flash("The portal sends no more mail. Notices are shown on its pages.", "success")
    return redirect(url_for("admin.mail"))


def _tried(entered: Entered) -> str | None:
    """Sends the test; why it was not taken, as a code."""
    with reading() as db:
        server = mail_settings.server_entered(db, entered)
        sender = letters.sender_of(db, entered.sender)
    to, name, key = me().address, me().name, parts().outside.ids()
    try:
        message = letters.test(to=to, name=name, sender=sender, key=key, now=now())
        parts().outside.mail(server, message)
    except letters.CannotWrite:
        return "recipient"
    except MailProblem as problem:
        return problem.code
    return None


def _kept_form() -> MailForm:
    with reading() as db:
        kept = mail_settings.current(db)
    if kept is None:
        return MailForm(formdata=None)
    return MailForm(
        formdata=None,
        host=kept.host,
        port=kept.port,
        security=kept.security,
        username=kept.username,
        sender=kept.sender,
    )


def _context(wrong_password: str = "") -> dict[str, Any]:
    present = proof()
    with reading() as db:
        kept = mail_settings.current(db)
        return {
            "kept": kept,
            "problem": mail_problems.words(kept.code) if kept and kept.code else "",
            "waiting": mails.count_waiting(db),
            "recent": [_line(one, name) for one, name in mails.recent(db, most=SHOWN)],
            "outcome": None,
            "proof": present,
            "wrong_password": wrong_password,
        }


def _line(one: OutgoingMail, name: str) -> dict[str, Any]:
    return {"kind": KINDS.get(one.kind, one.kind), "name": name, "at": one.created_at} | _fate(one)


def _fate(one: OutgoingMail) -> dict[str, Any]:
    """How far it got: a badge, and a sentence where there is something to say."""
    if one.sent_at is not None:
        return {"badge": ("Sent", "ok"), "words": ""}
    if one.code == mails.SAID_HERE:
        return {"badge": ("Banner", "info"), "words": "No mail was set up."}
    if one.code == mails.OVERTAKEN:
        return {"badge": ("Not needed", None), "words": "It was over before the mail could go."}
    why = mail_problems.words(one.code) if one.code else ""
    waits = one.due_at is not None
    return {"badge": ("Waiting", "info") if waits else ("Not sent", "danger"), "words": why}


def _tested(form: MailForm, outcome: Outcome) -> str:
    if is_htmx():
        return render_template("admin/_mail_outcome.html", outcome=outcome)
    return render_template(PAGE, form=form, **{**_context(), "outcome": outcome})


def _wrong(form: MailForm) -> str:
    if not is_htmx():
        return render_template(PAGE, form=form, **_context())
    said = " ".join(f"{form[name].label.text}: {text[0]}" for name, text in form.errors.items())
    return render_template("admin/_mail_outcome.html", outcome=Outcome(False, said))
