"""Connecting: the three steps, and who is let through them."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import delete

from portal.tables import Connection, ConsentRequest, Registration
from tests.browse import Browser
from tests.page import Page
from tests.stage import Stage, consent

STEPS = [
    ("GET", "/connect/service"),
    ("POST", "/connect/service"),
    ("GET", "/connect/permissions"),
    ("POST", "/connect/microsoft"),
]


def opened(browser: Browser, method: str, path: str) -> Page:
    return browser.get(path) if method == "GET" else browser.post(path)


def returning(stage: Stage, browser: Browser) -> str:
    """The address at which Microsoft sends Alice back."""
    stage.switch(on=True)
    return consent(stage.simulator, stage.world, stage.leave_for_microsoft(browser), "alice")


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_way_leads_from_the_profile_over_two_pages_to_microsoft(
    stage: Stage, alice: Browser
) -> None:
    stage.switch(on=True)

    service = alice.follow(alice.get("/profile"), "Configure Calendar and Contacts Service")
    permissions = alice.submit(service, "Next")
    gone = alice.submit(permissions, "Continue to Microsoft", follow=False)

    assert (service.h1, permissions.h1) == (
        "Configure Calendar and Contacts Service",
        "What you allow",
    )
    assert "See your time zone" in permissions.text
    question = asked(str(gone.location))
    assert question["code_challenge_method"] == "S256"
    assert "Calendars.ReadWrite" in question["scope"].split()
    assert question["prompt"] == "select_account"


def test_who_wants_only_to_see_is_asked_only_for_that(stage: Stage, alice: Browser) -> None:
    stage.switch(on=True)

    question = asked(stage.leave_for_microsoft(alice, calendar_access="read"))

    assert "Calendars.Read" in question["scope"].split()
    assert "Calendars.ReadWrite" not in question["scope"]
    assert "Mail" not in question["scope"].replace("MailboxSettings", "")


def test_a_finished_consent_connects_and_says_so(stage: Stage, alice: Browser) -> None:
    page = stage.connect(alice, "alice")

    assert page.path == "/profile"
    assert "alice@contoso.example is connected" in page.notices[0]
    (connection,) = stage.rows(Connection)
    assert (connection.state, connection.calendar_access) == ("connecting", "read_write")
    assert connection.object_id == stage.world.person("alice").id


def test_only_seeing_is_kept_though_microsoft_granted_more_before(
    stage: Stage, alice: Browser
) -> None:
    stage.world.grant_consent("alice", ["Calendars.ReadWrite"])

    stage.connect(alice, "alice", calendar_access="read")

    assert stage.rows(Connection)[0].calendar_access == "read"


@pytest.mark.parametrize("service", ["google", "exchange", "", "office365\x00", "x" * 5000])
def test_another_service_cannot_be_chosen(stage: Stage, alice: Browser, service: str) -> None:
    stage.switch(on=True)

    page = alice.post("/connect/service", {"service": service})

    assert page.status == 422
    assert "cannot be connected here" in page.text


def test_an_unknown_permission_cannot_be_chosen(stage: Stage, alice: Browser) -> None:
    stage.switch(on=True)

    page = alice.post("/connect/microsoft", {"calendar_access": "everything"})

    assert page.status == 422
    assert stage.rows(ConsentRequest) == []


def test_while_switched_off_the_profile_says_so(alice: Browser) -> None:
    page = alice.get("/profile")

    assert "switched off for this portal" in page.text
    assert "Configure Calendar and Contacts Service" not in page.text


@pytest.mark.parametrize(("method", "path"), STEPS)
def test_while_switched_off_every_step_is_refused(
    stage: Stage, alice: Browser, method: str, path: str
) -> None:
    page = opened(alice, method, path)

    assert page.path == "/profile"
    assert "switched off" in page.notices[0]
    assert stage.rows(ConsentRequest) == []


def test_switched_off_while_a_person_is_at_microsoft_nothing_is_connected(
    stage: Stage, alice: Browser
) -> None:
    back = returning(stage, alice)
    stage.switch(on=False)

    page = alice.get(back)

    assert "switched off" in page.notices[0]
    assert stage.rows(Connection) == []


@pytest.mark.parametrize(("method", "path"), STEPS)
def test_without_a_registration_every_step_is_refused(
    stage: Stage, alice: Browser, method: str, path: str
) -> None:
    stage.switch(on=True)
    with stage.portal.writing() as db:
        db.execute(delete(Registration))

    page = opened(alice, method, path)

    assert page.path == "/profile"
    assert "not registered at Microsoft yet" in page.notices[0]


@pytest.mark.parametrize(
    ("method", "path"), [*STEPS, ("GET", "/connect/microsoft/callback?state=x")]
)
def test_nobody_connects_without_signing_in(
    stage: Stage, visitor: Browser, method: str, path: str
) -> None:
    assert opened(visitor, method, path).path == "/sign-in"


def test_coming_back_offers_the_permission_one_has(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice", calendar_access="read")

    page = alice.get("/connect/permissions")

    assert page.value("calendar_access") == "read"
    assert "Connected now: alice@contoso.example" in page.text
    assert asked(stage.leave_for_microsoft(alice))["login_hint"] == "alice@contoso.example"


def test_no_secret_stands_in_the_log_or_in_the_database_file(
    stage: Stage, alice: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    back = returning(stage, alice)

    alice.get(back)
    stage.rest()

    sent = asked(back)
    (connection,) = stage.rows(Connection)
    (request,) = stage.rows(ConsentRequest)
    secrets = [
        connection.access_token,
        connection.refresh_token,
        sent["code"],
        sent["state"],
        request.nonce,
        request.verifier,
    ]
    stored = b"".join(
        file.read_bytes() for file in Path(stage.database.path).parent.glob("lockstep.db*")
    )
    for secret in secrets:
        assert secret not in caplog.text
        assert secret.encode() not in stored
    assert "alice@contoso.example" not in caplog.text
