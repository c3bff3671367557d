"""Invited people who come in through a provider: the address that was invited, and none else."""

import pytest

from portal.signing_in.providers import MICROSOFT, OIDC
from portal.staff import groups
from portal.tables import Audit, Invitation, Person
from tests.blueprints.test_invitation_links import path_on
from tests.blueprints.test_passwords_off import owner_comes_in, switch_off
from tests.blueprints.test_sso import BOTH
from tests.browse import Browser
from tests.cast import CAST
from tests.sign_ins import answer, door, person, provide, remove_person, says, sign_in
from tests.stage import Stage

ALICE = CAST["alice"].address


@pytest.fixture(autouse=True)
def alice_is_nobody_here(stage: Stage) -> None:
    remove_person(stage, "alice")


def invite(browser: Browser, *, address: str = ALICE, role: str = "member", group: str = "") -> str:
    form = {"name": "Alice A.", "address": address, "role": role, "group": group}
    return path_on(browser.post("/admin/people/invite", form))


def nobody_joined(stage: Stage) -> bool:
    [kept] = stage.rows(Invitation)
    return kept.used_at is None and ALICE not in [row.address for row in stage.rows(Person)]


@BOTH
def test_the_invited_come_in_with_role_and_group_and_no_password(
    stage: Stage, visitor: Browser, carol: Browser, kind: str
) -> None:
    with stage.database.writing() as db:
        sales = groups.add(db, "Sales", by=stage.person_id("carol"), now=stage.now).id
    provide(stage, kind)
    link = invite(carol, role="admin", group=str(sales))

    page = sign_in(stage, visitor, "alice", kind)

    joined = person(stage, "alice")
    assert (page.path, joined.role, joined.primary_group_id) == ("/calendar", "admin", sales)
    assert (joined.password_hash, joined.must_change_password) == ("", False)
    assert {"invitation accepted", "sign-in linked"} <= {row.act for row in stage.rows(Audit)}
    assert "was used already" in stage.portal.visitor().get(link).text


@BOTH
def test_the_page_of_the_link_offers_the_providers(
    stage: Stage, visitor: Browser, carol: Browser, kind: str
) -> None:
    provide(stage, kind)
    link = invite(carol)

    assert door(visitor, kind, start=link).startswith("/")


def test_without_a_provider_the_page_offers_none(visitor: Browser, carol: Browser) -> None:
    assert "Sign in with Microsoft" not in visitor.get(invite(carol)).texts("button")


@pytest.mark.parametrize("unverified", [True, False])
def test_only_a_verified_address_of_an_allowed_domain_counts(
    stage: Stage, visitor: Browser, carol: Browser, unverified: bool
) -> None:
    provide(stage, OIDC, allowed_domains=["contoso.example"] if unverified else ["else.example"])
    invite(carol)

    form = {"unverified": "yes"} if unverified else {}
    page = sign_in(stage, visitor, "alice", OIDC, **form)

    assert page.path == "/sign-in"
    assert nobody_joined(stage)


def test_another_address_uses_nobodys_invitation(
    stage: Stage, visitor: Browser, carol: Browser
) -> None:
    provide(stage, OIDC)
    invite(carol)
    says(stage, "alice", {"email": "alice.other@contoso.example"})

    page = sign_in(stage, visitor, "alice", OIDC)

    assert "nobody is added by signing in" in page.notices[0]
    assert nobody_joined(stage)


@pytest.mark.parametrize("creates", [True, False])
def test_nobody_becomes_an_owner_so(
    stage: Stage, visitor: Browser, olivia: Browser, creates: bool
) -> None:
    provide(stage, creates_people=creates)
    invite(olivia, role="owner")

    page = sign_in(stage, visitor, "alice")

    assert "Nobody becomes an owner" in page.notices[0]
    assert nobody_joined(stage)


@pytest.mark.parametrize("fate", ["expired", "withdrawn"])
def test_an_invitation_that_is_over_lets_nobody_in(
    stage: Stage, visitor: Browser, carol: Browser, fate: str
) -> None:
    provide(stage, MICROSOFT)
    invite(carol)
    if fate == "expired":
        stage.clock.advance(days=8)
    else:
        carol.submit(carol.get("/admin/people/invitations"), "Withdraw")

    page = sign_in(stage, visitor, "alice")

    assert "nobody is added by signing in" in page.notices[0]
    assert nobody_joined(stage)


def test_an_invitation_falls_with_who_made_it(
    stage: Stage, visitor: Browser, carol: Browser, olivia: Browser
) -> None:
    provide(stage)
    invite(carol, role="admin")
    olivia.post(f"/admin/people/{carol.person_id}/role", {"role": "member"})

    page = sign_in(stage, visitor, "alice")

    assert "nobody is added by signing in" in page.notices[0]
    assert nobody_joined(stage)


def test_where_passwords_are_off_the_page_leads_to_the_provider(
    stage: Stage, visitor: Browser, olivia: Browser
) -> None:
    stage.world.add_person("Olivia Oak", CAST["olivia"].address)
    owner_comes_in(stage, olivia)
    switch_off(olivia)
    of_a_member = invite(olivia)
    of_an_owner = invite(olivia, address="erin@contoso.example", role="owner")

    owners = visitor.get(of_an_owner)
    assert "nobody becomes an owner by signing in elsewhere" in owners.text
    assert "Sign in with Microsoft" not in owners.texts("button")

    visitor.get(answer(stage, door(visitor, start=of_a_member), "alice"))
    assert person(stage, "alice").password_hash == ""
