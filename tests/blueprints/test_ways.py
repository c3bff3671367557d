"""Ways to sign in, on the profile: linked by whoever is signed in, and the last one stays."""

import pytest
from sqlalchemy import update

from portal.signing_in.providers import MICROSOFT, OIDC
from portal.tables import Audit, Person, SignInIdentity
from tests.browse import Browser
from tests.sign_ins import answer, door, link, name_of, provide, sign_in
from tests.stage import Stage

BOTH = pytest.mark.parametrize("kind", [MICROSOFT, OIDC])


def without_password(stage: Stage) -> None:
    with stage.database.writing() as db:
        db.execute(update(Person).values(password_hash=""))


def unlink(browser: Browser, identity_id: int = 1) -> str:
    """The sentence it ends with."""
    return browser.post(f"/profile/ways/{identity_id}/unlink").notices[0]


@BOTH
def test_a_provider_is_linked_whatever_the_address_there_is(
    stage: Stage, alice: Browser, kind: str
) -> None:
    provide(stage, kind, allowed_domains=[])

    page = link(stage, alice, "bob", kind)

    assert page.notices[0] == f"You can sign in with {name_of(kind)} from now on."
    assert "bob@contoso.example · not used yet" in page.text
    assert "sign-in linked" in [row.act for row in stage.rows(Audit)]
    assert "Alice Ardent" in sign_in(stage, stage.portal.visitor(), "bob", kind).text


@BOTH
def test_linking_belongs_to_the_person_who_began_it(
    stage: Stage, alice: Browser, bob: Browser, kind: str
) -> None:
    provide(stage, kind)
    back = answer(stage, door(alice, kind, start="/profile"), "alice", kind)

    assert "does not belong to" in bob.get(back).notices[0]
    assert stage.rows(SignInIdentity) == []


def test_linking_needs_somebody_who_is_still_signed_in(stage: Stage, alice: Browser) -> None:
    provide(stage)
    back = answer(stage, door(alice, start="/profile"), "alice")
    stage.clock.advance(minutes=5)
    with stage.database.writing() as db:
        db.execute(update(Person).values(disabled_at=stage.now))

    page = alice.get(back)

    assert page.path == "/sign-in"
    assert stage.rows(SignInIdentity) == []


def test_a_second_account_of_the_same_provider_is_not_linked(stage: Stage, alice: Browser) -> None:
    provide(stage)
    link(stage, alice, "alice")
    assert "Link Microsoft" not in alice.get("/profile").texts("button")

    gone = alice.post("/profile/ways/1/link", follow=False)
    back = answer(stage, gone.location.removeprefix("http://simulator.localhost"), "bob")

    assert "linked another account of Microsoft before" in alice.get(back).notices[0]


def test_what_was_linked_can_be_unlinked(stage: Stage, alice: Browser) -> None:
    provide(stage)
    link(stage, alice, "alice")

    assert unlink(alice) == "Unlinked. You can no longer sign in that way."

    assert stage.rows(SignInIdentity) == []
    assert "sign-in unlinked" in [row.act for row in stage.rows(Audit)]


def test_the_last_way_is_never_unlinked(stage: Stage, alice: Browser) -> None:
    provide(stage)
    link(stage, alice, "alice")
    without_password(stage)

    assert "your last way to sign in" in unlink(alice)
    assert len(stage.rows(SignInIdentity)) == 1


def test_a_provider_that_is_off_is_no_other_way(stage: Stage, alice: Browser) -> None:
    provide(stage)
    provide(stage, OIDC)
    link(stage, alice, "alice")
    link(stage, alice, "alice", OIDC)
    without_password(stage)
    provide(stage, OIDC, enabled=False)

    assert "your last way to sign in" in unlink(alice, 1)
    assert unlink(alice, 2) == "Unlinked. You can no longer sign in that way."


def test_nobody_unlinks_what_is_somebody_elses(stage: Stage, alice: Browser, bob: Browser) -> None:
    provide(stage)
    link(stage, alice, "alice")

    assert bob.post("/profile/ways/1/unlink").status == 404
    assert len(stage.rows(SignInIdentity)) == 1


def test_who_has_no_password_is_not_asked_to_change_it(stage: Stage, alice: Browser) -> None:
    without_password(stage)

    page = alice.get("/profile/password")

    assert page.path == "/profile"
    assert "You have no password here." in page.notices[0]
