"""Set-up by application permissions: an administrator authorises, and nobody else does anything."""

from datetime import date

import pytest
from playwright.sync_api import expect

from demo import PASSWORD, ZONE
from tests.journeys import outlook, steps
from tests.journeys.conftest import SitsDown
from tests.journeys.programs import Site
from tests.journeys.someone import WIDE_AND_LIGHT, Someone
from tests.journeys.steps import Plans

CAROL, ALICE = "Carol Chen", "Alice Ardent"


@pytest.mark.browser
def test_an_administrator_connects_everybody_by_application_permissions(
    demo: Site, sits_down: SitsDown
) -> None:
    carol, alice, at_outlook = (sits_down(demo, WIDE_AND_LIGHT) for _ in range(3))
    tomorrow: date = steps.tomorrow(ZONE)
    plans = Plans("Launch day", tomorrow, "14:00", "14:45")

    steps.sign_in(carol, "carol@contoso.example", PASSWORD)
    steps.switch_the_integration_on(carol)
    _authorize(carol)
    steps.sign_in(alice, "alice@contoso.example", PASSWORD)
    _find_the_mailbox_connected(alice)
    steps.schedule(alice, plans)
    outlook.see(at_outlook, ALICE, plans)
    _probe(carol)
    _see_who_is_not_connected(carol)


def _authorize(carol: Someone) -> None:
    """From the page of settings to Microsoft, and back with everything saved."""
    carol.goes_to("/admin/account-settings")
    carol.page.locator("input[name=setup_by][value=application]").check()
    carol.presses("Save")
    carol.sees_heading("Application permissions")
    carol.presses("Authorize and Save")
    carol.sees_heading("Pick an account")
    carol.leaves_by(carol.page.get_by_role("button", name=CAROL).click)
    carol.sees_heading("Permissions requested")
    carol.presses("Accept")
    carol.sees("Authorised and saved.")


def _find_the_mailbox_connected(alice: Someone) -> None:
    """Nothing was pressed: the job found it."""
    alice.chooses_in_menu("Profile")
    alice.loads_again_until(
        alice.page.get_by_text("An administrator of this portal connected your mailbox.")
    )
    expect(alice.page.get_by_role("link", name="Configure Calendar")).to_have_count(0)


def _probe(carol: Someone) -> None:
    carol.goes_to("/admin/application")
    carol.fills(reached="alice@contoso.example", refused="bob@contoso.example")
    carol.presses("Probe")
    found = carol.page.locator("#probe").get_by_role("listitem")
    expect(found.filter(has=carol.page.get_by_role("img", name="Passed"))).to_have_count(4)
    expect(found.filter(has_text="It was let in, though it must be refused.")).to_have_count(1)


def _see_who_is_not_connected(carol: Someone) -> None:
    carol.goes_to("/admin/application/people")
    who = carol.page.get_by_role("listitem").filter(has_text="Olivia Oak")
    expect(who).to_contain_text("No account at Microsoft has this address")
    carol.looks()
