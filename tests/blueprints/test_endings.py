"""A setting that ends connections: told in time, done when the time is over, and taken back."""

from datetime import timedelta

import pytest

from portal import connections
from portal.tables import Connection, Link
from tests.blueprints import settled
from tests.browse import Browser
from tests.page import words
from tests.stage import Stage, consent

UNTIL = "Your calendar stays connected until Wednesday 25 November 2026, 10:00"


@pytest.fixture
def hers(stage: Stage, alice: Browser) -> Stage:
    """Alice's calendar is connected and read to its end."""
    stage.connect(alice, "alice")
    stage.rest()
    return stage


def section(browser: Browser) -> str:
    return words(browser.get("/profile").by_id("integration-room"))


def over(stage: Stage, who: str = "alice") -> Browser:
    """The days of notice pass, and somebody signs in anew."""
    stage.clock.advance(days=8)
    stage.rest()
    return stage.portal.signed_in(who)


def test_a_notice_says_why_until_when_and_what_one_can_do(hers: Stage, alice: Browser) -> None:
    settled.choose(hers, "allowed_domains", ["fabrikam.example"])

    said = section(alice)

    assert UNTIL in said
    assert "restricted calendars to addresses of fabrikam.example" in said
    assert "alice@contoso.example is not one of them" in said
    assert "Connect an account of fabrikam.example in its place" in said
    assert "kept in step" in said


def test_a_notice_stands_on_the_calendar_too(hers: Stage, alice: Browser) -> None:
    before = alice.get("/calendar").text

    settled.choose(hers, "allowed_domains", ["fabrikam.example"])

    assert "will be cut off" not in before
    assert "Your calendar will be cut off on 25 November 2026" in alice.get("/calendar").text


def test_while_the_notice_runs_everything_goes_on(hers: Stage, alice: Browser) -> None:
    settled.lock_off(hers, reason="The works council")
    hers.schedule("alice", "In time")
    hers.look()

    assert "Their reason: The works council." in section(alice)
    assert "switched the integration off for this portal" in section(alice)
    assert len(hers.rows(Link)) == 1
    page = alice.submit(alice.get("/profile"), "Sync now")
    assert "is looking at your calendar now" in page.notices[0]


def test_after_the_notice_the_page_says_who_can_end_it(hers: Stage) -> None:
    settled.choose(hers, "calendar_permission", "off")
    alice = over(hers)

    page, said = alice.get("/profile"), section(alice)

    assert "Blocked by policy" in said
    assert "A setting of your administrators has ended the connection" in said
    assert "no longer let people of this portal grant access" in said
    assert "Ask an administrator of this portal" in said
    assert not {"Sync now", "Pause"} & set(page.texts("button"))
    assert "Change permissions" not in page.texts("a")


def test_sync_now_cannot_get_round_a_block(hers: Stage) -> None:
    settled.choose(hers, "allowed_domains", ["fabrikam.example"])
    alice = over(hers)

    refused = alice.post("/connection/sync-now")

    assert "cannot be read now" in refused.notices[0]
    assert hers.turn() is False


def test_a_blocked_meeting_is_not_called_in_step(hers: Stage) -> None:
    meeting = hers.schedule("alice", "Planning")
    hers.rest()
    settled.choose(hers, "allowed_domains", ["fabrikam.example"])
    alice = over(hers)

    page = alice.get(f"/meetings/{meeting}")

    assert "In step" not in page.text
    assert "A setting of your administrators has ended the connection" in page.text


def test_a_change_that_waited_when_it_ended_says_what_it_waits_for(
    hers: Stage, alice: Browser
) -> None:
    settled.choose(hers, "grace_days", 0)
    meeting = hers.schedule("alice", "Planning")
    settled.choose(hers, "allowed_domains", ["fabrikam.example"])

    page = alice.get(f"/meetings/{meeting}")

    assert "It waits: a setting of your administrators" in page.text
    assert "1 change waits until your calendar is connected again" in section(alice)


def test_what_is_allowed_again_is_read_first_and_sent_at_a_word(
    hers: Stage, alice: Browser
) -> None:
    ahead = timedelta(days=20)
    meeting = hers.schedule("alice", starts=ahead, invitees=["bob@contoso.example"])
    hers.rest()
    settled.choose(hers, "allowed_domains", ["fabrikam.example"])
    alice = over(hers)
    alice.submit(alice.get(f"/meetings/{meeting}/edit"), "Save", title="Planning, moved")

    settled.choose(hers, "allowed_domains", [])
    hers.rest()

    assert "A setting had ended your connection, and it is allowed again." in section(alice)
    alice.submit(alice.get("/profile"), "Send them now")
    hers.rest()
    assert "In step" in alice.get(f"/meetings/{meeting}").text


def test_a_group_is_named_where_it_is_the_groups_setting(hers: Stage, alice: Browser) -> None:
    sales = settled.group_with(hers, "Sales", "alice")

    settled.choose(hers, "enabled", False, group=sales)

    assert "switched the integration off for the group Sales" in section(alice)


def test_reconnecting_does_not_shorten_the_notice(hers: Stage, alice: Browser) -> None:
    settled.lock_off(hers, reason="")
    until = hers.rows(Connection)[0].cut_off_at

    door = hers.leave_for_microsoft(alice)
    alice.get(consent(hers.simulator, hers.world, door, "alice"))
    hers.rest()

    [row] = hers.rows(Connection)
    assert (row.state, row.cut_off_at) == (connections.CONNECTED, until)


def test_disconnecting_ends_the_notice_and_there_is_no_way_back(
    hers: Stage, alice: Browser
) -> None:
    settled.lock_off(hers, reason="")
    alice.submit(alice.get("/connection/disconnect"), "Disconnect")

    said = section(alice)

    assert hers.rows(Connection)[0].cut_off_at is None
    assert "switched off for this portal" in said
    assert "Configure Calendar" not in said


def test_administrators_see_whom_a_setting_ends(hers: Stage, carol: Browser) -> None:
    settled.choose(hers, "allowed_domains", ["fabrikam.example"])
    noticed = carol.get("/admin/people").text, carol.get("/admin/operations").text
    carol = over(hers, "carol")
    blocked = carol.get("/admin/people").text, carol.get("/admin/operations").text

    assert "Notice given" in noticed[0]
    for said in noticed:
        assert "Stays connected until Wednesday 25 November 2026, 10:00." in said
    assert "Blocked by policy" in blocked[0]
    assert "Blocked since Wednesday 25 November 2026, 10:00." in blocked[1]
    for said in blocked:
        assert "Their address is outside the allowed domains." in said
