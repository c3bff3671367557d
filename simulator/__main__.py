"""The command line: python -m simulator --port 8365."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

from flask import Flask

from simulator import options, registration
from simulator.application import create_app
from simulator.clock import Clock
from simulator.ics import NotACalendar
from simulator.ics import load as load_ics
from simulator.keeper import Keeper
from simulator.notices.postman import Postman
from simulator.server import Server
from simulator.state import NotAWorld, load
from simulator.world import World

BEFORE = ("seed", "people", "events", "clock", "ics")  # what only a new world can take


def main(words: list[str] | None = None, make: Callable[..., Flask] = create_app) -> None:
    """Serve until SIGTERM or SIGINT, as these words ask, or those of the command line.

    `make` is called as `create_app` is.
    """
    wish = options.read(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        _serve(wish, _world(wish), make)
    except NotAWorld as problem:
        sys.exit(str(problem))


def _world(wish: argparse.Namespace) -> World:
    """The world of the file if there is one, else a new one."""
    world = load(wish.state) if wish.state else None
    if world is None:
        return _new_world(wish)
    unused = [f"--{name}" for name in BEFORE if getattr(wish, name)]
    print(f"{wish.state}: the world of {world.now():%Y-%m-%d %H:%M} UTC goes on.", flush=True)
    if unused:
        print(f"{wish.state} holds a world already: {', '.join(unused)} not used.", flush=True)
    return world


def _new_world(wish: argparse.Namespace) -> World:
    clock = Clock()
    if wish.clock:
        clock.set(wish.clock)
    world = World.seeded(
        seed=options.SEED if wish.seed is None else wish.seed,
        people=options.PEOPLE if wish.people is None else wish.people,
        events=options.EVENTS if wish.events is None else wish.events,
        now=clock,
    )
    for each in wish.ics:
        _bring_in(world, each)
    return world


def _bring_in(world: World, each: options.Import) -> None:
    """Put a file into a mailbox and say what Outlook cannot hold of it."""
    person = world.find_person(each.mailbox)
    if person is None:
        sys.exit(f"--ics: there is no mailbox {each.mailbox!r}.")
    try:
        report = load_ics(world, person, each.path.read_bytes(), str(each.path))
    except OSError as problem:
        sys.exit(f"{each.path} cannot be read: {problem.strerror}.")
    except NotACalendar as problem:
        sys.exit(str(problem))
    print(*report.lines(), report.summary(), sep="\n", flush=True)


def _serve(wish: argparse.Namespace, world: World, make: Callable[..., Flask]) -> None:
    if wish.redirect:
        world.register_app(redirect_uris=wish.redirect)
    app = make(world, latency_ms=wish.latency)
    server = _listening(wish, app)
    keeper = Keeper(world, wish.state) if wish.state else None
    if keeper:
        keeper.begin(app)
    postman = Postman(world)
    postman.serve(app)

    def stop(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"Simulated Outlook: http://{wish.host}:{server.server_port}/outlook", flush=True)
    print(f"Client id {registration.CLIENT_ID}, secret {registration.CLIENT_SECRET}", flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    postman.end()
    if keeper:
        keeper.end()


def _listening(wish: argparse.Namespace, app: Flask) -> Server:
    try:
        return Server(wish.host, wish.port, app)
    except OSError as problem:
        sys.exit(f"{wish.host}:{wish.port} cannot be listened on: {problem.strerror}.")


if __name__ == "__main__":
    main()
