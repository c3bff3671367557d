"""Account Management > Sign-in > a provider of OpenID Connect: adding, changing, removing."""

from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.admin.room import bp
from blueprints.admin.sign_in import saved
from blueprints.admin.sign_in_forms import NewProviderForm, ProviderForm, shown, wished
from blueprints.edge import found, is_htmx, me, now, parts, reading, writing
from blueprints.fields import ask_for_secrets_again
from blueprints.sign_in_again import asks_again, proof, refused
from m365.identity.oidc import Provider
from portal import accounts
from portal.signing_in import providers, ways_in
from portal.signing_in.providers import OIDC, Wish
from portal.staff import groups

PAGE, NEW = "admin/sign_in_provider.html", "admin/new_sign_in_provider.html"
TAKEN = "Another provider of this portal has this issuer address."
Page = str | Redirect | tuple[str, int]


@bp.get("/sign-in/providers/new")
def new_provider() -> str:
    return render_template(NEW, form=NewProviderForm())


@bp.post("/sign-in/providers/new")
def add_provider() -> Page:
    """By its name and issuer. It is off until the client at the provider is known here, too."""
    form = NewProviderForm()
    if not form.validate():
        return render_template(NEW, form=form), 422
    wish = Wish(name=form.name.data, issuer=form.issuer.data)
    try:
        with writing() as db:
            row = providers.keep(db, None, wish, kind=OIDC, by=me().person_id, now=now())
    except providers.IssuerTaken:
        form.issuer.errors = [TAKEN]
        return render_template(NEW, form=form), 422
    flash(
        "Saved. Now register this portal at the provider, and enter what it gives you.", "success"
    )
    return redirect(url_for("admin.provider", provider_id=row.id), 303)


@bp.get("/sign-in/providers/<int:provider_id>")
def provider(provider_id: int) -> str:
    with reading() as db:
        held = shown(db, found(providers.find(db, provider_id, kind=OIDC)))
    return _page(provider_id, ProviderForm(formdata=None, **held))


@bp.post("/sign-in/providers/<int:provider_id>")
def keep_provider(provider_id: int) -> Page:
    form = ProviderForm()
    if refusal := refused():
        ask_for_secrets_again(form)
        return _page(provider_id, form, wrong_password=refusal.sentence), refusal.status
    try:
        with writing() as db:
            row = found(providers.find(db, provider_id, kind=OIDC))
            wish = wished(db, form, row)
            if wish is not None:
                providers.keep(db, row, wish, kind=OIDC, by=me().person_id, now=now())
    except providers.IssuerTaken:
        wish, form.issuer.errors = None, [TAKEN]
    if wish is None:
        return _page(provider_id, form), 422
    saved()
    return redirect(url_for("admin.provider", provider_id=provider_id), 303)


@bp.post("/sign-in/providers/<int:provider_id>/test")
def test_provider(provider_id: int) -> str:
    """Reads the description and the keys behind the address as it is entered; keeps nothing."""
    with reading() as db:
        row = found(providers.find(db, provider_id, kind=OIDC))
        back = providers.callback_address(accounts.the_account(db), row)
    issuer = request.form.get("issuer", "").strip()
    if problem := providers.issuer_problem(issuer):
        findings = [{"name": "Issuer address", "ok": False, "sentence": problem}]
    else:
        asked = Provider(issuer, row.client_id)
        findings = [asdict(one) for one in parts().open_id.check(asked, back)]
    if is_htmx():
        return render_template("admin/_findings.html", findings=findings, tested_at=now())
    return _page(provider_id, ProviderForm(), findings=findings)


@bp.post("/sign-in/providers/<int:provider_id>/remove")
@asks_again("admin.provider")
def remove_provider(provider_id: int) -> Redirect:
    try:
        with writing() as db:
            row = found(providers.find(db, provider_id, kind=OIDC))
            ways_in.check_owners_get_in(db, without=row)
            providers.remove(db, row, by=me().person_id, now=now())
    except ways_in.LastWay:
        flash("No owner has another way to sign in, so it stays.", "error")
        return redirect(url_for("admin.provider", provider_id=provider_id), 303)
    flash("Removed. Nobody signs in with it any more.", "success")
    return redirect(url_for("admin.sign_in"), 303)


def _page(
    provider_id: int,
    form: ProviderForm,
    *,
    findings: list[dict[str, object]] | None = None,
    wrong_password: str = "",
) -> str:
    present = proof()
    with reading() as db:
        row = found(providers.find(db, provider_id, kind=OIDC))
        return render_template(
            PAGE,
            form=form,
            proof=present,
            wrong_password=wrong_password,
            row=row,
            redirect_uri=providers.callback_address(accounts.the_account(db), row),
            linked=providers.people_of(db).get(row.id, 0),
            findings=findings or [],
            tested_at=now() if findings else None,
            group_names=[group.name for group in groups.all_of_them(db)],
        )
