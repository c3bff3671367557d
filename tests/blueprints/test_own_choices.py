"""A person's own choice in the section Contact and Calendar Integration."""

import pytest
from sqlalchemy import select

from portal import policy
from portal.configuration import settings
from portal.tables import Audit, Connection
from tests.blueprints import settings_story as story

KEY, SAVE = "bidirectional", "Save my choice"


@pytest.fixture
def connected(stage, alice):
    stage.connect(alice, "alice")
    stage.rest()
    return alice


def test_a_person_opts_out_and_back_in(connected, bob, portal):
    page = connected.submit(connected.get("/profile"), SAVE, bidirectional=None)
    out = story.in_force(portal, connected, KEY)
    connected.submit(page, SAVE, bidirectional="on")

    assert "Your own choice; your administrators chose On." in page.text
    assert (out.value, out.origin) == (False, "own")
    assert story.in_force(portal, bob, KEY).value is True
    assert story.in_force(portal, connected, KEY).origin == "default"
    with portal.reading() as db:
        acts = db.scalars(select(Audit.act).where(Audit.subject == KEY)).all()
    assert acts == ["own setting changed", "own setting inherited"]


def test_what_changed_while_it_was_off_is_looked_for_before_anything_is_written(
    stage, connected, portal
):
    page = connected.submit(connected.get("/profile"), SAVE, bidirectional=None)
    stage.rest()

    connected.submit(page, SAVE, bidirectional="on")

    [connection] = stage.rows(Connection)
    assert connection.only_reads


@pytest.mark.parametrize("for_group", [False, True])
def test_a_lock_shuts_it_and_says_who_and_why(for_group, connected, carol, portal):
    group_id = story.group_of_alice(portal, connected, carol) if for_group else None
    connected.submit(connected.get("/profile"), SAVE, bidirectional=None)

    story.act(carol, KEY, "lock", group_id, reason="Meetings belong to the team")
    page = connected.get("/profile")
    connected.post("/connection/own-choices", {KEY: "off"})

    where = "Sales" if for_group else "the whole account"
    assert f"Locked for {where} by Carol Chen" in page.text
    assert "Reason: Meetings belong to the team" in page.text
    assert page.one("input", name=KEY).get("disabled") is not None
    assert story.in_force(portal, connected, KEY).value is True


def test_where_nothing_may_be_written_there_is_nothing_to_choose(connected, carol, portal):
    with portal.writing() as db:
        settings.choose(db, "calendar_permission", "read", by=carol.person_id, now=portal.clock())

    page = connected.get("/profile")

    assert "let people grant reading only" in page.text
    assert SAVE not in page.texts("button")
    with portal.reading() as db:
        assert policy.of(db, connected.person_id).calendar_permission == "read"
