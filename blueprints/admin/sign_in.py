"""Account Management > Sign-in: Microsoft, other providers, passwords, the prompt to integrate."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.room import bp
from blueprints.admin.sign_in_forms import MicrosoftForm, shown, wished
from blueprints.edge import me, now, reading, writing
from blueprints.sign_in_again import asks_again, proof, refused
from portal import accounts, policy, prompts, registrations
from portal.configuration import settings
from portal.signing_in import providers, ways_in
from portal.signing_in.providers import MICROSOFT
from portal.staff import groups

PAGE = "admin/sign_in.html"
NOT_PROVEN = (
    "First an owner has to sign in with one of these providers, as it is set up now. Otherwise a "
    "mistake in it could lock everybody out."
)


@bp.get("/sign-in")
def sign_in() -> str:
    with reading() as db:
        held = shown(db, providers.microsoft(db))
    return _page(MicrosoftForm(formdata=None, **held))


@bp.post("/sign-in/microsoft")
def keep_microsoft() -> Redirect | tuple[str, int]:
    form = MicrosoftForm()
    if refusal := refused():
        return _page(form, wrong_password=refusal.sentence), refusal.status
    with writing() as db:
        row = providers.microsoft(db)
        wish = wished(db, form, row)
        if wish is not None:
            providers.keep(db, row, wish, kind=MICROSOFT, by=me().person_id, now=now())
    if wish is None:
        return _page(form), 422
    saved()
    return redirect(url_for("admin.sign_in"), 303)


@bp.post("/sign-in/passwords")
@asks_again("admin.sign_in")
def switch_passwords() -> Redirect | tuple[str, int]:
    wish = request.form.get("passwords")
    if wish not in ("on", "off"):
        return _again("Choose on or off.")
    with writing() as db:
        unproven = wish == "off" and not ways_in.is_proven(db)
        if not unproven:
            key, off = ways_in.PASSWORDS_OFF, wish == "off"
            settings.choose(db, key, off, by=me().person_id, now=now())
    if unproven:
        return _again(NOT_PROVEN)
    said = "Passwords are switched off." if wish == "off" else "Passwords are taken again."
    flash(said, "success")
    return redirect(url_for("admin.sign_in", _anchor="passwords"), 303)


def saved() -> None:
    """Says so, and what a change of a provider means for passwords that are switched off."""
    flash("Saved.", "success")
    with reading() as db:
        held = ways_in.passwords(db)
    if held.wished and not held.proven:
        flash(
            "Passwords are taken again until an owner has signed in with a provider as it is set "
            "up now.",
            "warning",
        )


def _again(problem: str) -> tuple[str, int]:
    with reading() as db:
        held = shown(db, providers.microsoft(db))
    return _page(MicrosoftForm(formdata=None, **held), problem=problem), 422


def _page(form: MicrosoftForm, *, problem: str = "", wrong_password: str = "") -> str:
    present = proof()
    with reading() as db:
        microsoft = providers.microsoft(db)
        return render_template(
            PAGE,
            form=form,
            problem=problem,
            proof=present,
            wrong_password=wrong_password,
            microsoft=microsoft,
            registration=registrations.current(db),
            redirect_uri=providers.callback_address(accounts.the_account(db), microsoft),
            others=providers.of_kind(db, providers.OIDC),
            linked=providers.people_of(db),
            passwords=ways_in.passwords(db),
            counts=prompts.counts(db),
            asks=policy.of_account(db)["sso_prompt"],
            asks_words=settings.CHOICES["sso_prompt"].words,
            group_names=[group.name for group in groups.all_of_them(db)],
        )
