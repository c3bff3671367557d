"""How long a change takes to the other side: Outlook to the portal's page, the portal to Outlook.

    python -m benchmarks.latency [--events 5000] [--latency 100] [--changes 30] [--without]

Runs the simulator and the portal as processes of their own, over HTTP. First by itself, then while
the mailbox is read anew from nothing; `--without` also without notices, which takes some minutes.
"""

import argparse
import math
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.first_mile import (
    MICROSOFT,
    PORTAL,
    SIMULATOR_PORT,
    Browser,
    prepared,
    running,
)

ALICE = "alice@contoso.example"
LOOK_EVERY = 0.1
PATIENCE = 180.0
NUMBERS = count(1)


class Fields(HTMLParser):
    """What the form of a page that has a title holds before anybody fills it in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag == "select":
            self._select = named.get("name") or ""
        elif tag == "option" and self._select and "selected" in named:
            self.values[self._select] = named.get("value") or ""
        elif tag in ("input", "textarea") and not self._is_unticked(named):
            self.values[named.get("name") or ""] = named.get("value") or ""

    def _is_unticked(self, named: dict[str, str | None]) -> bool:
        return named.get("type") in ("checkbox", "radio") and "checked" not in named

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


class Sides:
    """Alice at her portal and at her Outlook."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.outlook = httpx2.Client(base_url=MICROSOFT, timeout=30)

    def add_in_outlook(self, title: str, day: date, hour: int) -> None:
        starts = datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - the mailbox's time
        form = {
            "title": title,
            "start": starts.isoformat(timespec="minutes"),
            "end": (starts + timedelta(hours=1)).isoformat(timespec="minutes"),
        }
        answer = self.outlook.post(f"/outlook/{ALICE}/new", data=form)
        assert answer.status_code == 303, answer.text[:500]

    def is_in_portal(self, title: str, day: date) -> bool:
        page = self.browser.http.get(f"{PORTAL}/live/calendar/agenda", params={"from": f"{day}"})
        return title in page.text

    def add_in_portal(self, title: str, day: date, hour: int) -> None:
        form = Fields(self.browser.http.get(f"{PORTAL}/meetings/new").text).values
        form |= {"title": title, "day": f"{day}", "end_day": ""}
        form |= {"start": f"{hour:02}:00", "end": f"{hour:02}:30"}
        answer = self.browser.http.post(f"{PORTAL}/meetings/new", data=form, follow_redirects=False)
        assert answer.status_code in (302, 303), answer.text[:2000]

    def is_in_outlook(self, title: str, day: date) -> bool:
        return title in self.outlook.get(f"/outlook/{ALICE}", params={"day": f"{day}"}).text

    def control(self, what: str, **wish: Any) -> None:
        assert self.outlook.post(f"/_control/{what}", json=wish).status_code == 200

    def read_anew(self) -> None:
        """Every cursor is dead, and everything is looked at."""
        self.control("expire-cursors", person="alice")
        page = self.browser.http.get(f"{PORTAL}/profile").text
        form = {"csrf_token": self.browser.token(page)}
        answer = self.browser.http.post(f"{PORTAL}/connection/sync-now", data=form)
        assert answer.status_code == 200

    @property
    def is_told(self) -> bool:
        return bool(self.outlook.get("/_control/notices").json()["subscriptions"])


def wait_until(there: Callable[[], bool], *, every: float = LOOK_EVERY) -> float:
    """Seconds."""
    began = time.monotonic()
    while not there():
        assert time.monotonic() - began < PATIENCE, "it never came"
        time.sleep(every)
    return time.monotonic() - began


def one_day() -> tuple[str, date, int]:
    """A title nobody has, and a free hour of the coming weeks."""
    number = next(NUMBERS)
    day = datetime.now(UTC).date() + timedelta(days=2 + number % 12)
    return f"Measured {number:04}", day, 8 + number // 12 % 10


def to_portal(sides: Sides) -> float:
    title, day, hour = one_day()
    sides.add_in_outlook(title, day, hour)
    return wait_until(lambda: sides.is_in_portal(title, day))


def to_outlook(sides: Sides) -> float:
    title, day, hour = one_day()
    sides.add_in_portal(title, day, hour)
    return wait_until(lambda: sides.is_in_outlook(title, day))


def report(what: str, seconds: list[float], target: float) -> None:
    ordered = sorted(seconds)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    verdict = "ok" if p95 <= target else "TOO SLOW"
    print(
        f"{what:54} n={len(ordered):3}  median {ordered[len(ordered) // 2]:6.2f} s"
        f"  p95 {p95:6.2f} s  target {target:g} s  {verdict}",
        flush=True,
    )


@contextmanager
def read_all_the_time(sides: Sides) -> Iterator[None]:
    """The mailbox is read anew, again and again."""
    ended = threading.Event()

    def again() -> None:
        while not ended.is_set():
            sides.read_anew()
            ended.wait(10)

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def all_at_once(sides: Sides, changes: int, *, apart: float) -> list[float]:
    """Changes made one after another, each timed by itself."""
    found: list[float] = []

    def one() -> None:
        found.append(to_portal(sides))

    threads = []
    for _ in range(changes):
        threads.append(threading.Thread(target=one))
        threads[-1].start()
        time.sleep(apart)
    for thread in threads:
        thread.join()
    return found


def with_notices(sides: Sides, changes: int) -> None:
    wait_until(lambda: sides.is_told)
    wait_until(lambda: sides.browser.progress()[0] >= 1)
    time.sleep(35)  # the follow-ups of the first sync
    apart = [(time.sleep(4), to_portal(sides))[1] for _ in range(changes)]
    report("Outlook to the page, with notices", apart, 2)
    busy = [to_portal(sides) for _ in range(changes)]
    report("the same, one right after the other", busy, 5)
    report("the portal to Outlook", [to_outlook(sides) for _ in range(changes)], 3)
    with read_all_the_time(sides):
        time.sleep(2)
        report(
            "the portal to Outlook, during a backfill",
            [to_outlook(sides) for _ in range(changes)],
            3,
        )
        during = [(time.sleep(4), to_portal(sides))[1] for _ in range(changes)]
        report("Outlook to the page, with notices, during a backfill", during, 2)
    sides.control("switch", switch="reads.delay", position=10)
    sides.control("switch", switch="reads.stale", position=10)
    late = all_at_once(sides, max(changes // 3, 5), apart=4)
    report("Outlook shows it 10 s late, with notices", late, 35)


def connected(
    env: dict[str, str], wish: argparse.Namespace, measure: Callable[[Sides], None]
) -> None:
    simulator = (
        *("-m", "simulator", f"--port={SIMULATOR_PORT}", f"--events={wish.events}"),
        *(f"--latency={wish.latency}", f"--redirect={PORTAL}/connect/microsoft/callback"),
    )
    with (
        running(*simulator, env=env, ready=f"{MICROSOFT}/healthz"),
        running("app.py", "run", env=env, ready=f"{PORTAL}/healthz"),
    ):
        browser = Browser()
        browser.sign_in(ALICE)
        browser.connect(ALICE)
        measure(Sides(browser))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--latency", type=int, default=100, help="milliseconds per request")
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--without", action="store_true", help="also by polling alone")
    wish = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {wish.events} events, {wish.latency} ms")
    with tempfile.TemporaryDirectory() as temporary:
        env = prepared(Path(temporary) / "instance")
        connected(env, wish, lambda sides: with_notices(sides, wish.changes))
    if not wish.without:
        return
    with tempfile.TemporaryDirectory() as temporary:
        env = prepared(Path(temporary) / "instance") | {"NOTICES": "off"}

        def by_polling(sides: Sides) -> None:
            wait_until(lambda: sides.browser.progress()[0] >= 1)
            found = all_at_once(sides, wish.changes, apart=120 / wish.changes)
            report("Outlook to the page, looking every minute", found, 62)

        connected(env, wish, by_polling)


if __name__ == "__main__":
    main()
