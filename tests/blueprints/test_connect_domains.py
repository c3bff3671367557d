"""Which accounts may be connected: by their domain, before Microsoft and on the way back."""

import pytest

from portal.tables import Connection
from tests.blueprints import settled
from tests.browse import Browser
from tests.stage import Stage, consent


@pytest.fixture
def only_fabrikam(stage: Stage) -> Stage:
    stage.switch(on=True)
    settled.choose(stage, "allowed_domains", ["fabrikam.example"])
    return stage


def test_an_account_of_another_domain_is_refused_and_its_tokens_are_not_kept(
    only_fabrikam: Stage, alice: Browser
) -> None:
    door = only_fabrikam.leave_for_microsoft(alice)

    page = alice.get(consent(only_fabrikam.simulator, only_fabrikam.world, door, "alice"))

    assert "alice@contoso.example is an account of contoso.example" in page.notices[0]
    assert "only accounts of fabrikam.example be connected" in page.notices[0]
    assert only_fabrikam.rows(Connection) == []


def test_the_page_before_microsoft_says_which_accounts_fit(
    only_fabrikam: Stage, alice: Browser
) -> None:
    page = alice.get("/connect/permissions")

    assert "Only accounts of fabrikam.example can be connected." in page.text


def test_an_account_that_fits_is_connected_whatever_the_case(stage: Stage, alice: Browser) -> None:
    settled.choose(stage, "allowed_domains", ["CONTOSO.example"])

    assert "is connected" in stage.connect(alice, "alice").notices[0]


@pytest.mark.parametrize("listed", ["example", "eu.contoso.example", "contoso.example.org"])
def test_neither_a_parent_nor_a_sub_domain_nor_a_longer_name_is_meant(
    listed: str, stage: Stage, alice: Browser
) -> None:
    allowed = [listed] if "." in listed else ["sub.example"]
    settled.choose(stage, "allowed_domains", allowed)

    assert "Nothing was connected." in stage.connect(alice, "alice").notices[0]


def test_who_is_known_to_be_outside_does_not_leave_for_microsoft(
    stage: Stage, alice: Browser
) -> None:
    stage.connect(alice, "alice")
    alice.submit(alice.get("/connection/disconnect"), "Disconnect")
    settled.choose(stage, "allowed_domains", ["fabrikam.example"])
    page = alice.get("/connect/permissions")

    turned = alice.submit(page, "Continue to Microsoft")

    assert turned.path == "/profile"
    assert "alice@contoso.example is an account of contoso.example" in turned.notices[0]


def test_who_wants_another_account_may_leave_for_microsoft(stage: Stage, alice: Browser) -> None:
    stage.connect(alice, "alice")
    settled.choose(stage, "grace_days", 0)
    stage.rest()
    settled.choose(stage, "allowed_domains", ["fabrikam.example"])
    page = alice.follow(alice.get("/profile"), "Connect another account")

    gone = alice.submit(page, "Continue to Microsoft", follow=False)

    assert "/oauth2/v2.0/authorize" in (gone.location or "")
    assert stage.rows(Connection)[0].state == "blocked"


def test_a_list_that_changes_while_one_is_at_microsoft_counts_on_the_way_back(
    stage: Stage, alice: Browser
) -> None:
    stage.switch(on=True)
    door = stage.leave_for_microsoft(alice)
    settled.choose(stage, "allowed_domains", ["fabrikam.example"])

    page = alice.get(consent(stage.simulator, stage.world, door, "alice"))

    assert "Nothing was connected." in page.notices[0]
    assert stage.rows(Connection) == []


def test_permission_off_while_one_is_at_microsoft_connects_nothing(
    stage: Stage, alice: Browser
) -> None:
    stage.switch(on=True)
    door = stage.leave_for_microsoft(alice)
    settled.choose(stage, "calendar_permission", "off")

    page = alice.get(consent(stage.simulator, stage.world, door, "alice"))

    assert "do not let people grant" in page.notices[0]
    assert stage.rows(Connection) == []
