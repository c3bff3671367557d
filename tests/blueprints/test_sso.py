"""Signing in with Microsoft and elsewhere: who gets in, as whom, and where they land."""

import pytest
from sqlalchemy import update

from portal.signing_in.providers import MICROSOFT, OIDC
from portal.tables import Audit, Person, Registration, SessionRow, SignInIdentity
from simulator.registration import CONTOSO, FABRIKAM
from tests.browse import Browser
from tests.cast import CAST
from tests.sign_ins import (
    ELSEWHERE,
    answer,
    door,
    link,
    name_of,
    person,
    provide,
    remove_person,
    sign_in,
)
from tests.stage import Stage

BOTH = pytest.mark.parametrize("kind", [MICROSOFT, OIDC])


@BOTH
def test_the_sign_in_page_offers_what_is_on(stage: Stage, visitor: Browser, kind: str) -> None:
    button = f"Sign in with {name_of(kind)}"
    provide(stage, kind)
    assert button in visitor.get("/sign-in").texts("button")

    provide(stage, kind, enabled=False)

    assert button not in visitor.get("/sign-in").texts("button")


@BOTH
def test_a_known_person_is_found_by_a_verified_address(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    provide(stage, kind)

    page = sign_in(stage, visitor, "alice", kind)

    assert page.path.startswith("/calendar")
    assert "Alice Ardent" in page.text
    assert [row.person_id for row in stage.rows(SignInIdentity)] == [stage.person_id("alice")]


@BOTH
def test_afterwards_the_subject_counts_and_not_the_address(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    provide(stage, kind)
    sign_in(stage, visitor, "alice", kind)
    with stage.database.writing() as db:
        db.execute(
            update(Person)
            .where(Person.address == CAST["alice"].address)
            .values(address="a@x.example")
        )

    page = sign_in(stage, stage.portal.visitor(), "alice", kind)

    assert "Alice Ardent" in page.text
    assert len(stage.rows(SignInIdentity)) == 1


@BOTH
def test_somebody_new_is_added_where_that_is_allowed(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    remove_person(stage, "alice")
    provide(stage, kind, creates_people=True)

    page = sign_in(stage, visitor, "alice", kind)

    made = person(stage, "alice")
    assert "Alice Ardent" in page.text
    assert (made.role, made.password_hash, made.must_change_password) == ("member", "", False)
    assert "person added at sign-in" in [row.act for row in stage.rows(Audit)]


@BOTH
def test_nobody_is_added_where_that_is_off(stage: Stage, visitor: Browser, kind: str) -> None:
    remove_person(stage, "alice")
    provide(stage, kind)

    page = sign_in(stage, visitor, "alice", kind)

    assert page.path == "/sign-in"
    assert "nobody is added by signing in" in page.notices[0]


@BOTH
def test_a_domain_that_is_not_listed_is_not_let_in(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    provide(stage, kind, allowed_domains=["mail.contoso.example", "example"], creates_people=True)

    page = sign_in(stage, visitor, "alice", kind)

    assert page.path == "/sign-in"
    assert "Addresses of your domain are not let in" in page.notices[0]
    assert stage.rows(SignInIdentity) == []


@BOTH
def test_a_disabled_person_is_refused(stage: Stage, visitor: Browser, kind: str) -> None:
    provide(stage, kind)
    sign_in(stage, visitor, "alice", kind)
    with stage.database.writing() as db:
        db.execute(update(Person).values(disabled_at=stage.now))

    page = sign_in(stage, stage.portal.visitor(), "alice", kind)

    assert "is disabled" in page.notices[0]


@BOTH
def test_an_owner_is_never_found_by_the_address_alone(
    stage: Stage, visitor: Browser, kind: str
) -> None:
    stage.world.add_person("Olivia Oak", CAST["olivia"].address)
    provide(stage, kind)

    page = sign_in(stage, visitor, "olivia", kind)

    assert "Owners are never tied" in page.notices[0]
    assert stage.rows(SignInIdentity) == []


@pytest.mark.parametrize("known", [True, False])
def test_an_address_nobody_verified_ties_and_adds_nobody(
    stage: Stage, visitor: Browser, known: bool
) -> None:
    """And the sentence does not tell whether there is such a person."""
    if not known:
        remove_person(stage, "alice")
    provide(stage, OIDC, creates_people=True)

    page = sign_in(stage, visitor, "alice", OIDC, unverified="yes")

    assert page.path == "/sign-in"
    assert page.notices[0] == (
        f"{ELSEWHERE} does not answer for your e-mail address: it was never verified there. If you "
        f"have an account here, sign in with your password and link {ELSEWHERE} on your profile, "
        f"or have the address verified at {ELSEWHERE}."
    )
    assert stage.rows(SignInIdentity) == []


def test_who_linked_it_comes_in_without_a_verified_address(stage: Stage, alice: Browser) -> None:
    provide(stage, OIDC)
    link(stage, alice, "alice", OIDC, unverified="yes")

    page = sign_in(stage, stage.portal.visitor(), "alice", OIDC, unverified="yes")

    assert "Alice Ardent" in page.text


def register_for_everybody(stage: Stage) -> None:
    with stage.database.writing() as db:
        db.execute(update(Registration).values(tenant="organizations"))


def test_only_tenants_that_are_listed_come_in(stage: Stage, visitor: Browser) -> None:
    register_for_everybody(stage)
    provide(stage, allowed_tenants=[CONTOSO], allowed_domains=["fabrikam.example"])

    page = sign_in(stage, visitor, "dave")

    assert (page.path, "may not sign in to this portal" in page.notices[0]) == ("/sign-in", True)
    provide(stage, allowed_tenants=[CONTOSO, FABRIKAM], allowed_domains=["fabrikam.example"])
    assert "Dave Dunn" in sign_in(stage, stage.portal.visitor(), "dave").text


def test_everybody_of_an_allowed_tenant_may_be_added(stage: Stage, visitor: Browser) -> None:
    remove_person(stage, "bob")
    provide(stage, allowed_tenants=[CONTOSO], allowed_domains=[], creates_people=True)

    assert "Bob Brook" in sign_in(stage, visitor, "bob").text
    # Somebody who was here before is not tied without a domain that says so.
    page = sign_in(stage, stage.portal.visitor(), "alice")
    assert "link Microsoft on your profile" in page.notices[0]


@BOTH
def test_one_lands_where_one_wanted_to_go(stage: Stage, visitor: Browser, kind: str) -> None:
    provide(stage, kind)
    address = door(visitor, kind, start="/sign-in?next=/meetings/")

    page = visitor.get(answer(stage, address, "alice", kind), follow=False)

    assert page.location == "/meetings/"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_one_never_lands_on_another_site(stage: Stage, visitor: Browser, target: str) -> None:
    provide(stage)
    gone = visitor.submit(
        visitor.get("/sign-in"), "Sign in with Microsoft", next=target, follow=False
    )
    back = answer(stage, gone.location.removeprefix("http://simulator.localhost"), "alice")

    assert visitor.get(back, follow=False).location == "/calendar"


@BOTH
def test_every_sign_in_is_a_session_of_its_own(stage: Stage, alice: Browser, kind: str) -> None:
    provide(stage, kind)
    planted = alice.client.get_cookie("lockstep", domain="portal.localhost").value
    address = door(stage.portal.visitor(), kind)
    assert address.count("state=") == 1

    # In a browser that somebody is signed in with already, as a fixed session would be.
    bob = stage.portal.visitor()
    back = answer(stage, door(bob, kind), "bob", kind)
    bob.get(back)

    newest = stage.rows(SessionRow)[-1]
    assert (newest.person_id, newest.provider_id) == (stage.person_id("bob"), 1)
    assert bob.client.get_cookie("lockstep", domain="portal.localhost").value != planted


def test_a_temporary_password_is_not_asked_of_who_came_by_a_provider(
    stage: Stage, visitor: Browser
) -> None:
    with stage.database.writing() as db:
        db.execute(update(Person).values(must_change_password=True))
    provide(stage)

    assert sign_in(stage, visitor, "alice").path.startswith("/calendar")
