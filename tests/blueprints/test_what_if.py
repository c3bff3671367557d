"""What a change of settings would do, on the page before it is saved."""

import pytest
from sqlalchemy import select

from portal.tables import Connection, Group
from tests import staff
from tests.blueprints import settings_story as story

PLACE = "/admin/account-settings"


@pytest.fixture
def crowd(portal, carol):
    """Twenty-five people with a mailbox, and the cast without."""
    story.choose(carol, "enabled", True)
    with portal.writing() as db:
        staff.hire(db, 25, now=portal.clock())


def noticed(portal):
    with portal.reading() as db:
        return list(db.scalars(select(Connection).where(Connection.cut_off_at.is_not(None))))


def test_connections_to_be_cut_off_are_named_with_the_day(crowd, carol, portal):
    page = carol.submit(carol.get(PLACE), "Save", allowed_domains="fabrikam.example")
    before = noticed(portal)
    told = " ".join(page.notices)
    carol.submit(page, "Save")

    assert before == []
    assert (
        "25 connections are cut off on Wednesday 25 November 2026, because their addresses are in "
        "none of the allowed domains. They get notice now" in told
    )
    assert "Person 0000, Person 0001" in told
    assert "Person 0019 and 5 more" in told
    after = noticed(portal)
    assert {(one.cut_off_at.date().isoformat(), one.state == "blocked") for one in after} == {
        ("2026-11-25", False)
    }
    assert len(after) == 25


def test_a_lock_says_whom_it_cuts_off_and_disconnects_nobody_silently(crowd, carol, portal):
    with portal.reading() as db:
        group_id = db.scalars(select(Group.id).order_by(Group.id)).first()
    story.choose(carol, "enabled", False)
    story.choose(carol, "enabled", True, group_id)

    asked = carol.get(f"{PLACE}/enabled/lock")
    carol.submit(asked, "Lock", reason="Audit")

    # The others rested for a while; a lock makes that lasting, and is told of as well.
    assert " 25 connections are cut off on Wednesday 25 November 2026" in asked.text
    five = "Person 0000, Person 0005, Person 0010, Person 0015, Person 0020"
    assert f"5 people lose the integration. {five}" in asked.text
    assert [one.state for one in noticed(portal)].count("blocked") == 0
    assert len(noticed(portal)) == 25


def test_a_lock_without_its_reason_is_not_set(carol, alice, portal):
    page = story.act(carol, "bidirectional", "lock", reason="  ")

    assert (page.status, "Say why" in page.errors["reason"]) == (422, True)
    assert story.in_force(portal, alice, "bidirectional").locked_in is None


@pytest.mark.parametrize("reason", ["x" * 256, "two\nlines", "\u202eodd"])
def test_a_reason_is_one_line_people_can_read(carol, reason):
    assert story.act(carol, "bidirectional", "lock", reason=reason).status == 422


def test_meetings_that_stop_syncing_are_counted(stage, alice, carol):
    stage.connect(alice, "alice")
    stage.rest()
    stage.schedule("alice")
    stage.rest()

    page = carol.submit(carol.get(f"{PLACE}/data-sync"), "Save", bidirectional=None)

    assert "1 meeting to come stops syncing, of 1 person" in " ".join(page.notices)


def test_what_reaches_nobody_is_saved_at_once(crowd, carol):
    page = carol.submit(carol.get(f"{PLACE}/data-sync"), "Save", conflict_rule="portal")

    assert "Saved." in page.notices[0]


def test_while_choosing_the_effect_comes_alone(crowd, carol):
    form = dict(carol.get(PLACE).form_of("Save").fields) | {"calendar_permission": "read"}

    told = carol.post(f"{PLACE}/effect", form, htmx=True)
    wrong = carol.post(f"{PLACE}/effect", form | {"grace_days": "x"}, htmx=True)

    assert told.fragment
    assert "Meetings of 25 people no longer travel" in told.text
    assert wrong.status == 204


@pytest.mark.parametrize(
    ("key", "value", "others", "says"),
    [
        ("sso_prompt", "every", {}, "Nobody could follow the prompt"),
        ("bidirectional", True, {"calendar_permission": "read"}, "may not grant writing"),
        ("calendar_permission", "off", {"sso_prompt": "first"}, "and then could not"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(key, value, others, says, carol, portal):
    if key == "calendar_permission":
        story.choose(carol, "enabled", True)
    if key == "bidirectional":
        story.choose(carol, key, False)
    for other, held in others.items():
        story.choose(carol, other, held)
    before = story.in_force(portal, carol, key)

    page = story.choose(carol, key, value)

    assert page.status == 422
    assert says in page.errors[key]
    assert story.in_force(portal, carol, key) == before


@pytest.mark.parametrize(
    ("address", "listed", "says"),
    [
        ("alice@contoso.example", "", "every domain is allowed"),
        ("alice@CONTOSO.example", "contoso.example", "The rule contoso.example decides"),
        ("a@sub.contoso.example", "contoso.example", "a@sub.contoso.example is not admitted"),
        ("a@bücher.example", "xn--bcher-kva.example", "is admitted"),
        ("a@cоntoso.example", "contoso.example", "is not admitted"),
        ("nobody", "contoso.example", "This is not an address"),
    ],
)
def test_an_address_is_tested_by_the_list_as_it_is_entered(carol, address, listed, says):
    form = {"address": address, "allowed_domains": listed}

    told = carol.post(f"{PLACE}/address", form, htmx=True)

    assert says in told.text
    if listed and "is admitted" in told.text:
        assert "not saved yet" in told.text


def test_without_script_the_saved_list_answers(carol):
    story.choose(carol, "allowed_domains", ["contoso.example"])

    page = carol.submit(carol.get(PLACE), "Test", address="bob@fabrikam.example")

    assert page.status == 200
    assert "No rule of the saved list names fabrikam.example" in page.text
