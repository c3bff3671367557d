"""Every page of administration takes as many statements for many people as for few."""

import pytest

from blueprints.edge import EXTENSION
from portal.configuration import settings
from tests import crowd, staff
from tests.every_route import every_route
from tests.rules import watched

FEW, MANY = 20, 100
ROOMS = ("admin", "admin_live", "setup_microsoft")
LEADS_ON = ("admin.authorized",)  # from Microsoft, to another page
ASKED = (
    "/admin/people?state=needs_consent&version=2.0&sort=state",
    "/admin/people?words=person&group=1&mode=oauth",
    "/admin/rollout?q=person",
    "/admin/groups/1?q=person&add=person",
    "/admin/audit?person=person",
)
LISTED = [one for one in every_route("GET") if one.room in ROOMS and one.endpoint not in LEADS_ON]
PAGES = sorted({*ASKED, *(one.filled() for one in LISTED)})


@pytest.fixture
def more(portal, carol):
    """So many people more, with whatever an administrator is shown of them."""

    def hire(number, first=0):
        with portal.writing() as db:
            ids = staff.hire(db, number, now=portal.clock(), first=first, in_groups=number // 4)
            crowd.gather(db, ids, log=3, now=portal.clock())
            if not first:
                crowd.found_organisation(db, by=carol.person_id, now=portal.clock())

    return hire


@pytest.mark.parametrize("dry", [False, True])
def test_more_people_are_no_more_questions(dry, portal, carol, more):
    with portal.writing() as db:
        settings.choose(db, "enabled", True, by=carol.person_id, now=portal.clock())
        settings.choose(db, "dry_run", dry, by=carol.person_id, now=portal.clock())
    more(FEW)
    few = asked(portal, carol)
    more(MANY, first=FEW)

    assert asked(portal, carol) == few


def asked(portal, browser):
    """How many statements each page takes."""
    browser.get("/profile")
    readers = portal.app.extensions[EXTENSION].database._readers
    found = {}
    for address in PAGES:
        with watched(readers) as seen:
            assert browser.get(address, htmx=address.startswith("/live")).status == 200, address
        found[address] = len(seen)
    return found
