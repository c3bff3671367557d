"""One's own page: details, password, signed-in browsers."""

import pytest
from sqlalchemy import select, update

from blueprints.profile import browser_words
from portal import people
from portal.signing_in import passwords
from portal.tables import Audit, Person, SessionRow
from tests.cast import CAST, PASSWORD

NEW = "seven-quiet-herons-at-noon"


def test_name_and_zone_can_be_changed(alice, portal):
    page = alice.submit(alice.get("/profile"), "Save", name="Alice A.", zone="Asia/Tokyo")

    assert page.value("zone") == "Asia/Tokyo"
    with portal.reading() as db:
        person = people.by_address(db, CAST["alice"].address)
        assert (person.name, person.zone) == ("Alice A.", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/Olympus"),
        ("zone", ""),
        ("zone", "../../etc/passwd"),
        ("name", " "),
        ("name", "x" * 121),
        ("name", "a\u202eb"),
    ],
)
def test_details_that_do_not_fit_are_not_kept(alice, portal, field, value):
    page = alice.submit(alice.get("/profile"), "Save", **{field: value})

    assert page.status == 422
    assert field in page.errors
    with portal.reading() as db:
        assert people.by_address(db, CAST["alice"].address).name == "Alice Ardent"


def test_a_new_password_signs_out_every_other_browser(alice, portal):
    elsewhere = portal.signed_in("alice")

    page = alice.submit(
        alice.get("/profile/password"),
        "Change password",
        present=PASSWORD,
        password=NEW,
        repeated=NEW,
    )

    assert page.path == "/profile"
    assert elsewhere.get("/profile").path == "/sign-in"
    with portal.reading() as db:
        person = people.by_address(db, CAST["alice"].address)
        assert passwords.matches(person.password_hash, NEW)
        assert db.scalars(select(Audit.act)).all() == ["own password changed"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("present", "not it"),
        ("password", "short"),
        ("password", "password1234"),
        ("password", PASSWORD),
        ("repeated", "different"),
    ],
)
def test_a_password_that_does_not_fit_is_not_taken(alice, portal, field, value):
    entered = {"present": PASSWORD, "password": NEW, "repeated": NEW, field: value}

    page = alice.submit(alice.get("/profile/password"), "Change password", **entered)

    assert page.status == 422
    assert field in page.errors
    with portal.reading() as db:
        assert passwords.matches(
            people.by_address(db, CAST["alice"].address).password_hash, PASSWORD
        )


def test_guessing_the_present_password_is_slowed_down(alice):
    entered = {"present": "guess", "password": NEW, "repeated": NEW}
    for _ in range(10):
        alice.post("/profile/password", entered)

    page = alice.post("/profile/password", {**entered, "present": PASSWORD})

    assert page.status == 429


def test_a_temporary_password_must_be_changed_before_anything_else(alice, portal):
    with portal.writing() as db:
        db.execute(update(Person).values(must_change_password=True))

    page = alice.get("/calendar")
    assert page.path == "/profile/password"
    page = alice.submit(page, "Change password", present=PASSWORD, password=NEW, repeated=NEW)

    assert page.path == "/profile"
    assert alice.get("/calendar").path == "/calendar"


def test_one_other_browser_can_be_signed_out(alice, portal):
    elsewhere = portal.signed_in("alice")

    page = alice.submit(alice.get("/profile"), "End")

    assert elsewhere.get("/profile").path == "/sign-in"
    assert page.texts("span", class_="tag").count("This browser") == 1


def test_all_other_browsers_can_be_signed_out_at_once(alice, portal):
    others = [portal.signed_in("alice") for _ in range(2)]

    alice.submit(alice.get("/profile"), "End all others")

    assert [one.get("/profile").path for one in others] == ["/sign-in"] * 2
    assert alice.get("/profile").path == "/profile"


def test_somebody_elses_session_is_not_there(alice, bob, portal):
    with portal.reading() as db:
        his = db.scalar(select(SessionRow.id).where(SessionRow.person_id == bob.person_id))

    assert alice.post(f"/profile/sessions/{his}/end").status == 404
    assert bob.get("/profile").path == "/profile"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19) Version/19 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X) Firefox/145.0", "Firefox on a Mac"),
        ("curl/8.0", "A browser"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent, words):
    assert browser_words(agent) == words
