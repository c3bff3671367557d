"""How long the pages of administration take at the server when many people are here.

    python -m benchmarks.administration [--people 2000] [--groups 200] [--times 5] [--only words]

The portal runs in this process, over a file of its own; every page of administration is asked for
once before it is measured. A page over its budget is marked, and the program ends with 1.

Beside the time that passes stands the time the processor works for it: on a busy machine the
first says little, and the second is what counts.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import app as program
from benchmarks import pages
from benchmarks.pages import Asked
from outside import Outside
from portal import connections, timeline
from portal.configuration import settings
from portal.configuration.settings import Level
from portal.operations import audit_log
from portal.staff import groups
from tests import crowd, make, staff
from tests.browse import Browser
from tests.conftest import Clock, Laid, Portal, settings_in

LOG = 3_000  # entries of the timeline of the person whose page is asked for
AUDITED = 10  # entries of the audit log for each person


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds: by the clock on the wall, and of the processor."""

    wall: float
    cpu: float


def assembled(folder: Path, number: int, in_groups: int) -> tuple[Portal, int]:
    """A portal full of people, and the one whose pages are asked for."""
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    portal = Portal(Laid(settings_in(folder)), Outside(clock=clock), clock)
    with portal.writing() as db:
        make.organisation(db, now=clock())
        make.whole_cast(db, password_hash="", now=clock())
        make.registration(db, now=clock())
        by = make.person_id(db, "carol")
        settings.choose(db, "enabled", True, by=by, now=clock())
        ids = staff.hire(db, number, now=clock(), in_groups=in_groups)
        crowd.gather(db, ids, log=AUDITED, now=clock())
        crowd.found_organisation(db, by=by, now=clock())
        for group in groups.all_of_them(db):
            level = Level(group_id=group.id)
            settings.choose(db, "back_months", group.id % 6, level=level, by=by, now=clock())
            settings.choose(db, "conflict_rule", "portal", level=level, by=by, now=clock())
        for person_id in ids[::4]:
            level = Level(person_id=person_id)
            settings.choose(db, "bidirectional", False, level=level, by=by, now=clock())
        held = connections.of_person(db, ids[-1])
        assert held is not None
        for count in range(LOG):
            at = clock() - timedelta(minutes=count)
            about = timeline.Subject(calendar_id=held.calendars[0].id, graph_id=f"event {count}")
            timeline.note(db, about, timeline.OUTLOOK, "taken", now=at)
    return portal, ids[-1]


def asked(portal: Portal, person_id: int) -> Iterator[Asked]:
    with portal.reading() as db:
        found = audit_log.page(db, audit_log.Filter(act="setting changed")).rows
    yield from pages.of_route_map(person_id, found[0].id)
    yield from pages.searched()
    yield from pages.before_saving()
    with portal.writing() as db:
        by = make.person_id(db, "carol")
        settings.choose(db, "dry_run", True, by=by, now=portal.clock())
    yield from pages.only_shown()


def measured(browser: Browser, page: Asked, times: int) -> Took:
    """The quickest: what else the machine does meanwhile is not the page's."""
    took = []
    sent = {"base_url": browser.address}
    if page.address.startswith("/live"):
        sent["headers"] = {"HX-Request": "true"}
    for _ in range(times + 1):
        began = time.perf_counter(), time.process_time()
        if page.form is None:
            answer = browser.client.get(page.address, **sent)
        else:
            form = page.form | {"csrf_token": browser._token or ""}
            answer = browser.client.post(page.address, data=form, **sent)
        answer.get_data()
        took.append((time.perf_counter() - began[0], time.process_time() - began[1]))
        assert answer.status_code < 300, f"{page.address} answered {answer.status_code}"
    return Took(min(one[0] for one in took[1:]), min(one[1] for one in took[1:]))


def reported(page: Asked, took: Took) -> bool:
    """Prints a line; whether it took too long."""
    is_late = page.budget is not None and took.wall > page.budget
    mark = "  OVER ITS BUDGET" if is_late else ""
    told = page.name or page.address
    print(f"{took.wall * 1000:7.0f} ms {took.cpu * 1000:7.0f} ms of work  {told}{mark}", flush=True)
    return is_late


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--people", type=int, default=2000)
    reader.add_argument("--groups", type=int, default=200)
    reader.add_argument("--times", type=int, default=5)
    reader.add_argument("--only", default="", help="addresses that hold this")
    wanted = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program.prepare_data(settings_in(Path(folder)), Outside()).close()
        portal, person_id = assembled(Path(folder), wanted.people, wanted.groups)
        browser = portal.signed_in("olivia")
        browser.get("/profile")
        print(f"{wanted.people} people, {wanted.groups} groups")
        late = [
            reported(page, measured(browser, page, wanted.times))
            for page in asked(portal, person_id)
            if wanted.only in (page.name or page.address)
        ]
        portal.close()
    return 1 if any(late) else 0


if __name__ == "__main__":
    sys.exit(main())
