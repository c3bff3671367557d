"""Authorize and Save: to Microsoft's consent for an organisation, back, and every refusal."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from portal import policy
from portal.configuration import settings
from portal.configuration.settings import Level
from portal.tables import Registration, Setting
from simulator.registration import CLIENT_ID, CONTOSO, FABRIKAM
from tests.blueprints import groups
from tests.blueprints.authorizing import (
    PLACE,
    accesses,
    agreed,
    audited,
    authorize,
    place_of,
    to_microsoft,
)
from tests.cast import ADMIN_CALLBACK
from tests.stage import Stage

BACK = "/admin/application/authorized"


@pytest.fixture
def sales(portal, carol):
    """The group of Alice."""
    return groups.add(portal, "Sales", "alice", by=carol.person_id)


def registered_for(stage: Stage, tenant: str) -> None:
    with stage.database.writing() as db:
        db.execute(update(Registration).values(tenant=tenant))


def refused(stage: Stage, page) -> str:
    """The sentence. Nothing was saved, no error page was shown, and the log has it."""
    assert (page.status, page.path) == (200, PLACE)
    assert accesses(stage) == []
    with stage.database.reading() as db:
        assert db.scalar(select(Setting.id).where(Setting.key == "setup_by")) is None
    assert len(audited(stage, "application not authorized")) == 1
    return page.notices[0]


def test_microsoft_is_asked_for_everything_in_the_registration(stage, carol):
    address = to_microsoft(carol)

    asked = {name: text[0] for name, text in parse_qs(urlsplit(address).query).items()}
    assert urlsplit(address).path == f"/{CONTOSO}/v2.0/adminconsent"
    assert asked.pop("state")
    assert asked == {
        "client_id": CLIENT_ID,
        "scope": "https://graph.microsoft.com/.default",
        "redirect_uri": ADMIN_CALLBACK,
    }


def test_after_the_consent_it_is_saved_with_who_and_when(stage, carol):
    page = authorize(stage, carol)

    assert (page.path, page.notices[0].split(".")[0]) == (PLACE, "Authorised and saved")
    [access] = accesses(stage)
    assert (access.tenant_id, access.group_id, access.authorized_by) == (
        CONTOSO,
        None,
        carol.person_id,
    )
    assert "18 November 2026, 10:00 by Carol Chen" in page.text
    assert audited(stage, "application authorized") == [(carol.person_id, CONTOSO)]
    with stage.database.reading() as db:
        assert policy.of(db, carol.person_id).setup_by == "application"


def test_choosing_it_under_integrations_leads_there_and_saves_nothing_yet(stage, carol):
    stage.switch(on=True)

    page = carol.submit(carol.get("/admin/account-settings"), "Save", setup_by="application")

    assert page.path == PLACE
    assert "Nothing is saved yet" in page.notices[0]
    with stage.database.reading() as db:
        assert policy.of(db, carol.person_id).setup_by == "oauth"


def test_once_authorised_it_is_chosen_there_like_anything_else(stage, carol):
    authorize(stage, carol)

    for value in ("oauth", "application"):
        page = carol.get("/admin/account-settings")
        carol.submit(page, "Save", setup_by=value)
        with stage.database.reading() as db:
            assert policy.of(db, carol.person_id).setup_by == value


def test_who_declines_at_microsoft_may_begin_again(stage, carol):
    back = agreed(stage, to_microsoft(carol), decision="cancel")

    said = refused(stage, carol.get(back))

    assert "not accepted on Microsoft's page (AADSTS65004)" in said
    assert audited(stage, "application not authorized") == [(carol.person_id, "AADSTS65004")]


def test_the_older_word_for_declining_is_understood(stage, carol):
    state = parse_qs(urlsplit(to_microsoft(carol)).query)["state"][0]

    page = carol.get(f"{BACK}?error=permission_denied&state={state}")

    assert "not accepted on Microsoft's page" in refused(stage, page)


def test_who_is_no_administrator_at_microsoft_learns_whom_to_ask(stage, carol):
    back = agreed(stage, to_microsoft(carol), "alice", decision="back")

    assert "only an administrator of the organisation" in refused(stage, carol.get(back))


@pytest.mark.parametrize("query", ["", "state=", "state=forged&admin_consent=True", "state=%00"])
def test_a_forged_answer_is_not_taken(stage, carol, query):
    to_microsoft(carol)

    page = carol.get(f"{BACK}?{query}&tenant={CONTOSO}")

    assert "does not belong to a way begun in this browser" in refused(stage, page)


def test_an_answer_belongs_to_the_browser_that_asked(stage, carol, olivia):
    back = agreed(stage, to_microsoft(carol))

    assert "does not belong to" in refused(stage, olivia.get(back))
    assert "Authorised and saved" in carol.get(back).notices[0]


def test_an_answer_counts_once(stage, carol):
    back = agreed(stage, to_microsoft(carol))
    carol.get(back)

    page = carol.get(back)

    assert "used before" in page.notices[0]
    assert len(audited(stage, "application authorized")) == 1
    assert len(audited(stage, "application not authorized")) == 1


def test_an_answer_after_eleven_minutes_is_too_late(stage, carol):
    back = agreed(stage, to_microsoft(carol))
    stage.clock.advance(minutes=11)

    assert "more than ten minutes" in refused(stage, carol.get(back))


def test_an_answer_without_a_yes_is_none(stage, carol):
    state = parse_qs(urlsplit(to_microsoft(carol)).query)["state"][0]

    assert "without an answer" in refused(stage, carol.get(f"{BACK}?state={state}"))


def test_another_organisation_than_the_one_asked_is_refused(stage, carol):
    back = agreed(stage, to_microsoft(carol)).replace(CONTOSO, FABRIKAM)

    assert "belongs to another organisation" in refused(stage, carol.get(back))


def test_a_yes_that_microsoft_does_not_know_of_is_not_believed(stage, carol):
    """The address is forged whole: state of one's own, the right tenant, and no consent."""
    state = parse_qs(urlsplit(to_microsoft(carol)).query)["state"][0]

    page = carol.get(f"{BACK}?state={state}&admin_consent=True&tenant={CONTOSO}")

    assert (page.path, accesses(stage)) == ("/admin/application/waiting", [])


def test_a_registration_for_many_asks_which_organisation(stage, carol):
    registered_for(stage, "organizations")
    page = carol.get(PLACE)

    empty = carol.submit(page, "Authorize and Save")
    wrong = carol.submit(page, "Authorize and Save", tenant="organizations")

    assert [one.status for one in (empty, wrong)] == [422, 422]
    assert "Enter the organisation" in empty.errors["tenant"]
    assert "or one of its domains" in wrong.errors["tenant"]
    address = to_microsoft(carol, tenant="contoso.example")
    assert urlsplit(address).path == f"/{CONTOSO}/v2.0/adminconsent"


def test_a_tenant_nobody_knows_is_refused_at_the_field(stage, carol):
    registered_for(stage, "organizations")

    page = carol.submit(carol.get(PLACE), "Authorize and Save", tenant="nowhere-at-all.example")

    assert page.status == 422
    assert "Nothing was authorised" in page.errors["tenant"]


def test_who_agreed_before_needs_no_page_of_microsofts(stage, carol):
    refusal = carol.submit(carol.get(PLACE), "Agreed before: check and save")
    assert (refusal.path, accesses(stage)) == (PLACE, [])
    stage.world.grant_roles(["User.Read.All"])

    page = carol.submit(carol.get(PLACE), "Agreed before: check and save")

    assert "Authorised and saved" in page.notices[0]
    assert len(accesses(stage)) == 1


def test_a_group_is_authorised_on_its_own(stage, carol, sales):
    page = authorize(stage, carol, sales)

    assert page.path == place_of(sales)
    assert [one.group_id for one in accesses(stage)] == [sales]
    with stage.database.reading() as db:
        assert policy.of_group(db, sales)["setup_by"].value == "application"
        assert policy.of_account(db)["setup_by"].value == "oauth"


def test_a_group_cannot_choose_what_the_account_has_locked(stage, carol, sales):
    with stage.database.writing() as db:
        settings.lock(db, "setup_by", reason="So decided", by=carol.person_id, now=stage.now)

    assert "Locked" in carol.get(place_of(sales)).notices[0]
    assert carol.post(f"{place_of(sales)}/authorize").status == 422
    assert accesses(stage) == []


def test_a_lock_set_meanwhile_is_met_on_the_way_back(stage, carol, sales):
    back = agreed(stage, to_microsoft(carol, sales))
    with stage.database.writing() as db:
        settings.lock(db, "setup_by", reason="So decided", by=carol.person_id, now=stage.now)

    page = carol.get(back)

    assert "has locked this" in page.notices[0]
    assert accesses(stage) == []
    with stage.database.reading() as db:
        assert settings.at(db, Level(group_id=sales)) == {}


@pytest.mark.parametrize("act", ["", "/people"])
def test_a_group_that_is_not_there_has_no_page(carol, act):
    assert carol.get(f"/admin/groups/4711/application{act}").status == 404
