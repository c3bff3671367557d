"""There is always an owner who can sign in, whatever is tried, in whatever order, and at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portal import people
from portal.tables import Audit
from tests.cast import CAST

ADDRESS = CAST["olivia"].address
WAYS = {
    "disable": {},
    "role": {"role": "admin"},
    "delete": {"address": ADDRESS},
}
REFUSED = "is the last owner, and there is always one. Make somebody else an owner first."


def owners(portal):
    with portal.reading() as db:
        return [
            one.id
            for one in people.everybody(db)
            if one.role == "owner" and one.disabled_at is None
        ]


def make_owner(portal, person_id, *, disabled=False):
    with portal.writing() as db:
        person = people.by_id(db, person_id)
        person.role = "owner"
        person.disabled_at = portal.clock() if disabled else None


@pytest.mark.parametrize("way", WAYS)
def test_the_last_owner_does_not_take_themselves_away(olivia, portal, stage, way):
    page = olivia.post(f"/admin/people/{olivia.person_id}/{way}", WAYS[way])

    assert f"Olivia Oak {REFUSED}" in " ".join(page.notices)
    assert owners(portal) == [olivia.person_id]
    [row] = [one for one in stage.rows(Audit) if one.act == "last owner kept"]
    assert (row.person_id, row.subject) == (olivia.person_id, f"person {olivia.person_id}")
    assert row.after.startswith(way)


@pytest.mark.parametrize("way", WAYS)
def test_an_owner_who_is_disabled_does_not_count(olivia, carol, portal, way):
    make_owner(portal, carol.person_id, disabled=True)

    olivia.post(f"/admin/people/{olivia.person_id}/{way}", WAYS[way])

    assert owners(portal) == [olivia.person_id]


@pytest.mark.parametrize("way", ["role", "delete"])
def test_one_of_two_owners_may_step_back(olivia, carol, portal, way):
    make_owner(portal, carol.person_id)

    olivia.post(f"/admin/people/{olivia.person_id}/{way}", WAYS[way])

    assert owners(portal) == [carol.person_id]


@pytest.mark.parametrize("first", WAYS)
@pytest.mark.parametrize("second", WAYS)
def test_in_any_order_one_is_left(olivia, carol, portal, first, second):
    make_owner(portal, carol.person_id)
    address = {"address": CAST["carol"].address}

    olivia.post(f"/admin/people/{carol.person_id}/{first}", WAYS[first] | address)
    olivia.post(f"/admin/people/{olivia.person_id}/{second}", WAYS[second])

    assert owners(portal) == [olivia.person_id]


@pytest.mark.parametrize("way", WAYS)
def test_two_owners_who_remove_each_other_at_once_leave_one(olivia, carol, portal, way):
    make_owner(portal, carol.person_id)
    for browser in (olivia, carol):
        browser.get("/profile")
    start = Barrier(2)

    def strike(pair):
        browser, whom, address = pair
        start.wait()
        browser.post(f"/admin/people/{whom}/{way}", WAYS[way] | {"address": address}, follow=False)

    pairs = [
        (olivia, carol.person_id, CAST["carol"].address),
        (carol, olivia.person_id, ADDRESS),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(strike, pairs))

    assert len(owners(portal)) == 1


def test_an_administrator_makes_no_owner_and_unmakes_none(carol, alice, olivia, portal):
    page = carol.post(f"/admin/people/{alice.person_id}/role", {"role": "owner"})

    assert "Only owners make owners." in " ".join(page.notices)
    assert carol.post(f"/admin/people/{olivia.person_id}/role", {"role": "admin"}).status == 403
    assert owners(portal) == [olivia.person_id]


def test_a_role_is_changed_and_logged(olivia, alice, stage):
    page = olivia.submit(
        olivia.get(f"/admin/people/{alice.person_id}"), "Change role", role="admin"
    )

    assert "Alice Ardent is now: administrator." in page.notices
    assert alice.get("/admin/people").status == 200
    [row] = [one for one in stage.rows(Audit) if one.act == "role changed"]
    assert (row.before, row.after) == ("member", "admin")


def test_whoever_steps_back_to_member_leaves_the_room(carol):
    page = carol.post(f"/admin/people/{carol.person_id}/role", {"role": "member"})

    assert page.path == "/profile"
    assert carol.get("/admin/people").status == 404
