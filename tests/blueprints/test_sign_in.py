"""Signing in with a password, being slowed down, signing out."""

import pytest
from sqlalchemy import select, update

from portal.tables import Person, SessionRow
from tests.cast import CAST, PASSWORD

ALICE = {"address": CAST["alice"].address, "password": PASSWORD}
OWN_PATHS = ["/meetings/", "/profile?x=1", "/calendar/agenda?from=2026-11-18"]
FOREIGN = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
    " //evil.example",
    "/ /evil.example",
]


def test_the_right_password_leads_to_the_calendar(visitor):
    page = visitor.submit(visitor.get("/sign-in"), "Sign in", **ALICE)

    assert page.path.startswith("/calendar")
    assert "Alice Ardent" in page.text


def test_the_address_may_be_typed_in_capitals(visitor):
    page = visitor.post("/sign-in", {**ALICE, "address": " ALICE@Contoso.Example "})

    assert page.path.startswith("/calendar")


@pytest.mark.parametrize("address", [CAST["alice"].address, "nobody@contoso.example"])
def test_who_has_an_account_is_not_told(visitor, address):
    page = visitor.post("/sign-in", {"address": address, "password": "not the password"})

    assert page.status == 422
    assert page.notices == ["The e-mail address or the password is not right."]


def test_a_disabled_person_is_answered_as_a_stranger(visitor, portal):
    with portal.writing() as db:
        db.execute(update(Person).values(disabled_at=portal.clock()))

    page = visitor.post("/sign-in", ALICE)

    assert page.notices == ["The e-mail address or the password is not right."]


def test_the_log_learns_of_every_try_and_of_no_words_in_it(visitor, caplog):
    caplog.set_level("INFO", logger="blueprints.sign_in")
    visitor.post("/sign-in", {"address": "nobody@contoso.example", "password": "my-cat-s-name"})
    visitor.post("/sign-in", {**ALICE, "password": "wrong"})
    visitor.post("/sign-in", ALICE)

    said = [record.getMessage().partition(" request=")[0] for record in caplog.records]
    assert [words.split()[1] for words in said] == ["refused", "refused", "granted"]
    assert said[0] == "sign-in refused person=- network=127.0.0.1"
    assert not [words for words in said if "@" in words or "cat" in words]


def test_empty_fields_are_asked_for(visitor):
    page = visitor.submit(visitor.get("/sign-in"), "Sign in", address=" ", password="")

    assert page.status == 422
    assert set(page.errors) == {"address", "password"}


def test_ten_wrong_passwords_close_the_account_for_a_while(visitor, portal):
    for _ in range(10):
        visitor.post("/sign-in", {**ALICE, "password": "wrong"})

    assert visitor.post("/sign-in", ALICE).status == 429
    portal.clock.advance(minutes=16)
    assert visitor.post("/sign-in", ALICE).status == 200


def test_one_network_cannot_try_many_accounts(visitor):
    for number in range(30):
        visitor.post("/sign-in", {"address": f"p{number}@contoso.example", "password": "wrong"})

    assert visitor.post("/sign-in", ALICE).status == 429


def test_guesses_from_elsewhere_keep_nobody_out_who_has_been_here(visitor, alice, portal):
    stranger = portal.visitor()
    stranger.client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    for _ in range(12):
        stranger.post("/sign-in", {**ALICE, "password": "wrong"})

    assert stranger.post("/sign-in", ALICE).status == 429
    assert visitor.post("/sign-in", ALICE).status == 200
    assert alice.get("/profile").status == 200


@pytest.mark.parametrize("target", OWN_PATHS)
def test_signing_in_leads_back_to_where_one_wanted_to_go(visitor, target):
    page = visitor.post("/sign-in", {**ALICE, "next": target}, follow=False)

    assert page.location == target


@pytest.mark.parametrize("target", FOREIGN)
def test_signing_in_never_leads_to_another_site(visitor, target):
    asked = visitor.get("/sign-in")
    page = visitor.submit(asked, "Sign in", **ALICE, next=target, follow=False)

    assert page.location == "/calendar"


def test_a_page_for_people_asks_to_sign_in_and_remembers_the_way(visitor):
    page = visitor.get("/profile/password")

    assert page.path == "/sign-in"
    assert page.value("next") == "/profile/password"


def test_a_fragment_without_a_session_sends_the_whole_page_to_sign_in(visitor):
    page = visitor.get("/admin/account-settings", htmx=True)

    assert page.status == 204
    assert page.headers["HX-Redirect"].startswith("/sign-in")


def test_every_sign_in_is_a_session_of_its_own(visitor, portal):
    visitor.post("/sign-in", ALICE)
    before = visitor.client.get_cookie("lockstep", domain="portal.localhost").value
    portal.visitor().post("/sign-in", ALICE)

    with portal.reading() as db:
        rows = db.scalars(select(SessionRow.token_hash)).all()
    assert len(set(rows)) == 2
    assert before


def test_signing_out_ends_the_session_on_the_server(visitor, portal):
    visitor.post("/sign-in", ALICE)
    stolen = visitor.client.get_cookie("lockstep", domain="portal.localhost").value

    visitor.submit(visitor.get("/profile"), "Sign out")

    thief = portal.visitor()
    thief.client.set_cookie("lockstep", stolen, domain="portal.localhost")
    assert thief.get("/profile").path == "/sign-in"


def test_a_form_without_its_token_changes_nothing(visitor):
    page = visitor.post("/sign-in", {**ALICE, "csrf_token": "forged"})

    assert page.status == 400
    assert visitor.get("/profile").path == "/sign-in"


def test_a_session_ends_when_nobody_uses_it(alice, portal):
    portal.clock.advance(hours=9)

    assert alice.get("/profile").path == "/sign-in"


def test_a_session_in_use_lives_on_for_days(alice, portal):
    for _ in range(4):
        portal.clock.advance(hours=7)
        assert alice.get("/profile").path == "/profile"


def test_a_page_left_open_does_not_prolong_the_session(alice, portal):
    for _ in range(3):
        portal.clock.advance(hours=3)
        alice.get("/live/connection", htmx=True)

    assert alice.get("/profile").path == "/sign-in"
