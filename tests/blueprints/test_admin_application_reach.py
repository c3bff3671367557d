"""What is granted is found by trying, and narrowed in two ways."""

import pytest

from portal.tables import Connection
from simulator.registration import APP_ROLES, CLIENT_ID
from tests.blueprints import groups
from tests.blueprints.authorizing import (
    PLACE,
    accesses,
    audited,
    authorize,
    enrol,
    outcomes,
    place_of,
)

ALICE, BOB = "alice@contoso.example", "bob@contoso.example"
MAILBOX_ROLES = ["Calendars.ReadWrite", "MailboxSettings.Read"]


@pytest.fixture
def authorized(stage, carol):
    authorize(stage, carol)
    return stage


def probe(browser, *, reached=ALICE, refused=BOB, place=PLACE):
    return browser.submit(browser.get(place), "Probe", reached=reached, refused=refused)


def found(stage):
    """Permission -> whether it is granted."""
    return {one["name"]: one["ok"] for one in accesses(stage)[0].findings}


def narrowed(browser, way, group="calendars@contoso.example"):
    page = browser.get(PLACE)
    return browser.submit(page, "Save", way=way, mail_group=group)


def test_everything_granted_is_found_with_time_and_mailbox(authorized, carol):
    page = probe(carol, refused="")

    assert found(authorized) == {
        "User.Read.All": True,
        "Calendars.Read": True,
        "Calendars.ReadWrite": True,
        "MailboxSettings.Read": True,
    }
    assert f"Probed 18 November 2026, 10:00 on {ALICE}" in page.text
    assert "30 minutes to 2 hours" in page.text
    assert audited(authorized, "application probed")[0][0] == carol.person_id


def test_a_probe_leaves_no_trace(authorized, carol):
    before = authorized.world.events("alice")
    authorized.world.mails.clear()

    probe(carol)

    assert authorized.world.events("alice") == before
    assert list(authorized.world.mails) == []


@pytest.mark.parametrize(
    ("lacking", "instead", "refused"),
    [
        ("Calendars.ReadWrite", "Calendars.Read", {"Calendars.ReadWrite"}),
        ("Calendars.ReadWrite", None, {"Calendars.ReadWrite", "Calendars.Read"}),
        ("MailboxSettings.Read", None, {"MailboxSettings.Read"}),
        ("User.Read.All", None, {"User.Read.All"}),
    ],
)
def test_what_is_lacking_is_found(authorized, carol, lacking, instead, refused):
    kept = [one for one in (*APP_ROLES, instead) if one and one != lacking]
    authorized.world.grant_roles(kept)

    probe(carol, refused="")

    assert {name for name, ok in found(authorized).items() if ok is False} == refused


def test_where_writing_was_refused_people_are_connected_for_reading(authorized, carol):
    authorized.world.grant_roles(
        ["Calendars.Read", *(one for one in APP_ROLES if one != "Calendars.ReadWrite")]
    )
    probe(carol, refused="")

    enrol(authorized)

    narrow = {one.calendar_access for one in authorized.rows(Connection)}
    authorized.world.grant_roles(APP_ROLES)
    probe(carol, refused="")
    enrol(authorized)

    wide = {one.calendar_access for one in authorized.rows(Connection)}
    assert (narrow, wide) == ({"read"}, {"read_write"})


def test_a_mailbox_nobody_has_is_told_apart_from_a_refusal(authorized, carol):
    page = probe(carol, reached="nobody@contoso.example", refused="")

    assert set(found(authorized).values()) == {None}
    assert "Could not be told" in page.text


def test_an_access_policy_lets_in_its_group_and_refuses_the_others(authorized, carol):
    authorized.world.limit_app(["alice"])

    page = probe(carol)

    assert found(authorized)["Calendars.ReadWrite"] is True
    assert found(authorized)["outsider"] is True
    assert f"{BOB} must be refused Refused, as it must be." in page.text


def test_an_access_policy_that_is_not_in_force_is_said_so(authorized, carol):
    narrowed(carol, "policy")

    page = probe(carol)

    assert found(authorized)["outsider"] is False
    assert "the policy is not in force yet" in " ".join(page.notices)


def test_rbac_is_found_without_consent_for_every_mailbox(authorized, carol):
    authorized.world.grant_roles(["User.Read.All"])
    authorized.world.scope_app(MAILBOX_ROLES, ["alice"])
    narrowed(carol, "rbac")

    page = probe(carol)

    assert found(authorized)["MailboxSettings.Read"] is True
    assert found(authorized)["Calendars.ReadWrite"] is True
    assert found(authorized)["outsider"] is True
    assert "was refused at the last probe" in " ".join(page.notices)


def test_rbac_beside_a_consent_for_every_mailbox_is_warned_about(authorized, carol):
    authorized.world.scope_app(MAILBOX_ROLES, ["alice"])
    before = narrowed(carol, "rbac")

    page = probe(carol)

    assert "Not known yet" in " ".join(before.notices)
    assert "Consent for every mailbox exists" in " ".join(page.notices)
    assert "Remove-MgServicePrincipalAppRoleAssignment" in page.by_id("withdrawal").text


def test_under_rbac_only_its_mailboxes_are_connected(authorized):
    authorized.world.grant_roles(["User.Read.All"])
    authorized.world.scope_app(MAILBOX_ROLES, ["alice"])

    enrol(authorized)

    assert (outcomes(authorized)["alice"], outcomes(authorized)["bob"]) == ("enrolled", "refused")


def test_the_commands_of_a_policy_name_app_group_and_mailboxes(authorized, carol):
    probe(carol)
    page = narrowed(carol, "policy", "o'neill@contoso.example")

    commands = page.by_id("policy-commands").text
    assert f"New-ApplicationAccessPolicy -AppId '{CLIENT_ID}'" in commands
    assert "-PolicyScopeGroupId 'o''neill@contoso.example'" in commands
    assert f"Test-ApplicationAccessPolicy -AppId '{CLIENT_ID}' -Identity '{BOB}'" in commands


def test_the_commands_of_rbac_grant_each_role_to_the_group(authorized, carol):
    commands = narrowed(carol, "rbac").by_id("rbac-commands").text

    assert "Get-Group -Identity 'calendars@contoso.example'" in commands
    assert "MemberOfGroup -eq" in commands
    for role in MAILBOX_ROLES:
        assert f"-Role 'Application {role}'" in commands
    assert "User.Read.All" not in commands


def test_narrowing_is_in_the_audit_log_once(authorized, carol):
    for _ in range(2):
        narrowed(carol, "policy")

    assert audited(authorized, "application narrowing changed") == [
        (carol.person_id, ["policy", "calendars@contoso.example"])
    ]


@pytest.mark.parametrize(
    ("way", "group", "field"),
    [
        ("policy", "", "mail_group"),
        ("rbac", "not an address", "mail_group"),
        ("rbac", "x" * 250 + "@contoso.example", "mail_group"),
        ("else", "calendars@contoso.example", "way"),
    ],
)
def test_narrowing_that_cannot_be_is_refused_at_its_field(authorized, carol, way, group, field):
    page = carol.post(f"{PLACE}/narrow", {"way": way, "mail_group": group})

    assert (page.status, field in page.errors) == (422, True)
    assert accesses(authorized)[0].narrowing == "none"


@pytest.mark.parametrize(
    ("reached", "refused", "field"),
    [
        ("", BOB, "reached"),
        ("alice", "", "reached"),
        (ALICE, "nobody", "refused"),
        (ALICE, ALICE.upper(), "refused"),
    ],
)
def test_a_probe_needs_two_mailboxes(authorized, carol, reached, refused, field):
    page = probe(carol, reached=reached, refused=refused)

    assert (page.status, field in page.errors) == (422, True)
    assert accesses(authorized)[0].probed_at is None


def test_a_probe_without_a_token_says_why_and_keeps_nothing(authorized, carol):
    authorized.world.expire_secrets()

    page = probe(carol)

    assert "AADSTS7000222" in page.errors["reached"]
    assert accesses(authorized)[0].probed_at is None


def test_there_is_nothing_to_probe_before_it_is_authorised(carol):
    assert carol.post(f"{PLACE}/probe", {"reached": ALICE}).status == 404
    assert carol.post(f"{PLACE}/narrow", {"way": "none"}).status == 404


def test_a_group_under_the_accounts_authorisation_is_narrowed_on_the_accounts_page(
    authorized, carol, portal
):
    sales = groups.add(portal, "Sales", "alice", by=carol.person_id)

    page = carol.get(place_of(sales))

    assert "This is the account's authorisation" in page.text
    assert carol.post(f"{place_of(sales)}/probe", {"reached": ALICE}).status == 404
