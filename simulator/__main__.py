"""The command line: python -m simulator --port 8365."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from types import FrameType

from simulator import registration
from simulator.application import create_app
from simulator.entra.keys import signing_key
from simulator.notices.postman import Postman
from simulator.server import Server
from simulator.world import World


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="simulator", description="Microsoft 365 on a desk.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8365, help="port to listen on")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same world")
    parser.add_argument("--people", type=int, default=6, help="how many people")
    parser.add_argument(
        "--events", type=int, default=600, help="occurrences in each mailbox over 24 months"
    )
    parser.add_argument("--latency", type=int, default=0, metavar="MS", help="delay of answers")
    parser.add_argument(
        "--redirect", action="append", metavar="URI", help="a registered redirect address"
    )
    return parser.parse_args()


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    wish = arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    world = World.seeded(seed=wish.seed, people=wish.people, events=wish.events)
    if wish.redirect:
        world.register_app(redirect_uris=wish.redirect)
    signing_key()  # made before the first person waits for it
    app = create_app(world, latency_ms=wish.latency)
    server = Server(wish.host, wish.port, app)
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


if __name__ == "__main__":
    main()
