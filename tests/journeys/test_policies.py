"""What administrators set, and what people see of it: domains, a lock with notice, the rollout."""

import pytest
from playwright.sync_api import expect

from demo import PASSWORD
from tests.journeys import steps
from tests.journeys.conftest import SitsDown
from tests.journeys.programs import Site
from tests.journeys.someone import PHONE_AT_NIGHT, WIDE_AND_LIGHT, Someone

ALICE, BOB = "Alice Ardent", "Bob Brook"
ROLLOUT = "/admin/rollout"


@pytest.mark.browser
def test_domains_say_whose_calendar_may_be_connected(demo: Site, sits_down: SitsDown) -> None:
    carol, alice = _carol(demo, sits_down), _member(demo, sits_down, "alice")
    _lists_domains(carol, "fabrikam.example")

    _goes_to_microsoft(alice, ALICE)
    alice.presses("Accept")
    alice.sees("alice@contoso.example is an account of contoso.example.")
    expect(alice.page.get_by_text("No calendar connected")).to_be_visible()

    _lists_domains(carol, "fabrikam.example\nCONTOSO.example")
    _goes_to_microsoft(alice, ALICE)  # which has her consent already
    alice.sees("is connected. Your events are being read now.")
    alice.sees("kept in step")  # what was never read gets no notice

    _lists_domains(carol, "fabrikam.example")
    alice.chooses_in_menu("Profile")
    alice.sees("Your calendar stays connected until")
    alice.sees("alice@contoso.example is not one of them")
    _lists_domains(carol, "")
    alice.chooses_in_menu("Profile")
    expect(alice.page.get_by_text("stays connected until")).to_have_count(0)


@pytest.mark.browser
def test_a_lock_gives_notice_and_disconnects_nobody_silently(
    demo: Site, sits_down: SitsDown
) -> None:
    carol, alice = _carol(demo, sits_down), _member(demo, sits_down, "alice")
    steps.connect_the_calendar(alice, ALICE)
    alice.sees("kept in step")

    _acts(carol, "disable", "Disable")
    alice.chooses_in_menu("Profile")
    alice.sees("The integration is switched off for this portal")
    _acts(carol, "lock", "Lock", reason="The works council has to agree first")

    alice.chooses_in_menu("Profile")
    alice.sees("Your calendar stays connected until")
    alice.sees("Their reason: The works council has to agree first.")
    expect(alice.page.get_by_role("button", name="Sync now")).to_be_visible()
    alice.chooses_in_menu("Calendar")
    alice.sees("Your calendar will be cut off on")
    carol.goes_to("/admin/operations")
    carol.sees("Stays connected until")

    _acts(carol, "unlock", "Unlock", reason="They agreed")
    _acts(carol, "enable", "Enable")
    alice.chooses_in_menu("Profile")
    alice.sees("kept in step")
    expect(alice.page.get_by_text("stays connected until")).to_have_count(0)


@pytest.mark.browser
def test_the_rollout_goes_from_nobody_over_half_to_all_and_back(
    demo: Site, sits_down: SitsDown
) -> None:
    """Bob's place is below 50, Alice's above."""
    carol = _carol(demo, sits_down)
    for who, name in (("alice", ALICE), ("bob", BOB)):
        steps.connect_the_calendar(_member(demo, sits_down, who), name)

    _reaches(carol, "nobody", "4 people change to version 1.0", upgraded=0, connected=0)
    _reaches(carol, "percent", "change to version 2.0", percent="50", upgraded=1, connected=1)
    _asks_why(carol, ALICE, "from 85 % on they have 2.0", "Version 1.0")
    _asks_why(carol, BOB, "The rollout reaches 50 %", "Version 2.0")
    _reaches(carol, "percent", "1 person changes", percent="100", upgraded=2, connected=2)
    carol.goes_to(ROLLOUT)
    carol.presses("Roll back")
    carol.sees("4 people change to version 1.0")
    carol.presses("Save")
    carol.sees("Saved. 4 people change version.")
    _counts(carol, "Going back", 0)
    _counts(carol, "Reached", 0)


def _carol(site: Site, sits_down: SitsDown) -> Someone:
    carol = sits_down(site, WIDE_AND_LIGHT)
    steps.sign_in(carol, "carol@contoso.example", PASSWORD)
    steps.switch_the_integration_on(carol)
    return carol


def _member(site: Site, sits_down: SitsDown, who: str) -> Someone:
    one = sits_down(site, PHONE_AT_NIGHT if who == "bob" else WIDE_AND_LIGHT)
    steps.sign_in(one, f"{who}@contoso.example", PASSWORD)
    return one


def _lists_domains(carol: Someone, listed: str) -> None:
    carol.goes_to("/admin/account-settings")
    carol.fills(allowed_domains=listed)
    _saves(carol)


def _saves(carol: Someone) -> None:
    """What it does is shown first, unless the page has shown it already."""
    carol.presses("Save")
    if carol.page.get_by_text("Not saved yet").count():
        carol.presses("Save")
    carol.sees("Saved.")


def _goes_to_microsoft(alice: Someone, name: str) -> None:
    alice.goes_to("/connect/permissions")
    alice.presses("Continue to Microsoft")
    alice.leaves_by(alice.page.get_by_role("button", name=name).click)


def _acts(carol: Someone, act: str, button: str, *, reason: str = "") -> None:
    """On the page of its own that every act has."""
    carol.goes_to(f"/admin/account-settings/enabled/{act}")
    if reason:
        carol.fills(reason=reason)
    carol.presses(button)
    if carol.page.get_by_role("main").get_by_role("button", name=button, exact=True).count():
        carol.presses(button)
    carol.sees_heading("Integrations")


def _reaches(
    carol: Someone, choice: str, told: str, *, upgraded: int, connected: int, percent: str = ""
) -> None:
    carol.goes_to(ROLLOUT)
    carol.page.locator(f"input[type=radio][name=rollout][value={choice}]").check()
    if percent:
        carol.fills(rollout_percent=percent)
        carol.page.locator("#rollout_percent").press("Tab")
    carol.sees(told)
    _saves(carol)
    _counts(carol, "Connected", connected)
    _counts(carol, "Upgraded", upgraded)


def _counts(carol: Someone, what: str, number: int) -> None:
    """The part freshens itself until the rounds are done."""
    named = carol.page.get_by_text(what, exact=True)
    tile = carol.page.locator(".tiles > div").filter(has=named)
    expect(tile.locator("strong")).to_have_text(str(number))


def _asks_why(carol: Someone, name: str, reason: str, version: str) -> None:
    carol.page.get_by_role("searchbox", name="Name or e-mail address").fill(name)
    carol.presses("Search")
    answer = carol.page.locator("#why li")
    expect(answer).to_contain_text(reason)
    expect(answer).to_contain_text(version)
