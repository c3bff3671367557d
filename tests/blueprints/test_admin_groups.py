"""User Management > Groups: the list, its members, and what removing a group does."""

import pytest

from portal.configuration import settings
from portal.configuration.settings import Level
from portal.staff import groups as nouns
from portal.tables import Audit, Connection
from tests.blueprints import groups
from tests.rules import watched

PLACE = "/admin/groups"


@pytest.fixture
def sales(portal, carol):
    return groups.add(portal, "Sales", "alice", by=carol.person_id)


def choose(portal, key, value, group_id, by):
    with portal.writing() as db:
        level = Level(group_id=group_id)
        settings.choose(db, key, value, level=level, by=by, now=portal.clock())


def test_a_group_is_added_and_listed_with_its_size_and_settings(portal, carol):
    page = carol.submit(carol.get(PLACE), "Add the group", name="Sales")
    group_id = int(page.path.rpartition("/")[2])
    carol.post(f"{PLACE}/{group_id}/members", {"person": carol.person_id})
    choose(portal, "back_months", 1, group_id, carol.person_id)

    listed = carol.get(PLACE)
    assert "Sales 1 person. 1 setting of its own." in listed.text
    assert listed.link("Sales") == f"{PLACE}/{group_id}"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (" ", "Enter a name"),
        ("x" * 121, "at most 120"),
        ("sALES", "of this name already"),
        ("Sa\u202eles", "invisible"),
    ],
)
def test_a_name_that_does_not_fit_adds_nothing(name, says, sales, portal, carol):
    added = carol.post(PLACE, {"name": name})
    other = groups.add(portal, "Berlin", by=carol.person_id)
    renamed = carol.post(f"{PLACE}/{other}/rename", {"name": name})

    for page in (added, renamed):
        assert page.status == 422
        assert says in page.errors["name"]
    with portal.reading() as db:
        assert [one.name for one in nouns.all_of_them(db)] == ["Berlin", "Sales"]


def test_a_group_is_renamed(sales, carol):
    page = carol.submit(carol.get(f"{PLACE}/{sales}"), "Rename", name="sales")

    assert page.h1 == "sales"


def test_somebody_is_found_by_name_or_address_and_added(sales, portal, carol):
    by_name = carol.get(f"{PLACE}/{sales}?add=brook")
    by_address = carol.get(f"{PLACE}/{sales}?add=BOB%40contoso", htmx=True)
    assert "bob@contoso.example" in by_name.text
    assert "Bob Brook" in by_address.text

    page = carol.submit(by_name, "Add")

    assert "Bob Brook is in Sales, and its settings hold for them." in page.notices[0]
    assert groups.names(portal, sales) == ["Alice Ardent", "Bob Brook"]
    assert "Nobody outside the group" in carol.get(f"{PLACE}/{sales}?add=brook").text


def test_a_second_group_becomes_the_primary_one_on_demand_only(sales, portal, carol):
    berlin = groups.add(portal, "Berlin", "alice", by=carol.person_id)
    assert groups.primary(portal, "alice") == sales
    page = carol.get(f"{PLACE}/{berlin}")
    assert "Primary group: Sales" in page.text

    carol.submit(page, "Make primary")

    assert groups.primary(portal, "alice") == berlin


def test_who_leaves_the_primary_group_falls_back(sales, portal, carol):
    groups.add(portal, "Berlin", "alice", by=carol.person_id)

    page = carol.submit(carol.get(f"{PLACE}/{sales}"), "Remove")

    assert "no longer in Sales. Their primary group is Berlin." in page.notices[0]
    assert groups.names(portal, sales) == []


def test_removing_says_first_what_becomes_of_people_and_settings(sales, portal, carol):
    groups.add(portal, "Berlin", "alice", by=carol.person_id)
    carol.post(f"{PLACE}/{sales}/members", {"person": carol.person_id})
    choose(portal, "enabled", True, sales, carol.person_id)

    said = carol.follow(carol.get(f"{PLACE}/{sales}"), "Remove the group")

    for words in (
        "2 people lose the integration",
        "2 people leave the group",
        "1 person gets the settings of another group",
        "1 person falls back to the account's settings",
        "For 2 people something else holds then",
        "1 setting of its own goes",
    ):
        assert words in said.text


def test_a_removed_group_leaves_its_people(sales, portal, carol):
    with portal.writing() as db:
        settings.choose(db, "rollout_groups", [sales], by=carol.person_id, now=portal.clock())

    page = carol.submit(carol.get(f"{PLACE}/{sales}/remove"), "Remove the group")

    assert "The group Sales is removed" in page.notices[0]
    assert groups.primary(portal, "alice") is None
    assert carol.get(f"{PLACE}/{sales}").status == 404
    with portal.reading() as db:
        assert settings.of_account(db)["rollout_groups"].value == []
        assert "group removed" in [row.act for row in db.query(Audit)]


def test_whoever_moves_where_the_integration_is_off_gets_notice_at_once(
    sales, portal, stage, alice, carol
):
    stage.connect(alice, "alice")
    stage.rest()
    choose(portal, "enabled", False, sales, carol.person_id)
    berlin = groups.add(portal, "Berlin", "alice", by=carol.person_id)
    carol.post(f"{PLACE}/{berlin}/members/{alice.person_id}/primary")
    before = stage.rows(Connection)[0].cut_off_at

    carol.post(f"{PLACE}/{sales}/members/{alice.person_id}/primary")

    (after,) = stage.rows(Connection)
    assert before is None
    assert (after.cut_off_at - portal.clock()).days == 7


def test_a_group_or_person_that_is_not_there(sales, carol):
    for path in ("999", "999/remove"):
        assert carol.get(f"{PLACE}/{path}").status == 404
    for path in ("999/rename", f"{sales}/members", f"{sales}/members/999/primary"):
        assert carol.post(f"{PLACE}/{path}", {"name": "x", "person": "9" * 30}).status == 404


def test_lists_are_paged_and_searched_with_the_same_number_of_queries(sales, portal, carol):
    engine = portal.app.extensions["lockstep"].database._readers
    counts = []
    for many in (0, 120):
        for number in range(many):
            groups.add(portal, f"Team {number:03d}", by=carol.person_id)
        with watched(engine) as asked:
            page = carol.get(PLACE)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert "Page 1 of 3" in page.text
    assert "Team 119" in carol.get(f"{PLACE}?page=99").text
    assert "Team 007" in carol.get(f"{PLACE}?q=team%20007").text
    assert "No group has" in carol.get(f"{PLACE}?q=100%25").text


def test_members_are_paged_with_the_same_number_of_queries(portal, carol):
    groups.crowd(portal, 120)
    group_id = groups.add(portal, "All", by=carol.person_id)
    engine = portal.app.extensions["lockstep"].database._readers
    counts = []
    for _ in range(2):
        with watched(engine) as asked:
            page = carol.get(f"{PLACE}/{group_id}")
        counts.append(len(asked))
        with portal.writing() as db:
            everybody = [one for one in db.query(groups.Person) if one.address.startswith("p")]
            group = nouns.find(db, group_id)
            nouns.join_all(db, group, everybody, by=carol.person_id, now=portal.clock())

    assert counts[1] <= counts[0] + 1  # the names of primary groups, once for the page
    assert "Page 1 of 3" in page.text
    assert "Person 0119" in carol.get(f"{PLACE}/{group_id}?q=p0119").text
