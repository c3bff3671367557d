"""Account Management > Account Settings > Mail & Calendar > Integrations."""

import pytest
from sqlalchemy import select

from portal import people, policy
from portal.configuration import settings
from portal.tables import Audit, Setting

PLACE = "/admin/account-settings"
ENABLE, DISABLE = f"{PLACE}/enabled/enable", f"{PLACE}/enabled/disable"


def in_force(portal, person):
    with portal.reading() as db:
        return policy.of(db, person.person_id)


def turn(carol, *, on):
    return carol.submit(carol.get(ENABLE if on else DISABLE), "Enable" if on else "Disable")


def test_the_integration_is_off_at_first_and_says_what_enabling_does(carol):
    page = carol.get(PLACE)
    switch = page.one("input", role="switch")

    assert switch.get("checked") is None
    assert switch.get("hx-get") == ENABLE
    asked = carol.get(ENABLE)
    assert asked.h1 == "Enable the integration?"
    assert "5 people gain the integration. Alice Ardent, Bob Brook, Carol Chen" in asked.text


def test_the_question_comes_alone_where_it_opens_in_a_dialog(carol):
    fragment = carol.get(ENABLE, htmx=True)

    assert fragment.texts("h2") == ["Enable the integration?"]
    assert fragment.texts("button") == ["Cancel", "Enable"]


def test_enabling_takes_a_confirmation_and_holds_for_everybody(carol, alice, portal):
    page = turn(carol, on=True)

    assert page.one("input", role="switch").get("checked") is not None
    assert "The integration is on" in " ".join(page.notices)
    assert in_force(portal, alice).enabled


def test_the_page_tells_who_changed_it_and_when(carol, olivia):
    turn(carol, on=True)

    assert "Set for the account by Carol Chen, 18 November 2026, 10:00" in olivia.get(PLACE).text


def test_every_change_is_in_the_audit_log(carol, portal):
    turn(carol, on=True)
    turn(carol, on=False)

    with portal.reading() as db:
        rows = db.execute(select(Audit.person_id, Audit.subject, Audit.before, Audit.after)).all()
    assert rows == [
        (carol.person_id, "enabled", False, True),
        (carol.person_id, "enabled", True, False),
    ]


def test_what_nobody_was_shown_is_asked_about_first(carol, alice, portal):
    page = carol.post(ENABLE)

    assert page.h1 == "Enable the integration?"
    assert not in_force(portal, alice).enabled


def test_what_has_changed_meanwhile_is_asked_about_again(carol, alice, portal):
    asked = carol.get(ENABLE)
    with portal.writing() as db:
        people.disable(
            db, people.by_id(db, alice.person_id), by=carol.person_id, now=portal.clock()
        )

    page = carol.submit(asked, "Enable")

    assert "4 people gain the integration" in page.text
    assert not in_force(portal, carol).enabled


@pytest.mark.parametrize("address", [DISABLE, f"{PLACE}/enabled/explode", f"{PLACE}/nothing/lock"])
def test_what_cannot_be_done_is_not_there(carol, address):
    assert [carol.get(address).status, carol.post(address).status] == [404, 404]


def test_disabling_names_whom_and_what_it_touches(stage, alice, carol):
    stage.connect(alice, "alice")
    stage.rest()
    stage.schedule("alice")
    stage.rest()
    stage.schedule("alice", "Not written yet")

    words = carol.get(DISABLE).text

    assert "1 person has a connected calendar." in words
    assert "1 connection rests until it is switched on again; nothing is deleted. Alice" in words
    assert "1 meeting to come stops syncing, of 1 person" in words
    assert "1 change that waits is not sent meanwhile. Alice Ardent" in words


def test_services_that_cannot_be_chosen_say_why(carol):
    page = carol.get(PLACE)

    shut = page.texts("label", class_="is-unavailable")
    assert {"Google", "Exchange"} <= {text.split()[0] for text in shut}
    assert "Retired by Microsoft" in " ".join(shut)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("service", "google", "Microsoft 365 only"),
        ("authorize_with", "ews", "Retired"),
        ("setup_by", "anybody", "one of the values"),
        ("service", "", "one of the values"),
        ("grace_days", "31", "days, 0 to 30"),
        ("grace_days", "a week", "a whole number"),
        ("grace_days", "", "a whole number"),
        ("allowed_domains", "contoso", "is not a domain such as"),
        ("allowed_domains", "a@contoso.com", "is not a domain such as"),
        ("allowed_domains", "\n".join(f"d{n}.example" for n in range(101)), "at most 100 domains"),
        ("allowed_domains", "x" * 40_000, "at most 100 domains"),
    ],
)
def test_the_server_refuses_what_the_page_does_not_offer(carol, portal, field, value, says):
    form = dict(carol.get(PLACE).form_of("Save").fields)

    page = carol.post(PLACE, {**form, "sso_prompt": "never", field: value})

    assert page.status == 422
    assert says in page.errors[field]
    assert "Nothing was saved" in " ".join(page.notices)
    with portal.reading() as db:
        assert db.scalars(select(Setting.key)).all() == []


def test_saving_says_that_it_is_saved_or_that_nothing_changed(carol):
    page = carol.submit(carol.get(PLACE), "Save", grace_days="3")
    again = carol.submit(page, "Save")

    assert "Saved." in " ".join(page.notices)
    assert "Nothing was changed." in " ".join(again.notices)


@pytest.mark.parametrize("path", [PLACE, "/admin/people", "/admin/registration"])
def test_administration_is_not_there_for_members(alice, path):
    assert alice.get(path).status == 404


def test_members_cannot_switch_the_integration(alice, portal):
    assert alice.post(ENABLE).status == 404
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
