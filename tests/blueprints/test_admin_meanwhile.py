"""Two administrators at one page: the later one does not undo unseen what the earlier one saved."""

import pytest

from portal.configuration import settings
from portal.configuration.settings import ACCOUNT, Level
from portal.staff import groups
from tests.blueprints.groups import add

ACCOUNT_PAGE = "/admin/account-settings/data-sync"


def held(portal, key, level=ACCOUNT):
    with portal.reading() as db:
        row = settings.at(db, level).get(key)
        return row and row.value


@pytest.fixture(params=["account", "group"])
def place(request, portal, carol):
    """The page, and the level it is of."""
    if request.param == "account":
        return ACCOUNT_PAGE, ACCOUNT
    sales = add(portal, "Sales", "alice", by=carol.person_id)
    return f"/admin/groups/{sales}/data-sync", Level(group_id=sales)


def save(who, page, **chosen):
    answer = who.submit(page, "Save", **chosen)
    asks = answer.status == 200 and "Not saved" in answer.text
    return who.submit(answer, "Save") if asks else answer


def test_what_another_saved_meanwhile_is_said_and_shown(place, portal, carol, olivia):
    path, level = place
    opened = carol.get(path)
    save(olivia, olivia.get(path), back_months="2")

    page = carol.submit(opened, "Save", back_months="4")

    assert page.status == 409
    assert "Changed meanwhile: Olivia Oak changed" in page.errors["back_months"]
    assert "to 2 months" in page.errors["back_months"]
    assert page.value("back_months") == "2"
    assert held(portal, "back_months", level) == 2
    save(carol, page, back_months="4")
    assert held(portal, "back_months", level) == 4


def test_an_untouched_field_does_not_take_it_back_either(place, portal, carol, olivia):
    path, level = place
    opened = carol.get(path)
    save(olivia, olivia.get(path), back_months="2")

    page = carol.submit(opened, "Save", conflict_rule="portal")

    assert (page.status, held(portal, "back_months", level)) == (409, 2)
    assert page.value("conflict_rule") == "portal"
    save(carol, page)
    assert held(portal, "conflict_rule", level) == "portal"
    assert held(portal, "back_months", level) == 2


def test_what_both_chose_alike_is_in_nobodys_way(place, portal, carol, olivia):
    path, _ = place
    opened = carol.get(path)
    save(olivia, olivia.get(path), back_months="2")

    page = save(carol, opened, back_months="2")

    assert page.status == 200


@pytest.mark.parametrize("act", ["lock", "unlock"])
def test_a_lock_changed_meanwhile_is_said(portal, carol, olivia, act):
    now, by = portal.clock(), olivia.person_id
    told = {"level": ACCOUNT, "reason": "Hers", "by": by, "now": now}
    if act == "unlock":
        with portal.writing() as db:
            settings.lock(db, "bidirectional", **told)
    opened = carol.get(f"{ACCOUNT_PAGE}/bidirectional/{act}")
    with portal.writing() as db:
        (settings.lock if act == "lock" else settings.unlock)(db, "bidirectional", **told)

    page = carol.submit(opened, act.capitalize(), reason="Mine")

    assert page.status == 409
    assert f"Changed meanwhile: Olivia Oak {act}ed" in page.text
    with portal.reading() as db:
        row = settings.of_account(db)["bidirectional"]
    assert row.lock_reason == ("Hers" if act == "lock" else None)


def test_the_rollout_says_so_too(portal, carol, olivia):
    with portal.writing() as db:
        groups.add(db, "Sales", by=carol.person_id, now=portal.clock())
    opened = carol.get("/admin/rollout")
    with portal.writing() as db:
        told = {"by": olivia.person_id, "now": portal.clock()}
        settings.choose(db, "rollout", "percent", **told)
        settings.choose(db, "rollout_percent", 40, **told)

    page = carol.submit(opened, "Save", rollout="percent", rollout_percent="90")

    assert page.status == 409
    assert "Changed meanwhile: Olivia Oak changed" in page.text
    assert page.value("rollout_percent") == "40"
    assert held(portal, "rollout_percent") == 40
    carol.submit(carol.submit(page, "Save", rollout_percent="90"), "Save")
    assert held(portal, "rollout_percent") == 90


@pytest.mark.parametrize("opened", ["", "x", "back_months:", ":", "x" * 9_000, "nothing:1 a:b"])
def test_a_mark_of_nothing_known_says_nothing(portal, carol, opened):
    page = carol.submit(carol.get(ACCOUNT_PAGE), "Save", opened=opened, poll_minutes="7")

    assert page.status in (200, 409)
    assert held(portal, "poll_minutes") == 7
