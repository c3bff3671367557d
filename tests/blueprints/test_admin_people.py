"""People: adding, disabling, temporary passwords, and who may act on whom."""

import pytest

from portal import people
from tests.cast import CAST, PASSWORD

ERIN = {"name": "Erin Eddy", "address": "erin@contoso.example", "role": "member"}


def id_of(portal, name):
    with portal.reading() as db:
        return people.by_address(db, CAST[name].address).id


def test_a_person_added_signs_in_with_the_password_shown_once(carol, visitor):
    page = carol.submit(carol.get("/admin/people/new"), "Add the person", **ERIN)
    password = page.by_id("temporary-password").get("value")

    visitor.post("/sign-in", {"address": ERIN["address"], "password": password})

    assert visitor.get("/calendar").path == "/profile/password"
    assert password not in carol.get("/admin/people").body


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", " ", "Enter a name"),
        ("address", "erin", "not an e-mail address"),
        ("address", "erin@contoso..example", "not an e-mail address"),
        ("address", "a b@contoso.example", "not an e-mail address"),
        ("address", "ALICE@contoso.example", "already signs in"),
        ("role", "king", "valid choice"),
    ],
)
def test_a_person_who_does_not_fit_is_not_added(carol, portal, field, value, says):
    page = carol.post("/admin/people/new", {**ERIN, field: value})

    assert page.status == 422
    assert says in page.errors[field]
    with portal.reading() as db:
        assert len(people.everybody(db)) == len(CAST)


def test_disabling_signs_a_person_out_at_once(carol, alice, portal, visitor):
    carol.post(f"/admin/people/{alice.person_id}/disable")

    assert alice.get("/profile").path == "/sign-in"
    page = visitor.post("/sign-in", {"address": CAST["alice"].address, "password": PASSWORD})
    assert page.status == 422


def test_a_disabled_person_can_be_enabled_again(carol, alice, visitor):
    carol.post(f"/admin/people/{alice.person_id}/disable")

    page = carol.submit(carol.get(f"/admin/people/{alice.person_id}"), "Enable")

    assert "Alice Ardent can sign in again." in " ".join(page.notices)
    page = visitor.post("/sign-in", {"address": CAST["alice"].address, "password": PASSWORD})
    assert page.path == "/calendar"


def test_an_administrator_cannot_touch_an_owner(carol, olivia):
    for act in ("disable", "enable", "password", "role", "end-sessions", "delete"):
        assert carol.post(f"/admin/people/{olivia.person_id}/{act}").status == 403
    assert olivia.get("/profile").path == "/profile"


def test_an_administrator_cannot_make_an_owner(carol):
    page = carol.post("/admin/people/new", {**ERIN, "role": "owner"})

    assert page.status == 422
    assert "role" in page.errors


def test_nobody_disables_themselves(carol):
    assert carol.post(f"/admin/people/{carol.person_id}/disable").status == 403


def test_a_new_temporary_password_replaces_the_forgotten_one(carol, alice, visitor):
    page = carol.post(f"/admin/people/{alice.person_id}/password")
    password = page.by_id("temporary-password").get("value")

    assert alice.get("/profile").path == "/sign-in"
    page = visitor.post("/sign-in", {"address": CAST["alice"].address, "password": password})
    assert page.path == "/profile/password"


def test_somebody_who_is_not_there_is_not_there(carol):
    for act in ("disable", "enable", "password", "role", "end-sessions", "sync-now", "delete"):
        assert carol.post(f"/admin/people/999/{act}").status == 404
