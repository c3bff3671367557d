"""A month of edits by chance: a cache kept by delta shows what the calendar view lists."""

import pytest
from flask import Flask

from simulator import create_app
from simulator.world import World
from tests.conftest import Clock
from tests.simulator.desk import Graph
from tests.simulator.graph.cache import Cache
from tests.simulator.graph.month import Month

QUARTERS = (
    "startDateTime=2026-10-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z",
    "startDateTime=2027-01-01T00:00:00Z&endDateTime=2027-04-01T00:00:00Z",
)
STEPS = 20


@pytest.fixture
def simulator(world: World) -> Flask:
    # Judging every answer by Microsoft's types takes long, and other tests do it.
    app: Flask = create_app(world)
    return app


@pytest.mark.parametrize("seed", [11, 23])
def test_a_cache_kept_by_rounds_agrees_with_the_list(
    graph: Graph, world: World, clock: Clock, seed: int
) -> None:
    month = Month(graph, world, seed)
    month.go_on(20)
    caches = [
        Cache(month.desks[who], span, immutable=immutable, size=size)
        for span in QUARTERS
        for who, immutable, size in (("alice", True, 50), ("bob", False, 3))
    ]

    for _ in range(STEPS):
        clock.advance(days=31 / STEPS)
        month.sign_in()
        for cache in caches:
            month.go_on(1)
            cache.read_page()
        for cache in caches:
            cache.catch_up()
            cache.catch_up()

        assert [cache.seen() for cache in caches] == [cache.listed() for cache in caches]
