"""The demo: a portal with sample people beside a simulated Microsoft 365. Starts anew each time.

Demo mode is two base addresses and some rows; no other code knows of it.
"""

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal import accounts, people, registrations
from portal.configuration import settings
from portal.registrations import Entered
from portal.signing_in import passwords, providers

ROOT = Path(__file__).parent
PASSWORD = "lockstep-demo-2026"  # noqa: S105 - printed on the screen, for sample people only
# How the simulator knows its one registered application.
TENANT = "c0a70500-0000-4000-8000-00000000c050"
CLIENT_ID = "10c57e90-0000-4000-8000-00000000a990"
CLIENT_SECRET = "simulated-secret"  # noqa: S105
PATIENCE = 30  # seconds for the simulator to answer

PEOPLE = (
    ("olivia@contoso.example", "Olivia Oak", people.OWNER),
    ("carol@contoso.example", "Carol Chen", people.ADMIN),
    ("alice@contoso.example", "Alice Ardent", people.MEMBER),
    ("bob@contoso.example", "Bob Brook", people.MEMBER),
)
ZONE = "Europe/Berlin"


class CannotShow(Exception):
    """The demo cannot start. The text says why and what to do."""


def begin_anew(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def microsoft(program: str, port: int, portal_addresses: list[str]) -> Iterator[str]:
    """Runs the simulator, a module by name, beside the portal; yields its base address.
    Raises CannotShow.
    """
    base = f"http://localhost:{port}"
    if _answers(base):
        raise CannotShow(
            f"Port {port} is taken, perhaps by another demo. Stop that one, "
            "or choose another port: SIMULATOR_PORT=8366 make demo"
        )
    paths = (
        registrations.CALLBACK,
        registrations.ADMIN_CALLBACK,
        providers.CALLBACKS[providers.MICROSOFT],
    )
    redirects = [f"--redirect={address}{path}" for address in portal_addresses for path in paths]
    command = [sys.executable, "-m", program, f"--port={port}", *redirects]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(base, process)
        yield base
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(base: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while not _answers(base):
        if process.poll() is not None or time.monotonic() > until:
            raise CannotShow("The simulated Microsoft 365 did not start; its words stand above.")
        time.sleep(0.1)


def _answers(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/healthz", timeout=1):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def fill(db: Session, *, public_address: str, now: datetime) -> None:
    """An organisation with its people, registered at the simulator; the integration is still off,
    for switching it on is where the story begins.
    """
    accounts.prepare(db)
    accounts.set_up(
        db,
        name="Contoso",
        public_address=public_address,
        zone=ZONE,
        link_template=accounts.LINK_TEMPLATE,
        now=now,
    )
    password_hash = passwords.hashed(PASSWORD)
    owner = None
    for address, name, role in PEOPLE:
        person = people.add(
            db,
            address=address,
            name=name,
            role=role,
            zone=ZONE,
            password_hash=password_hash,
            must_change_password=False,
            now=now,
        )
        owner = owner or person.id
    registration = Entered(tenant=TENANT, client_id=CLIENT_ID, secret=CLIENT_SECRET)
    registrations.keep(db, registration, by=owner or 0, now=now)
    # Nobody who tries something out waits five minutes to see it.
    settings.choose(db, "poll_minutes", 1, by=owner or 0, now=now)


def words(*, public_address: str, microsoft_address: str) -> str:
    """What stands on the screen while the demo runs."""
    lines = [f"    {role:7} {address:24} {name}" for address, name, role in PEOPLE]
    return "\n".join(
        (
            "",
            f"  Lockstep           {public_address}",
            f"  Simulated Outlook  {microsoft_address}/outlook",
            "",
            f"  Sign in with the password {PASSWORD} as",
            *lines,
            "",
            "  The story: as Carol, switch the integration on under Admin. As Alice, connect the",
            "  calendar at the bottom of the profile, schedule a meeting, and see it in Outlook.",
            "  Move it there, and see it moved here a moment later. Stop with Ctrl+C.",
            "",
        )
    )
