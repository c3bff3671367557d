"""From the seeded demo: the whole story, at a desk by day."""

import pytest

from demo import PASSWORD, ZONE
from tests.journeys import outlook, steps
from tests.journeys.conftest import SitsDown
from tests.journeys.programs import Site
from tests.journeys.someone import WIDE_AND_LIGHT, Someone
from tests.journeys.steps import Plans

ALICE = "Alice Ardent"


@pytest.mark.browser
def test_a_meeting_keeps_step_between_the_portal_and_outlook(
    demo: Site, sits_down: SitsDown
) -> None:
    carol, alice, at_outlook = (sits_down(demo, WIDE_AND_LIGHT) for _ in range(3))
    plans = Plans("Launch day", steps.tomorrow(ZONE), "14:00", "14:45", "bob@contoso.example")
    moved = plans.at("16:15", "17:00")
    renamed = moved.called("Launch rehearsal")

    _switched_on_and_connected(carol, alice)
    steps.look_through_the_calendar(alice)
    steps.schedule(alice, plans)
    outlook.see(at_outlook, ALICE, plans)
    outlook.see_the_invitation_mailed(at_outlook, plans)
    _moved_there_and_seen_here(alice, at_outlook, plans, moved)
    steps.rename_the_meeting(alice, renamed)
    outlook.see(at_outlook, ALICE, renamed)
    _deleted_there_and_seen_here(alice, at_outlook, renamed)
    steps.disconnect(alice)
    steps.sign_out(alice)


def _switched_on_and_connected(carol: Someone, alice: Someone) -> None:
    steps.sign_in(alice, "alice@contoso.example", PASSWORD)
    steps.see_that_the_integration_is_off(alice)
    steps.sign_in(carol, "carol@contoso.example", PASSWORD)
    steps.switch_the_integration_on(carol)
    steps.slow_microsoft_down(alice.site, milliseconds=100)
    steps.connect_the_calendar(alice, ALICE)
    steps.watch_the_first_sync(alice)


def _moved_there_and_seen_here(
    alice: Someone, at_outlook: Someone, plans: Plans, moved: Plans
) -> None:
    """The meeting's page stays open and is not loaded again."""
    outlook.move(at_outlook, ALICE, plans, to=moved)
    beside = alice.opens_another_tab()
    steps.sync_now(beside)
    steps.see_in_step(alice, moved)
    steps.find_in_the_agenda(beside, moved)
    beside.page.close()


def _deleted_there_and_seen_here(alice: Someone, at_outlook: Someone, plans: Plans) -> None:
    outlook.delete(at_outlook, ALICE, plans)
    steps.sync_now(alice)
    steps.see_it_cancelled_by_outlook(alice, plans)
