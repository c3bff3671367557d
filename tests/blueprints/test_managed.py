"""Mailboxes that an administrator connects: what their people see, and both ways of conversion."""

import pytest

from portal.tables import Calendar, Link, Meeting
from tests.blueprints.authorizing import authorize, choose, connection_of, enrol, outcomes


def links(stage):
    """Of the meeting called Planning; others are adopted from the sample calendars."""
    mine = [one.id for one in stage.rows(Meeting) if one.title.startswith("Planning")]
    found = [one for one in stage.rows(Link) if one.meeting_id in mine]
    return [(one.meeting_id, one.graph_id, one.calendar_id) for one in found]


def calendars_of_alice(stage):
    mine = connection_of(stage).id
    return [one for one in stage.rows(Calendar) if one.connection_id == mine]


@pytest.fixture
def by_application(stage, carol):
    """Alice's mailbox, connected by an administrator, with a meeting in Outlook."""
    authorize(stage, carol)
    enrol(stage)
    stage.rest()
    stage.schedule("alice", "Planning")
    stage.rest()
    return stage


@pytest.fixture
def by_herself(stage, alice):
    """Alice's mailbox, connected by herself, with a meeting in Outlook."""
    stage.connect(alice, "alice")
    stage.rest()
    stage.schedule("alice", "Planning")
    stage.rest()
    return stage


def test_the_profile_says_who_connected_it_and_whom_to_ask(by_application, alice):
    page = alice.get("/profile")

    assert "An administrator of this portal connected your mailbox" in " ".join(page.notices)
    assert "ask Carol Chen or Olivia Oak" in " ".join(page.notices)
    assert "Connected" in page.text
    assert "Sync now" in page.texts("button")


def test_there_is_nothing_to_connect_or_to_disconnect(by_application, alice):
    page = alice.get("/profile")

    shown = {*page.texts("a"), *page.texts("button")}
    assert not shown & {"Disconnect", "Reconnect", "Change permissions", "Connect"}
    for path in ("/connect/service", "/connect/permissions"):
        assert "An administrator connects the calendars" in alice.get(path).notices[0]


def test_the_server_disconnects_it_for_an_administrator_only(by_application, alice):
    assert "an administrator disconnects it" in alice.get("/connection/disconnect").notices[0]
    assert "an administrator disconnects it" in alice.post("/connection/disconnect").notices[0]
    assert connection_of(by_application).state == "connected"


def test_a_person_may_pause_it(by_application, alice):
    alice.submit(alice.get("/profile"), "Pause")

    assert connection_of(by_application).paused_by == "person"
    assert enrol(by_application) == 0


def test_who_is_not_found_reads_why_and_whom_to_ask(stage, carol, dave):
    authorize(stage, carol)
    enrol(stage)

    text = dave.get("/profile").text

    assert "An administrator connects your mailbox" in text
    assert "No account at Microsoft has this address" in text
    assert "Ask Carol Chen or Olivia Oak" in text


def test_a_consent_begun_before_is_not_finished(stage, alice, carol):
    stage.switch(on=True)
    stage.leave_for_microsoft(alice)
    authorize(stage, carol)

    page = alice.get("/connect/permissions")

    assert page.path == "/profile"
    assert connection_of(stage) is None


def test_what_somebody_connected_by_themselves_passes_over_with_its_links(by_herself, carol, alice):
    before, calendars = links(by_herself), [one.id for one in by_herself.rows(Calendar)]
    authorize(by_herself, carol)

    enrol(by_herself)
    by_herself.rest()

    alice_now = connection_of(by_herself)
    assert (alice_now.mode, alice_now.state, alice_now.refresh_token) == (
        "application",
        "connected",
        None,
    )
    assert (links(by_herself), len(before)) == (before, 1)
    assert {one.id for one in calendars_of_alice(by_herself)} == set(calendars)


def test_changes_travel_on_after_the_conversion_and_nothing_is_doubled(by_herself, carol):
    authorize(by_herself, carol)
    enrol(by_herself)
    by_herself.rest()
    [(_meeting, graph_id, _calendar)] = links(by_herself)
    by_herself.world.rename_event("alice", graph_id, "Planning, moved")

    by_herself.look()

    assert [one.title for one in by_herself.rows(Meeting)].count("Planning, moved") == 1
    titles = [one["subject"] for one in by_herself.world.events("alice")]
    assert titles.count("Planning, moved") == 1


def test_back_to_oauth_everybody_gets_notice_and_goes_on(by_application, alice):
    choose(by_application, "setup_by", "oauth")
    by_application.look()
    page = alice.get("/profile")

    held = connection_of(by_application)
    assert (held.state, held.cut_off_why) == ("connected", "own_consent")
    assert "Your calendar stays connected until" in " ".join(page.notices)
    assert "Connect it yourself, and it goes on without a gap" in " ".join(page.notices)
    assert page.link("Connect") == "/connect/permissions"


def test_who_connects_within_the_notice_keeps_everything(by_application, alice):
    before = links(by_application)
    choose(by_application, "setup_by", "oauth")
    by_application.look()

    by_application.connect(alice, "alice")
    by_application.rest()

    held = connection_of(by_application)
    assert (held.mode, held.state, held.cut_off_at) == ("oauth", "connected", None)
    assert links(by_application) == before


def test_after_the_notice_it_waits_for_its_person_and_nobody_is_given_notice_again(
    by_application,
):
    choose(by_application, "setup_by", "oauth")
    by_application.look()
    by_application.look(days=8)
    by_application.look(days=8)

    held = connection_of(by_application)
    page = by_application.portal.signed_in("alice").get("/profile")
    assert (held.state, held.cause, held.cut_off_at) == ("needs_consent", "own_consent", None)
    assert "Your administrators no longer connect calendars for everybody" in page.text
    assert page.link("Reconnect")


def test_who_connects_after_the_notice_finds_their_meetings_too(by_application):
    before = links(by_application)
    choose(by_application, "setup_by", "oauth")
    by_application.look()
    by_application.look(days=8)

    by_application.connect(by_application.portal.signed_in("alice"), "alice")
    by_application.rest()

    assert (connection_of(by_application).state, links(by_application)) == ("connected", before)


def test_taking_it_back_within_the_notice_ends_the_notice(by_application, alice):
    choose(by_application, "setup_by", "oauth")
    by_application.look()
    choose(by_application, "setup_by", "application")
    by_application.look()

    held = connection_of(by_application)
    assert (held.mode, held.cut_off_at) == ("application", None)
    assert "An administrator of this portal connected" in " ".join(alice.get("/profile").notices)


def test_taking_it_back_later_connects_everybody_again(by_application):
    choose(by_application, "setup_by", "oauth")
    by_application.look()
    by_application.look(days=8)
    choose(by_application, "setup_by", "application")

    enrol(by_application)
    by_application.rest()

    assert outcomes(by_application)["alice"] == "enrolled"
    assert (connection_of(by_application).state, len(links(by_application))) == ("connected", 1)
