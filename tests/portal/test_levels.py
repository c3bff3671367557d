"""Settings on their levels: account, group, person, locks between them, and the rollout on top."""

from itertools import pairwise

import pytest

from portal import people, policy
from portal.configuration import resolution, settings
from portal.configuration.settings import Level
from portal.staff import groups


class Staff:
    """Carol administers, Alice is in Sales (her primary group) and in Berlin."""

    def __init__(self, portal, alice, carol):
        self.portal, self.alice, self.carol = portal, alice.person_id, carol.person_id
        with portal.writing() as db:
            person = people.by_id(db, self.alice)
            self.sales = groups.add(db, "Sales", by=self.carol, now=portal.clock()).id
            self.berlin = groups.add(db, "Berlin", by=self.carol, now=portal.clock()).id
            for group_id in (self.sales, self.berlin):
                group = groups.find(db, group_id)
                groups.join(db, group, person, by=self.carol, now=portal.clock())

    def choose(self, key, value, *, group=None, person=None):
        level = Level(group_id=group, person_id=person)
        with self.portal.writing() as db:
            by, now = self.carol, self.portal.clock()
            settings.choose(db, key, value, level=level, by=by, now=now)

    def lock(self, key, *, group=None):
        level = Level(group_id=group)
        with self.portal.writing() as db:
            by, now = self.carol, self.portal.clock()
            settings.lock(db, key, level=level, reason="The works council", by=by, now=now)

    def of_alice(self, key):
        with self.portal.reading() as db:
            return policy.explain(db, self.alice)[key]


@pytest.fixture
def staff(portal, alice, carol):
    return Staff(portal, alice, carol)


def test_a_group_overrides_the_account(staff):
    staff.choose("conflict_rule", "outlook")
    staff.choose("conflict_rule", "portal", group=staff.sales)

    told = staff.of_alice("conflict_rule")
    assert (told.value, told.origin, told.group) == ("portal", "group", "Sales")
    assert told.set_by is not None


def test_only_the_primary_group_counts(staff):
    staff.choose("back_months", 2, group=staff.berlin)

    assert staff.of_alice("back_months").origin == "default"


def test_an_account_lock_wins_over_the_group_and_says_why(staff):
    staff.choose("back_months", 2, group=staff.sales)
    staff.choose("back_months", 3)
    staff.lock("back_months")

    told = staff.of_alice("back_months")
    assert (told.value, told.origin, told.locked_in) == (3, "account", "account")
    assert (told.lock_reason, told.locked_by is None) == ("The works council", False)


def test_a_locked_setting_cannot_be_chosen_below(staff):
    staff.lock("back_months")

    with pytest.raises(settings.Locked):
        staff.choose("back_months", 1, group=staff.sales)


def test_a_person_chooses_where_the_setting_lets_them(staff):
    staff.choose("bidirectional", False, person=staff.alice)

    told = staff.of_alice("bidirectional")
    assert (told.value, told.origin) == (False, "own")
    with pytest.raises(settings.NotAllowed):
        staff.choose("sync_version", "1.0", person=staff.alice)


def test_a_lock_of_the_group_ends_the_own_choice(staff):
    staff.choose("bidirectional", False, person=staff.alice)
    staff.lock("bidirectional", group=staff.sales)

    told = staff.of_alice("bidirectional")
    assert (told.value, told.origin, told.locked_in) == (True, "group", "group")
    with pytest.raises(settings.Locked):
        staff.choose("bidirectional", False, person=staff.alice)


def test_giving_up_an_override_inherits_again(staff):
    staff.choose("back_months", 2, group=staff.sales)
    with staff.portal.writing() as db:
        now, level = staff.portal.clock(), Level(group_id=staff.sales)
        assert settings.inherit(db, "back_months", level=level, by=staff.carol, now=now)

    assert staff.of_alice("back_months").origin == "default"


def test_the_rollout_by_groups_counts_every_group(staff):
    staff.choose("rollout", "groups")
    staff.choose("rollout_groups", [staff.berlin])

    assert staff.of_alice("sync_version").value == "2.0"
    staff.choose("rollout_groups", [])
    told = staff.of_alice("sync_version")
    assert (told.value, told.origin) == ("1.0", "rollout")


def test_a_locked_version_one_wins_over_the_rollout(staff):
    staff.choose("sync_version", "1.0")
    staff.lock("sync_version")

    assert staff.of_alice("sync_version").value == "1.0"


def test_a_growing_percentage_takes_nobody_out():
    places = {one: resolution.place(one) for one in range(1, 2001)}

    reached = [{one for one, at in places.items() if at < percent} for percent in range(101)]
    assert all(few <= more for few, more in pairwise(reached))
    assert (len(reached[0]), len(reached[100])) == (0, 2000)
    assert 900 < len(reached[50]) < 1100


def test_a_paused_rollout_keeps_those_who_have_it_and_reaches_nobody_new(staff):
    staff.choose("rollout_paused", True)

    assert staff.of_alice("sync_version").value == "1.0"
    levels = resolution.Levels()
    facts = resolution.Facts(person_id=1, has_two=True)
    assert levels.values(facts)["sync_version"] == "2.0"


def test_a_removed_group_leaves_its_people_with_their_other_group(staff):
    staff.choose("back_months", 1, group=staff.berlin)
    with staff.portal.writing() as db:
        group = groups.find(db, staff.sales)
        groups.remove(db, group, by=staff.carol, now=staff.portal.clock())

    told = staff.of_alice("back_months")
    assert (told.value, told.group) == (1, "Berlin")
