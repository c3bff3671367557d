"""Delivers notifications by itself while the simulator runs."""

from __future__ import annotations

import logging
import threading

from flask import Flask

from simulator.world import World

# Time alone makes letters due and subscriptions end, and somebody may move the clock.
ROUND_SECONDS = 1.0
log = logging.getLogger(__name__)


class Postman:
    """A thread that sends what is due, after each request at once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._called = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._rounds, name="postman", daemon=True)

    def serve(self, app: Flask) -> None:
        """Begin; every request to `app` may have changed a mailbox."""
        app.teardown_request(self._call)
        self._thread.start()

    def end(self) -> None:
        """Stop; what is being sent just now may still arrive."""
        self._ended = True
        self._called.set()
        self._thread.join(ROUND_SECONDS)

    def _call(self, problem: BaseException | None) -> None:
        self._called.set()

    def _rounds(self) -> None:
        while not self._ended:
            self._called.wait(ROUND_SECONDS)
            self._called.clear()
            try:
                self._world.notices.deliver_due()
            except Exception:
                log.exception("delivery failed")
