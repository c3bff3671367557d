"""One date of a series, and one and all later ones, as people change them on the pages."""

from datetime import timedelta

import pytest

from portal.tables import Change
from tests import calendar_make as make
from tests.blueprints.choir import SECOND, THIRD, in_outlook, kinds, only


@pytest.fixture
def address(portal):
    return in_outlook(portal)


def cancelled(browser, address, day):
    return browser.submit(browser.get(f"{address}/occurrences/{day}"), "Cancel this one")


def test_one_occurrence_is_edited_and_marked(portal, alice, address):
    form = alice.get(f"{address}/occurrences/{SECOND}/edit")

    page = alice.submit(form, "Save this one", day="2026-12-02", title="Choir, with guests")

    assert "1 person gets mail from Outlook: Bob." in form.notices[0]
    assert "Wednesday 2 December 2026, 10:00 – 11:00 Changed" in page.text
    assert "Choir, with guests" in page.text
    assert kinds(portal) == ["update"]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"day": "2026-12-08"}, "day", "Tuesday 8 December 2026: choose a day before it"),
        ({"day": "2026-11-24"}, "day", "Tuesday 24 November 2026: choose a day after it"),
        ({"day": "2026-11-10"}, "day", "passed"),
        ({"end": "09:00"}, "end", "after the start"),
        ({"title": " "}, "title", "title"),
    ],
)
def test_one_occurrence_is_refused_at_the_field(portal, alice, address, fields, field, words):
    form = alice.get(f"{address}/occurrences/{SECOND}/edit")

    page = alice.submit(form, "Save this one", **fields)

    assert page.status == 422
    assert words in page.errors[field]
    assert only(portal).exceptions == []


def test_one_occurrence_is_cancelled_with_a_note_and_put_back(portal, alice, address):
    page = alice.get(f"{address}/occurrences/{SECOND}")
    gone = alice.submit(page, "Cancel this one", note="Holiday")

    assert "1 person gets mail from Outlook: Bob." in page.text
    assert "Tuesday 1 December 2026, 10:00 – 11:00 Cancelled" in gone.text
    with portal.reading() as db:
        assert db.query(Change).order_by(Change.id.desc()).first().intent["note"] == "Holiday"

    back = alice.submit(gone, "Put back")
    assert "Tuesday 1 December 2026, 10:00 – 11:00 Change or cancel" in back.text


def test_a_note_that_is_too_long_cancels_nothing(portal, alice, address):
    page = alice.get(f"{address}/occurrences/{SECOND}")

    refused = alice.submit(page, "Cancel this one", note="x" * 1001)

    assert (refused.status, refused.value("note")) == (422, "x" * 1001)
    assert only(portal).exceptions == []


def test_what_outlook_has_cancelled_cannot_be_put_back(portal, alice, address):
    cancelled(alice, address, SECOND)
    gone = {"cancelled": True}
    with portal.writing() as db:
        link = make.only_meeting(db, "alice").link
        link.exceptions = {SECOND.isoformat(): {"ours": gone, "theirs": gone}}

    page = alice.get(f"{address}/occurrences/{SECOND}")
    refused = alice.post(f"{address}/occurrences/{SECOND}/put-back")

    assert "no way to bring it back" in page.text
    assert "Schedule a meeting of its own" in refused.notices[0]
    assert len(only(portal).exceptions) == 1


def test_this_and_all_later_ones_become_a_series_of_their_own(portal, alice, address):
    form = alice.get(f"{address}/occurrences/{THIRD}/later")

    page = alice.submit(form, "Save these", title="Great choir", start="18:00", end="19:00")

    assert form.value("times") == "3"
    assert page.h1 == "Great choir"
    assert "Tuesday 8 December 2026, 18:00 – 19:00" in page.text
    assert "until 7 December 2026" in alice.get(address).text
    assert kinds(portal) == ["create", "split"]


def test_later_ones_do_not_begin_before_what_is_left(alice, address):
    form = alice.get(f"{address}/occurrences/{THIRD}/later")

    page = alice.submit(form, "Save these", day="2026-12-01")

    assert page.status == 422
    assert "choose a later day" in page.errors["day"]


def test_a_series_is_ended_from_one_date_on(portal, alice, address):
    page = alice.submit(alice.get(f"{address}/occurrences/{THIRD}"), "Cancel these")

    assert "until 7 December 2026" in page.text
    assert "Tuesday 8 December" not in page.text.partition("History")[0].partition("Dates")[2]
    assert kinds(portal) == ["update"]


@pytest.mark.parametrize("day", ["2026-11-25", "2026-13-01", "tomorrow", "0000-00-00"])
def test_a_day_on_which_nothing_takes_place_leads_nowhere(alice, address, day):
    for page in ("", "/edit", "/later"):
        assert alice.get(f"{address}/occurrences/{day}{page}").status == 404


def test_a_cancelled_date_is_neither_edited_nor_cancelled_again(portal, alice, address):
    form = alice.get(f"{address}/occurrences/{SECOND}/edit")
    page = alice.get(f"{address}/occurrences/{SECOND}")
    cancelled(alice, address, SECOND)

    for answer in (alice.submit(form, "Save this one"), alice.submit(page, "Cancel these")):
        assert "cancelled before" in answer.notices[0]
    assert len(only(portal).exceptions) == 1


def test_a_form_from_before_a_change_elsewhere_does_not_overwrite_it_unseen(portal, alice, address):
    form = alice.get(f"{address}/occurrences/{SECOND}/edit")
    with portal.writing() as db:
        make.only_meeting(db, "alice").changed_at = portal.clock() + timedelta(minutes=1)

    refused = alice.submit(form, "Save this one", title="Mine")

    assert refused.status == 422
    assert "changed elsewhere" in refused.text
    assert alice.submit(refused, "Save this one").status == 200
