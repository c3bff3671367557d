"""Admin > People: found, filtered, sorted, fifty at a time, and as a file."""

import csv
import io

import pytest

from portal import people
from portal.configuration import settings
from portal.configuration.settings import Level
from portal.staff import groups
from tests import make, staff
from tests.browse import EXTENSION
from tests.cast import CAST, Role
from tests.page import words
from tests.rules import watched

FILE = "/admin/people.csv"


def names(page):
    return [words(row).split(" person")[0] for row in page.all("th", scope="row")]


def first_names(page):
    return [words(row).split()[0] for row in page.all("th", scope="row")]


@pytest.fixture
def hired(portal):
    with portal.writing() as db:
        return staff.hire(db, 60, now=portal.clock())


def test_the_list_names_everybody_with_role_and_groups(carol, alice, portal):
    with portal.writing() as db:
        who = people.by_id(db, alice.person_id)
        for name in ("Sales", "Berlin"):
            group = groups.add(db, name, by=carol.person_id, now=portal.clock())
            groups.join(db, group, who, by=carol.person_id, now=portal.clock())

    page = carol.get("/admin/people")

    assert first_names(page) == ["Alice", "Bob", "Carol", "Dave", "Olivia"]
    assert "Alice Ardent alice@contoso.example Member Sales, Berlin Not set up" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("words=ALICE", ["Alice"]),
        ("words=fabrikam", ["Dave"]),
        ("words=oak+olivia", ["Olivia"]),
        ("words=nobody", []),
        ("role=admin", ["Carol"]),
        ("signs_in=disabled", ["Bob"]),
        ("state=not_set_up&signs_in=active", ["Alice", "Carol", "Dave", "Olivia"]),
        ("group=0&role=owner", ["Olivia"]),
        ("sort=role", ["Olivia", "Carol", "Alice", "Bob", "Dave"]),
        ("sort=newest", ["Dave", "Olivia", "Carol", "Bob", "Alice"]),
        ("state=nonsense&group=77&role=king", ["Alice", "Bob", "Carol", "Dave", "Olivia"]),
    ],
)
def test_what_is_looked_for_is_found(carol, portal, query, found):
    with portal.writing() as db:
        bob = people.by_address(db, CAST["bob"].address)
        bob.disabled_at = portal.clock()

    assert first_names(carol.get(f"/admin/people?{query}")) == found


def test_a_name_is_found_whatever_its_letters(carol, portal):
    with portal.writing() as db:
        make.person(
            db,
            Role("Ärla Öström", "arla@contoso.example", "member"),
            password_hash="",
            now=portal.clock(),
        )

    assert names(carol.get("/admin/people?words=öström"))[0].startswith("Ärla Öström")


def test_states_modes_and_versions_are_filtered_by(carol, hired, portal):
    with portal.writing() as db:
        settings.choose(db, "enabled", True, by=carol.person_id, now=portal.clock())
        level = Level(group_id=groups.by_name(db, "Team 001").id)
        settings.choose(
            db, "sync_version", "1.0", level=level, by=carol.person_id, now=portal.clock()
        )

    assert "20 people found" in carol.get("/admin/people?state=needs_consent").text
    assert "60 people found" in carol.get("/admin/people?mode=oauth").text
    assert "12 people found" in carol.get("/admin/people?version=1.0").text
    assert "Nobody fits" in carol.get("/admin/people?mode=application").text


def test_what_needs_help_can_be_put_first(carol, hired, portal):
    with portal.writing() as db:
        settings.choose(db, "enabled", True, by=carol.person_id, now=portal.clock())

    page = carol.get("/admin/people?sort=state")

    assert names(page)[:2] == ["Person 0001", "Person 0004"]


def test_fifty_are_shown_and_the_others_are_a_page_away(carol, hired):
    page = carol.get("/admin/people?words=person")

    assert len(names(page)) == 50
    rest = carol.follow(page, "Later")
    assert names(rest) == [f"Person {one:04}" for one in range(50, 60)]
    assert names(carol.get("/admin/people?words=person&page=99")) == names(rest)


def test_htmx_gets_the_list_alone(carol):
    page = carol.get("/admin/people?words=alice", htmx=True)

    assert page.all("main") == []
    assert first_names(page) == ["Alice"]


def test_the_file_holds_what_the_filter_finds(carol, alice, stage):
    stage.connect(alice, "alice")
    stage.rest()
    page = carol.get("/admin/people?words=contoso")

    file = carol.submit(page, "Export as CSV")

    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "people-2026-11-18.csv" in file.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(file.body.removeprefix("\ufeff"))))
    assert [row["Name"].split()[0] for row in rows] == ["Alice", "Bob", "Carol", "Olivia"]
    assert rows[0]["Connection"] == "Connected"
    assert rows[0]["Last good round"] == "2026-11-18T09:00:00Z"
    assert rows[1]["Connection"] == "Not set up"


@pytest.mark.parametrize("name", ["=1+1", "+49 30", "-2", "@SUM(A1)", " =HYPERLINK()", "＝1"])
def test_a_name_is_no_formula_in_the_file(carol, portal, name):
    with portal.writing() as db:
        people.by_address(db, CAST["bob"].address).name = name

    rows = list(csv.reader(io.StringIO(carol.post(FILE, {"words": "bob"}).body)))

    assert rows[1][0] == f"'{name}"


@pytest.mark.parametrize(
    "address",
    ["/admin/people", "/admin/people?sort=state&state=connected&version=2.0", FILE],
)
def test_more_people_are_no_more_questions(carol, portal, address):
    with portal.writing() as db:
        settings.choose(db, "enabled", True, by=carol.person_id, now=portal.clock())
        staff.hire(db, 20, now=portal.clock())
    few = asked(carol, portal, address)
    with portal.writing() as db:
        staff.hire(db, 180, now=portal.clock(), first=20, in_groups=100)

    assert asked(carol, portal, address) == few


def asked(browser, portal, address):
    """How many statements the page takes, of the readers it is read by."""
    ask = browser.post if address == FILE else browser.get
    ask(address)
    database = portal.app.extensions[EXTENSION].database
    with watched(database._readers) as statements:
        assert ask(address).status == 200
    return len(statements)
