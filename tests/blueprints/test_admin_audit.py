"""Admin > Audit log: sentences, filters, pages, the file."""

import csv
import io
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import text

from portal import audit, people
from portal.configuration import settings
from portal.configuration.settings import Level
from portal.staff import groups as nouns
from portal.tables import Audit
from tests.blueprints import groups
from tests.cast import PASSWORD
from tests.rules import watched

PLACE = "/admin/audit"


@pytest.fixture
def carol(portal):
    """She has not proved lately who she is."""
    return portal.signed_in("carol", lately=False)


def note(portal, act, *, by=None, subject="account", count=1, **told):
    with portal.writing() as db:
        for _ in range(count):
            audit.record(db, by=by, act=act, subject=subject, now=portal.clock(), **told)


def rows(portal):
    with portal.reading() as db:
        return db.query(Audit).order_by(Audit.id).all()


def lines(page):
    return page.texts("div", class_="row-title")


def choose(portal, key, value, by, *, group=None):
    with portal.writing() as db:
        level = Level(group_id=group)
        settings.choose(db, key, value, level=level, by=by, now=portal.clock())


def test_changes_are_told_in_sentences(portal, carol, alice):
    sales = groups.add(portal, "Sales", "alice", by=carol.person_id)
    choose(portal, "sync_version", "1.0", carol.person_id)
    choose(portal, "back_months", 2, carol.person_id, group=sales)
    with portal.writing() as db:
        by, now = carol.person_id, portal.clock()
        settings.lock(db, "enabled", reason="The works council", by=by, now=now)
        people.disable(db, people.by_id(db, alice.person_id), by=by, now=now)

    page = carol.get(PLACE)

    inherited = "what the account has"
    locked, changed = "locked “Integrate third-party mail", "changed “Bi-directional Calendar Sync”"
    assert [told for told in lines(page) if told.startswith("Carol Chen ")] == lines(page)
    assert [told.removeprefix("Carol Chen ") for told in lines(page)] == [
        "disabled Alice Ardent.",
        f"{locked} and calendar services” for the account.",
        f"changed “Coverage, months back” for the group Sales from {inherited} to 2 months.",
        f"{changed} for the account from Version 2.0 to Version 1.0.",
        "added Alice Ardent to the group Sales.",
        "added the group Sales.",
    ]
    assert "Reason: The works council" in page.text


def test_an_act_without_a_sentence_is_told_by_its_name(portal, carol):
    note(portal, "moon watched", by=carol.person_id, subject="moon 3", after={"phase": "full"})

    page = carol.get(PLACE)

    assert lines(page) == ["Carol Chen: moon watched, moon 3."]
    assert "Phase: full" in page.text


def test_who_is_gone_keeps_a_number_and_a_group_its_name(portal, carol, olivia):
    sales = groups.add(portal, "Sales", "alice", by=carol.person_id)
    note(portal, "person enabled", by=77, subject="person 78")
    with portal.writing() as db:
        nouns.remove(db, nouns.find(db, sales), by=carol.person_id, now=portal.clock())

    page = carol.get(f"{PLACE}?group={sales}")

    assert "Carol Chen removed the group Sales." in lines(page)
    assert "removed since" in page.text
    (told,) = lines(carol.get(f"{PLACE}?person=77"))
    assert "person 77, deleted since enabled person 78" in told.lower()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("person=carol", 2),
        ("person=ALICE%40contoso", 2),
        ("person=nobody", 0),
        ("person=%25", 0),
        ("act=person+enabled", 2),
        ("act=person+disabled&person=alice", 1),
        ("since=2026-11-19", 1),
        ("until=2026-11-18", 3),
        ("since=2026-11-18&until=2026-11-18", 3),
        ("group=1", 1),
        ("group=junk", 4),
    ],
)
def test_the_list_is_filtered(asked, told, portal, carol, alice, olivia):
    subject = f"person {alice.person_id}"
    note(portal, "person disabled", by=carol.person_id, subject=subject)
    note(portal, "person enabled", by=carol.person_id, subject=subject)
    note(portal, "group added", by=olivia.person_id, subject="group 1", after="X", group_id=1)
    portal.clock.advance(days=1)
    note(portal, "person enabled", by=olivia.person_id, subject=f"person {olivia.person_id}")

    assert len(lines(portal.signed_in("carol").get(f"{PLACE}?{asked}"))) == told


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("since=yesterday", "since"),
        ("since=0001-01-01", "since"),
        ("until=9999-12-31", "until"),
        ("since=2026-11-18&until=2026-11-17", "until"),
        (f"person={'x' * 101}", "person"),
    ],
)
def test_a_filter_that_cannot_be_read_says_so(asked, field, portal, carol):
    note(portal, "database restored")
    sent = dict(parse_qsl(asked))
    for page in (carol.get(f"{PLACE}?{asked}"), carol.post(f"{PLACE}.csv", sent)):
        assert page.status == 422
        assert field in page.errors
        assert lines(page) == []


def test_pages_go_on_where_the_last_one_ended_and_ask_no_more_for_more_rows(portal, carol):
    engine = portal.app.extensions["lockstep"].database._readers
    note(portal, "person enabled", by=carol.person_id, subject="person 900")
    with watched(engine) as few:
        carol.get(PLACE)
    for number in range(119):
        note(portal, "person enabled", by=carol.person_id, subject=f"person {901 + number}")
    with watched(engine) as many:
        first = carol.get(f"{PLACE}?act=person+enabled")

    second = carol.follow(first, "Earlier")
    note(portal, "database restored")  # moves nothing that is being read
    third = carol.follow(second, "Earlier")

    told = [*lines(first), *lines(second), *lines(third)]
    assert len(few) == len(many)
    assert [len(lines(page)) for page in (first, second, third)] == [50, 50, 20]
    assert len(set(told)) == 120
    assert "Earlier" not in third.texts("a")
    assert len(lines(carol.follow(third, "Latest"))) == 50


def test_the_file_holds_what_the_filter_asks_for_and_no_formulas(portal, carol):
    with portal.writing() as db:
        for name in ("=1+1", "Sales"):
            nouns.add(db, name, by=carol.person_id, now=portal.clock())
    note(portal, "database restored", count=600)

    shown = carol.get(f"{PLACE}?act=group+added")

    page = carol.submit(shown, "Download as CSV", own_password=PASSWORD)

    rows = list(csv.reader(io.StringIO(page.body.removeprefix("\ufeff"))))
    assert page.headers["Content-Type"].startswith("text/csv")
    assert [row[2] for row in rows[1:]] == [
        "Carol Chen added the group Sales.",
        "Carol Chen added the group =1+1.",
    ]
    assert rows[2][6] == "'=1+1"
    assert not any(cell.startswith("=") for row in rows for cell in row)
    whole = carol.post(f"{PLACE}.csv", {"own_password": PASSWORD}).body
    assert len(list(csv.reader(io.StringIO(whole)))) == 605


@pytest.mark.parametrize(
    ("sent", "says"), [("", "Enter your password."), ("wrong", "This is not your password.")]
)
def test_without_the_password_nothing_is_taken_along(sent, says, portal, carol):
    note(portal, "database restored", count=2)
    shown = carol.get(f"{PLACE}?act=database+restored")

    page = carol.submit(shown, "Download as CSV", own_password=sent)

    assert (page.status, page.headers["Content-Type"].partition(";")[0]) == (422, "text/html")
    assert says in page.text
    assert page.value("act") == "database restored"
    assert carol.get(f"{PLACE}.csv").status == 405
    assert [row.act for row in rows(portal)] == ["database restored"] * 2


def test_what_was_taken_along_is_in_the_log(portal, carol):
    note(portal, "database restored")

    carol.post(f"{PLACE}.csv", {"own_password": PASSWORD, "act": "database restored"})

    [row] = [row for row in rows(portal) if row.act == "audit log exported"]
    assert (row.person_id, row.after) == (carol.person_id, {"act": "database restored"})


def test_nothing_in_the_log_is_read_as_html_or_as_a_pattern(portal, carol):
    note(portal, "group added", subject="group 5", after="<b>{who.id}</b>", group_id=5)

    page = carol.get(PLACE)

    assert lines(page) == ["The portal added the group <b>{who.id}</b>."]
    with portal.reading() as db:
        assert db.query(Audit).count() == 1


def test_the_page_checks_that_the_log_is_intact(portal, carol):
    note(portal, "database restored", count=3)

    page = carol.submit(carol.get(PLACE), "Check that it is intact")

    assert page.notices == ["The log is intact: all 3 rows are as they were written."]


def test_a_row_changed_past_the_portal_is_shown(portal, carol):
    note(portal, "database restored", count=3)
    with portal.writing() as db:
        db.execute(text("DROP TRIGGER audit_no_update"))
        db.execute(text("UPDATE audit SET act = 'person added' WHERE id = 2"))

    page = carol.submit(carol.get(PLACE), "Check that it is intact")

    assert "Row 2 is not as it was written" in page.notices[0]
    assert "intact until row 1" in page.notices[0]
