"""Account Management > Account Settings > Mail & Calendar > Integrations."""

import pytest
from sqlalchemy import select

from portal import policy, settings
from portal.tables import Audit, Setting

PLACE = "/admin/account-settings"


def in_force(portal, person):
    with portal.reading() as db:
        return policy.of(db, person.person_id)


def test_the_integration_is_off_at_first_and_says_what_enabling_does(carol):
    page = carol.get(PLACE)

    assert page.one("input", role="switch").get("checked") is None
    assert page.texts("h2", id="confirm-on-title") == ["Enable the integration?"]


def test_enabling_takes_a_confirmation_and_holds_for_everybody(carol, alice, portal):
    page = carol.submit(carol.get(PLACE), "Enable")

    assert page.one("input", role="switch").get("checked") is not None
    assert "The integration is on" in " ".join(page.notices)
    assert in_force(portal, alice).enabled


def test_the_page_tells_who_changed_it_and_when(carol, olivia):
    carol.submit(carol.get(PLACE), "Enable")

    assert "Set by Carol Chen, 18 November 2026, 10:00" in olivia.get(PLACE).text


def test_every_change_is_in_the_audit_log(carol, portal):
    for button in ("Enable", "Disable"):
        carol.submit(carol.get(PLACE), button)

    with portal.reading() as db:
        rows = db.execute(select(Audit.person_id, Audit.subject, Audit.before, Audit.after)).all()
    assert rows == [
        (carol.person_id, "enabled", False, True),
        (carol.person_id, "enabled", True, False),
    ]


def test_setting_what_is_so_already_is_no_change(carol, portal):
    for _ in range(2):
        carol.post(f"{PLACE}/enabled", {"enabled": "on"})

    with portal.reading() as db:
        assert len(db.scalars(select(Audit.id)).all()) == 1


def test_disabling_names_whom_and_what_it_touches(stage, alice, carol):
    stage.connect(alice, "alice")
    stage.rest()

    words = " ".join(carol.get(PLACE).texts("dialog"))

    assert "1 person has a connected calendar, and 0 changes wait" in words
    assert "Nothing is deleted" in words


def test_disabling_touches_nobody_before_anybody_connected(carol):
    page = carol.submit(carol.get(PLACE), "Enable")

    assert "Nobody has connected a calendar yet" in " ".join(page.texts("dialog"))


def test_services_that_cannot_be_chosen_say_why(carol):
    page = carol.submit(carol.get(PLACE), "Enable")

    shut = page.texts("label", class_="is-unavailable")
    assert [text.split()[0] for text in shut] == ["Google", "Exchange", "Exchange", "Office"]
    assert "Retired by Microsoft" in " ".join(shut)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("service", "google", "Microsoft 365 only"),
        ("authorize_with", "ews", "Retired"),
        ("setup_by", "application", "Not part of this version"),
        ("setup_by", "anybody", "one of the values"),
        ("service", "", "one of the values"),
    ],
)
def test_the_server_refuses_what_the_page_does_not_offer(carol, portal, field, value, says):
    carol.submit(carol.get(PLACE), "Enable")
    chosen = {"service": "office365", "authorize_with": "graph", "setup_by": "oauth"}

    page = carol.post(f"{PLACE}/choices", {**chosen, field: value})

    assert page.status == 422
    assert says in page.errors[field]
    with portal.reading() as db:
        assert db.scalars(select(Setting.key)).all() == ["enabled"]


def test_saving_says_that_it_is_saved(carol):
    page = carol.submit(carol.get(PLACE), "Enable")

    page = carol.submit(page, "Save")

    assert page.fragment
    assert "Saved." in " ".join(page.notices)


def test_without_script_the_whole_page_comes_back(carol):
    page = carol.post(f"{PLACE}/enabled", {"enabled": "on"})

    assert page.path == PLACE
    assert "The integration is on" in " ".join(page.notices)


def test_a_switch_that_is_neither_on_nor_off_changes_nothing(carol, portal):
    assert carol.post(f"{PLACE}/enabled", {"enabled": "maybe"}).status == 422
    assert not in_force(portal, carol).enabled


@pytest.mark.parametrize("path", [PLACE, "/admin/people", "/admin/registration"])
def test_administration_is_not_there_for_members(alice, path):
    assert alice.get(path).status == 404


def test_members_cannot_switch_the_integration(alice, portal):
    assert alice.post(f"{PLACE}/enabled", {"enabled": "on"}).status == 404
    assert not in_force(portal, alice).enabled


def test_connecting_is_refused_with_the_reason_until_it_can_work(portal, alice, carol):
    with portal.reading() as db:
        refusal = policy.may_connect(db, alice.person_id)
    assert "switched off" in refusal.sentence

    with portal.writing() as db:
        settings.choose(db, "enabled", True, by=carol.person_id, now=portal.clock())
        assert policy.may_connect(db, alice.person_id) is None


def test_the_profile_says_that_the_integration_is_off(alice):
    assert "switched off for this portal" in alice.get("/profile").text
