"""Settings and the policy they make."""

import pytest
from sqlalchemy import select

from portal import policy
from portal.configuration import settings
from portal.tables import Audit, Registration


@pytest.fixture
def carol_id(carol):
    return carol.person_id


def test_without_any_choice_everything_is_at_its_default(portal, carol_id):
    with portal.reading() as db:
        assert policy.of(db, carol_id) == policy.Policy(
            enabled=False,
            service="office365",
            authorize_with="graph",
            setup_by="oauth",
            calendar_permission="read_write",
            contacts_permission="off",
            allowed_domains=(),
            sso_prompt="never",
            grace_days=7,
            passwords_off=False,
            bidirectional=True,
            sync_version="2.0",
            back_months=6,
            forward_months=18,
            poll_minutes=5,
            conflict_rule="outlook",
            dry_run=False,
        )


def test_every_key_is_part_of_the_policy():
    of_the_rollout = {key for key in settings.CHOICES if key.startswith("rollout")}

    assert set(settings.CHOICES) - of_the_rollout == set(policy.Policy.__dataclass_fields__)


def test_every_default_is_allowed():
    for key, choice in settings.CHOICES.items():
        settings.check(key, choice.default)


def test_a_choice_of_the_account_is_in_force_with_who_and_when(portal, carol_id):
    with portal.writing() as db:
        settings.choose(db, "poll_minutes", 10, by=carol_id, now=portal.clock())

    with portal.reading() as db:
        told = policy.of_account(db)["poll_minutes"]
    assert (told.value, told.origin, told.set_by) == (10, policy.ACCOUNT, "Carol Chen")
    assert told.set_at == portal.clock()


def test_a_default_has_nobody_who_set_it(portal, carol_id):
    with portal.reading() as db:
        told = policy.of_account(db)["poll_minutes"]
    assert (told.origin, told.set_by, told.set_at) == (policy.DEFAULT, None, None)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("poll_minutes", 0),
        ("poll_minutes", 61),
        ("poll_minutes", True),
        ("poll_minutes", "5"),
        ("back_months", 7),
        ("forward_months", 0),
        ("enabled", 1),
        ("enabled", "on"),
        ("service", "google"),
        ("conflict_rule", "both"),
    ],
)
def test_a_value_outside_the_table_is_refused(portal, carol_id, key, value):
    with portal.writing() as db, pytest.raises(settings.NotAllowed):
        settings.choose(db, key, value, by=carol_id, now=portal.clock())


def test_a_change_tells_the_audit_log_old_and_new(portal, carol_id):
    with portal.writing() as db:
        for minutes in (10, 10, 20):
            settings.choose(db, "poll_minutes", minutes, by=carol_id, now=portal.clock())

    with portal.reading() as db:
        noted = db.execute(select(Audit.before, Audit.after).order_by(Audit.id)).all()
    assert noted == [(5, 10), (10, 20)]


def test_nobody_connects_before_the_portal_is_registered(portal, carol_id):
    with portal.writing() as db:
        settings.choose(db, "enabled", True, by=carol_id, now=portal.clock())
        db.delete(db.scalars(select(Registration)).one())
        db.flush()
        refusal = policy.may_connect(db, carol_id)

    assert "not registered at Microsoft" in refusal.sentence
    assert "administrator" in refusal.todo
