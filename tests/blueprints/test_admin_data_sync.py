"""Account Management > Account Settings > Mail & Calendar > Data Sync."""

from typing import Any

import pytest
from sqlalchemy import select

from portal import policy
from portal.tables import Audit, Connection
from tests.browse import Browser
from tests.conftest import Portal
from tests.stage import Stage

PLACE = "/admin/account-settings/data-sync"


def in_force(portal: Portal, person: Browser) -> policy.Policy:
    with portal.reading() as db:
        return policy.of(db, person.person_id or 0)


def test_the_page_shows_what_holds_and_says_what_each_version_does(carol: Browser) -> None:
    page = carol.get(PLACE)

    shown = [page.value(key) for key in ("sync_version", "back_months", "forward_months")]
    assert shown == ["2.0", "6", "18"]
    assert "Meetings only, 30 days ahead" in page.text
    assert "The past is read too" in page.text


def test_what_is_chosen_holds_for_everybody_and_is_in_the_audit_log(
    carol: Browser, alice: Browser, portal: Portal
) -> None:
    page = carol.submit(carol.get(PLACE), "Save", sync_version="1.0", poll_minutes="10")

    held = in_force(portal, alice)
    assert (held.sync_version, held.poll_minutes) == ("1.0", 10)
    assert "Saved." in page.text
    assert "Set for the account by Carol Chen" in page.text
    with portal.reading() as db:
        rows = db.execute(select(Audit.subject, Audit.before, Audit.after)).all()
    assert sorted(rows) == [("poll_minutes", 5, 10), ("sync_version", "2.0", "1.0")]


def test_a_change_that_reaches_calendars_is_shown_before_it_is_saved(
    stage: Stage, alice: Browser, carol: Browser, portal: Portal
) -> None:
    stage.connect(alice, "alice")
    stage.rest()

    page = carol.submit(carol.get(PLACE), "Save", sync_version="1.0")
    before = in_force(portal, alice).sync_version
    again = carol.submit(page, "Save")

    assert before == "2.0"
    words = " ".join(page.notices)
    assert "1 person has a connected calendar" in words
    assert "Events of April to September 2026 and January 2027 to June 2028 leave" in words
    assert "1 person changes to version 1.0. Alice Ardent" in words
    assert "Saved." in again.text
    assert in_force(portal, alice).sync_version == "1.0"


def test_choosing_shows_what_saving_would_do(stage: Stage, alice: Browser, carol: Browser) -> None:
    stage.connect(alice, "alice")
    page = carol.get(PLACE)
    form = dict(page.form_of("Save").fields) | {"forward_months": "1"}

    fragment = carol.post(f"{PLACE}/effect", form, htmx=True)
    none = carol.post(f"{PLACE}/effect", form | {"forward_months": "18"}, htmx=True)

    assert "Events of January 2027 to June 2028 leave the portal" in fragment.text
    assert none.text == ""


def test_without_script_the_effect_comes_with_the_whole_page(carol: Browser) -> None:
    page = carol.get(PLACE)
    form = dict(page.form_of("Save").fields) | {"sync_version": "1.0"}

    assert "Nobody has connected a calendar yet" in carol.post(f"{PLACE}/effect", form).text


def test_a_change_back_says_what_is_read_anew(
    stage: Stage, alice: Browser, carol: Browser, portal: Portal
) -> None:
    stage.connect(alice, "alice")
    page = carol.submit(carol.get(PLACE), "Save", sync_version="1.0")
    carol.submit(page, "Save")
    stage.rest()

    page = carol.submit(carol.get(PLACE), "Save", sync_version="2.0")

    words = " ".join(page.notices)
    assert "April to September 2026 and January 2027 to June 2028 will be read" in words
    assert "is read anew" in words
    with portal.reading() as db:
        assert db.scalars(select(Connection.sync_version)).all() == ["1.0"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sync_version", "3.0"),
        ("back_months", "7"),
        ("forward_months", "0"),
        ("poll_minutes", "61"),
        ("conflict_rule", "both"),
    ],
)
def test_what_the_page_does_not_offer_is_not_saved(
    carol: Browser, portal: Portal, field: str, value: Any
) -> None:
    before = in_force(portal, carol)
    form = dict(carol.get(PLACE).form_of("Save").fields) | {field: value}

    page = carol.post(PLACE, form)

    assert (page.status, in_force(portal, carol)) == (422, before)
