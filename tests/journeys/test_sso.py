"""Signing in with Microsoft, and the screen that asks to connect, in its three settings."""

import pytest
from playwright.sync_api import expect

from demo import PASSWORD
from tests.journeys import steps
from tests.journeys.conftest import SitsDown
from tests.journeys.programs import Site
from tests.journeys.someone import PHONE_AT_NIGHT, WIDE_AND_LIGHT, Someone

ALICE, BOB = "Alice Ardent", "Bob Brook"
QUESTION = "Connect your Microsoft 365 calendar?"


@pytest.mark.browser
def test_people_sign_in_with_microsoft_and_are_asked_to_connect(
    demo: Site, sits_down: SitsDown
) -> None:
    olivia, bob = sits_down(demo, WIDE_AND_LIGHT), sits_down(demo, PHONE_AT_NIGHT)
    alice = sits_down(demo, WIDE_AND_LIGHT)
    steps.sign_in(olivia, "olivia@contoso.example", PASSWORD)
    steps.switch_the_integration_on(olivia)
    _switch_microsoft_on(olivia)

    _signs_in(bob, BOB, first=True)
    bob.sees_heading("Profile")

    _asks(olivia, "first")
    _signs_in_again(bob, BOB)
    _says_not_now(bob)
    _signs_in_again(bob, BOB)
    bob.sees_heading("Profile")

    _asks(olivia, "every")
    _signs_in(alice, ALICE, first=True)
    _declines(alice)
    _signs_in_again(alice, ALICE)
    _connects(alice)
    _signs_in_again(alice, ALICE)
    alice.sees_heading("Profile")
    _signs_in_again(bob, BOB)
    bob.sees_heading(QUESTION)

    _sees_what_came_of_it(olivia)


def _switch_microsoft_on(olivia: Someone) -> None:
    olivia.goes_to("/admin/sign-in")
    olivia.page.get_by_role("checkbox", name="People may sign in with it").check()
    olivia.fills(allowed_domains="contoso.example")
    olivia.presses("Save")
    olivia.sees("Saved.")


def _asks(olivia: Someone, setting: str) -> None:
    olivia.goes_to("/admin/account-settings")
    olivia.page.locator(f"input[name=sso_prompt][value={setting}]").check()
    olivia.presses("Save")
    olivia.sees("Saved")


def _signs_in(who: Someone, name: str, *, first: bool = False) -> None:
    """By way of the profile, where one is sent to sign in; Microsoft remembers who one is."""
    who.goes_to("/profile")
    who.presses("Sign in with Microsoft")
    if first:
        who.sees_heading("Pick an account")
        who.leaves_by(who.page.get_by_role("button", name=name).click)
        who.sees_heading("Permissions requested")
        who.presses("Accept")


def _signs_in_again(who: Someone, name: str) -> None:
    if who.page.get_by_role("heading", level=1, name=QUESTION).count():
        who.goes_to("/profile")
    steps.sign_out(who)
    _signs_in(who, name)


def _says_not_now(who: Someone) -> None:
    who.sees_heading(QUESTION)
    who.presses("Not now")
    who.sees_heading("Profile")


def _declines(who: Someone) -> None:
    who.sees_heading(QUESTION)
    who.presses("Connect")
    who.sees_heading("Permissions requested")  # and nobody picks an account again
    who.presses("Cancel")
    who.sees_heading("Profile")
    who.sees("The permissions were not accepted on Microsoft's page.")


def _connects(who: Someone) -> None:
    who.sees_heading(QUESTION)
    who.presses("Connect")
    who.presses("Accept")
    who.sees("is connected. Your events are being read now.")


def _sees_what_came_of_it(olivia: Someone) -> None:
    olivia.goes_to("/admin/sign-in")
    told = olivia.page.locator("#prompt dd")
    expect(told).to_have_text(
        ["Every time they sign in until they integrate", "2 (4 times in all)", "1", "0", "0", "1"]
    )
