"""Makes the same calls to the same world and prints every answer, byte for byte.

Run as a program of its own, so that nothing of another process can make the answers alike.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from flask import Flask, Response

from simulator import create_app
from simulator.clock import Clock
from simulator.registration import SCOPES
from simulator.world import World
from tests.simulator.contract import notices
from tests.simulator.contract.case import run
from tests.simulator.contract.test_contract import CASES, known
from tests.simulator.desk import Graph, SignIn
from tests.simulator.ics.kit import SAMPLES


def stage(events: int) -> tuple[World, Flask]:
    """A world with plausible people, its clock standing."""
    clock = Clock()
    clock.set(datetime(2026, 11, 18, 9, tzinfo=UTC))
    world = World.seeded(people=8, events=events, now=clock)
    app = create_app(world)

    @app.after_request
    def print_it(response: Response) -> Response:
        head = "".join(f"{name}: {value}\n" for name, value in response.headers)
        sys.stdout.write(f"{response.status}\n{head}\n")
        response.direct_passthrough = False
        sys.stdout.write(f"{response.get_data().decode('latin-1')}\n")
        return response

    return world, app


def call_everything(world: World, app: Flask) -> None:
    """Sign-in, tokens, files, every address of Graph."""
    client = app.test_client()
    sign_in = SignIn(client, world)
    tokens = sign_in.redeem(sign_in.code()).json or {}
    sign_in.token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    for name in ("v2.0/.well-known/openid-configuration", "discovery/v2.0/keys"):
        client.get(f"/common/{name}")
    for name in ("google", "exchange"):
        client.post("/_control/ics?mailbox=bob", data=(SAMPLES / f"{name}.ics").read_bytes())
    graph = Graph(client, world)
    graph.sign_in("alice", *SCOPES)
    world.post = notices.listening
    run(graph, CASES, known(world, "/me"))
    client.get("/_control/mails")


def read_everything(world: World, app: Flask) -> None:
    """Everybody's calendar and page."""
    client = app.test_client()
    graph = Graph(client, world)
    for person in world.people.values():
        graph.sign_in(person.nickname)
        graph.first_round(size=20)
        client.get(f"/outlook/{person.address}")


if __name__ == "__main__":
    call_everything(*stage(events=0))
    read_everything(*stage(events=300))
