"""What the first mile costs: seconds until the first events and until all of them; an idle portal.

    python -m benchmarks.first_mile [--events 5000] [--latency 100] [--idle 30]

Starts the simulator and the portal as processes of their own and goes through their pages over
HTTP, as a browser would.
"""

import argparse
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx2

import app
import config
import demo
from outside import Outside
from portal import people
from portal.configuration import settings
from portal.database import Database
from portal.sealing import Keyring, new_key, read_keys, write_keys

ROOT = Path(__file__).parent.parent
TICKS = 100  # of the kernel's clock, per second


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PORTAL_PORT, SIMULATOR_PORT = free_port(), free_port()
PORTAL = f"http://127.0.0.1:{PORTAL_PORT}"
MICROSOFT = f"http://localhost:{SIMULATOR_PORT}"


@contextmanager
def running(*command: str, env: dict[str, str], ready: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=env)
    try:
        until = time.monotonic() + 60
        while not answers(ready):
            assert process.poll() is None, f"{command} ended"
            assert time.monotonic() < until, f"{command} did not start"
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=40)


def answers(address: str) -> bool:
    try:
        return httpx2.get(address).status_code < 500
    except httpx2.HTTPError:
        return False


def prepared(folder: Path) -> dict[str, str]:
    """A portal with the demo's people, the integration on; the environment to run it with."""
    env = {
        "PATH": "/usr/bin:/bin",
        "INSTANCE": str(folder),
        "BIND": f"127.0.0.1:{PORTAL_PORT}",
        "ENTRA_BASE": MICROSOFT,
        "GRAPH_BASE": f"{MICROSOFT}/v1.0",
        "LOG_LEVEL": "warning",
    }
    chosen = config.Settings(instance=folder, entra_base=MICROSOFT, graph_base=f"{MICROSOFT}/v1.0")
    write_keys(chosen.key_file, [new_key()])
    outside = Outside()
    database = app.prepare_data(chosen, outside)
    now = outside.clock()
    with database.writing() as db:
        demo.fill(db, public_address=PORTAL, now=now)
        carol = people.by_address(db, "carol@contoso.example")
        assert carol is not None
        settings.choose(db, "enabled", True, by=carol.id, now=now)
    database.close()
    return env


class Browser:
    """Signs in, consents, looks."""

    def __init__(self) -> None:
        self.http = httpx2.Client(follow_redirects=True, timeout=30)

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None, "no form on this page"
        return found[1]

    def sign_in(self, address: str) -> None:
        page = self.http.get(f"{PORTAL}/sign-in").text
        answer = self.http.post(
            f"{PORTAL}/sign-in",
            data={
                "csrf_token": self.token(page),
                "address": address,
                "password": demo.PASSWORD,
                "next": "/calendar",
            },
        )
        assert answer.status_code == 200, answer.status_code

    def connect(self, address: str) -> float:
        """Through Microsoft and back; the moment of being back (monotonic seconds)."""
        page = self.http.get(f"{PORTAL}/connect/permissions").text
        form = {"csrf_token": self.token(page), "calendar_access": "read_write"}
        at_microsoft = self.http.post(f"{PORTAL}/connect/microsoft", data=form)
        person = re.search(
            r'value="([^"]+)">\s*<span class="name">[^<]*</span>\s*<span class="address">'
            + re.escape(address),
            at_microsoft.text,
        )
        assert person is not None, "the person is not to be picked"
        choice = {"person": person[1], "decision": "accept"}
        back = self.http.post(str(at_microsoft.url), data=choice, follow_redirects=False)
        returned = self.http.get(back.headers["location"])
        assert "is connected" in returned.text, returned.text[:2000]
        return time.monotonic()

    def events_on_page(self) -> int:
        return self.http.get(f"{PORTAL}/calendar").text.count("/calendar/events/")

    def progress(self) -> tuple[float, str]:
        """Share of the first sync that is done; 1 when it is over."""
        page = self.http.get(f"{PORTAL}/live/progress").text
        found = re.search(r'max="(\d+)" value="(\d+)"', page)
        if found is None:
            return 1.0, page
        return int(found[2]) / int(found[1]), page


def first_sync(browser: Browser) -> None:
    back = browser.connect("alice@contoso.example")
    seen: list[float] = []
    first = None
    while True:
        if first is None and browser.events_on_page():
            first = time.monotonic() - back
            print(f"first events on the calendar page: {first:.2f} s after the return")
        share, _page = browser.progress()
        if not seen or share != seen[-1]:
            seen.append(share)
        if share >= 1 and first is not None:
            break
        assert time.monotonic() - back < 300, "the first sync does not end"
        time.sleep(0.1)
    print(f"all 24 months: {time.monotonic() - back:.1f} s; the bar stood at {len(seen)} places:")
    print("  " + " ".join(f"{share:.0%}" for share in seen))


def count(folder: Path) -> None:
    keyring = Keyring(read_keys(folder / "seal.keys"))
    database = Database(f"sqlite:///{folder / 'lockstep.db'}", keyring)
    with database.reading() as db:
        shown = db.connection().exec_driver_sql(
            "SELECT count(*), count(DISTINCT graph_id) FROM events WHERE kind <> 'master'"
        )
        held, different = shown.one()
        print(f"events held: {held}, of which different: {different}")
    database.close()


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(grandchild for child in children for grandchild in family(int(child)))]


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid: int) -> float:
    """Without mapped files."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def idle(pid: int, seconds: int) -> None:
    members = family(pid)
    before = {member: cpu_seconds(member) for member in members}
    time.sleep(seconds)
    for member in members:
        share = (cpu_seconds(member) - before[member]) / seconds
        print(f"idle process {member}: {share:.2%} of one core, {resident_mb(member):.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--latency", type=int, default=100, help="milliseconds per request")
    parser.add_argument("--idle", type=int, default=30, help="seconds to watch")
    wish = parser.parse_args()
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {wish.events} events, {wish.latency} ms")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "instance"
        env = prepared(folder)
        simulator = (
            *("-m", "simulator", f"--port={SIMULATOR_PORT}", f"--events={wish.events}"),
            *(f"--latency={wish.latency}", f"--redirect={PORTAL}/connect/microsoft/callback"),
        )
        with (
            running(*simulator, env=env, ready=f"{MICROSOFT}/healthz"),
            running("app.py", "run", env=env, ready=f"{PORTAL}/healthz") as portal,
        ):
            browser = Browser()
            browser.sign_in("alice@contoso.example")
            first_sync(browser)
            count(folder)
            idle(portal.pid, wish.idle)


if __name__ == "__main__":
    main()
