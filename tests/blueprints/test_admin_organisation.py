"""The organisation's own page."""

import pytest
from sqlalchemy import select

from portal import accounts
from portal.tables import Audit

PLACE = "/admin/organisation"


def account(portal):
    with portal.reading() as db:
        return accounts.the_account(db)


def test_the_organisation_can_be_renamed(carol, portal):
    page = carol.submit(carol.get(PLACE), "Save", organisation="Contoso Ltd")

    assert page.path == PLACE
    assert account(portal).name == "Contoso Ltd"
    with portal.reading() as db:
        assert db.scalars(select(Audit.after)).one()["name"] == "Contoso Ltd"


def test_another_address_leads_to_the_redirect_address_that_changes_with_it(carol):
    page = carol.submit(carol.get(PLACE), "Save", public_address="https://meet.example.org/")

    copied = page.by_id("redirect-address").get("value")
    assert copied == "https://meet.example.org/connect/microsoft/callback"
    assert "enter the new one in Entra" in " ".join(page.notices)


def test_join_links_can_be_switched_off_and_on_again(carol, portal):
    page = carol.submit(carol.get(PLACE), "Save", with_link=None)
    assert account(portal).join_link_template == ""

    carol.submit(page, "Save", with_link="y")
    assert account(portal).join_link_template == accounts.LINK_TEMPLATE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation", ""),
        ("public_address", "http://portal.example.org"),
        ("zone", "Nowhere"),
        ("link_template", "https://meet.example/room"),
    ],
)
def test_what_does_not_fit_is_not_kept(carol, portal, field, value):
    page = carol.submit(carol.get(PLACE), "Save", **{field: value})

    assert page.status == 422
    assert field in page.errors
    assert account(portal).name == "Contoso"
    with portal.reading() as db:
        assert db.scalars(select(Audit)).all() == []
