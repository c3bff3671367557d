"""Account Management > Sign-in: setting providers up, what is refused, what the audit log keeps."""

from typing import Any

import pytest
from sqlalchemy import update

from portal.signing_in.providers import MICROSOFT, OIDC
from portal.tables import Audit, Person, Registration, SessionRow, SignInIdentity, SignInProvider
from simulator.idp.desk import CLIENT_SECRET
from simulator.registration import CONTOSO, FABRIKAM
from tests.browse import Browser
from tests.page import Page
from tests.sign_ins import DOMAIN, ISSUER, group, link, provide, sign_in
from tests.stage import Stage

PAGE = "/admin/sign-in"
MANY_DOMAINS = " ".join(f"d{number}.example" for number in range(101))


def save_microsoft(browser: Browser, **fields: Any) -> Page:
    return browser.submit(browser.get(PAGE), "Save", **fields)


def add(browser: Browser, name: str = "Contoso ID", issuer: str = ISSUER) -> Page:
    page = browser.follow(browser.get(PAGE), "Add a provider")
    return browser.submit(page, "Next", name=name, issuer=issuer)


def acts(stage: Stage) -> list[str]:
    return [row.act for row in stage.rows(Audit) if "provider" in row.act]


def test_microsoft_is_switched_on(stage: Stage, carol: Browser) -> None:
    page = save_microsoft(
        carol, enabled="y", creates_people="y", allowed_domains=f"{DOMAIN}\nbücher.example"
    )

    row = stage.rows(SignInProvider)[0]
    assert page.notices == ["Saved."]
    assert (row.kind, row.enabled, row.creates_people) == (MICROSOFT, True, True)
    assert row.allowed_domains == [DOMAIN, "xn--bcher-kva.example"]
    assert "bücher.example" in page.body
    assert acts(stage) == ["sign-in provider added"]


def test_saving_the_same_again_is_no_change(stage: Stage, carol: Browser) -> None:
    save_microsoft(carol, enabled="y")
    stage.clock.advance(minutes=1)

    save_microsoft(carol)

    assert acts(stage) == ["sign-in provider added"]
    assert stage.rows(SignInProvider)[0].changed_at < stage.now


def test_the_redirect_address_is_there_to_copy(carol: Browser) -> None:
    address = "http://portal.localhost/sign-in/microsoft/callback"

    assert carol.get(PAGE).by_id("sign-in-redirect").get("value") == address
    assert carol.get("/admin/registration").by_id("sign-in-address").get("value") == address


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"creates_people": "y"}, "allowed_domains", "anybody at the provider could become"),
        ({"allowed_domains": "not a domain!"}, "allowed_domains", "is not a domain"),
        (
            {"allowed_domains": "\n".join(f"d{n}.example" for n in range(101))},
            "allowed_domains",
            "at most 100",
        ),
        ({"allowed_tenants": "contoso"}, "allowed_tenants", "is not a tenant's ID"),
        ({"allowed_tenants": FABRIKAM}, "allowed_tenants", "others cannot sign in by it"),
        ({"roles": "bosses = owner"}, "roles", "An owner cannot be made by a claim"),
        ({"roles": "bosses = king"}, "roles", "is no role"),
        ({"roles": "bosses"}, "roles", "is not a line such as"),
        ({"roles": "\n".join(f"v{n} = member" for n in range(101))}, "roles", "at most 100 lines"),
        ({"groups": "sales = Nowhere"}, "groups", "There is no group called 'Nowhere'"),
        ({"role_claim": "x" * 65}, "role_claim", "at most 64"),
        ({"role_claim": "a\u202eb"}, "role_claim", "invisible"),
    ],
)
def test_wrong_rules_are_refused_at_the_field(
    stage: Stage, carol: Browser, fields: dict[str, str], field: str, words: str
) -> None:
    page = save_microsoft(carol, **fields)

    assert page.status == 422
    assert words in page.errors[field]
    assert stage.rows(SignInProvider) == []


def test_without_a_registration_microsoft_stays_off(stage: Stage, carol: Browser) -> None:
    with stage.database.writing() as db:
        db.query(Registration).delete()

    page = save_microsoft(carol, enabled="y")

    assert "Enter the app registration first" in page.errors["enabled"]


def test_a_registration_for_everybody_needs_the_tenants(stage: Stage, carol: Browser) -> None:
    with stage.database.writing() as db:
        db.execute(update(Registration).values(tenant="organizations"))

    page = save_microsoft(carol, enabled="y")

    assert "Say which of them may sign in" in page.errors["allowed_tenants"]
    assert save_microsoft(carol, enabled="y", allowed_tenants=CONTOSO.upper()).notices == ["Saved."]
    assert stage.rows(SignInProvider)[0].allowed_tenants == [CONTOSO]


def test_a_provider_is_added_in_two_steps(stage: Stage, carol: Browser) -> None:
    page = add(carol)
    assert page.h1 == "Contoso ID"
    back = page.by_id("provider-redirect").get("value")
    assert back == "http://portal.localhost/sign-in/oidc/1/callback"

    page = carol.submit(
        page,
        "Save",
        client_id="lockstep",
        secret=CLIENT_SECRET,
        enabled="y",
        allowed_domains=DOMAIN,
    )

    assert page.notices == ["Saved."]
    assert "Alice Ardent" in sign_in(stage, stage.portal.visitor(), "alice", OIDC).text
    assert acts(stage) == ["sign-in provider added", "sign-in provider changed"]
    told = stage.rows(Audit)[1].after
    assert told["secret_replaced"] is True
    assert CLIENT_SECRET not in str([row.after for row in stage.rows(Audit)])


def test_a_secret_left_empty_stays(stage: Stage, carol: Browser) -> None:
    provide(stage, OIDC)

    page = carol.submit(carol.get(f"{PAGE}/providers/1"), "Save", name="Another name")

    row = stage.rows(SignInProvider)[0]
    assert (row.name, row.client_secret) == ("Another name", CLIENT_SECRET)
    assert page.h1 == "Another name"


@pytest.mark.parametrize(
    ("name", "issuer", "field"),
    [
        ("", ISSUER, "name"),
        ("x" * 61, ISSUER, "name"),
        ("a\u202eb", ISSUER, "name"),
        ("New", "", "issuer"),
        ("New", "id.example", "issuer"),
        ("New", "http://id.example", "issuer"),
        ("New", "https://me@id.example", "issuer"),
        ("New", "https://id.example/?a=b", "issuer"),
        ("New", "https://id.example/#a", "issuer"),
        ("New", "https://[::1", "issuer"),
        ("New", "ftp://id.example", "issuer"),
        ("New", f"https://{'x' * 250}.example", "issuer"),
    ],
)
def test_a_provider_that_cannot_be_is_refused(
    stage: Stage, carol: Browser, name: str, issuer: str, field: str
) -> None:
    page = add(carol, name, issuer)

    assert page.status == 422
    assert set(page.errors) == {field}
    assert stage.rows(SignInProvider) == []


def test_two_providers_of_one_issuer_are_refused(stage: Stage, carol: Browser) -> None:
    provide(stage, OIDC)
    assert "has this issuer address" in add(carol).errors["issuer"]

    page = add(carol, issuer="https://id.example")
    page = carol.submit(page, "Save", issuer=ISSUER)

    assert "has this issuer address" in page.errors["issuer"]
    assert stage.rows(SignInProvider)[1].issuer == "https://id.example"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"enabled": "y"}, "client_id"),
        ({"client_id": "x" * 256}, "client_id"),
        ({"creates_people": "y"}, "allowed_domains"),
        ({"issuer": "http://id.example"}, "issuer"),
    ],
)
def test_a_provider_cannot_be_set_so(
    stage: Stage, carol: Browser, fields: dict[str, str], field: str
) -> None:
    page = carol.submit(add(carol), "Save", **fields)

    assert (page.status, set(page.errors)) == (422, {field})
    assert stage.rows(SignInProvider)[0].enabled is False


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        (ISSUER, "The keys that prove who signed in can be read."),
        (f"{ISSUER}/", "calls itself something else"),
        ("http://simulator.localhost/nowhere", "There is no description"),
        ("http://id.example", "must begin with https"),
        ("", "This is not an address"),
    ],
)
def test_the_connection_is_tested_as_it_is_entered(
    stage: Stage, carol: Browser, issuer: str, words: str, htmx: bool
) -> None:
    provide(stage, OIDC)
    before = stage.rows(SignInProvider)[0].changed_at

    page = carol.post(f"{PAGE}/providers/1/test", {"issuer": issuer}, htmx=htmx)

    assert words in " ".join(page.by_id("findings").itertext())
    assert stage.rows(SignInProvider)[0].changed_at == before


def test_removing_a_provider_says_whom_it_concerns(stage: Stage, carol: Browser) -> None:
    provide(stage, OIDC)
    visitor = stage.portal.visitor()
    sign_in(stage, visitor, "alice", OIDC)
    page = carol.get(f"{PAGE}/providers/1")
    assert "1 person has linked it." in page.text

    page = carol.submit(page, "Remove")

    assert page.path == PAGE
    assert (stage.rows(SignInProvider), stage.rows(SignInIdentity)) == ([], [])
    assert {row.provider_id for row in stage.rows(SessionRow)} == {None}
    assert visitor.get("/profile").path == "/profile"
    assert acts(stage)[-1] == "sign-in provider removed"


def test_the_last_way_of_owners_is_not_removed(stage: Stage, olivia: Browser) -> None:
    provide(stage, OIDC)
    stage.world.add_person("Olivia Oak", "olivia@contoso.example")
    link(stage, olivia, "olivia", OIDC)
    with stage.database.writing() as db:
        db.execute(update(Person).values(password_hash=""))

    page = olivia.submit(olivia.get(f"{PAGE}/providers/1"), "Remove")

    assert page.notices == ["No owner has another way to sign in, so it stays."]
    assert len(stage.rows(SignInProvider)) == 1


@pytest.mark.parametrize("end", ["", "/test", "/remove"])
def test_microsoft_has_no_page_of_another_provider(stage: Stage, carol: Browser, end: str) -> None:
    provide(stage, MICROSOFT)

    assert carol.post(f"{PAGE}/providers/1{end}", {"issuer": ISSUER}).status == 404


def test_rules_are_shown_as_they_were_entered(stage: Stage, carol: Browser) -> None:
    group(stage, "Sales")

    page = save_microsoft(
        carol, role_claim="roles", roles="a = b = administrator", group_claim="g", groups="s=sales"
    )

    row = stage.rows(SignInProvider)[0]
    assert (row.roles, row.groups) == ({"a = b": "admin"}, {"s": 1})
    assert page.value("role_claim") == "roles"
    assert "a = b = administrator" in page.body
    assert "s = Sales" in page.body
