"""Every setting of the table: for the account, for a group, locked and unlocked, by its page."""

import pytest
from sqlalchemy import select

from blueprints.admin.settings_table import ELSEWHERE, PAGES
from portal.configuration.choices import CHOICES
from portal.tables import ApplicationAccess, Audit
from tests.blueprints import settings_story as story
from tests.blueprints.settings_story import BELOW, KEYS

REASON = "The works council asked for it"
CHANGEABLE = [key for key in KEYS if story.others(CHOICES[key])]
FIXED = [key for key in BELOW if key not in CHANGEABLE]


@pytest.fixture(autouse=True)
def authorised(portal, carol):
    """Without a Microsoft administrator's word application permissions cannot be chosen."""
    with portal.writing() as db:
        row = ApplicationAccess(
            group_id=None,
            tenant_id="contoso",
            narrowing="none",
            mail_group="",
            authorized_by=carol.person_id,
            authorized_at=portal.clock(),
            reached="",
            refused="",
            findings=[],
        )
        db.add(row)


@pytest.fixture
def sales(portal, alice, carol):
    return story.group_of_alice(portal, alice, carol)


@pytest.fixture
def switched_on(carol):
    """Most settings say something only then; a prompt is refused before."""
    story.choose(carol, "enabled", True)


def test_every_key_has_its_page():
    shown = [row.key for rows in PAGES.values() for row in rows]

    assert len(shown) == len(set(shown))
    assert set(shown) | ELSEWHERE == set(CHOICES)
    assert not ELSEWHERE.intersection(shown)


@pytest.mark.parametrize("key", [key for key in CHANGEABLE if key != "enabled"])
def test_for_the_account(key, switched_on, portal, alice, carol):
    for value in [*story.others(CHOICES[key]), CHOICES[key].default]:
        page = story.choose(carol, key, value)

        held = story.in_force(portal, alice, key)
        assert (held.value, held.origin, page.status) == (value, "account", 200)
        assert "Set for the account by Carol Chen" in story.row(page, key)
    with portal.reading() as db:
        told = db.scalars(select(Audit.after).where(Audit.subject == key).order_by(Audit.id)).all()
    assert told == [*story.others(CHOICES[key]), CHOICES[key].default]


@pytest.mark.parametrize("value", [True, False])
def test_the_switch_for_the_account(value, portal, alice, carol):
    if not value:
        story.choose(carol, "enabled", True)

    story.choose(carol, "enabled", value)

    assert story.in_force(portal, alice, "enabled").value == value


@pytest.mark.parametrize("key", [key for key in CHANGEABLE if not CHOICES[key].account_only])
def test_for_a_group(key, portal, alice, bob, carol, sales):
    if key != "enabled":
        story.choose(carol, "enabled", True)
    value = story.others(CHOICES[key])[0]

    page = story.choose(carol, key, value, sales)

    held = story.in_force(portal, alice, key)
    assert (held.value, held.origin, held.group) == (value, "group", "Sales")
    assert story.in_force(portal, bob, key).value == CHOICES[key].default
    assert "Overridden here" in story.row(page, key)
    assert "Sales" in story.row(carol.get(story.address(key)), key)


@pytest.mark.parametrize("key", BELOW)
def test_a_group_keeps_a_value_and_inherits_it_again(key, portal, alice, carol, sales):
    assert "Inherited" in story.row(carol.get(story.address(key, sales)), key)

    story.act(carol, key, "keep", sales)
    kept = story.in_force(portal, alice, key)
    page = story.act(carol, key, "inherit", sales)

    assert (kept.value, kept.origin) == (CHOICES[key].default, "group")
    assert story.in_force(portal, alice, key).origin == "default"
    assert "Inherited" in story.row(page, key)


@pytest.mark.parametrize("key", [key for key in KEYS if CHOICES[key].account_only])
def test_what_is_the_accounts_alone_is_not_on_a_groups_page(key, carol, sales):
    page = carol.get(story.address(key, sales))

    assert page.all("div", id=f"{key}-row") == []
    assert carol.get(f"{story.address(key, sales)}/{key}/keep").status == 404
    assert carol.get(f"{story.address(key)}/{key}/lock").status == 404


@pytest.mark.parametrize("key", BELOW)
def test_locked_for_the_account(key, portal, alice, carol, sales):
    story.act(carol, key, "lock", reason=REASON)

    page = carol.get(story.address(key, sales))

    told = story.row(page, key)
    assert (
        f"Locked for the whole account by Carol Chen, 18 November 2026, 10:00. Reason: {REASON}"
        in told
    )
    assert story.shut(page, key)
    assert "Keep for this group" not in told
    held = story.in_force(portal, alice, key)
    assert (held.locked_in, held.lock_reason) == ("account", REASON)


@pytest.mark.parametrize("key", [key for key in CHANGEABLE if not CHOICES[key].account_only])
def test_a_lock_sets_aside_what_a_group_chose_and_an_unlock_brings_it_back(
    key, portal, alice, carol, sales
):
    if key != "enabled":
        story.choose(carol, "enabled", True)
    value = story.others(CHOICES[key])[0]
    story.choose(carol, key, value, sales)

    story.act(carol, key, "lock", reason=REASON)
    locked = story.in_force(portal, alice, key)
    page = story.act(carol, key, "unlock", reason="Agreed since")

    assert (locked.value, locked.origin) == (CHOICES[key].default, "account")
    assert story.in_force(portal, alice, key).value == value
    assert "Locked" not in story.row(page, key)


@pytest.mark.parametrize("key", [key for key in BELOW if key != "enabled"])
def test_a_group_cannot_send_what_is_locked(key, portal, alice, carol, sales):
    story.act(carol, key, "lock", reason=REASON)
    before = story.in_force(portal, alice, key)
    form = dict(carol.get(story.address(key, sales)).form_of("Save").fields)
    value = (story.others(CHOICES[key]) or list(CHOICES[key].unavailable))[0]

    page = carol.post(story.address(key, sales), form | {key: story.entered(value) or ""})

    assert page.status == 422
    assert story.in_force(portal, alice, key) == before


@pytest.mark.parametrize("key", FIXED)
def test_what_is_listed_and_not_available_is_refused_with_the_reason(key, carol, sales):
    for group_id in (None, sales):
        for value, why in CHOICES[key].unavailable.items():
            page = carol.get(story.address(key, group_id))
            form = dict(page.form_of("Save").fields) | {key: value}
            page = carol.post(story.address(key, group_id), form)

            assert (page.status, page.errors[key]) == (422, why)
