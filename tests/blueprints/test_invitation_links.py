"""Invitations by link: made, shown once, used once, withdrawn, renewed; wrong ones do nothing."""

import pytest

from portal import people
from portal.staff import groups
from portal.tables import Audit, Invitation
from tests.blueprints.test_people_list import asked
from tests.cast import CAST, PASSWORD, PORTAL

ERIN = {"name": "Erin Eddy", "address": "erin@contoso.example", "role": "member"}
JOINS = {"name": "Erin E.", "zone": "Europe/Paris", "password": PASSWORD, "repeated": PASSWORD}


def invited(browser, **others):
    """The path of the link that was shown."""
    page = browser.post("/admin/people/invite", ERIN | others)
    return path_on(page)


def path_on(page):
    return page.by_id("invitation-link").get("value").removeprefix(PORTAL)


def erin(portal):
    with portal.reading() as db:
        return people.by_address(db, ERIN["address"])


def listed(browser):
    return browser.get("/admin/people/invitations")


def test_the_link_lets_somebody_in_once_with_what_they_choose(carol, visitor, portal):
    with portal.writing() as db:
        sales = groups.add(db, "Sales", by=carol.person_id, now=portal.clock()).id
    link = invited(carol, group=str(sales), role="admin")

    page = visitor.submit(visitor.get(link), "Join", **JOINS)

    assert page.path == "/profile"
    person = erin(portal)
    assert (person.name, person.zone, person.role) == ("Erin E.", "Europe/Paris", "admin")
    assert person.primary_group_id == sales
    assert visitor.get("/admin/people").status == 200
    again = portal.visitor().get(link)
    assert (again.status, "was used already" in again.text) == (410, True)


def test_the_page_says_who_invites_and_proposes_name_and_zone(carol, visitor):
    page = visitor.get(invited(carol))

    assert "Carol Chen invites you to Contoso's portal" in page.text
    assert ERIN["address"] in page.text
    assert (page.value("name"), page.value("zone")) == ("Erin Eddy", "Europe/Berlin")


def test_only_the_hash_of_the_link_is_kept(carol, stage):
    token = invited(carol).rpartition("/")[2]

    [kept] = stage.rows(Invitation)
    assert token not in str(vars(kept))
    assert token not in listed(carol).body
    assert [row.act for row in stage.rows(Audit)] == ["person invited"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", " ", "Enter your name"),
        ("zone", "Europe/Atlantis", "no such time zone"),
        ("password", "short", "at least 12 characters"),
        ("repeated", "another", "differ"),
    ],
)
def test_what_does_not_fit_makes_nobody_and_leaves_the_link(
    carol, visitor, portal, field, value, says
):
    link = invited(carol)

    page = visitor.post(link, JOINS | {field: value})

    assert page.status == 422
    assert says in page.errors[field]
    assert erin(portal) is None
    assert visitor.post(link, JOINS).path == "/profile"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "Enter a name"),
        ("address", "erin", "not an e-mail address"),
        ("address", CAST["alice"].address, "already signs in"),
        ("role", "owner", "valid choice"),
        ("group", "99", "valid choice"),
    ],
)
def test_an_invitation_that_does_not_fit_is_not_made(carol, stage, field, value, says):
    page = carol.post("/admin/people/invite", ERIN | {field: value})

    assert page.status == 422
    assert says.lower() in page.errors[field].lower()
    assert stage.rows(Invitation) == []


def test_a_link_expires_and_can_be_renewed(carol, visitor, portal):
    link = invited(carol)
    portal.clock.advance(days=7)

    assert "has expired" in visitor.get(link).text
    assert visitor.post(link, JOINS).status == 410
    carol = portal.signed_in("carol")
    fresh = path_on(carol.submit(listed(carol), "Renew"))

    assert visitor.get(link).status == 404
    assert visitor.post(fresh, JOINS).path == "/profile"


def test_a_withdrawn_link_says_so(carol, visitor, portal):
    link = invited(carol)

    page = carol.submit(listed(carol), "Withdraw")

    assert "Nobody is invited at the moment" in page.text
    answer = visitor.post(link, JOINS)
    assert (answer.status, "was withdrawn" in answer.text) == (410, True)
    assert erin(portal) is None


def test_another_invitation_to_the_same_address_takes_the_place_of_the_first(carol, visitor):
    first, second = invited(carol), invited(carol, address="ERIN@contoso.example")

    assert "was withdrawn" in visitor.get(first).text
    assert visitor.get(second).status == 200


@pytest.mark.parametrize("fate", ["disabled", "member", "deleted"])
def test_an_invitation_falls_with_who_made_it(carol, visitor, portal, olivia, fate):
    link = invited(carol)

    act = {"disabled": "disable", "member": "role", "deleted": "delete"}[fate]
    form = {"role": "member", "address": CAST["carol"].address}
    olivia.post(f"/admin/people/{carol.person_id}/{act}", form)

    assert visitor.post(link, JOINS).status == (404 if fate == "deleted" else 410)
    assert erin(portal) is None


def test_only_owners_invite_owners_and_touch_such_invitations(carol, olivia, stage):
    invited(olivia, role="owner")
    [kept] = stage.rows(Invitation)

    assert "Renew" not in listed(carol).texts("button")
    for act in ("renew", "withdraw"):
        assert carol.post(f"/admin/people/invitations/{kept.id}/{act}").status == 403
        assert carol.post(f"/admin/people/invitations/99/{act}").status == 404


def test_wrong_links_are_counted_as_wrong_passwords_are(carol, visitor):
    link = invited(carol)
    for number in range(10):
        assert visitor.get(f"/invitation/wrong{number}").status == 404

    closed = visitor.get(link)

    assert (closed.status, "too many failed tries" in closed.text) == (429, True)
    visitor.app.extensions["lockstep"].outside.clock.advance(minutes=16)
    assert visitor.get(link).status == 200


def test_an_address_that_came_in_meanwhile_is_told_to_sign_in(carol, visitor):
    link = invited(carol)
    carol.post("/admin/people/new", ERIN)

    page = visitor.post(link, JOINS)

    assert (page.status, "Sign in with it." in page.text) == (410, True)


def test_the_log_tells_who_invited_and_who_came(carol, visitor, stage, portal):
    visitor.post(invited(carol), JOINS)

    rows = [(row.person_id, row.act, row.after) for row in stage.rows(Audit)]
    assert rows == [
        (carol.person_id, "person invited", {"role": "member"}),
        (erin(portal).id, "invitation accepted", {"role": "member"}),
    ]


def test_the_list_asks_no_more_where_there_are_more(carol, portal):
    invited(carol)
    few = asked(carol, portal, "/admin/people/invitations")
    for number in range(60):
        invited(carol, address=f"erin{number}@contoso.example")

    assert asked(carol, portal, "/admin/people/invitations") == few
    assert "Page 1 of 2" in listed(carol).text
