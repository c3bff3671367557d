"""What befalls a call on its way: a delay, a refusal, a broken line, a spoilt answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Response, g, request

from simulator.faults.wire import NO_TOKEN, REFUSALS
from simulator.graph.call import error_answer
from simulator.graph.malformed import spoilt
from simulator.graph.throttle import wait_headers
from simulator.refused import Refused

if TYPE_CHECKING:
    from simulator.world import World

BREAKS = "simulator.breaks"  # in the WSGI environment: before, after, middle
OUTAGE_WAIT = 10
PIECE = 16
WITH_A_WAIT = (429, 503)
HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>Gateway</body></html>"


class Asked(Exception):
    """An answer that the fault switches put in the place of the real one."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def befall(world: World, person: str | None) -> None:
    """Refuse or mark the call as the switches want it. The caller holds the lock.

    With every switch where it belongs there is nothing to do.
    """
    switches = world.switches
    if not switches.chosen:
        return
    refuse = str(switches.strikes("wire.refuse", person))
    if refuse != "no":
        raise Asked(_refusal(world, person, refuse))
    _count(world, person)
    breaks = str(switches.strikes("wire.drop", person))
    if breaks != "no":
        request.environ[BREAKS] = breaks
    if breaks == "before":
        raise Asked(Response(status=500))


def _count(world: World, person: str | None) -> None:
    every = int(world.switches.position("wire.unauthorized_every", person))
    if not every:
        return
    tally = world.gate.tally
    tally[person] = tally.get(person, 0) + 1
    if tally[person] % every == 0:
        raise Refused(401, "InvalidAuthenticationToken", NO_TOKEN)


def _refusal(world: World, person: str | None, refuse: str) -> Response:
    status, code = int(refuse[:3]), refuse[4:]
    response = error_answer(Refused(status, code, REFUSALS[refuse]))
    body = world.switches.position("wire.refusal_body", person)
    if body != "json":
        text = HTML.format(refuse) if body == "html" else ""
        response = Response(text, status, content_type="text/html")
    if status in WITH_A_WAIT:
        response.headers.update(wait_headers(world, person, OUTAGE_WAIT))
    return response


def delay(world: World, person: str | None) -> None:
    """Let the call take as long as it is to take."""
    wait = world.latency_ms
    if world.switches.chosen:
        wait += int(world.switches.position("wire.latency", person))
    if wait:
        world.wait(wait / 1000)


def arrived(world: World, person: str | None, response: Response) -> Response:
    """The answer as it arrives after what befell it. The caller holds the lock."""
    switches = world.switches
    if not switches.chosen:
        return response
    g.no_request_id = switches.strikes("wire.no_request_id", person)
    how = str(switches.strikes("wire.malformed", person))
    if how != "no":
        response = spoilt(response, how)
    pause = int(switches.strikes("wire.slow_body", person))
    if pause:
        dribble(world, response, pause)
    return response


def dribble(world: World, response: Response, pause: int) -> None:
    """Send the body in small pieces, with a pause in milliseconds before each."""
    content = response.get_data()

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(content), PIECE):
            world.wait(pause / 1000)
            yield content[start : start + PIECE]

    response.response = pieces()
    response.content_length = len(content)
