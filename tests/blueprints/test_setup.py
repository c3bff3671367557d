"""The first run, step by step."""

import pytest
from sqlalchemy import func, select

import app as program
from portal import accounts, people, registrations
from portal.signing_in import passwords
from portal.tables import Person, SessionRow
from simulator import registration as simulated
from tests.cast import CALLBACK, PASSWORD, PORTAL
from tests.conftest import Portal

OWNER = {
    "organisation": "Contoso",
    "public_address": PORTAL,
    "zone": "Europe/Berlin",
    "name": "Olivia Oak",
    "address": "Olivia@Contoso.example ",
    "password": PASSWORD,
    "repeated": PASSWORD,
}
SECRET = "a-quite-different-password"
APP = {
    "tenant": simulated.CONTOSO,
    "client_id": simulated.CLIENT_ID,
    "secret": simulated.CLIENT_SECRET,
}


@pytest.fixture
def token(new_portal: Portal) -> str:
    """What the server printed."""
    printed = program.offer_setup(new_portal.database, new_portal.outside)
    assert printed is not None
    return printed


@pytest.fixture
def second_step(new_portal, token):
    """A browser that has given the token, and the page it is on."""
    browser = new_portal.visitor()
    page = browser.submit(browser.get("/"), "Continue", token=token)
    return browser, page


def test_a_new_portal_leads_everybody_to_its_setup(new_portal):
    visitor = new_portal.visitor()

    page = visitor.get("/calendar")

    assert page.path == "/setup"
    assert page.h1 == "Welcome to Lockstep"


def test_the_whole_first_run_ends_signed_in_with_microsoft_kept(second_step, new_portal):
    browser, page = second_step

    page = browser.submit(page, "Continue", **OWNER)
    assert page.by_id("redirect-address").get("value") == CALLBACK
    page = browser.submit(page, "Save", **APP)

    assert page.path == "/admin/account-settings"
    assert "The app registration is saved." in page.notices
    with new_portal.reading() as db:
        assert accounts.is_set_up(db)
        assert registrations.current(db).client_secret == simulated.CLIENT_SECRET
        assert db.scalars(select(Person.address)).all() == ["olivia@contoso.example"]


def test_microsoft_can_be_left_for_later(second_step, new_portal):
    browser, page = second_step
    page = browser.submit(page, "Continue", **OWNER)

    page = browser.follow(page, "Skip for now")

    assert page.path == "/admin/account-settings"
    with new_portal.reading() as db:
        assert registrations.current(db) is None


def test_a_wrong_token_opens_nothing(new_portal, token):
    visitor = new_portal.visitor()

    page = visitor.submit(visitor.get("/setup"), "Continue", token="guess")

    assert page.status == 422
    assert "not the token" in page.errors["token"]
    assert visitor.get("/setup/portal").path == "/setup"


def test_guessing_the_token_is_slowed_down(new_portal, token):
    visitor = new_portal.visitor()
    for _ in range(10):
        visitor.post("/setup", {"token": "guess"})

    assert visitor.post("/setup", {"token": token}).status == 429
    new_portal.clock.advance(minutes=16)
    assert visitor.post("/setup", {"token": token}).path == "/setup/portal"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("organisation", "   ", "name of your organisation"),
        ("public_address", "http://portal.example.org", "Use https"),
        ("public_address", "https://portal.example.org/app", "without a path"),
        ("public_address", "portal", "not an address"),
        ("public_address", "https://portal-<b>.example.org", "not an address"),
        ("public_address", f"https://{'a' * 300}.example.org", "not an address"),
        ("zone", "Middle/Earth", "no such time zone"),
        ("link_template", "http://meet.example/{code}", "https"),
        ("link_template", "https://meet.example/room", "{code}"),
        ("name", "", "Enter your name"),
        ("address", "olivia", "not an e-mail address"),
        ("password", "short", "at least 12"),
        ("repeated", "something else", "differ"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(second_step, new_portal, field, value, says):
    browser, page = second_step

    page = browser.submit(page, "Continue", **{**OWNER, field: value})

    assert page.status == 422
    assert says in page.errors[field]
    with new_portal.reading() as db:
        assert db.scalar(select(func.count(Person.id))) == 0
        assert not accounts.is_set_up(db)


def test_an_owner_made_at_the_command_line_before_is_not_made_twice(second_step, new_portal):
    browser, page = second_step
    with new_portal.writing() as db:
        people.make_owner(
            db, address=OWNER["address"], name="O", password=SECRET, now=new_portal.clock()
        )

    browser.submit(page, "Continue", **OWNER)

    with new_portal.reading() as db:
        owner = db.scalars(select(Person)).one()
    assert (owner.name, owner.zone) == (OWNER["name"], OWNER["zone"])
    assert passwords.matches(owner.password_hash, PASSWORD)


def test_of_two_setups_at_once_the_second_finds_the_token_spent(new_portal, token):
    first, second = new_portal.visitor(), new_portal.visitor()
    pages = [one.submit(one.get("/"), "Continue", token=token) for one in (first, second)]

    first.submit(pages[0], "Continue", **OWNER)
    page = second.submit(pages[1], "Continue", **{**OWNER, "address": "mallory@evil.example"})

    assert page.status == 404
    with new_portal.reading() as db:
        assert db.scalars(select(Person.name)).all() == ["Olivia Oak"]


def test_meetings_can_go_without_a_join_link(second_step, new_portal):
    browser, page = second_step

    browser.submit(page, "Continue", **OWNER, with_link=None, link_template="")

    with new_portal.reading() as db:
        assert accounts.the_account(db).join_link_template == ""


def test_a_portal_that_is_set_up_has_no_setup(visitor, portal):
    assert visitor.get("/setup").status == 404
    assert visitor.get("/setup/portal").status == 404
    assert program.offer_setup(portal.database, portal.outside) is None


def test_the_token_works_for_one_setup_only(new_portal, token):
    first, second = new_portal.visitor(), new_portal.visitor()
    for browser in (first, second):
        browser.post("/setup", {"token": token})
    first.post("/setup/portal", OWNER)

    late = second.post("/setup/portal", {**OWNER, "address": "mallory@contoso.example"})

    assert late.status == 404
    with new_portal.reading() as db:
        assert db.scalar(select(func.count(Person.id))) == 1
        assert db.scalar(select(func.count(SessionRow.id))) == 1
