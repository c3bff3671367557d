"""Passwords off: only when an owner has come in another way, and never so that nobody comes in."""

import pytest
from click.testing import CliRunner
from sqlalchemy import update

import app as program
from portal.signing_in import ways_in
from portal.tables import Audit, Person, Registration
from tests.browse import Browser
from tests.cast import CAST, PASSWORD
from tests.conftest import SEAL_KEY
from tests.page import Page
from tests.sign_ins import choose, link, provide, sign_in
from tests.stage import Stage

OLIVIA = {"address": CAST["olivia"].address, "password": PASSWORD}


@pytest.fixture(autouse=True)
def olivia_is_at_microsoft(stage: Stage) -> None:
    stage.world.add_person("Olivia Oak", CAST["olivia"].address)


def owner_comes_in(stage: Stage, olivia: Browser) -> None:
    provide(stage)
    link(stage, olivia, "olivia")
    sign_in(stage, stage.portal.visitor(), "olivia")


def switch_off(browser: Browser) -> Page:
    return browser.submit(browser.get("/admin/sign-in"), "Switch off")


def takes_passwords(stage: Stage) -> bool:
    page = stage.portal.visitor().post("/sign-in", OLIVIA)
    return page.path.startswith("/calendar")


def test_before_an_owner_has_come_in_another_way_they_stay(stage: Stage, olivia: Browser) -> None:
    provide(stage)
    link(stage, olivia, "olivia")
    sign_in(stage, stage.portal.visitor(), "alice")

    page = switch_off(olivia)

    assert page.status == 422
    assert "First an owner has to sign in" in page.notices[0]
    assert takes_passwords(stage)


def test_afterwards_they_can_be_switched_off(stage: Stage, olivia: Browser) -> None:
    owner_comes_in(stage, olivia)

    page = switch_off(olivia)

    assert page.notices == ["Passwords are switched off."]
    refused = stage.portal.visitor().post("/sign-in", OLIVIA)
    assert (refused.status, "Passwords are switched off" in refused.notices[0]) == (403, True)
    assert refused.all("input", type="password") == []
    assert "Olivia Oak" in sign_in(stage, stage.portal.visitor(), "olivia").text
    assert "passwords_off" in [row.subject for row in stage.rows(Audit)]


def test_and_on_again(stage: Stage, olivia: Browser) -> None:
    owner_comes_in(stage, olivia)
    switch_off(olivia)

    olivia.submit(olivia.get("/admin/sign-in"), "Take passwords")

    assert takes_passwords(stage)


@pytest.mark.parametrize("wish", ["", "maybe"])
def test_another_word_changes_nothing(stage: Stage, olivia: Browser, wish: str) -> None:
    assert olivia.post("/admin/sign-in/passwords", {"passwords": wish}).status == 422
    assert takes_passwords(stage)


def test_a_changed_provider_takes_effect_once_an_owner_came_in_by_it(
    stage: Stage, olivia: Browser
) -> None:
    owner_comes_in(stage, olivia)
    switch_off(olivia)
    stage.clock.advance(minutes=1)

    page = olivia.submit(olivia.get("/admin/sign-in"), "Save", allowed_domains="other.example")

    assert "Passwords are taken again until an owner" in page.notices[1]
    assert takes_passwords(stage)
    sign_in(stage, stage.portal.visitor(), "olivia")
    assert not takes_passwords(stage)


def test_so_does_a_changed_registration(stage: Stage, olivia: Browser) -> None:
    owner_comes_in(stage, olivia)
    switch_off(olivia)
    stage.clock.advance(minutes=1)
    with stage.database.writing() as db:
        db.execute(update(Registration).values(changed_at=stage.now))

    assert takes_passwords(stage)


def test_an_owner_who_is_disabled_proves_nothing(stage: Stage, olivia: Browser) -> None:
    owner_comes_in(stage, olivia)
    switch_off(olivia)
    with stage.database.writing() as db:
        carol = Person.address == CAST["carol"].address
        db.execute(update(Person).where(carol).values(role="owner"))
        is_olivia = Person.address == CAST["olivia"].address
        db.execute(update(Person).where(is_olivia).values(disabled_at=stage.now))

    with stage.database.reading() as db:
        assert not ways_in.passwords_off(db)


def test_the_only_provider_of_owners_without_passwords_stays_on(
    stage: Stage, olivia: Browser
) -> None:
    owner_comes_in(stage, olivia)
    with stage.database.writing() as db:
        db.execute(update(Person).values(password_hash=""))

    page = olivia.submit(olivia.get("/admin/sign-in"), "Save", enabled=None)

    assert page.errors["enabled"] == "No owner has another way to sign in, so it stays on."


def test_the_last_way_is_kept_where_passwords_are_off(
    stage: Stage, alice: Browser, olivia: Browser
) -> None:
    owner_comes_in(stage, olivia)
    link(stage, alice, "alice")
    switch_off(olivia)

    page = alice.post("/profile/ways/2/unlink")

    assert "your last way to sign in" in page.notices[0]
    assert "Switched off in this portal." in alice.get("/profile").text


def test_whoever_runs_the_server_can_always_come_in(stage: Stage, olivia: Browser) -> None:
    owner_comes_in(stage, olivia)
    choose(stage, "passwords_off", True)
    assert not takes_passwords(stage)

    who = ["--address", OLIVIA["address"], "--name", "Olivia Oak", "--password", PASSWORD]
    here = {"INSTANCE": str(stage.portal.settings.instance), "SEAL_KEYS": SEAL_KEY}
    ended = CliRunner().invoke(program.cli, ["create-owner", *who], env=here)

    assert "with this password" in ended.output
    assert takes_passwords(stage)
