"""From an empty portal: setting up and the first meeting, on a phone at night."""

import pytest

from tests.journeys import first_run, outlook, steps
from tests.journeys.conftest import SitsDown
from tests.journeys.first_run import Account
from tests.journeys.programs import Site
from tests.journeys.someone import PHONE_AT_NIGHT, Someone
from tests.journeys.steps import Plans

ZONE = "Europe/London"  # where Bob's mailbox is
OLIVIA = Account("Olivia Oak", "olivia@contoso.example", "brisk-otter-paints-a-lighthouse")
BOB = "Bob Brook"
BOBS_OWN = "a-quiet-heron-counts-the-boats"


@pytest.mark.browser
def test_an_empty_portal_is_set_up_and_its_first_meeting_keeps_step(
    new_portal: Site, sits_down: SitsDown
) -> None:
    olivia, bob, at_outlook = (sits_down(new_portal, PHONE_AT_NIGHT) for _ in range(3))
    plans = Plans("Tea with the crew", steps.tomorrow(ZONE), "09:30", "10:00")
    moved = plans.at("11:15", "11:45")

    _set_up_with_bob(olivia, bob)
    steps.connect_the_calendar(bob, BOB)
    steps.look_through_the_calendar(bob)
    steps.schedule(bob, plans)
    outlook.see(at_outlook, BOB, plans)
    outlook.move(at_outlook, BOB, plans, to=moved)
    beside = bob.opens_another_tab()
    steps.sync_now(beside)
    steps.see_in_step(bob, moved)
    steps.find_in_the_agenda(beside, moved)
    steps.cancel_the_meeting(bob)
    outlook.see_nothing_of(at_outlook, BOB, moved)
    steps.sign_out(olivia)


def _set_up_with_bob(olivia: Someone, bob: Someone) -> None:
    first_run.set_up_the_portal(olivia, OLIVIA, zone=ZONE)
    first_run.register_at_microsoft(olivia)
    given = first_run.add_a_person(olivia, BOB, "bob@contoso.example")
    steps.switch_the_integration_on(olivia)
    steps.sign_in(bob, given.address, given.password)
    first_run.choose_a_password(bob, given, BOBS_OWN)
