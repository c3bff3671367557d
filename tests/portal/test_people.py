"""Small rules about people: passwords, sessions, addresses, the command for the locked-out."""

import pytest
from click.testing import CliRunner

import app as program
from portal import people
from portal.addresses import is_loopback, network_of, public_address_problem
from portal.signing_in import passwords, sessions, throttle
from portal.tables import ConsentRequest, SessionRow
from tests.cast import CAST, PASSWORD
from tests.conftest import SEAL_KEY


@pytest.mark.parametrize(
    "password", ["short", "password1234", "aaaaaaaaaaaa", "x" * 257, "olivia123456"]
)
def test_a_weak_password_is_refused_with_a_sentence(password):
    assert passwords.weakness(password, address="olivia@contoso.example")


def test_a_good_password_is_not_refused():
    assert passwords.weakness(PASSWORD, address="olivia@contoso.example") is None
    assert passwords.weakness(PASSWORD, address="o@contoso.example") is None


def test_a_damaged_hash_matches_nothing():
    assert not passwords.matches("damaged", PASSWORD)


@pytest.mark.parametrize(
    "address",
    [
        "https://portal.example.org",
        "https://portal.example.org:8443/",
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
    ],
)
def test_people_can_reach_a_portal_here(address):
    assert public_address_problem(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "portal",
        "portal.example.org",
        "http://portal.example.org",
        "ftp://localhost",
        "https://",
        "https://portal example.org",
        "https://portal.example.org/app",
        "https://portal.example.org?x=1",
        "https://portal.example.org#x",
        "https://me@portal.example.org",
        "https://portal.example.org:99999",
        "https://[::1",
        "javascript:alert(1)",
        "https://portal.example.org\\@evil.example",
    ],
)
def test_people_cannot_reach_a_portal_there(address):
    assert public_address_problem(address)


@pytest.mark.parametrize("host", ["10.0.0.1", "localhost.example.org", "127.0.0.1.example", ""])
def test_other_machines_are_not_this_one(host):
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("origin", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "unknown"),
    ],
)
def test_a_network_is_what_one_site_holds(origin, network):
    assert network_of(origin) == network


def test_old_failures_are_dropped_with_the_next_one(portal):
    limits = throttle.at_setup("203.0.113.9")
    with portal.writing() as db:
        throttle.note_failure(db, limits, now=portal.clock())
        portal.clock.advance(minutes=20)
        throttle.note_failure(db, limits, now=portal.clock())
        assert db.query(throttle.SignInFailure).count() == 1


def test_a_session_lasts_a_week_at_most(portal):
    with portal.writing() as db:
        alice = people.by_address(db, CAST["alice"].address)
        row = sessions.begin(
            db, alice.id, token="t", browser="B", origin="127.0.0.1", now=portal.clock()
        )
    for _ in range(24 * 7 // 6):
        portal.clock.advance(hours=6)
        with portal.writing() as db:
            sessions.touch(db, row.id, now=portal.clock())

    with portal.reading() as db:
        assert sessions.find(db, "t", now=portal.clock()) is None


def test_sessions_long_over_are_forgotten(portal, alice):
    portal.clock.advance(days=38)

    with portal.writing() as db:
        sessions.forget_old(db, now=portal.clock())

    with portal.reading() as db:
        assert db.query(SessionRow).count() == db.query(ConsentRequest).count() == 0


def command(portal, *words):
    variables = {"INSTANCE": str(portal.settings.instance), "SEAL_KEYS": SEAL_KEY}
    return CliRunner().invoke(program.cli, list(words), env=variables)


def test_a_locked_out_owner_gets_in_again(portal, visitor, olivia):
    new = "nine-slow-barges-go-home"
    said = command(
        portal,
        "create-owner",
        "--address",
        CAST["olivia"].address,
        "--name",
        "O",
        "--password",
        new,
    )

    assert said.exit_code == 0, said.output
    assert olivia.get("/profile").path == "/sign-in"
    page = visitor.post("/sign-in", {"address": CAST["olivia"].address, "password": new})
    assert page.path == "/calendar"


def test_an_owner_made_at_the_command_line_needs_a_good_password(portal):
    said = command(
        portal, "create-owner", "--address", "n@contoso.example", "--name", "N", "--password", "x"
    )

    assert said.exit_code == 1
    assert "at least 12" in said.output
