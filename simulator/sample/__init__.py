"""Sample people in teams of five, and a plausible two years for each of them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from simulator.sample.cast import CAST, sample_people
from simulator.sample.contacts import fill_contacts
from simulator.sample.printer import Printer
from simulator.sample.years import BACK, FORWARD, Years

if TYPE_CHECKING:
    from simulator.world import World

__all__ = ["BACK", "FORWARD", "fill"]
TEAM = 5


def fill(world: World, *, people: int, events: int) -> None:
    """Put `people` people with mailboxes of about `events` occurrences into an empty world.

    Those next to each other are a team and see each other's meetings.
    """
    everybody = [
        world.add_person(each.name, each.address, zone=each.zone, admin=each.admin)
        for each in sample_people(people)
    ]
    printer = Printer(world.now())
    for first in range(0, people, TEAM):
        team = everybody[first : first + TEAM]
        source = random.Random(f"{world.seed}/{team[0].address}")
        Years(printer, team, source, world.today(), events).fill()
    for person in everybody if events else ():
        known = [(each.name, each.address) for each in CAST if each.address != person.address]
        fill_contacts(person, known, random.Random(f"{world.seed}/contacts/{person.address}"))
