"""The pages of settings take as many statements for many people as for few."""

import pytest

from tests import staff
from tests.blueprints import settings_story as story
from tests.blueprints.settings_story import statements

PAGES = (
    "/admin/account-settings",
    "/admin/account-settings/data-sync",
    "/admin/account-settings/enabled/disable",
    "/admin/account-settings/data-sync/bidirectional/lock",
    "/admin/groups/1/integrations",
    "/admin/groups/1/data-sync",
    "/admin/groups/1/integrations/enabled/keep",
)


@pytest.fixture
def few(portal, carol):
    story.choose(carol, "enabled", True)
    with portal.writing() as db:
        staff.hire(db, 20, now=portal.clock(), in_groups=5)


def more(portal, carol):
    with portal.writing() as db:
        staff.hire(db, 180, now=portal.clock(), first=20, in_groups=45)
    for group_id in (2, 30):
        story.choose(carol, "back_months", 3, group_id)


@pytest.mark.parametrize("address", PAGES)
def test_a_page(address, few, portal, carol):
    before = statements(portal, carol, lambda: carol.get(address))
    more(portal, carol)

    assert statements(portal, carol, lambda: carol.get(address)) == before


@pytest.mark.parametrize("values", [{"allowed_domains": "fabrikam.example"}, {"grace_days": "1"}])
def test_the_effect_while_choosing(values, few, portal, carol):
    form = dict(carol.get(PAGES[0]).form_of("Save").fields) | values

    def look():
        return carol.post(f"{PAGES[0]}/effect", form, htmx=True)

    before = statements(portal, carol, look)
    more(portal, carol)

    assert statements(portal, carol, look) == before
