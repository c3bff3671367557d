"""Two people at the simulated Outlook: invited, dragged, answered, called off."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import SitsDown
from tests.journeys.programs import Site
from tests.journeys.someone import PHONE_AT_NIGHT, WIDE_AND_LIGHT, Someone

TUESDAY = date(2026, 11, 17)
HOUR = 48  # pixels, by day


@pytest.mark.browser
def test_a_meeting_is_dragged_answered_and_called_off(outlook: Site, sits_down: SitsDown) -> None:
    alice, bob = sits_down(outlook, WIDE_AND_LIGHT), sits_down(outlook, PHONE_AT_NIGHT)
    bob.goes_to("/outlook/bob@contoso.example")
    _invites(alice)
    # Bob's page has been open all the time.
    expect(_on(bob, TUESDAY)).to_contain_text("10:00–11:00")

    _drags_to_the_next_day_three_hours_later(alice)
    expect(_on(bob, TUESDAY + timedelta(days=1))).to_contain_text("13:00–14:00")

    bob.leaves_by(_on(bob, TUESDAY + timedelta(days=1)).get_by_role("link").click)
    bob.fills(comment="Gladly")
    bob.presses("Accept")
    _opens(alice, TUESDAY + timedelta(days=1))
    expect(alice.page.get_by_role("main")).to_contain_text("accepted")
    alice.presses("Delete")
    expect(_on(bob, TUESDAY + timedelta(days=1))).to_contain_text("Canceled: Planning")
    _sees_the_mails(alice)


@pytest.mark.browser
def test_trouble_is_turned_on_and_back(outlook: Site, sits_down: SitsDown) -> None:
    for window in (WIDE_AND_LIGHT, PHONE_AT_NIGHT):
        someone = sits_down(outlook, window)
        someone.goes_to("/outlook/trouble")
        someone.page.locator("summary").filter(has_text="a round resends").click()
        chosen = someone.page.locator("[id='delta.resend']")
        chosen.get_by_label("Position").select_option("exception")
        someone.presses("Set: After one occurrence changed, a round resends", inside=chosen)
        someone.sees("Turned now")
        someone.presses("Turn everything back")
        someone.sees("Every switch stands as usual")


def _invites(alice: Someone) -> None:
    alice.goes_to("/outlook")
    alice.leaves_by(alice.page.get_by_role("link", name="Alice Ardent").click)
    alice.follows("New event")
    # Bob's clock in London is an hour behind Alice's in Berlin.
    alice.fills(title="Planning", start=f"{TUESDAY}T11:00", end=f"{TUESDAY}T12:00")
    alice.fills(invited="bob@contoso.example")
    alice.presses("Save")
    alice.sees("Exchange sent 1 mail:")


def _drags_to_the_next_day_three_hours_later(alice: Someone) -> None:
    block = _on(alice, TUESDAY)
    box = block.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    alice.page.mouse.move(x, y)
    alice.page.mouse.down()
    alice.page.mouse.move(x + box["width"] / 2, y + HOUR, steps=3)
    alice.page.mouse.move(x + box["width"], y + 3 * HOUR, steps=5)
    alice.page.mouse.up()
    expect(_on(alice, TUESDAY + timedelta(days=1))).to_contain_text("14:00–15:00")


def _opens(alice: Someone, day: date) -> None:
    alice.leaves_by(_on(alice, day).get_by_role("link").click)


def _on(who: Someone, day: date) -> Locator:
    shown = who.page.locator(f"section[aria-labelledby='day-{day}']")
    return shown.get_by_role("listitem").filter(has_text="Planning")


def _sees_the_mails(alice: Someone) -> None:
    alice.follows("Sent mails", inside=alice.page.get_by_role("navigation", name="Places"))
    rows = alice.page.get_by_role("row").filter(has_text="Planning")
    expect(rows.locator(".badge")).to_have_text(
        ["cancellation", "accepted", "update", "invitation"]
    )
