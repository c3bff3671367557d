"""What a large world costs: 200 mailboxes of 5,000 events, each read once in full.

Prints each figure with its limit; ends with 1 when one is over. Answers are measured at the WSGI
border, unvalidated, as clients get them.
"""

from __future__ import annotations

import argparse
import gc
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

BEGUN = time.perf_counter()  # before the first import of the simulator

from simulator.application import create_app  # noqa: E402
from simulator.directory import Person  # noqa: E402
from simulator.registration import CLIENT_ID  # noqa: E402
from simulator.sample import BACK, FORWARD  # noqa: E402
from simulator.world import World  # noqa: E402

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

PAGE = 100
# A page of about that many entries; a long series makes others longer.
COUNTED = range(95, 106)


@dataclass(slots=True)
class Reader:
    """Reads mailboxes as an application does, and notes how long each answer took."""

    app: Application
    world: World
    pages: list[float] = field(default_factory=list)  # milliseconds
    idle: list[float] = field(default_factory=list)
    entries: int = 0

    def read(self, person: Person) -> None:
        """The whole window in pages, then one round in which nothing has changed."""
        token, _ = self.world.grants.issue_access(
            person.id, person.tenant.id, CLIENT_ID, frozenset({"Calendars.ReadWrite"})
        )
        now = self.world.now()
        begins, ends = quote((now - BACK).isoformat()), quote((now + FORWARD).isoformat())
        link = f"/v1.0/me/calendarView/delta?startDateTime={begins}&endDateTime={ends}"
        while True:
            page, took = self._get(link, token)
            self.entries += len(page["value"])
            if len(page["value"]) in COUNTED:
                self.pages.append(took)
            if "@odata.deltaLink" in page:
                break
            link = page["@odata.nextLink"]
        nothing, took = self._get(page["@odata.deltaLink"], token)
        assert nothing["value"] == []
        self.idle.append(took)

    def _get(self, link: str, token: str) -> tuple[dict[str, Any], float]:
        address = urlsplit(link)
        environ = {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": address.path,
            "QUERY_STRING": address.query, "SERVER_NAME": "localhost", "SERVER_PORT": "8365",
            "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
            "HTTP_AUTHORIZATION": f"Bearer {token}",
            "HTTP_PREFER": f'IdType="ImmutableId", odata.maxpagesize={PAGE}',
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }  # fmt: skip
        began = time.perf_counter()
        content = b"".join(self._answer(environ))
        took = (time.perf_counter() - began) * 1000
        return json.loads(content), took

    def _answer(self, environ: dict[str, Any]) -> Iterable[bytes]:
        return self.app(environ, lambda *head: lambda data: None)


def resident_gb() -> float:
    """What the process holds."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024**2 if found else 0.0


def judged(name: str, value: float, limit: float, unit: str) -> bool:
    """Print a figure beside its limit; is it within?"""
    within = value <= limit
    mark = "" if within else "   OVER"
    print(f"{name:38} {value:8.2f} {unit:3} limit {limit:g} {unit}{mark}")
    return within


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--events", type=int, default=5000)
    wish = parser.parse_args()
    world = World.seeded(people=wish.people, events=wish.events)
    reader = Reader(create_app(world).wsgi_app, world)
    started = time.perf_counter() - BEGUN
    cpu = time.process_time()
    for person in world.people.values():
        reader.read(person)
    gc.collect()
    print(f"{wish.people} mailboxes of {wish.events} events; {reader.entries} entries were read")
    tail = statistics.quantiles(reader.pages, n=100)[98]
    print(f"start took {cpu:.1f} s of a processor")
    print(f"99 of 100 pages took less than {tail:.1f} ms, the longest {max(reader.pages):.1f} ms")
    fine = [
        judged("start", started, 60, "s"),
        judged("memory after everybody was read", resident_gb(), 2.5, "GB"),
        judged("a delta page of 100 events (median)", statistics.median(reader.pages), 10, "ms"),
        judged("an idle delta (median)", statistics.median(reader.idle), 2, "ms"),
    ]
    sys.exit(0 if all(fine) else 1)


if __name__ == "__main__":
    main()
