"""The demo knows the simulator by words alone, as production code never imports it."""

import demo
from portal import registrations
from simulator import registration
from simulator.world import World


def test_the_demo_is_registered_as_the_simulator_has_it() -> None:
    told = (demo.TENANT, demo.CLIENT_ID, demo.CLIENT_SECRET)

    assert told == (registration.CONTOSO, registration.CLIENT_ID, registration.CLIENT_SECRET)


def test_everybody_of_the_demo_who_tells_the_story_has_a_mailbox(clock) -> None:
    world = World.seeded(seed=1, people=6, events=10, now=clock)

    for address in ("alice@contoso.example", "bob@contoso.example", "carol@contoso.example"):
        assert world.find_person(address) is not None


def test_the_redirect_address_is_the_one_of_the_pages(portal) -> None:
    rules = {rule.rule for rule in portal.app.url_map.iter_rules()}

    assert registrations.CALLBACK in rules
