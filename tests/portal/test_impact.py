"""What a change of settings is told to do is what it does."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal import eligibility, policy
from portal.configuration import impact, settings
from portal.configuration.effects import apply
from portal.configuration.proposals import INHERIT, LOCK, UNLOCK, Proposal, Step
from portal.configuration.resolution import Levels
from portal.configuration.settings import ACCOUNT, Level
from portal.staff import groups
from portal.tables import Connection, Group, Person
from tests import staff

LIKELY = (
    Step("enabled", value=False),
    Step("enabled", value=True),
    Step("enabled", LOCK),
    Step("enabled", UNLOCK),
    Step("allowed_domains", value=["contoso.example"]),
    Step("allowed_domains", value=["fabrikam.example"]),
    Step("allowed_domains", LOCK),
    Step("allowed_domains", UNLOCK),
    Step("calendar_permission", value="off"),
    Step("calendar_permission", value="read"),
    Step("calendar_permission", value="read_write"),
    Step("sync_version", value="1.0"),
    Step("sync_version", value="2.0"),
    Step("sync_version", LOCK),
    Step("bidirectional", value=False),
    Step("bidirectional", value=True),
)


class Office:
    """Twelve people with a mailbox each, in three teams; six of them at another domain."""

    def __init__(self, portal):
        self.portal, self.now = portal, portal.clock()
        with portal.writing() as db:
            staff.hire(db, 12, now=self.now, in_groups=3)
            others = Connection.id % 2 == 0
            db.execute(update(Connection).where(others).values(username="x@fabrikam.example"))
            self.teams = [one.id for one in groups.all_of_them(db)]

    def told(self, proposal):
        with self.portal.reading() as db:
            return impact.of(db, proposal, now=self.now)

    def do(self, proposal):
        with self.portal.writing() as db:
            return [one.id for one in apply(db, proposal, by=1, now=self.now)]

    def stand(self):
        """Everybody as they are now, by name, days of notice left out."""
        with self.portal.reading() as db:
            levels = Levels.of(settings.everywhere(db))
            rows = db.execute(
                select(Person, Connection).outerjoin(Connection).order_by(Person.name, Person.id)
            ).all()
            facts = {one.person_id: one for one in policy.facts_of(db)}
        found = {}
        for person, tie in rows:
            chosen = policy.resolved(levels, replace(facts[person.id], holds_back=False))
            addresses = [tie.username, tie.mailbox_address] if tie else [person.address]
            may = eligibility.why_not(chosen, addresses, is_lasting=True) is None
            found[person.name] = (may, chosen.sync_version, tie)
        return found


@pytest.fixture
def office(portal):
    return Office(portal)


def steps_that_fit(office, choose):
    """One or two of the likely ones, on a level where they can be done."""
    group_id = choose.choice([None, None, *office.teams])
    steps = choose.sample(LIKELY, choose.randint(1, 2))
    if len({one.key for one in steps}) < len(steps):
        steps = steps[:1]
    if group_id is not None:
        steps = [one if one.act == "choose" else Step(one.key, INHERIT) for one in steps]
    return Proposal(Level(group_id=group_id), tuple(steps))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_told_comes_true(seed, office):
    choose = random.Random(seed)  # noqa: S311 - repeatable
    for _ in range(6):
        proposal = steps_that_fit(office, choose)
        before, told = office.stand(), office.told(proposal)
        try:
            noticed = office.do(proposal)
        except settings.Locked:
            continue
        after = office.stand()

        gains = [name for name in after if after[name][0] and not before[name][0]]
        loses = [name for name in after if before[name][0] and not after[name][0]]
        assert (list(told.gains), list(told.loses)) == (gains, loses), proposal
        _versions_came_true(told, before, after)
        _notices_came_true(told, noticed, after)


def _versions_came_true(told, before, after):
    tied = [name for name in after if after[name][2] is not None]
    moved = [name for name in tied if before[name][1] != after[name][1]]
    assert [*told.to_one] == [name for name in moved if after[name][1] == "1.0"]
    assert [*told.to_two] == [name for name in moved if after[name][1] == "2.0"]


def _notices_came_true(told, noticed, after):
    ties = {tie.id: (name, tie) for name, (_may, _version, tie) in after.items() if tie}
    given = {ties[one][0]: ties[one][1] for one in noticed}
    assert {one.name: (one.why, one.day) for one in told.notices} == {
        name: (tie.cut_off_why, tie.cut_off_at) for name, tie in given.items()
    }


def test_a_notice_names_the_day_and_another_setting_takes_it_back(office):
    office.do(Proposal(ACCOUNT, (Step("enabled", value=True),)))
    shut = Proposal(ACCOUNT, (Step("allowed_domains", value=["contoso.example"]),))

    told = office.told(shut)
    office.do(shut)
    back = office.told(Proposal(ACCOUNT, (Step("allowed_domains", value=[]),)))

    assert {one.day for one in told.notices} == {office.now + timedelta(days=7)}
    assert len(told.notices) == 6
    assert [*back.returns] == [one.name for one in told.notices]


def test_without_days_of_notice_it_is_at_once(office):
    office.do(Proposal(ACCOUNT, (Step("enabled", value=True), Step("grace_days", value=0))))

    told = office.told(Proposal(ACCOUNT, (Step("calendar_permission", value="off"),)))

    assert {(one.why, one.day) for one in told.notices} == {(eligibility.PERMISSION, None)}


def test_the_accounts_switch_only_rests_and_gives_no_notice(office):
    office.do(Proposal(ACCOUNT, (Step("enabled", value=True),)))
    off = Proposal(ACCOUNT, (Step("enabled", value=False),))

    told = office.told(off)

    assert (len(told.stops), told.notices) == (12, ())
    assert office.do(off) == []


def test_who_granted_reading_only_needs_a_new_consent_for_writing(office):
    office.do(
        Proposal(
            ACCOUNT,
            (Step("enabled", value=True), Step("calendar_permission", value="read")),
        )
    )
    with office.portal.writing() as db:
        few = Connection.id <= 3
        db.execute(update(Connection).where(few).values(calendar_access="read"))

    told = office.told(Proposal(ACCOUNT, (Step("calendar_permission", value="read_write"),)))

    assert len(told.consents) == 3


def test_a_question_changes_nothing(office, portal):
    with portal.writing() as db:
        impact.of(db, Proposal(ACCOUNT, (Step("enabled", LOCK),)), now=office.now)

    with portal.reading() as db:
        assert settings.everywhere(db) == []
        assert db.scalars(select(Group.id)).all() == office.teams
