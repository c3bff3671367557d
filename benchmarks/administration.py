"""How long the pages of administration take at the server when many people are here.

    python -m benchmarks.administration [--people 2000] [--groups 200] [--times 5]

The portal runs in this process, over a file of its own; each page is asked for once before it is
measured. A page over its budget is marked, and the program ends with 1.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import app as program
from outside import Outside
from portal import connections, groups, settings, timeline
from portal.settings import Level
from tests import make, staff
from tests.browse import Browser
from tests.conftest import Clock, Portal, settings_in

BUDGET = 0.200
WHAT_IF = 1.0  # for all 2,000 people before and after
INTEGRATIONS = {
    "service": "office365",
    "authorize_with": "graph",
    "setup_by": "oauth",
    "calendar_permission": "read_write",
    "contacts_permission": "off",
    "allowed_domains": "",
    "sso_prompt": "never",
    "grace_days": "7",
}
DATA_SYNC = {
    "bidirectional": "on",
    "sync_version": "2.0",
    "back_months": "6",
    "forward_months": "18",
    "conflict_rule": "outlook",
    "poll_minutes": "5",
}
WHAT_IFS = {
    "another domain": INTEGRATIONS | {"allowed_domains": "fabrikam.example"},
    "reading only": INTEGRATIONS | {"calendar_permission": "read"},
    "nobody may grant": INTEGRATIONS | {"calendar_permission": "off"},
    "version 1.0": DATA_SYNC | {"sync_version": "1.0"},
    "less coverage": DATA_SYNC | {"forward_months": "3"},
}
LOG = 3_000  # entries of the timeline of the person whose page is asked for


@dataclass(frozen=True, slots=True)
class Asked:
    """One page; where a form is sent, `form` fills it in."""

    name: str
    address: str
    form: dict[str, str] | None = None
    budget: float | None = BUDGET  # None: a file, which is as long as the list


@dataclass(frozen=True, slots=True)
class Crowd:
    portal: Portal
    person_ids: list[int]


def people_pages(crowd: Crowd) -> list[Asked]:
    one = crowd.person_ids[-1]
    return [
        Asked("the list of people", "/admin/people"),
        Asked("its last page", "/admin/people?page=9999"),
        Asked("a search in it", "/admin/people?words=17"),
        Asked("filtered by state", "/admin/people?state=needs_consent"),
        Asked("sorted by state, version 2.0", "/admin/people?sort=state&version=2.0"),
        Asked("a group in it", "/admin/people?group=17"),
        Asked("the list as a file", "/admin/people.csv", budget=None),
        Asked("a person", f"/admin/people/{one}"),
        Asked("before deleting a person", f"/admin/people/{one}/delete"),
    ]


def settings_pages(_crowd: Crowd) -> list[Asked]:
    places = {"account": "/admin/account-settings", "group": "/admin/groups/17"}
    integrations = {"account": places["account"], "group": f"{places['group']}/integrations"}
    lock = f"{integrations['account']}/enabled/lock"
    found = [Asked("what a lock would do", lock, budget=WHAT_IF)]
    for level, place in places.items():
        found += [
            Asked(f"Integrations, {level}", integrations[level]),
            Asked(f"Data Sync, {level}", f"{place}/data-sync"),
        ]
    for name, values in WHAT_IFS.items():
        page = integrations["account"] + ("" if "allowed_domains" in values else "/data-sync")
        found.append(Asked(f"what if: {name}", f"{page}/effect", values, WHAT_IF))
    return found


# A part of administration adds its pages here.
PAGES: tuple[Callable[[Crowd], list[Asked]], ...] = (people_pages, settings_pages)


def assembled(folder: Path, number: int, in_groups: int) -> Crowd:
    clock = Clock(datetime.now(UTC).replace(microsecond=0))
    outside = Outside(clock=clock)
    portal = Portal(settings_in(folder), outside, clock)
    with portal.writing() as db:
        make.organisation(db, now=clock())
        make.whole_cast(db, password_hash="", now=clock())
        make.registration(db, now=clock())
        by = make.person_id(db, "carol")
        settings.choose(db, "enabled", True, by=by, now=clock())
        ids = staff.hire(db, number, now=clock(), in_groups=in_groups)
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
    return Crowd(portal, ids)


def measured(browser: Browser, asked: Asked, times: int) -> float:
    """The quickest: what else the machine does meanwhile is not the page's."""
    took = []
    for _ in range(times + 1):
        began = time.perf_counter()
        sent = {"base_url": browser.address}
        if asked.form is None:
            answer = browser.client.get(asked.address, **sent)
        else:
            form = asked.form | {"csrf_token": browser._token or ""}
            answer = browser.client.post(asked.address, data=form, **sent)
        answer.get_data()
        took.append(time.perf_counter() - began)
        assert answer.status_code < 400, f"{asked.address} answered {answer.status_code}"
    return min(took[1:])


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--people", type=int, default=2000)
    reader.add_argument("--groups", type=int, default=200)
    reader.add_argument("--times", type=int, default=5)
    wanted = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program.prepare_data(settings_in(Path(folder)), Outside()).close()
        crowd = assembled(Path(folder), wanted.people, wanted.groups)
        browser = crowd.portal.signed_in("olivia")
        browser.get("/profile")
        print(f"{wanted.people} people, {wanted.groups} groups")
        late = 0
        for asked in (page for pages in PAGES for page in pages(crowd)):
            took = measured(browser, asked, wanted.times)
            is_late = asked.budget is not None and took > asked.budget
            late += is_late
            print(f"{took * 1000:7.0f} ms  {asked.name}{'  OVER ITS BUDGET' if is_late else ''}")
        crowd.portal.close()
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
