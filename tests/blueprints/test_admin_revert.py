"""Admin > Audit log > Revert: what it would do, doing it, and where it is refused."""

import pytest

from portal.configuration import settings
from portal.configuration.settings import Level
from portal.staff import groups as nouns
from portal.tables import Audit
from tests.blueprints import groups


@pytest.fixture
def sales(portal, carol):
    return groups.add(portal, "Sales", "alice", by=carol.person_id)


def choose(portal, key, value, *, group=None):
    with portal.writing() as db:
        level = Level(group_id=group)
        settings.choose(db, key, value, level=level, by=1, now=portal.clock())


def lock(portal, key, *, group=None):
    with portal.writing() as db:
        level = Level(group_id=group)
        settings.lock(db, key, level=level, reason="Why", by=1, now=portal.clock())


def held(portal, key, *, group=None):
    with portal.reading() as db:
        row = settings.at(db, Level(group_id=group)).get(key)
        return None if row is None else row.value


def last(portal):
    with portal.reading() as db:
        row = db.query(Audit).order_by(Audit.id.desc()).first()
        return row.id, (row.act, row.subject, row.before, row.after, row.group_id)


def place(portal):
    return f"/admin/audit/{last(portal)[0]}/revert"


def test_a_value_is_set_back_after_its_effect_was_seen(stage, alice, portal, carol):
    stage.connect(alice, "alice")
    stage.rest()
    choose(portal, "sync_version", "1.0")

    page = carol.follow(carol.get("/admin/audit?act=setting+changed"), "Revert")
    done = carol.submit(page, "Set it back")

    assert "1 person changes to version 2.0" in page.text
    assert "Now Version 1.0 After reverting Version 2.0" in page.text
    assert last(portal)[1] == ("setting reverted", "sync_version", "1.0", "2.0", None)
    assert "back from Version 1.0 to Version 2.0." in done.text


def test_a_groups_own_value_is_given_up_and_taken_again(sales, portal, carol):
    choose(portal, "back_months", 2, group=sales)

    carol.submit(carol.get(place(portal)), "Set it back")
    inherited = held(portal, "back_months", group=sales)
    carol.submit(carol.get(place(portal)), "Set it back")

    assert inherited is None
    assert held(portal, "back_months", group=sales) == 2
    assert last(portal)[1] == ("setting reverted", "back_months", None, 2, sales)


def test_what_was_changed_again_since_is_said_before_it_is_taken_back_too(portal, carol):
    choose(portal, "back_months", 2)
    first = place(portal)
    choose(portal, "back_months", 4)

    page = carol.get(first)

    assert "It was changed again since" in page.text
    assert "from 2 months to 4 months" in page.text
    carol.submit(page, "Set it back all the same")
    assert held(portal, "back_months") == 6


def test_a_change_between_seeing_and_pressing_is_shown_first(portal, carol):
    choose(portal, "back_months", 2)
    page = carol.get(place(portal))
    choose(portal, "back_months", 4)

    again = carol.submit(page, "Set it back")

    assert again.status == 422
    assert "Something was changed since" in again.text
    assert held(portal, "back_months") == 4


def refuse_gone(portal, by):
    group = groups.add(portal, "Moon", by=by)
    choose(portal, "back_months", 2, group=group)
    address = place(portal)
    with portal.writing() as db:
        nouns.remove(db, nouns.find(db, group), by=by, now=portal.clock())
    return address


def refuse_locked_above(portal, by):
    group = groups.add(portal, "Moon", by=by)
    choose(portal, "back_months", 2, group=group)
    address = place(portal)
    lock(portal, "back_months")
    return address


def refuse_locked_here(portal, by):
    choose(portal, "back_months", 2)
    address = place(portal)
    lock(portal, "back_months")
    return address


def refuse_group_of_rollout_gone(portal, by):
    group = groups.add(portal, "Moon", by=by)
    choose(portal, "rollout_groups", [group])
    with portal.writing() as db:
        nouns.remove(db, nouns.find(db, group), by=by, now=portal.clock())
        rows = db.query(Audit).filter_by(subject="rollout_groups").order_by(Audit.id.desc())
        return f"/admin/audit/{rows.first().id}/revert"


def refuse_so_already(portal, by):
    choose(portal, "back_months", 2)
    address = place(portal)
    choose(portal, "back_months", 6)
    return address


def refuse_contradiction(portal, by):
    choose(portal, "enabled", True)
    choose(portal, "sso_prompt", "every")
    choose(portal, "sso_prompt", "never")
    address = place(portal)
    choose(portal, "enabled", False)
    return address


@pytest.mark.parametrize(
    ("story", "says"),
    [
        (refuse_gone, "The group is gone"),
        (refuse_locked_above, "locked for the whole account"),
        (refuse_locked_here, "locked for the whole account"),
        (refuse_group_of_rollout_gone, "names groups that are gone (1)"),
        (refuse_so_already, "nothing to revert"),
        (refuse_contradiction, "Nobody could follow the prompt"),
    ],
)
def test_it_is_refused_with_the_reason(story, says, portal, carol):
    address = story(portal, carol.person_id)
    before = last(portal)

    for page in (carol.get(address), carol.post(address, {"seen": "x"})):
        assert "This cannot be reverted" in page.text
        assert says in page.text

    assert last(portal) == before


def unlock(portal, key, *, group=None):
    with portal.writing() as db:
        level = Level(group_id=group)
        settings.unlock(db, key, level=level, reason="Enough", by=1, now=portal.clock())


def locked(portal, key, *, group=None):
    with portal.reading() as db:
        row = settings.at(db, Level(group_id=group)).get(key)
        return row is not None and row.locked_at is not None and row.lock_reason


@pytest.mark.parametrize("of_group", [True, False])
def test_a_lock_is_taken_away_and_set_again(sales, portal, carol, of_group):
    group = sales if of_group else None
    lock(portal, "bidirectional", group=group)

    page = carol.follow(carol.get("/admin/audit?act=setting+locked"), "Revert")
    assert "Now Locked After reverting Not locked" in page.text
    carol.submit(page, "Set it back")
    assert locked(portal, "bidirectional", group=group) is False

    page = carol.get(place(portal))
    assert "Now Not locked After reverting Locked" in page.text
    carol.submit(page, "Set it back")
    assert locked(portal, "bidirectional", group=group) == "Why"


def test_the_effect_of_a_lock_is_seen_first(stage, alice, portal, carol):
    stage.connect(alice, "alice")
    stage.rest()
    with portal.writing() as db:
        own = Level(person_id=alice.person_id)
        settings.choose(db, "bidirectional", False, level=own, by=1, now=portal.clock())
    lock(portal, "bidirectional")
    unlock(portal, "bidirectional")

    page = carol.get(place(portal))

    assert "1 person" in page.text
    assert carol.post(place(portal), {"seen": "x"}).status == 422


def not_locked_any_more(portal, group):
    lock(portal, "bidirectional", group=group)
    address = place(portal)
    unlock(portal, "bidirectional", group=group)
    return address


def inherited_since(portal, group):
    lock(portal, "bidirectional", group=group)
    unlock(portal, "bidirectional", group=group)
    address = place(portal)
    with portal.writing() as db:
        level = Level(group_id=group)
        settings.inherit(db, "bidirectional", level=level, by=1, now=portal.clock())
    return address


def locked_above_since(portal, group):
    lock(portal, "bidirectional", group=group)
    address = place(portal)
    lock(portal, "bidirectional")
    return address


@pytest.mark.parametrize(
    ("story", "says"),
    [
        (not_locked_any_more, "locked or unlocked again since"),
        (inherited_since, "nothing to lock as it was"),
        (locked_above_since, "locked for the whole account"),
    ],
)
def test_a_lock_that_is_not_as_it_was_left_is_not_reverted(story, says, sales, portal, carol):
    address = story(portal, sales)
    before = last(portal)

    for page in (carol.get(address), carol.post(address, {"seen": "x"})):
        assert "This cannot be reverted" in page.text
        assert says in page.text

    assert last(portal) == before


def test_only_a_change_of_a_setting_can_be_reverted(sales, carol):
    assert carol.get("/admin/audit/1/revert").status == 404  # a group was added
    assert carol.post("/admin/audit/999/revert").status == 404
    assert "Revert" not in carol.get("/admin/audit").texts("a")
